//! How much, how often, and what becomes of notes whose booking was never made.

use sealing::{
    envelope::{Envelope, SealContext, Sender, seal},
    identity::GuestKey,
    note::{Attachment, FileName, MediaType, Note},
    secret::Hidden,
};
use shared_types::BookingId;
use uuid::Uuid;

use super::{
    BOOKING, Clinic, MEMBER, RECEPTION, add_body, context, note_body, own_notes, practice_notes, version,
};

const JOB: &str = "users.destroy_orphan_notes";

async fn destroy_orphans(clinic: &Clinic) -> u64 {
    let job = clinic.people.jobs.iter().find(|job| job.name == JOB).unwrap();
    job.run_once().await.unwrap()
}

/// A file of so many bytes.
async fn file(clinic: &mut Clinic, context: SealContext, bytes: usize) -> Envelope {
    let note = Note::Attachment(Attachment {
        file_name: FileName::new("referral.pdf".to_owned()).unwrap(),
        media_type: MediaType::new("application/pdf".to_owned()).unwrap(),
        bytes: Hidden::new(vec![7; bytes]),
    });
    let recipients = clinic.recipients(&[MEMBER]).await;
    let sender = Sender::Account(&clinic.keys[&MEMBER].identity);
    seal(&context, &note, &sender, &recipients, &mut clinic.rng).unwrap()
}

#[tokio::test]
async fn a_booking_has_room_for_twenty_notes() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    for note in 1..=20 {
        let sealed = clinic.written_by(MEMBER, context(note), &[MEMBER]).await;
        clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
    }
    let sealed = clinic.written_by(MEMBER, context(21), &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.problem(409, "notes-full");
    let sealed = clinic.written_by(RECEPTION, context(21), &[MEMBER]).await;
    clinic.post(RECEPTION, &practice_notes(), add_body(&sealed)).await.problem(409, "notes-full");
    // What is there can still be put right.
    let again = SealContext { version: version(2), ..context(20) };
    let sealed = clinic.written_by(MEMBER, again, &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
}

#[tokio::test]
async fn files_of_seven_megabytes_are_taken_up_to_thirty_two() {
    let mut clinic = Clinic::open().await;
    clinic.book(BOOKING, Some(MEMBER), None).await;
    for note in 1..=4 {
        let sealed = file(&mut clinic, context(note), 6_900_000).await;
        clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
    }
    let sealed = file(&mut clinic, context(5), 6_900_000).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.problem(409, "notes-full");
    let again = SealContext { version: version(2), ..context(1) };
    let sealed = file(&mut clinic, again, 6_900_000).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.problem(409, "notes-full");
    let sealed = clinic.written_by(MEMBER, context(5), &[MEMBER]).await;
    clinic.post(MEMBER, &own_notes(), add_body(&sealed)).await.ok(201);
}

#[tokio::test]
async fn larger_bodies_are_for_notes_only() {
    let clinic = Clinic::open().await;
    let long = serde_json::json!({"envelope": "A".repeat(13 * 1024 * 1024)});
    assert_eq!(clinic.post(MEMBER, &own_notes(), long).await.status, 413);
    let long = serde_json::json!({"keys": "A".repeat(100 * 1024)});
    let reply = clinic.people.send(MEMBER, axum::http::Method::PUT, "/me/identity", long).await;
    assert_eq!(reply.status, 413);
}

#[tokio::test]
async fn an_address_may_not_send_without_end() {
    let clinic = Clinic::open().await;
    let body = serde_json::json!({
        "ticket": "x.y", "consent": {"text": "intake-collection", "version": 1}, "envelope": "AAAA",
    });
    let mut statuses = Vec::new();
    for number in 0..100 {
        statuses.push(clinic.put_note_once(Uuid::from_u128(number), body.clone()).await.status);
    }
    assert!(statuses[..30].iter().all(|status| *status == 422), "{statuses:?}");
    assert!(statuses.contains(&429));
}

#[tokio::test]
async fn notes_of_a_booking_that_was_never_made_are_destroyed() {
    let mut clinic = Clinic::open().await;
    let made = BookingId(Uuid::from_u128(0xB1));
    for booking in [BOOKING, made] {
        let guest = GuestKey::generate(&mut clinic.rng);
        let context = SealContext { booking, ..context(booking.0.as_u128()) };
        let sealed = clinic.written_by_guest(&guest, context).await;
        clinic.put_note(&clinic.ticket(booking, None), &sealed).await.ok(201);
    }
    clinic.book(made, None, None).await;
    clinic.people.world.pass(130 * 60 - 1);
    assert_eq!(destroy_orphans(&clinic).await, 0);
    clinic.people.world.pass(1);
    assert_eq!(destroy_orphans(&clinic).await, 1);
    assert_eq!(destroy_orphans(&clinic).await, 0);
    let left: Vec<Uuid> = sqlx::query_scalar("select booking_id from users.sealed_note")
        .fetch_all(&clinic.people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(left, [made.0]);
    let destroyed: Vec<(String, String)> = sqlx::query_as(
        "select actor, resource_id from users.audit_entry where action = 'destroy_orphan_notes'",
    )
    .fetch_all(&mut clinic.people.world.database.administrator().await)
    .await
    .unwrap();
    assert_eq!(destroyed, [(JOB.to_owned(), BOOKING.to_string())]);
}

/// The event overtook the note: what the job finds then is kept.
#[tokio::test]
async fn a_booking_told_in_the_very_moment_keeps_its_notes() {
    let mut clinic = Clinic::open().await;
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    let body = note_body(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed);
    clinic.put_note_once(Uuid::from_u128(1), body).await.ok(201);
    clinic.book(BOOKING, Some(MEMBER), None).await;
    sqlx::query("update users.note_thread set destroy_at = now() - interval '1 year'")
        .execute(&clinic.people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(destroy_orphans(&clinic).await, 0);
    assert_eq!(clinic.notes(MEMBER).await.items.len(), 1);
    assert_eq!(clinic.count("select count(*) from users.note_thread where destroy_at is not null").await, 0);
}
