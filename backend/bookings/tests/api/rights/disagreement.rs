use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    bookings::{BookingsEvent, PatientStatement, PracticeAppointment, StatementFact},
    page::Page,
    users::{Claims, Membership, StaffRole},
};

use crate::{
    app::{App, Browser, ORGANIZATION, Reply, monday},
    members::{ada, claims, signed_in},
};

fn said(text: &str) -> Value {
    json!({"text": text})
}

async fn add(app: &App, browser: &mut Browser, path: &str, text: &str) -> Reply {
    browser.post(path, Some(app.key()), &said(text)).await
}

#[tokio::test]
async fn what_a_patient_says_stands_beside_the_record_and_the_practice_is_told_without_its_words() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, monday(10, 0)).await;
    let path = format!("/api/v1/bookings/appointments/{}/disagreement", booked.appointment_id);
    let key = app.key();
    let first = patient.post(&path, Some(key), &said(" I was there at ten. ")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    let again: Page<PatientStatement> =
        patient.post(&path, Some(key), &said(" I was there at ten. ")).await.read();
    assert_eq!(again, first.read());
    assert_eq!(again.items[0].text.expose(), "I was there at ten.");

    let told = app.told("statement_added").await;
    let [BookingsEvent::StatementAdded(fact)] = told.as_slice() else { panic!("{told:?}") };
    let expected = StatementFact {
        statement_id: again.items[0].statement_id,
        booking_id: booked.booking_id,
        organization_id: ORGANIZATION,
    };
    assert_eq!(*fact, expected);
    let kept: String =
        sqlx::query_scalar("select reply_body::text from bookings.idempotency where route = 'add_statement'")
            .fetch_one(&app.core.pool)
            .await
            .unwrap();
    assert!(!kept.contains("ten"), "{kept}");

    let desk = Claims {
        memberships: vec![Membership { organization_id: ORGANIZATION, roles: vec![StaffRole::Reception] }],
        ..claims(&app, 9)
    };
    let day = format!("/api/v1/bookings/practices/{ORGANIZATION}/appointments?from=2026-11-23&to=2026-11-23");
    let page: Page<PracticeAppointment> = signed_in(&app, &desk).await.get(&day).await.read();
    assert_eq!(page.items[0].statements, again.items);
    let calendar = app.calendar("2026-11-23").await;
    let mut listed = calendar.roles.iter().flat_map(|role| &role.appointments);
    let there = listed.find(|one| one.booking_id == booked.booking_id).unwrap();
    assert_eq!(there.statements, again.items);
}

#[tokio::test]
async fn a_statement_is_short_there_are_five_and_none_is_changed() {
    let app = App::new().await;
    let mut guest = app.browser();
    let booked = app.book(&mut guest, monday(10, 0)).await;
    let path = format!("/api/v1/bookings/appointments/{}/disagreement", booked.appointment_id);
    for text in ["  ", &"x".repeat(1001)] {
        add(&app, &mut guest, &path, text).await.problem(422, "invalid");
    }
    for number in 1..=5 {
        app.advance(SignedDuration::from_secs(1));
        assert_eq!(add(&app, &mut guest, &path, &format!("Statement {number}")).await.status, 201);
    }
    add(&app, &mut guest, &path, "One more").await.problem(409, "too-many-statements");
    let page: Page<PatientStatement> = guest.get(&path).await.read();
    let texts: Vec<_> = page.items.iter().map(|one| one.text.expose().as_str()).collect();
    assert_eq!(texts, ["Statement 1", "Statement 2", "Statement 3", "Statement 4", "Statement 5"]);
    let changed =
        sqlx::query("update bookings.party_statement set text = 'other'").execute(&app.core.pool).await;
    assert!(changed.unwrap_err().to_string().contains("permission denied"));
}

#[tokio::test]
async fn nobody_else_adds_or_reads_one() {
    let app = App::new().await;
    let booked = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    let path = format!("/api/v1/bookings/appointments/{}/disagreement", booked.appointment_id);
    let mut other = signed_in(&app, &claims(&app, 7)).await;
    add(&app, &mut other, &path, "Mine").await.problem(404, "not-found");
    other.get(&path).await.problem(404, "not-found");
    app.browser().get(&path).await.problem(404, "not-found");
    assert_eq!(app.count("select count(*) from bookings.party_statement").await, 0);
}
