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
               select payment_id, booking_id, quote_id, status, payment.organization_id, funding, collection, tax_code,
                   price_cents, bulk_billed, patient_charge_cents, quote, starts_at, completed_at, held_cents,
                   captured_cents, refunding_cents, refunded_cents, fee_cents, fee_kind, fee_owed_cents, fee_due_at,
                   asked_cents, asked_reason, agreed_cents, payment.account_id, failure, repair_until, due, due_at,
                   created_at, updated_at
               from payments.payment join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let steps = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select payment_id, step.version, from_status, to_status, posting_id, taken_by, taken_at
               from payments.payment_transition step join payments.payment using (payment_id)
               join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by taken_at, step.version) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let postings = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select posting_id, cause, cause_id, payment_id, booking_id, organization_id, gross_cents, occurred_at
               from payments.posting join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by occurred_at, posting_id) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let customers = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select customer_id, account_id, booking_id, created_at from payments.customer
               where account_id = $1
                  or booking_id in (select booking_id from payments.booking_owner where patient_id = $2)
               order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let cards = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select saved_card_id, brand, last_four, good_until, kept, card.created_at, removed_at
               from payments.saved_card card join payments.customer using (customer_id)
               where customer.account_id = $1 order by card.created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let refunds = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select refund_id, payment_id, refund.amount_cents, refund.reason, refund.status, refund.created_at
               from payments.refund join payments.payment using (payment_id)
               join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by refund.created_at) held"#,
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
        part("payment_transition", "How far each payment came", "With the record of money.", steps),
        part(
            "posting",
            "What was booked for your payments",
            "For good: it names a booking, and nobody.",
            postings,
        ),
        part("customer", "Who pays as the card processor knows you", "With the records of money.", customers),
        part("saved_card", "Cards that are kept for you", "Until you remove them.", cards),
        part("refund", "What went back to you", "With the record of money.", refunds),
        part("booking_owner", "Which bookings are yours", "As long as the record of money.", owned),
        part(
            "consent_withdrawal",
            "What you no longer agree to",
            "As long as what you agreed to.",
            withdrawn,
        ),
    ])
}
