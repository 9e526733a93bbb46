//! Table `notifications.booking_owner`: whose a booking is.

use shared_types::{AccountId, BookingId, PatientId};
use sqlx::PgConnection;

/// Keeps whose a booking is. A guest's is nobody's.
pub async fn keep(
    conn: &mut PgConnection,
    booking_id: BookingId,
    account_id: Option<AccountId>,
    patient_id: Option<PatientId>,
) -> sqlx::Result<()> {
    if account_id.is_none() && patient_id.is_none() {
        return Ok(());
    }
    sqlx::query!(
        "insert into notifications.booking_owner (booking_id, account_id, patient_id) values ($1, $2, $3) \
         on conflict on constraint booking_owner_pkey do update set account_id = excluded.account_id, \
         patient_id = excluded.patient_id",
        booking_id.0,
        account_id.map(|id| id.0),
        patient_id.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets whose a booking was.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from notifications.booking_owner where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// An account is told nothing more of a patient's bookings, and what it was told goes.
pub async fn tell_no_more(
    conn: &mut PgConnection,
    account_id: AccountId,
    patient_id: PatientId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from notifications.notice using notifications.booking_owner owner \
         where notice.account_id = $1 and owner.booking_id = notice.booking_id and owner.patient_id = $2",
        account_id.0,
        patient_id.0,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update notifications.booking_owner set account_id = null where account_id = $1 and patient_id = $2",
        account_id.0,
        patient_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}
