//! Somebody may no longer act for a patient: the letters about what they booked for them open nothing any more.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::LeaveEnded;
use sqlx::PgConnection;

use crate::store::{assignment, owner};

/// Cuts the tie. Who signs in for the patient still finds what they are asked, and the practice can ask anew. How they paid stays.
pub async fn receive(conn: &mut PgConnection, core: &Core, ended: &LeaveEnded) -> anyhow::Result<()> {
    assignment::end_letters(conn, ended).await?;
    owner::untie(conn, ended).await?;
    let entry = Entry {
        actor: Actor::System("payments.inbox"),
        action: "end_delegation",
        resource: ended.patient_id.into(),
        whose: Some(ended.patient_id),
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
