//! What a guest booked is a member's from now on.

use shared_types::bookings::BookingClaim;
use sqlx::PgConnection;

use crate::store;

/// Keeps whose it is, and whose is what was agreed to and claimed for it: who looks at that, and what they are handed out or have
/// forgotten, goes by it.
pub async fn receive(conn: &mut PgConnection, claim: &BookingClaim) -> anyhow::Result<()> {
    let (account_id, patient_id) = (Some(claim.account_id), Some(claim.patient_id));
    store::owner::keep(conn, claim.booking_id, account_id, patient_id).await?;
    // Locked: whoever asks or claims meanwhile knows by now whose it is, or is done and found below.
    store::claimant::find(conn, claim.booking_id).await?;
    store::assignment::keep_owner(conn, claim).await?;
    Ok(store::claim::keep_patient(conn, claim.booking_id, claim.patient_id).await?)
}
