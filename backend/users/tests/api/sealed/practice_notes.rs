//! The practice's side, and everybody on the patient's.

use sealing::{
    envelope::{Envelope, Expected, ExpectedSender, RecipientKey, SealContext, open},
    identity::GuestKey,
    mailbox::StaffCertificate,
};
use serde_json::{Value, json};
use shared_types::{
    BookingId,
    page::Page,
    users::{BookingWithNotes, NoteAuthor},
};
use uuid::Uuid;

use super::{
    BOOKING, Clinic, ELSEWHERE, MEMBER, OTHER, OWNER, PRACTICE, RECEPTION, STRANGER, add_body, context, ids,
    own_notes, practice, practice_notes, reason, version,
};
use crate::{
    keys::{decoded, leaf},
    people::account,
};

async fn inbox(clinic: &Clinic, number: u128) -> Vec<BookingWithNotes> {
    let page = clinic.get(number, &practice("/notes")).await.ok(200);
    serde_json::from_value::<Page<BookingWithNotes>>(page).unwrap().items
}

/// Lets an account act for a patient.
async fn delegate(clinic: &Clinic, patient: shared_types::PatientId, number: u128, scopes: &[&str]) {
    sqlx::query(
        "insert into users.delegation (delegation_id, patient_id, account_id, basis, scopes, created_at, expires_at) \
         values (gen_random_uuid(), $1, $2, 'consent', $3, '2026-11-01', '2027-11-01')",
    )
    .bind(patient)
    .bind(account(number))
    .bind(scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<String>>())
    .execute(&clinic.people.world.core.pool)
    .await
    .unwrap();
}

async fn end_leave(clinic: &Clinic, number: u128) {
    sqlx::query(
        "update users.delegation set ended_at = now(), ended_why = 'by_patient' where account_id = $1",
    )
    .bind(account(number))
    .execute(&clinic.people.world.core.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn the_practice_answers_and_the_patient_can_tell_who_wrote() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let sealed = clinic.written_by(RECEPTION, context(1), &[MEMBER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);
    let notes = clinic.notes(MEMBER).await;
    let reception = NoteAuthor::Practice { account_id: account(RECEPTION).into() };
    assert_eq!((notes.items[0].author, notes.certificates.len()), (reception, 1));
    let certificate = StaffCertificate::parse(&decoded(&notes.certificates[0])).unwrap();
    assert_eq!(certificate.account().0, account(RECEPTION));
    let sender = certificate.verify(super::epoch(&leaf(&notes.epochs[0].leaf))).unwrap();
    assert_eq!(sender, ExpectedSender::account(clinic.keys[&RECEPTION].identity.keys()));
    let found = Envelope::parse(&decoded(&notes.items[0].envelope)).unwrap();
    let recipients: Vec<_> = found.recipients().collect();
    let expected = Expected {
        booking: BOOKING,
        organization: PRACTICE,
        note: context(1).note,
        minimum_epoch: sealing::counter::Epoch::FIRST,
        minimum_version: version(1),
        sender,
        recipients: &recipients,
    };
    let member = &clinic.keys[&MEMBER].identity;
    assert_eq!(open(&expected, &found, &RecipientKey::Patient(member)), Ok(reason()));
    assert_eq!(clinic.audited("add_practice_note").await, [("care".to_owned(), "allowed".to_owned())]);
    // The patient's newest keys count.
    clinic.make_other_keys(MEMBER).await;
    assert_eq!(
        clinic.notes(MEMBER).await.patients.len(),
        2,
        "what was sealed to the former is still explained"
    );
    let sealed = clinic.written_by(RECEPTION, context(2), &[MEMBER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);
}

#[tokio::test]
async fn whoever_writes_for_the_practice_is_certified_for_the_current_epoch() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    clinic.employ(OTHER, PRACTICE, &["practitioner"]).await;
    let sealed = clinic.written_by(OTHER, context(1), &[MEMBER]).await;
    clinic.post(OTHER, &practice_notes(), add_body(&sealed)).await.problem(403, "not-certified");
    clinic.begin(OWNER, &[OWNER, RECEPTION, OTHER]).await;
    let sealed = clinic.written_by(OTHER, context(1), &[MEMBER]).await;
    clinic.post(OTHER, &practice_notes(), add_body(&sealed)).await.ok(201);
    clinic.make_other_keys(OTHER).await;
    let sealed = clinic.written_by(OTHER, context(2), &[MEMBER]).await;
    clinic.post(OTHER, &practice_notes(), add_body(&sealed)).await.problem(403, "not-certified");
}

#[tokio::test]
async fn one_side_does_not_write_over_the_others_notes() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
    let sealed = clinic.written_by(RECEPTION, context(2), &[MEMBER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);
    let second = |note| SealContext { version: version(2), ..context(note) };
    for (number, path, note) in
        [(RECEPTION, practice_notes(), 1), (OWNER, practice_notes(), 2), (MEMBER, own_notes(), 2)]
    {
        let sealed = clinic.written_by(number, second(note), &[MEMBER]).await;
        clinic.post(number, &path, add_body(&sealed)).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn the_inbox_has_what_came_last_first_and_says_what_is_unread() {
    let mut clinic = Clinic::open().await;
    let later = BookingId(Uuid::from_u128(0xB1));
    for booking in [BOOKING, later] {
        let guest = GuestKey::generate(&mut clinic.rng);
        let context = SealContext { booking, ..context(booking.0.as_u128()) };
        let sealed = clinic.written_by_guest(&guest, context).await;
        clinic.put_note(&clinic.ticket(booking, None), &sealed).await.ok(201);
        assert!(
            inbox(&clinic, RECEPTION).await.iter().all(|row| row.booking_id != booking),
            "not booked yet"
        );
        clinic.book(booking, None, None).await;
        clinic.people.world.pass(60);
    }
    let unread = |rows: &[BookingWithNotes]| -> Vec<_> {
        rows.iter().map(|row| (row.booking_id, row.unread)).collect()
    };
    assert_eq!(unread(&inbox(&clinic, RECEPTION).await), [(later, true), (BOOKING, true)]);
    clinic.practice_notes(OWNER).await;
    assert_eq!(unread(&inbox(&clinic, RECEPTION).await), [(later, true), (BOOKING, false)]);
    // The practice's own word is nothing that it has to read.
    clinic.people.world.pass(60);
    let sealed = clinic.written_by(RECEPTION, context(5), &[]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);
    let rows = inbox(&clinic, OWNER).await;
    assert_eq!(unread(&rows), [(BOOKING, false), (later, true)]);
    assert_eq!((rows[0].notes, rows[1].notes), (2, 1));
    let care = ("care".to_owned(), "allowed".to_owned());
    assert_eq!(clinic.audited("list_note_inbox").await, vec![care; 7], "one for each booking that was shown");
    clinic.get(RECEPTION, &practice("/notes?cursor=nonsense")).await.problem(422, "invalid");
}

#[tokio::test]
async fn another_practice_and_billing_do_not_read() {
    let mut clinic = Clinic::open().await;
    clinic.employ(OTHER, PRACTICE, &["billing"]).await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let elsewhere = format!("/practices/{ELSEWHERE}/bookings/{BOOKING}/notes");
    clinic.get(STRANGER, &elsewhere).await.problem(404, "not-found");
    clinic.get(STRANGER, &practice_notes()).await.problem(404, "not-found");
    clinic.get(OTHER, &practice_notes()).await.problem(403, "not-allowed");
    clinic.get(OTHER, &practice("/notes")).await.problem(403, "not-allowed");
    let sealed = clinic.written_by(STRANGER, context(1), &[MEMBER]).await;
    clinic.post(STRANGER, &elsewhere, add_body(&sealed)).await.problem(404, "not-found");
    assert_eq!(
        clinic.get(STRANGER, &format!("/practices/{ELSEWHERE}/notes")).await.ok(200)["items"],
        json!([])
    );
}

#[tokio::test]
async fn a_stranger_is_told_that_the_booking_is_not_there_and_it_is_written_down() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    clinic.get(OTHER, &own_notes()).await.problem(404, "not-found");
    let sealed = clinic.written_by(OTHER, context(1), &[OTHER]).await;
    clinic.post(OTHER, &own_notes(), add_body(&sealed)).await.problem(404, "not-found");
    for action in ["list_notes", "add_note"] {
        assert_eq!(clinic.audited(action).await, [("own_record".to_owned(), "denied".to_owned())]);
    }
    let nowhere = format!("/me/bookings/{}/notes", Uuid::from_u128(1));
    clinic.get(MEMBER, &nowhere).await.problem(404, "not-found");
    let (status, _) = crate::get(&clinic.people.router, &format!("/api/v1/users{}", own_notes())).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn carers_read_and_write_while_their_leave_lasts_and_notes_are_sealed_to_those_who_may() {
    let mut clinic = Clinic::open().await;
    let patient = clinic.people.patient(MEMBER, "1980-02-29").await;
    // Account 4 has booked for account 3.
    delegate(&clinic, patient, OTHER, &["appointments"]).await;
    clinic.book(BOOKING, Some(OTHER), Some(patient)).await;
    delegate(&clinic, patient, STRANGER, &["payments"]).await;
    clinic.get(STRANGER, &own_notes()).await.problem(404, "not-found");
    assert_eq!(clinic.notes(MEMBER).await.seal_to, ids(&[MEMBER, OTHER]));
    assert_eq!(clinic.notes(OTHER).await.patients.len(), 2);
    let sealed = clinic.written_by(OTHER, context(1), &[OTHER]).await;
    clinic.post(OTHER, &own_notes(), add_body(&sealed)).await.problem(422, "invalid");
    let sealed = clinic.written_by(OTHER, context(1), &[MEMBER, OTHER]).await;
    clinic.post(OTHER, &own_notes(), add_body(&sealed)).await.ok(201);
    let sealed = clinic.written_by(RECEPTION, context(2), &[MEMBER, OTHER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);

    // Once the leave has ended, nothing new is sealed to them; what they wrote can still be checked.
    end_leave(&clinic, OTHER).await;
    clinic.get(OTHER, &own_notes()).await.problem(404, "not-found");
    let notes = clinic.notes(MEMBER).await;
    assert_eq!((notes.seal_to, notes.patients.len()), (ids(&[MEMBER]), 2));
    let sealed = clinic.written_by(RECEPTION, context(3), &[MEMBER, OTHER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.problem(422, "invalid");
    let sealed = clinic.written_by(RECEPTION, context(3), &[MEMBER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);

    // With leave for what is sealed somebody else may write, and is answered.
    end_leave(&clinic, STRANGER).await;
    delegate(&clinic, patient, STRANGER, &["intake"]).await;
    assert_eq!(clinic.notes(STRANGER).await.seal_to, ids(&[MEMBER]));
    let sealed = clinic.written_by(STRANGER, context(4), &[MEMBER, STRANGER]).await;
    clinic.post(STRANGER, &own_notes(), add_body(&sealed)).await.ok(201);
    assert_eq!(clinic.notes(MEMBER).await.seal_to, ids(&[MEMBER, STRANGER]));
    let whose: Option<Uuid> = sqlx::query_scalar(
        "select on_behalf_of from users.audit_entry where action = 'add_note' order by ctid desc limit 1",
    )
    .fetch_one(&mut clinic.people.world.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(json!(whose), json!(patient));
}

#[tokio::test]
async fn what_was_sealed_before_a_booking_came_is_still_believed() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    clinic.put_note(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed).await.ok(201);
    clinic.begin(OWNER, &[OWNER, RECEPTION]).await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let notes = clinic.practice_notes(RECEPTION).await;
    assert_eq!((notes.minimum_epoch, notes.epochs.len(), notes.grants.len()), (1, 2, 2));
    // A booking that comes later begins with the later epoch.
    let later = BookingId(Uuid::from_u128(0xB1));
    clinic.book(later, Some(MEMBER), None).await;
    let path = format!("/me/bookings/{later}/notes");
    let notes: Value = clinic.get(MEMBER, &path).await.ok(200);
    assert_eq!((&notes["minimum_epoch"], notes["epochs"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(notes["items"], json!([]));
}
