//! Taking somebody out of what stays, and away what need not.

use jiff::Timestamp;
use shared_types::{AccountId, PatientId};
use sqlx::PgConnection;

/// What was there of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// Card numbers.
    pub coverages: u64,
    /// Ties between payments and the person.
    pub ties: u64,
    /// The last change of any of these payments, which stay.
    pub last_payment: Option<Timestamp>,
    /// When something was last agreed to; the receipts stay.
    pub last_receipt: Option<Timestamp>,
}

/// Deletes card numbers and why a practice asked for more, and forgets whose the payments are.
///
/// # Errors
/// When a table cannot be changed.
pub async fn erase(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
) -> sqlx::Result<Gone> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let coverages = sqlx::query!("delete from payments.coverage where patient_id = any($1)", &patients)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    let last_payment = sqlx::query_scalar!(
        "select max(payment.updated_at) from payments.payment join payments.booking_owner owner using (booking_id) \
         where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)",
        account_id.0,
        &patients,
    )
    .fetch_one(&mut *conn)
    .await?;
    let last_receipt = sqlx::query_scalar!(
        "select max(agreed_at) from payments.consent_receipt \
         where subject_kind = 'patient' and subject_id = any($1::uuid[]::text[])",
        &patients,
    )
    .fetch_one(&mut *conn)
    .await?;
    // What was asked stays with the money; a practice's words about it may be about the patient.
    sqlx::query!(
        "update payments.payment set asked_reason = null from payments.booking_owner owner \
         where owner.booking_id = payment.booking_id and asked_reason is not null \
         and (owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1))",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    let ties = sqlx::query!(
        "delete from payments.booking_owner \
         where patient_id = any($2) or (patient_id is null and account_id = $1)",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?
    .rows_affected();
    // What they booked for others stays those others'.
    sqlx::query!("update payments.booking_owner set account_id = null where account_id = $1", account_id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("update payments.customer set account_id = null where account_id = $1", account_id.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("update payments.payment set account_id = null where account_id = $1", account_id.0)
        .execute(conn)
        .await?;
    Ok(Gone {
        coverages,
        ties,
        last_payment: last_payment.map(jiff_sqlx::Timestamp::to_jiff),
        last_receipt: last_receipt.map(jiff_sqlx::Timestamp::to_jiff),
    })
}
