//! What a guest booked is a member's from now on.

use shared_types::bookings::BookingClaim;
use sqlx::PgConnection;

use crate::store;

/// Keeps whose it is.
pub async fn receive(conn: &mut PgConnection, claim: &BookingClaim) -> anyhow::Result<()> {
    let (account_id, patient_id) = (Some(claim.account_id), Some(claim.patient_id));
    Ok(store::owner::keep(conn, claim.booking_id, account_id, patient_id).await?)
}
