//! That somebody looked at or changed what is kept for their own account.

use kernel::{
    Core, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Recorded},
};
use sqlx::PgConnection;

/// Writes it down, in the act's own transaction.
///
/// # Errors
/// As [`audit::record`].
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    let entry = Entry {
        actor: Actor::of(caller),
        action,
        resource: caller.account_id.into(),
        whose: caller.patient_id,
        purpose: Purpose::OwnRecord,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}
