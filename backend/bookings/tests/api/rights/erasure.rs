use jiff::civil::date;
use shared_types::{
    PatientId,
    bookings::BookingsEvent,
    users::{ErasureAnswer, ErasureRequest, UsersEvent},
};
use uuid::Uuid;

use crate::{
    app::{App, LONG, MONDAY, ROLE, details, minutes, monday},
    members::{ADA, CHILD, ada, signed_in},
};

fn request(dependants: Vec<PatientId>) -> UsersEvent {
    UsersEvent::ErasureRequested(ErasureRequest {
        erasure_id: Uuid::from_u128(0xE).into(),
        account_id: Uuid::from_u128(1).into(),
        patient_id: Some(ADA),
        dependants,
        email: "ada@example.org".to_owned().into(),
    })
}

async fn answer(app: &App) -> ErasureAnswer {
    let told = app.told("erasure_answered").await;
    let [BookingsEvent::ErasureAnswered(answer)] = told.as_slice() else { panic!("{told:?}") };
    answer.clone()
}

fn rows(answer: &ErasureAnswer, what: &str) -> u64 {
    answer.erased.iter().find(|one| one.what.starts_with(what)).map_or(0, |one| one.rows)
}

/// Account and patient of each party, the earliest first.
async fn ties(app: &App) -> Vec<(Option<Uuid>, Option<Uuid>)> {
    sqlx::query_as(
        "select account_id, patient_id from bookings.appointment_party order by created_at, booking_id",
    )
    .fetch_all(&app.core.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_practice_keeps_its_record_and_no_account_is_tied_to_it() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, monday(10, 0)).await;
    app.hold(&mut patient, monday(11, 0)).await;
    app.users_tell(&request(Vec::new())).await;

    let answer = answer(&app).await;
    assert_eq!((answer.service.as_str(), answer.answered_at), ("bookings", app.core.now()));
    // The time they hold, and what is left of the one that became the appointment.
    assert_eq!((rows(&answer, "hold"), rows(&answer, "appointment_party")), (2, 1));
    assert!(answer.kept[0].what.starts_with("The record of one appointment"), "{:?}", answer.kept);
    assert_eq!(answer.kept[0].until, Some(date(2033, 11, 23)), "seven years after the visit");
    assert_eq!(ties(&app).await, [(None, None)]);
    let name: String = sqlx::query_scalar("select name from bookings.appointment_party")
        .fetch_one(&app.core.pool)
        .await
        .unwrap();
    assert!(name.starts_with("Ada Nguyen"), "the practice still knows who comes");
    assert_eq!(app.count("select count(*) from bookings.reservation").await, 1, "and that they come");
    // Whoever still has a token of that account finds nothing.
    patient.find(booked.appointment_id).await.problem(404, "not-found");
    let acts: Vec<_> = app.audited(ADA.0).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(acts, ["erase_person"]);
}

#[tokio::test]
async fn what_was_booked_for_somebody_who_stays_stays_theirs() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut parent, monday(11, 0)).await;
    let mut for_child = details(5);
    for_child["patient_id"] = CHILD.to_string().into();
    parent.confirm(app.key(), &hold, &for_child).await;
    app.users_tell(&request(Vec::new())).await;
    assert_eq!(ties(&app).await, [(None, Some(CHILD.0))]);
    assert!(answer(&app).await.kept.iter().all(|kept| !kept.what.contains("appointment")));
}

#[tokio::test]
async fn a_child_whom_nobody_else_could_reach_is_erased_too() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let hold = app.hold(&mut parent, monday(11, 0)).await;
    let mut for_child = details(5);
    (for_child["patient_id"], for_child["date_of_birth"]) = (CHILD.to_string().into(), "2020-02-29".into());
    parent.confirm(app.key(), &hold, &for_child).await;
    app.users_tell(&request(vec![CHILD])).await;
    assert_eq!(ties(&app).await, [(None, None)]);
    assert_eq!(answer(&app).await.kept[0].until, Some(date(2045, 3, 1)), "until 25");
}

#[tokio::test]
async fn the_last_visit_counts_for_records_whose_tie_is_cut() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    app.book(&mut patient, monday(10, 0)).await;
    app.on("2027-01-04");
    let mut patient = signed_in(&app, &ada(&app)).await;
    // Another address and another number: only the patient connects the two.
    app.book(&mut patient, app.core.now() + minutes(60 * 33)).await;
    app.users_tell(&request(Vec::new())).await;
    app.on("2033-12-01");
    assert_eq!(app.run("bookings.destroy_expired").await, 0, "the first record is as old as the last visit");
    app.on("2034-01-06");
    assert_eq!(app.run("bookings.destroy_expired").await, 2);
    assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 0);
}

#[tokio::test]
async fn a_practitioners_other_calendar_outlives_who_gave_it() {
    let app = App::new().await;
    app.change(
        "insert into bookings.external_calendar (practitioner_role_id, address, account_id, set_at, due_at) \
         values ('00000000-0000-0000-0000-000000000011', 'https://calendar.example/', \
             '00000000-0000-0000-0000-000000000001', now(), 'infinity')",
    )
    .await;
    app.users_tell(&request(Vec::new())).await;
    assert_eq!(rows(&answer(&app).await, "external_calendar"), 1);
    let kept = "select count(*) from bookings.external_calendar where account_id is null";
    assert_eq!(app.count(kept).await, 1);
    assert!(
        app.free_on(ROLE, LONG, MONDAY).await.is_empty(),
        "when they are busy elsewhere is not known yet"
    );
}
