//! What notifications holds about one person.

use kernel::export::{Whose, part};
use shared_types::export::ExportPart;
use sqlx::PgConnection;

const PAID: &str = "Three months after the visit, or a month where you did not book.";
const GUEST: &str =
    "Three months after the visit, a month where you did not book, or until the booking is in your account.";
const PUSHED: &str = "Until you switch it off there, or the browser takes no messages any more.";

/// The parts. What a message says is not among them: its links are secrets until it is sent, and then it is forgotten.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let messages = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select message_id, template, channel, account_id, booking_id, organization_id, recipient, subject, status,
                   attempts, next_attempt_at, last_error, created_at, sent_at,
                   case when body_text is not null then 'the letter, until it is sent' end as body_text,
                   case when unsubscribe_url is not null then 'a link, until it is sent' end as unsubscribe_url
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
               select booking_id, account_id, patient_id, write_to from notifications.booking_owner
               where patient_id = $2 or account_id = $1 order by booking_id) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let reminded = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, version, stands, organization_id, starts_at, ends_at, time_zone, discreet,
                   practitioner_name, organization_name, phone, address, patient_name, email, series_id
               from notifications.appointment where booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by starts_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let payers = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, starts_at, time_zone, patient_name, email, awaited_at,
                   settled_version, asked_cents
               from notifications.payer where booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by starts_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let guests = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, email, mobile, starts_at, time_zone from notifications.guest_number
               where booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by starts_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let plans = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select message_plan_id, booking_id, version, kind, channels, due_at, useful_until, state, dropped_why,
                   created_at
               from notifications.message_plan where booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by due_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let contact = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select patient_id, version, contact_by, mobile, language from notifications.contact
               where patient_id = $1) held"#,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let preference = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, version, in_app, names, quiet_from, quiet_until, time_zone
               from notifications.preference where account_id = $1) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let notices = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select notice_id, event_id, account_id, kind, booking_id, starts_at, time_zone, created_at, read_at
               from notifications.notice where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let browsers = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select push_subscription_id, account_id, endpoint, created_at,
                   'your browser''s public key' as p256dh, 'a secret of your browser''s' as auth
               from notifications.push_subscription where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let offers = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select account_id, patient_id, expires_at, time_zone, starts_at from notifications.offered
               where account_id = $1 or patient_id = $2 order by expires_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let links = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, address, expires_at, 'a secret, kept as its fingerprint' as token_hash
               from notifications.unsubscribe_link where booking_id in (
                   select booking_id from notifications.booking_owner owner
                   where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1))
               order by expires_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    // By where their reminders went, and by what users told: an address that was only typed for a booking may be another's.
    let stops = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select channel, address, stopped_at from notifications.reminder_stop
               where (channel = 'sms' and address in (
                       select mobile from notifications.contact where patient_id = $2))
                   or (channel = 'email' and address in (
                       select lower(link.address) from notifications.unsubscribe_link link
                       join notifications.booking_owner owner using (booking_id)
                       where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
                       union all select lower(write_to) from notifications.booking_owner where account_id = $1))
               order by stopped_at) held"#,
        account,
        patient,
    )
    .fetch_all(conn)
    .await?;
    let held = "What it says and to whom is forgotten once it is sent; that it was sent, after three months.";
    Ok(vec![
        part("message", "Messages we sent you", held, messages),
        part("appointment", "What we remind you of", "Until it is cancelled, or a day after it.", reminded),
        part("payer", "Whom we write to about payments", PAID, payers),
        part("guest_number", "Where we text you about what you booked as a guest", GUEST, guests),
        part("message_plan", "When we remind you", "Three months after its time.", plans),
        part("contact", "How you want to be reminded", "As long as your details say it.", contact),
        part("preference", "How you want to be told of things", "As long as you say it.", preference),
        part("notice", "What you were told on this site", "Three months.", notices),
        part("push_subscription", "On which devices you are told", PUSHED, browsers),
        part("offered", "For whom a time was held", "A day after it was kept.", offers),
        part("unsubscribe_link", "The ways out in your reminders", "Sixty days.", links),
        part("reminder_stop", "Where you want no reminders", "Until you want them again.", stops),
        part("booking_owner", "Which bookings are yours", "As long as something here is about them.", owned),
    ])
}
