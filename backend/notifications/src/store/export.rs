//! What notifications holds about one person.

use kernel::export::{Whose, part};
use shared_types::export::ExportPart;
use sqlx::PgConnection;

/// The parts. What a message says is not among them: its links are secrets until it is sent, and then it is forgotten.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let messages = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select message_id, template, channel, account_id, booking_id, recipient, subject, status, attempts,
                   next_attempt_at, last_error, created_at, sent_at,
                   case when body_text is not null then 'the letter, until it is sent' end as body_text
               from notifications.message
               where account_id = $1 or booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let owned = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, account_id, patient_id from notifications.booking_owner
               where patient_id = $2 or account_id = $1 order by booking_id) held"#,
        account,
        patient,
    )
    .fetch_all(conn)
    .await?;
    let held = "What it says and to whom is forgotten once it is sent; that it was sent, after three months.";
    Ok(vec![
        part("message", "E-mails we sent you", held, messages),
        part("booking_owner", "Which bookings are yours", "As long as there are messages about them.", owned),
    ])
}
