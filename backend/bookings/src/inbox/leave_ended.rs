//! Somebody may no longer act for a patient: what they booked for them is the patient's alone.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::LeaveEnded;
use sqlx::PgConnection;

use crate::store::{party, waitlist};

/// Cuts the tie, so that nothing later is told to them, and takes the patient off the waitlists that they joined. A time that
/// is held for them by then is let go by itself.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: LeaveEnded) -> anyhow::Result<()> {
    let (account_id, patient_id) = (fact.account_id, fact.patient_id);
    party::untie(conn, account_id, patient_id).await?;
    waitlist::leave_all(conn, account_id, patient_id).await?;
    let entry = Entry {
        actor: Actor::System("bookings.inbox"),
        action: "end_delegation",
        resource: patient_id.into(),
        whose: Some(patient_id),
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
