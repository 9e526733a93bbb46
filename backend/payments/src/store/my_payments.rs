//! Which payments are somebody's.

use shared_types::{AccountId, PatientId, PaymentId};
use sqlx::PgConnection;

/// Payments of bookings that an account made or that are some patients', the latest first; after one, those before it. Each with whose
/// it is.
///
/// # Errors
/// When the tables cannot be read.
pub async fn list(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
    after: Option<PaymentId>,
    at_most: i64,
) -> sqlx::Result<Vec<(PaymentId, Option<PatientId>)>> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select payment.payment_id as "payment_id!", owner.patient_id
           from payments.payment join payments.booking_owner owner using (booking_id)
           where (owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1))
               and ($3::uuid is null or (payment.created_at, payment.payment_id) < (
                   select created_at, payment_id from payments.payment where payment_id = $3))
           order by payment.created_at desc, payment.payment_id desc limit $4"#,
        account_id.0,
        &patients,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (PaymentId(row.payment_id), row.patient_id.map(PatientId))).collect())
}
