//! Everything that bookings holds about one person. A booking is its patient's; one made for nobody in particular is its
//! maker's. Of what somebody booked for another patient they get that they did, and not what it says of them.

use kernel::{
    column_cipher::ColumnCipher,
    export::{Whose, part},
};
use shared_types::{BookingId, PractitionerRoleId, export::ExportPart};
use sqlx::PgConnection;

use crate::sealed::{Kept, address_of};

/// Why the practice's record is kept.
const RECORD: &str =
    "The practice’s record of your visit: seven years from the last one, and until you are 25.";
/// How long a hold is kept: of what was taken from a waitlist nothing may come, and then they wait again.
const HELD: &str =
    "Ten minutes, an offer thirty; the record of it a day, and while what you took waits for an answer.";

/// The parts, and which bookings are the person's.
///
/// # Errors
/// When the database fails.
pub async fn parts(
    conn: &mut PgConnection,
    cipher: &ColumnCipher,
    whose: &Whose,
) -> sqlx::Result<(Vec<ExportPart>, Vec<BookingId>)> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let bookings = sqlx::query_scalar!(
        "select booking_id from bookings.appointment_party \
         where patient_id = $2 or (patient_id is null and account_id = $1) order by created_at",
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut parts = of_bookings(conn, &bookings).await?;
    let parties = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, name, preferred_name, date_of_birth, email, mobile, email_verified_at,
                   account_id, patient_id, claimed_at, created_at, updated_at, keep_until, series_id,
                   visit_street, visit_locality, visit_postcode, wants_texts,
                   'the fingerprint of a cookie' as guest_hash
               from bookings.appointment_party where booking_id = any($1) order by created_at) held
           union all
           select jsonb_build_object('booking_id', booking_id, 'account_id', account_id, 'created_at', created_at,
               'note', 'you booked this for somebody else') from bookings.appointment_party
           where account_id = $2 and booking_id <> all($1)"#,
        &bookings,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    parts.push(part("appointment_party", "Who comes, as you told the practice", RECORD, parties));
    let holds = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select hold_id, booking_id, practitioner_role_id, appointment_type, starts_at, ends_at, status, expires_at,
                   policy, quote, cohort, time_zone, rule_version, type_version, created_at, account_id, 'the fingerprint of a cookie' as guest_hash
               from bookings.hold where account_id = $1 order by created_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    parts.push(part("hold", "Times you hold or held", HELD, holds));
    let grants = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select access_grant_id, patient_id, granted_at, expires_at from bookings.access_grant
               where patient_id = $1 or account_id = $2 order by granted_at) held"#,
        patient,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let waiting = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select waitlist_entry_id, account_id, patient_id, weekdays, from_time, until_time, first_date, last_date,
                   status, removed_reason, joined_at, ended_at, priority_booking_id, priority_cause, priority_starts_at,
                   (select coalesce(jsonb_agg(to_jsonb(choice) order by position), '[]') from bookings.waitlist_choice choice
                    where choice.waitlist_entry_id = waitlist_entry.waitlist_entry_id) as choices,
                   (select coalesce(jsonb_agg(to_jsonb(offer) order by offered_at), '[]') from bookings.waitlist_offer offer
                    where offer.waitlist_entry_id = waitlist_entry.waitlist_entry_id) as offers
               from bookings.waitlist_entry where patient_id = $1 or account_id = $2 order by joined_at) held"#,
        patient,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    let title = "Earlier times that you wait for, and what was offered";
    parts.push(part("waitlist_entry", title, "Three months after you left or booked.", waiting));
    let kept = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select practitioner_role_id, account_id, given_at from bookings.role_keeper
               where account_id = $1 order by given_at) held"#,
        account,
    )
    .fetch_all(&mut *conn)
    .await?;
    parts.push(part("role_keeper", "Schedules that you keep", "As long as the practice lets you.", kept));
    parts.extend(calendars(conn, cipher, account, patient).await?);
    let title = "By which our staff may see your appointments";
    parts.push(part("access_grant", title, "Until it ends, at most four hours.", grants));
    Ok((parts, bookings.into_iter().map(Into::into).collect()))
}

/// The calendars that somebody shows others, and those that they gave us to read.
async fn calendars(
    conn: &mut PgConnection,
    cipher: &ColumnCipher,
    account: Option<uuid::Uuid>,
    patient: Option<uuid::Uuid>,
) -> sqlx::Result<Vec<ExportPart>> {
    let feeds = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select calendar_feed_id, account_id, patient_id, practitioner_role_id, detail, created_at, last_read_at,
                   'a secret, kept as its fingerprint' as token_hash
               from bookings.calendar_feed where account_id = $1 or patient_id = $2 order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let read = sqlx::query!(
        r#"select calendar.practitioner_role_id as "role!: PractitionerRoleId", calendar.address, calendar.sealed_address,
               calendar.key_id, to_jsonb(held) as "row!"
           from bookings.external_calendar calendar, lateral (
               select calendar.practitioner_role_id, calendar.host, calendar.account_id, calendar.set_at, calendar.due_at,
                   calendar.read_at, calendar.fresh_until, calendar.whole_at, calendar.etag, calendar.last_modified,
                   calendar.failure, calendar.failures,
                   (select count(*) from bookings.external_busy busy
                    where busy.practitioner_role_id = calendar.practitioner_role_id) as busy_spans) held
           where calendar.account_id = $1 order by calendar.set_at"#,
        account,
    )
    .fetch_all(conn)
    .await?;
    let read = read.into_iter().map(|calendar| {
        let plain = calendar.address.map(String::into_bytes);
        let kept = Kept::of(plain, calendar.sealed_address, calendar.key_id.as_deref());
        let address = kept.and_then(|kept| kept.open_text(cipher, address_of(calendar.role)).ok());
        let address = address.unwrap_or_else(|| "a secret that cannot be opened at the moment".to_owned());
        let mut row = calendar.row;
        if let Some(held) = row.as_object_mut() {
            held.insert("address".to_owned(), address.into());
        }
        row
    });
    let read = read.collect();
    Ok(vec![
        part(
            "calendar_feed",
            "Calendars that others read by a secret address",
            "Until you switch them off.",
            feeds,
        ),
        part("external_calendar", "Calendars of yours that we read", "Until you have us stop.", read),
    ])
}

async fn of_bookings(conn: &mut PgConnection, bookings: &[uuid::Uuid]) -> sqlx::Result<Vec<ExportPart>> {
    let appointments = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select appointment_id, booking_id, practitioner_role_id, role.name as practitioner_name,
                   role.organization_name, role.address, appointment_type_id, appointment_type, starts_at, ends_at, status,
                   sequence, version, replaces, policy, quote_id, price_cents, bulk_billed, late_fee_cents, reply_by,
                   fee_waived_at, fee_outcome, attendance_confirmed_at, completed_at, presumed, reason, appointment.created_at, appointment.updated_at,
                   quote, cohort, pay_until, payment_step, payment_failure, repair_until, fee_waived_by, claim_lodged_at,
                   told_late_minutes, appointment.time_zone, rule_version, type_version
               from bookings.appointment join bookings.role using (practitioner_role_id)
               where booking_id = any($1) order by starts_at, appointment.created_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let transitions = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select appointment_transition_id, booking_id, appointment_id, version, step, from_status, to_status, reason,
                   taken_by, taken_at
               from bookings.appointment_transition where booking_id = any($1) order by taken_at, version) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let proposals = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select proposal_id, booking_id, appointment_id, hold_id, starts_at, ends_at, status, proposed_at, expires_at
               from bookings.proposal where booking_id = any($1) order by proposed_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let disputes = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select dispute_id, booking_id, appointment_id, version, status, opened_by, text, instead, opened_at, answer_by,
                   answer, answered_at, reason, note, decided_at
               from bookings.dispute where booking_id = any($1) order by opened_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mistakes = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select mistake_request_id, booking_id, appointment_id, appointment_version, version, status, reason, note,
                   nobody_else, asked_at, decided_as, answer, ended_at
               from bookings.mistake_request where booking_id = any($1) order by asked_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let standings = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, status, total_cents, captured_cents, refunded_cents, fee_cents, aggregate_version
               from bookings.payment_standing where booking_id = any($1) order by booking_id) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let statements = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select statement_id, booking_id, text, created_at
               from bookings.party_statement where booking_id = any($1) order by created_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let links = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, expires_at, wrong_proofs, code_expires_at, wrong_codes, codes_sent,
                   'a secret, kept as its fingerprint' as token_hash,
                   case when code_hash is not null then 'a code, kept as its fingerprint' end as code_hash
               from bookings.manage_link where booking_id = any($1) order by expires_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let sessions = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, expires_at, only_cancels, 'a cookie, kept as its fingerprint' as session_hash
               from bookings.manage_session where booking_id = any($1) order by expires_at) held"#,
        bookings,
    )
    .fetch_all(&mut *conn)
    .await?;
    let replies = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, purpose, starts_at, 'a secret, kept as its fingerprint' as token_hash
               from bookings.reply_link where booking_id = any($1) order by starts_at, purpose) held"#,
        bookings,
    )
    .fetch_all(conn)
    .await?;
    Ok(vec![
        part("appointment", "Your appointments", RECORD, appointments),
        part("appointment_transition", "What became of them, step by step", RECORD, transitions),
        part("proposal", "Other times that the practice proposed", RECORD, proposals),
        part("dispute", "What was disputed and how it was decided", RECORD, disputes),
        part("mistake_request", "Wishes of the practice to mark one as a mistake", RECORD, mistakes),
        part("payment_standing", "What was paid for them through us", RECORD, standings),
        part("party_statement", "What you said where you did not agree", RECORD, statements),
        part("manage_link", "The links in your mails", "Until a day after the appointment.", links),
        part("manage_session", "Browsers that opened a link", "Until the proof wears off.", sessions),
        part("reply_link", "The links in your reminders", "Until the appointment begins.", replies),
    ])
}
