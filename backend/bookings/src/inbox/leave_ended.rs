//! Somebody may no longer act for a patient: what they booked for them is the patient's alone.

use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::users::LeaveEnded;
use sqlx::PgConnection;

use crate::store::{manage, party, reply, waitlist};

/// Cuts the tie, so that nothing later is told to them and nothing that they were given opens a booking, and takes the patient off
/// the waitlists that they joined. A time that is held for them by then is let go by itself. What is told later goes to the patient's
/// own account, where they have one.
pub async fn receive(conn: &mut PgConnection, core: &Core, fact: LeaveEnded) -> anyhow::Result<()> {
    let (account_id, patient_id) = (fact.account_id, fact.patient_id);
    let bookings = party::untie(conn, &fact, &core.chance.bytes()).await?;
    manage::end_all(conn, &bookings, &core.chance.bytes()).await?;
    reply::forget_all(conn, &bookings).await?;
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
