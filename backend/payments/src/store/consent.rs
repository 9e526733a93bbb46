//! What patients agreed to here, and what they agree to no longer.

use jiff_sqlx::ToSqlx as _;
use shared_types::{
    BookingId, PatientId,
    payments::coverage::COVERAGE_TEXT,
    users::{ConsentHeld, ConsentWithdrawn},
};
use sqlx::PgConnection;

/// The receipts of a patient, the newest first.
///
/// # Errors
/// When a table cannot be read.
pub async fn list(conn: &mut PgConnection, patient_id: Option<PatientId>) -> sqlx::Result<Vec<ConsentHeld>> {
    let rows = sqlx::query!(
        r#"select receipt.text, receipt.version, agreed.title, receipt.agreed_at,
               withdrawal.withdrawn_at as "withdrawn_at?"
           from payments.consent_receipt receipt
               join payments.consent_text agreed on agreed.text = receipt.text and agreed.version = receipt.version
               left join payments.consent_withdrawal withdrawal on withdrawal.patient_id = $1
                   and withdrawal.text = receipt.text and withdrawal.withdrawn_at >= receipt.agreed_at
           where receipt.subject_kind = 'patient' and receipt.subject_id = $1::uuid::text
           order by receipt.agreed_at desc, receipt.consent_receipt_id desc"#,
        patient_id.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    let held = rows.into_iter().map(|row| ConsentHeld {
        withdrawable: row.text == COVERAGE_TEXT,
        text: row.text,
        version: row.version,
        title: row.title,
        agreed_at: row.agreed_at.to_jiff(),
        withdrawn_at: row.withdrawn_at.map(jiff_sqlx::Timestamp::to_jiff),
    });
    Ok(held.collect())
}

/// Whether whoever made a booking agreed to a text for it: to that version where one is named, otherwise to any.
///
/// # Errors
/// When the table cannot be read.
pub async fn is_given(
    conn: &mut PgConnection,
    text: &str,
    version: Option<i32>,
    booking_id: BookingId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.consent_receipt
           where subject_kind = 'booking' and subject_id = $1::uuid::text and text = $2
               and ($3::integer is null or version = $3)) as "given!""#,
        booking_id.0,
        text,
        version,
    )
    .fetch_one(conn)
    .await
}

/// Notes that a patient no longer agrees to a text.
///
/// # Errors
/// When the table cannot be changed.
pub async fn withdraw(conn: &mut PgConnection, fact: &ConsentWithdrawn) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.consent_withdrawal (patient_id, text, withdrawn_at) values ($1, $2, $3) \
         on conflict on constraint consent_withdrawal_pkey do update \
         set withdrawn_at = greatest(consent_withdrawal.withdrawn_at, excluded.withdrawn_at)",
        fact.patient_id.0,
        fact.text,
        fact.withdrawn_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
