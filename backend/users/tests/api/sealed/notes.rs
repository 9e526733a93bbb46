//! From a browser to the practice's staff and back, every key real.

use sealing::{
    envelope::{Envelope, Expected, ExpectedSender, OpenError, RecipientId, RecipientKey, SealContext, open},
    identity::GuestKey,
    note::Note,
};
use serde_json::json;
use shared_types::{
    BookingId,
    bookings::{BookingClaim, BookingsEvent},
    users::{BookingNotes, NoteAuthor, SealedNote},
};
use uuid::Uuid;

use super::{
    BOOKING, Clinic, MEMBER, OTHER, OWNER, PRACTICE, RECEPTION, add_body, appointment, context,
    directory::assert_included, ids, note_body, own_notes, reason, version,
};
use crate::{
    keys::{decoded, encoded, leaf},
    people::account,
};

/// What a reader knows of a note that has just been sent.
fn expected(context: SealContext, sender: ExpectedSender, recipients: &[RecipientId]) -> Expected<'_> {
    Expected {
        booking: context.booking,
        organization: context.organization,
        note: context.note,
        minimum_epoch: sealing::counter::Epoch::FIRST,
        minimum_version: context.version,
        sender,
        recipients,
    }
}

fn envelope(note: &SealedNote) -> Envelope {
    Envelope::parse(&decoded(&note.envelope)).unwrap()
}

/// What a member of staff reads of a note that a member sent.
fn read_by_staff(clinic: &Clinic, number: u128, notes: &BookingNotes) -> Result<Note, OpenError> {
    for entry in notes.epochs.iter().chain(&notes.patients) {
        assert_included(&notes.head, entry);
    }
    let envelope = envelope(&notes.items[0]);
    let at =
        notes.epochs.iter().position(|entry| leaf(&entry.leaf).epoch() == Some(envelope.epoch())).unwrap();
    let key = clinic.mailbox_key(number, &notes.grants[at], &leaf(&notes.epochs[at].leaf));
    let recipients: Vec<_> = envelope.recipients().collect();
    let sender = match notes.items[0].author {
        NoteAuthor::Guest => ExpectedSender::any_guest(),
        NoteAuthor::Patient { account_id } | NoteAuthor::Practice { account_id } => {
            let writer = clinic.keys.values().find(|keys| keys.account_id == account_id).unwrap();
            ExpectedSender::account(writer.identity.keys())
        }
    };
    let expected = expected(context(1), sender, &recipients);
    open(&expected, &envelope, &RecipientKey::Practice(&key))
}

#[tokio::test]
async fn a_members_reason_is_read_by_the_practices_staff_and_by_the_member() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    let kept = clinic.put_note(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed).await.ok(201);
    assert_eq!(kept, json!({"note_id": Uuid::from_u128(1), "version": 1}));
    // Before the booking is told, there is nothing to read.
    clinic.get(MEMBER, &own_notes()).await.problem(404, "not-found");
    clinic.book(BOOKING, Some(MEMBER), None).await;

    let own = clinic.notes(MEMBER).await;
    assert_eq!((own.booking_id, own.organization_id, own.minimum_epoch), (BOOKING, PRACTICE, 1));
    assert_eq!((own.seal_to, own.grants.len()), (ids(&[MEMBER]), 0));
    assert_eq!(own.items.len(), 1);
    let member = NoteAuthor::Patient { account_id: account(MEMBER).into() };
    assert_eq!((own.items[0].author, own.items[0].epoch, own.items[0].version), (member, 1, 1));
    assert_eq!(own.items[0].padded_bytes, 256);
    let (found, identity) = (envelope(&own.items[0]), &clinic.keys[&MEMBER].identity);
    let recipients: Vec<_> = found.recipients().collect();
    let expected = expected(context(1), ExpectedSender::account(identity.keys()), &recipients);
    assert_eq!(open(&expected, &found, &RecipientKey::Patient(identity)), Ok(reason()));

    for number in [OWNER, RECEPTION] {
        let notes = clinic.practice_notes(number).await;
        assert_eq!(read_by_staff(&clinic, number, &notes), Ok(reason()));
    }
    let by_patient = [("own_record".to_owned(), "allowed".to_owned())];
    assert_eq!(clinic.audited("put_note").await, by_patient);
    assert_eq!(clinic.audited("list_notes").await, by_patient);
    let by_staff = ("care".to_owned(), "allowed".to_owned());
    assert_eq!(clinic.audited("list_practice_notes").await, [by_staff.clone(), by_staff]);
    let receipts: Vec<(String, i32, String)> =
        sqlx::query_as("select text, version, subject_id from users.consent_receipt")
            .fetch_all(&clinic.people.world.core.pool)
            .await
            .unwrap();
    assert_eq!(receipts, [("intake-collection".to_owned(), 1, account(MEMBER).to_string())]);
}

#[tokio::test]
async fn a_guests_reason_is_for_the_practice_alone() {
    let mut clinic = Clinic::open().await;
    let guest = GuestKey::generate(&mut clinic.rng);
    let sealed = clinic.written_by_guest(&guest, context(1)).await;
    clinic.put_note(&clinic.ticket(BOOKING, None), &sealed).await.ok(201);
    clinic.book(BOOKING, None, None).await;
    let notes = clinic.practice_notes(RECEPTION).await;
    assert_eq!((notes.items[0].author, notes.patients.len(), notes.seal_to.len()), (NoteAuthor::Guest, 0, 0));
    assert_eq!(read_by_staff(&clinic, RECEPTION, &notes), Ok(reason()));
    clinic.get(MEMBER, &own_notes()).await.problem(404, "not-found");
    let receipt: String =
        sqlx::query_scalar("select subject_kind || ' ' || subject_id from users.consent_receipt")
            .fetch_one(&clinic.people.world.core.pool)
            .await
            .unwrap();
    assert_eq!(receipt, format!("booking {BOOKING}"));
}

#[tokio::test]
async fn whoever_claims_a_booking_goes_on_with_what_was_written_as_a_guest() {
    let mut clinic = Clinic::open().await;
    let guest = GuestKey::generate(&mut clinic.rng);
    let sealed = clinic.written_by_guest(&guest, context(1)).await;
    clinic.put_note(&clinic.ticket(BOOKING, None), &sealed).await.ok(201);
    clinic.book(BOOKING, None, None).await;
    let patient_id = clinic.people.patient(MEMBER, "1980-02-29").await;
    let claim = BookingClaim { booking_id: BOOKING, account_id: account(MEMBER).into(), patient_id };
    clinic.tell(&BookingsEvent::BookingClaimed(claim), 1).await;
    assert_eq!(clinic.notes(MEMBER).await.items[0].author, NoteAuthor::Guest);
    let again = SealContext { version: version(2), ..context(1) };
    let sealed = clinic.written_by(MEMBER, again, &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
    let notes = clinic.notes(MEMBER).await;
    assert_eq!((notes.items.len(), notes.items[0].version), (1, 2));
    // A booking is claimed once; and news that tell of no account take none away.
    let other = BookingClaim { account_id: account(OTHER).into(), ..claim };
    clinic.tell(&BookingsEvent::BookingClaimed(other), 1).await;
    clinic.tell(&BookingsEvent::AppointmentMoved(appointment(BOOKING)), 2).await;
    clinic.get(OTHER, &own_notes()).await.problem(404, "not-found");
    assert_eq!(clinic.notes(MEMBER).await.items.len(), 1);
}

#[tokio::test]
async fn a_repeat_gets_the_same_reply_and_keeps_one_note() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    let body = note_body(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed);
    let key = Uuid::from_u128(99);
    let first = clinic.put_note_once(key, body.clone()).await.ok(201);
    assert_eq!(clinic.put_note_once(key, body.clone()).await.ok(201), first);
    clinic.put_note_once(Uuid::from_u128(98), body.clone()).await.problem(409, "note-version");
    let mut other = body;
    let second = clinic.written_by(MEMBER, context(2), &[MEMBER]).await;
    other["envelope"] = json!(encoded(&second.to_bytes()));
    clinic.put_note_once(key, other).await.problem(422, "idempotency-key-reused");
    assert_eq!(clinic.count("select count(*) from users.sealed_note").await, 1);
    assert_eq!(clinic.count("select count(*) from users.consent_receipt").await, 1);
}

#[tokio::test]
async fn notes_are_corrected_in_dense_versions_by_whoever_wrote_them() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let mut send = async |number: u128, note: u128, of: u32, status: u16| {
        let context = SealContext { version: version(of), ..context(note) };
        let sealed = clinic.written_by(number, context, &[MEMBER]).await;
        let reply = clinic.post(number, &own_notes(), add_body(&sealed)).await;
        assert_eq!(reply.status, status, "{number} {note} {of}: {}", reply.body);
        reply.body["type"].as_str().map(str::to_owned)
    };
    send(MEMBER, 1, 1, 201).await;
    send(MEMBER, 2, 1, 201).await;
    for (of, status) in [(1, 409), (3, 409), (2, 201), (2, 409), (3, 201)] {
        let kind = send(MEMBER, 1, of, status).await;
        assert_eq!(kind, (status == 409).then(|| "/problems/note-version".to_owned()), "version {of}");
    }
    send(MEMBER, 3, 2, 409).await;
    let notes = clinic.notes(MEMBER).await;
    let shown: Vec<_> = notes.items.iter().map(|note| (note.note_id.0.as_u128(), note.version)).collect();
    assert_eq!(shown, [(1, 3), (2, 1)], "in the order in which the first versions came");
}

#[tokio::test]
async fn the_newest_state_of_a_booking_counts() {
    let clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let moved = |hour: &str| {
        let mut fact = appointment(BOOKING);
        fact.start = format!("2026-11-24T{hour}:00:00Z").parse().unwrap();
        BookingsEvent::AppointmentMoved(fact)
    };
    clinic.tell(&moved("03"), 3).await;
    clinic.tell(&moved("02"), 2).await;
    let starts: i64 = clinic
        .count("select extract(hour from starts_at at time zone 'UTC')::bigint from users.booking")
        .await;
    assert_eq!(starts, 3);
    // Without a practice there is nobody to write to.
    let mut nowhere = appointment(BookingId(Uuid::from_u128(7)));
    nowhere.role.organization_id = None;
    clinic.tell(&BookingsEvent::AppointmentConfirmed(nowhere), 1).await;
    assert_eq!(clinic.count("select count(*) from users.booking").await, 1);
}
