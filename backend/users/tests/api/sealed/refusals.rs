//! What is not taken as a note, one thing wrong at a time.

use axum::http::Method;
use sealing::{
    envelope::{Envelope, SealContext, Sender, seal},
    identity::GuestKey,
    mailbox::EpochPlan,
};
use serde_json::{Value, json};
use shared_types::{BookingId, NoteId};
use uuid::Uuid;

use super::{
    BOOKING, Clinic, ELSEWHERE, MEMBER, OTHER, OWNER, RECEPTION, add_body, context, note_body, own_notes,
    practice, practice_notes, reason, trusted,
};
use crate::people::Reply;

#[track_caller]
fn wrong(reply: Reply, pointer: &str) {
    let problem = reply.problem(422, "invalid");
    assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
}

#[tokio::test]
async fn a_note_is_for_the_booking_and_the_practice_of_its_ticket() {
    let mut clinic = Clinic::open().await;
    let ticket = clinic.ticket(BOOKING, Some(MEMBER));
    let elsewhere = SealContext { booking: BookingId(Uuid::from_u128(0xB9)), ..context(1) };
    let sealed = clinic.written_by(MEMBER, elsewhere, &[MEMBER]).await;
    wrong(clinic.put_note(&ticket, &sealed).await, "/envelope");
    clinic.book(BOOKING, Some(MEMBER), None).await;
    wrong(clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await, "/envelope");
    wrong(clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await, "/envelope");
    // A practice of one's own makes no other practice's booking.
    let other = clinic.keys[&OTHER].trusted();
    let plan = EpochPlan {
        organization: ELSEWHERE,
        owners: &[other],
        members: &[other],
        recovery: sealing::mailbox::Recovery::Renew,
    };
    let (now, identity) = (clinic.people.world.core.now(), &clinic.keys[&OTHER].identity);
    let forged = sealing::mailbox::begin_epoch(&plan, None, identity, now, &mut clinic.rng).unwrap();
    let forged = trusted(&forged.leaf.verify().unwrap());
    let recipients = [
        sealing::envelope::Recipient::practice(&forged),
        sealing::envelope::Recipient::patient(&clinic.keys[&MEMBER].trusted()),
    ];
    let context = SealContext { organization: ELSEWHERE, ..context(1) };
    let sender = Sender::Account(&clinic.keys[&MEMBER].identity);
    let sealed = seal(&context, &reason(), &sender, &recipients, &mut clinic.rng).unwrap();
    wrong(clinic.put_note(&ticket, &sealed).await, "/envelope");
}

#[tokio::test]
async fn a_ticket_is_bookings_word_and_ends() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    let ticket = clinic.ticket(BOOKING, Some(MEMBER));
    for forged in [format!("{ticket}A"), "x.y".to_owned(), String::new()] {
        wrong(clinic.put_note(&forged, &sealed).await, "/ticket");
    }
    clinic.people.world.pass(15 * 60);
    wrong(clinic.put_note(&ticket, &sealed).await, "/ticket");
    assert_eq!(clinic.count("select count(*) from users.note_thread").await, 0);
}

#[tokio::test]
async fn the_notice_that_applies_was_read() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    for consent in [
        json!({"text": "intake-collection", "version": 2}),
        json!({"text": "booking-collection", "version": 1}),
    ] {
        let mut body = note_body(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed);
        body["consent"] = consent;
        wrong(clinic.put_note_once(Uuid::from_u128(1), body).await, "/consent");
    }
    assert_eq!(clinic.count("select count(*) from users.consent_receipt").await, 0);
}

#[tokio::test]
async fn an_epoch_that_is_over_takes_nothing() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let member = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    let staff = clinic.written_by(RECEPTION, context(2), &[MEMBER]).await;
    let guest = GuestKey::generate(&mut clinic.rng);
    let guests = clinic.written_by_guest(&guest, context(3)).await;
    clinic.begin(OWNER, &[OWNER, RECEPTION]).await;
    clinic.put_note(&clinic.ticket(BOOKING, Some(MEMBER)), &member).await.problem(409, "old-epoch");
    clinic.put_note(&clinic.ticket(BOOKING, None), &guests).await.problem(409, "old-epoch");
    clinic.post(MEMBER, &own_notes(), add_body(&member)).await.problem(409, "old-epoch");
    clinic.post(RECEPTION, &practice_notes(), add_body(&staff)).await.problem(409, "old-epoch");
}

#[tokio::test]
async fn a_changed_byte_and_a_cut_are_refused() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await.to_bytes();
    let ticket = clinic.ticket(BOOKING, Some(MEMBER));
    // In the booking, the version, the commitment, a slot, the content, the signature.
    for at in [10, 62, 150, 200, sealed.len() - 100, sealed.len() - 1] {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        let mut body = note_body(&ticket, &Envelope::parse(&sealed).unwrap());
        body["envelope"] = json!(crate::keys::encoded(&altered));
        wrong(clinic.put_note_once(Uuid::from_u128(at as u128), body).await, "/envelope");
    }
    let mut body = note_body(&ticket, &Envelope::parse(&sealed).unwrap());
    body["envelope"] = json!(crate::keys::encoded(&sealed[..sealed.len() - 1]));
    wrong(clinic.put_note_once(Uuid::from_u128(1), body).await, "/envelope");
}

#[tokio::test]
async fn everybody_who_may_read_can_and_nobody_else() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let ticket = clinic.ticket(BOOKING, Some(MEMBER));
    for recipients in [&[] as &[u128], &[OTHER], &[MEMBER, OTHER]] {
        let sealed = clinic.written_by(MEMBER, context(1), recipients).await;
        wrong(clinic.put_note(&ticket, &sealed).await, "/envelope");
        wrong(clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await, "/envelope");
        let sealed = clinic.written_by(RECEPTION, context(1), recipients).await;
        wrong(clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await, "/envelope");
    }
    // Former keys are no longer anybody's.
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    clinic.make_other_keys(MEMBER).await;
    wrong(clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await, "/envelope");
}

#[tokio::test]
async fn a_note_is_signed_by_whoever_sends_it() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    let guest = GuestKey::generate(&mut clinic.rng);
    let (members, guests) = (clinic.ticket(BOOKING, Some(MEMBER)), clinic.ticket(BOOKING, None));
    let by_guest = clinic.written_by_guest(&guest, context(1)).await;
    wrong(clinic.put_note(&members, &by_guest).await, "/envelope");
    wrong(clinic.post(MEMBER, &own_notes(), add_body(&by_guest)).await, "/envelope");
    let by_member = clinic.written_by(MEMBER, context(1), &[]).await;
    wrong(clinic.put_note(&guests, &by_member).await, "/envelope");
    let by_other = clinic.written_by(OTHER, context(1), &[MEMBER]).await;
    wrong(clinic.put_note(&members, &by_other).await, "/envelope");
    let by_owner = clinic.written_by(OWNER, context(1), &[MEMBER]).await;
    wrong(clinic.post(RECEPTION, &practice_notes(), add_body(&by_owner)).await, "/envelope");
}

#[tokio::test]
async fn a_note_belongs_to_one_booking_only() {
    let mut clinic = Clinic::open().await;
    let other = BookingId(Uuid::from_u128(0xB9));
    clinic.book(BOOKING, Some(MEMBER), None).await;
    clinic.book(other, Some(MEMBER), None).await;
    let first = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&first)).await.ok(201);
    for version in [1, 2] {
        let context = SealContext {
            booking: other,
            note: NoteId(Uuid::from_u128(1)),
            version: super::version(version),
            ..context(1)
        };
        let sealed = clinic.written_by(MEMBER, context, &[MEMBER]).await;
        let path = format!("/me/bookings/{other}/notes");
        wrong(clinic.post(MEMBER, &path, add_body(&sealed)).await, "/envelope");
    }
    assert_eq!(clinic.count("select count(*) from users.note_thread").await, 1, "nothing was begun");
}

#[tokio::test]
async fn without_keys_on_either_side_nothing_is_sent() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    // Account 6 has booked and made no keys.
    clinic.put_note(&clinic.ticket(BOOKING, Some(6)), &sealed).await.problem(404, "no-keys");
    clinic.book(BOOKING, Some(6), None).await;
    clinic.post(6, &own_notes(), add_body(&sealed)).await.problem(404, "no-keys");
    let notes = clinic.practice_notes(RECEPTION).await;
    assert_eq!((notes.patients.len(), notes.seal_to.len()), (0, 1));
    // What the practice writes is for itself until there is a key to seal to.
    let sealed = clinic.written_by(RECEPTION, context(2), &[]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.ok(201);

    let mut closed = Clinic::new().await;
    closed.make_keys(MEMBER).await;
    closed.put_note(&closed.ticket(BOOKING, Some(MEMBER)), &sealed).await.problem(404, "no-keys");
    closed.book(BOOKING, Some(MEMBER), None).await;
    let notes = closed.notes(MEMBER).await;
    assert_eq!((notes.minimum_epoch, notes.epochs.len(), notes.items.len()), (1, 0, 0));
    let mailbox = closed.people.send(OWNER, Method::GET, &practice("/mailbox"), Value::Null).await.ok(200);
    assert_eq!(mailbox["epochs"], json!([]));
}
