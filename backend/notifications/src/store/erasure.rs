//! Taking away what is there of somebody.

use shared_types::{AccountId, PatientId, users::AccountMail};
use sqlx::PgConnection;

use crate::domain::message::Template;

/// Deletes every message to or about somebody but the one that says that their account is closed, and forgets which bookings
/// were theirs. Says how many of each.
pub async fn erase(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
    email: &str,
) -> sqlx::Result<(u64, u64)> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let messages = sqlx::query!(
        "delete from notifications.message \
         where template <> $4 and (account_id = $1 or lower(recipient) = lower($3) or booking_id in ( \
             select booking_id from notifications.booking_owner owner \
             where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)))",
        account_id.0,
        &patients,
        email,
        Template::Account(AccountMail::AccountClosed).code(),
    )
    .execute(&mut *conn)
    .await?;
    let ties = sqlx::query!(
        "delete from notifications.booking_owner \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    // What they booked for others stays those others'.
    sqlx::query!(
        "update notifications.booking_owner set account_id = null where account_id = $1",
        account_id.0
    )
    .execute(conn)
    .await?;
    Ok((messages.rows_affected(), ties.rows_affected()))
}
