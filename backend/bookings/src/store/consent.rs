//! What people agreed to when they booked.

use shared_types::{AccountId, PatientId, users::ConsentHeld};
use sqlx::PgConnection;

/// The receipts of a person's bookings, the newest first. None can be withdrawn: what a booking rests on ends with it.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut PgConnection,
    account: AccountId,
    patient: Option<PatientId>,
) -> sqlx::Result<Vec<ConsentHeld>> {
    let rows = sqlx::query!(
        r#"select receipt.text, receipt.version, agreed.title, receipt.agreed_at
           from bookings.appointment_party party
               join bookings.consent_receipt receipt
                   on receipt.subject_kind = 'booking' and receipt.subject_id = party.booking_id::text
               join bookings.consent_text agreed on agreed.text = receipt.text and agreed.version = receipt.version
           where party.patient_id = $2 or (party.patient_id is null and party.account_id = $1)
           order by receipt.agreed_at desc, receipt.consent_receipt_id desc"#,
        account as AccountId,
        patient.map(|patient| patient.0),
    )
    .fetch_all(conn)
    .await?;
    let held = rows.into_iter().map(|row| ConsentHeld {
        text: row.text,
        version: row.version,
        title: row.title,
        agreed_at: row.agreed_at.to_jiff(),
        withdrawable: false,
        withdrawn_at: None,
    });
    Ok(held.collect())
}
