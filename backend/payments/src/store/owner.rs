//! Table `payments.booking_owner`: whose a booking is.

use shared_types::{AccountId, BookingId, PatientId, users::LeaveEnded};
use sqlx::PgConnection;

/// Keeps whose a booking is. A guest's is nobody's. Who is known stays where less is said: who pays need not know the patient.
///
/// # Errors
/// When the table cannot be changed.
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
        "insert into payments.booking_owner (booking_id, account_id, patient_id) values ($1, $2, $3) \
         on conflict on constraint booking_owner_pkey do update set \
             account_id = coalesce(excluded.account_id, booking_owner.account_id), \
             patient_id = coalesce(excluded.patient_id, booking_owner.patient_id)",
        booking_id.0,
        account_id.map(|id| id.0),
        patient_id.map(|id| id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose a booking is: the account that made or claimed it, and its patient. A guest's is nobody's.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> sqlx::Result<Option<(Option<AccountId>, Option<PatientId>)>> {
    let row = sqlx::query!(
        "select account_id, patient_id from payments.booking_owner where booking_id = $1",
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.account_id.map(AccountId::from), row.patient_id.map(PatientId::from))))
}

/// Whose record an act on a booking's money belongs to, where that is known.
///
/// # Errors
/// When the table cannot be read.
pub async fn patient(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<PatientId>> {
    Ok(find(conn, booking_id).await?.and_then(|(_, patient_id)| patient_id))
}

/// What an account booked for a patient is the patient's alone from now on: their own account's, where they have one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn untie(conn: &mut PgConnection, ended: &LeaveEnded) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.booking_owner set account_id = $3 where account_id = $1 and patient_id = $2",
        ended.account_id.0,
        ended.patient_id.0,
        ended.own.as_ref().map(|own| own.account_id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets whose a booking was.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<()> {
    sqlx::query!("delete from payments.booking_owner where booking_id = $1", booking_id.0)
        .execute(conn)
        .await?;
    Ok(())
}
