//! What payments holds about one person, but for the card numbers, which the store sees sealed only.

use kernel::export::{Whose, part};
use shared_types::export::ExportPart;
use sqlx::PgConnection;

/// The parts.
///
/// # Errors
/// When a table cannot be read.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let payments = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select payment_id, booking_id, quote_id, status, price_cents, bulk_billed, patient_charge_cents, created_at,
                   updated_at
               from payments.payment join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let owned = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, account_id, patient_id from payments.booking_owner
               where patient_id = $2 or account_id = $1 order by booking_id) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let withdrawn = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select patient_id, text, withdrawn_at from payments.consent_withdrawal
               where patient_id = $1 order by withdrawn_at) held"#,
        patient,
    )
    .fetch_all(conn)
    .await?;
    Ok(vec![
        part("payment", "What your appointments cost", "Records of money: seven years.", payments),
        part("booking_owner", "Which bookings are yours", "As long as the record of money.", owned),
        part(
            "consent_withdrawal",
            "What you no longer agree to",
            "As long as what you agreed to.",
            withdrawn,
        ),
    ])
}
