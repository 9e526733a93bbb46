//! What a person may ask of documents about their money. Numbers have no gaps, so documents stay; the person's name goes.

use kernel::export::{Whose, part};
use shared_types::export::ExportPart;
use sqlx::PgConnection;

/// The parts of an export.
///
/// # Errors
/// When a table cannot be read.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let documents = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select invoice_id, number, kind, payment_id, booking_id, corrects, issued_on, issuer_name, issuer_abn,
                   recipient_name, lines, total_cents, gst_cents, rebate_cents, created_at, organization_id
               from payments.invoice join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by created_at, invoice_id) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let visits = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, recipient_name, practitioner_name, service_text, starts_at, time_zone, over_at,
                   updated_at
               from payments.billed_visit join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by starts_at) held"#,
        account,
        patient,
    )
    .fetch_all(conn)
    .await?;
    Ok(vec![
        part(
            "invoice",
            "Your invoices and receipts",
            "For good; your name stands on them for seven years.",
            documents,
        ),
        part("billed_visit", "What is written on them", "With the record of money.", visits),
    ])
}
