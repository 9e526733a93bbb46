//! Notes, as far as we see them: who wrote, when, about which booking, and a padded size. The browser opens them.

use kernel::export::part;
use shared_types::{BookingId, export::ExportPart};
use sqlx::PgConnection;
use uuid::Uuid;

pub async fn parts(
    conn: &mut PgConnection,
    account: Option<Uuid>,
    patient: Option<Uuid>,
) -> sqlx::Result<(Vec<ExportPart>, Vec<BookingId>)> {
    let bookings = sqlx::query_scalar!(
        "select booking_id from users.booking where patient_id = $2 or (patient_id is null and account_id = $1) \
         order by starts_at",
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let known = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, account_id, patient_id, starts_at, status, epoch, version
               from users.booking where booking_id = any($1) order by starts_at) held
           union all
           select jsonb_build_object('booking_id', booking_id, 'account_id', account_id,
               'note', 'you booked this for somebody else')
           from users.booking where account_id = $2 and booking_id <> all($1)"#,
        &bookings,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let threads = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, epoch, notes, bytes, newest_at, newest_by_practice, opened_at, destroy_at
               from users.note_thread where booking_id = any($1) order by newest_at) held"#,
        &bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let notes = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select note_id, version, booking_id, epoch, author_side, account_id, encode(key_id, 'hex') as key_id,
                   padded_bytes, created_at, 'sealed: your browser opens it' as envelope
               from users.sealed_note where booking_id = any($1) order by created_at, note_id, version) held
           union all
           select jsonb_build_object('note_id', note_id, 'version', version, 'account_id', account_id,
               'created_at', created_at, 'note', 'you wrote this beside somebody else’s booking')
           from users.sealed_note where account_id = $2 and booking_id <> all($1)"#,
        &bookings,
        account,
    )
    .fetch_all(conn)
    .await?;
    let record = "Part of the practice’s record: as long as the booking’s.";
    let parts = vec![
        part("booking", "Which bookings are yours", record, known),
        part("note_thread", "How many notes a booking has", record, threads),
        part("sealed_note", "Notes you and practices wrote to each other", record, notes),
    ];
    Ok((parts, bookings.into_iter().map(Into::into).collect()))
}
