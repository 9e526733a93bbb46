//! How many of its appointments a practice kept: what counts, what does not, and what nobody is told.

use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, DisputeId,
    bookings::{
        Appointment, Hold,
        dispute::{DisputeStanding, PracticeDispute},
        honour::HonourRate,
        practice::{CalendarAppointment, RescheduleAppointment},
    },
    users::{Claims, PlatformRole, StaffRole},
};

use crate::{
    app::{App, COLLEAGUE, LONG_COLLEAGUE, MONDAY, minutes, monday, wall},
    members::{ada, claims, signed_in},
    practice::{act_as, at_practice, desk, staff},
};

/// A practice that kept nineteen appointments on Monday at nine, and Ada's at ten as it was booked.
async fn practice() -> (App, Appointment) {
    let app = App::new().await;
    app.book(&mut app.browser(), monday(9, 0)).await;
    let mut conn = app.administrator().await;
    for statement in [
        "update bookings.appointment set status = 'completed', completed_at = ends_at",
        "insert into bookings.appointment select clone.* from bookings.appointment kept cross join generate_series(1, 18) nth \
         cross join lateral jsonb_populate_record(kept, jsonb_build_object( \
             'appointment_id', gen_random_uuid(), 'booking_id', gen_random_uuid(), 'version', nth)) clone",
    ] {
        sqlx::query(statement).execute(&mut conn).await.unwrap();
    }
    let booked = app.book(&mut signed_in(&app, &ada(&app)).await, monday(10, 0)).await;
    (app, booked)
}

/// The share as everybody reads it: 100 if the twentieth was kept, 95 if it was not, none if it does not count.
async fn share(app: &App) -> Option<u8> {
    let reply = app.browser().get(&at_practice("honour-rate")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<HonourRate>().percent
}

async fn share_in_the_evening(app: &App) -> Option<u8> {
    app.advance_to(monday(18, 0));
    share(app).await
}

#[tokio::test]
async fn what_took_place_was_kept_and_what_the_practice_called_off_was_not() {
    let cancel = |reason: &str| json!({"action": "cancel", "reason": reason});
    let cases = [
        (
            "took place",
            vec![
                (monday(10, 0), json!({"action": "check_in"})),
                (monday(10, 0), json!({"action": "start"})),
                (monday(10, 20), json!({"action": "complete"})),
            ],
            Some(100),
        ),
        ("did not come", vec![(monday(10, 15), json!({"action": "no_show", "attested": true}))], Some(100)),
        ("nobody was there", vec![(monday(10, 30), json!({"action": "practitioner_absent"}))], Some(95)),
        ("called off", vec![(monday(8, 0), cancel("practitioner_unwell"))], Some(95)),
        ("called off, as asked", vec![(monday(8, 0), cancel("patient_asked"))], None),
        (
            "cancelled for the patient",
            vec![(monday(8, 0), json!({"action": "cancel_for_patient", "waive_fee": true}))],
            None,
        ),
        (
            "never was one",
            vec![(monday(8, 0), json!({"action": "enter_in_error", "reason": "mistake"}))],
            None,
        ),
        ("not ended", vec![], None),
    ];
    for (name, acts, expected) in cases {
        let (app, booked) = practice().await;
        for (version, (at, act)) in (1..).zip(acts) {
            app.advance_to(at);
            let mut owner = staff(&app, StaffRole::Owner).await;
            let reply = act_as(&mut owner, booked.appointment_id, version, act).await;
            assert_eq!(reply.status, 200, "{name}: {}", reply.body);
        }
        assert_eq!(share_in_the_evening(&app).await, expected, "{name}");
    }
    let (app, booked) = practice().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    assert_eq!(patient.cancel(booked.appointment_id, 1).await.status, 200);
    assert_eq!(share_in_the_evening(&app).await, None, "cancelled by the patient");
}

/// The practice moves an appointment that was never changed. Says which link stands now.
async fn moves(app: &App, id: AppointmentId, to: (i8, i8, i8), patient_asked: bool) -> AppointmentId {
    let (day, hour, length) = to;
    let start = wall(jiff::civil::date(2026, 11, day), hour, 0);
    let change = RescheduleAppointment {
        version: 1,
        practitioner_role_id: None,
        start,
        end: start + minutes(i64::from(length)),
        fit_in: false,
        patient_asked,
    };
    let path = at_practice(&format!("appointments/{id}/reschedule"));
    let body = serde_json::to_value(change).unwrap();
    let reply = staff(app, StaffRole::Owner).await.post(&path, Some(app.key()), &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.read::<CalendarAppointment>().appointment_id
}

#[tokio::test]
async fn a_move_away_by_the_practice_was_not_kept_and_one_that_the_patient_wished_says_nothing() {
    let (app, booked) = practice().await;
    moves(&app, booked.appointment_id, (24, 10, 30), false).await;
    assert_eq!(share_in_the_evening(&app).await, Some(95), "moved away");

    let (app, booked) = practice().await;
    moves(&app, booked.appointment_id, (24, 10, 30), true).await;
    assert_eq!(share_in_the_evening(&app).await, None, "moved by the desk, as the patient asked");

    let (app, booked) = practice().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let tuesday = wall(jiff::civil::date(2026, 11, 24), 10, 0);
    assert_eq!(patient.r#move(app.key(), booked.appointment_id, 1, tuesday).await.status, 200);
    assert_eq!(share_in_the_evening(&app).await, None, "moved by the patient");

    let (app, booked) = practice().await;
    moves(&app, booked.appointment_id, (23, 10, 45), false).await;
    assert_eq!(share_in_the_evening(&app).await, None, "only longer, and not ended");

    let (app, booked) = practice().await;
    let away = moves(&app, booked.appointment_id, (23, 14, 30), false).await;
    let back = moves(&app, away, (23, 10, 30), false).await;
    app.advance_to(monday(10, 15));
    app.acts(back, 1, json!({"action": "no_show", "attested": true})).await;
    assert_eq!(share_in_the_evening(&app).await, Some(100), "moved away and back");
}

#[tokio::test]
async fn a_request_that_nobody_answered_was_not_kept_and_one_that_was_declined_says_nothing() {
    for (declined, expected) in [(false, Some(95)), (true, None)] {
        let (app, _) = practice().await;
        app.change(
            "update bookings.appointment_type set needs_acceptance = true \
             where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
        )
        .await;
        let mut browser = app.browser();
        let reply = browser.hold(app.key(), COLLEAGUE, LONG_COLLEAGUE, monday(10, 0)).await;
        let hold: Hold = reply.read();
        let asked = app.confirm(&mut browser, &hold).await;
        if declined {
            app.acts(asked.appointment_id, 1, json!({"action": "decline", "reason": "no_time"})).await;
        }
        app.advance_to(monday(8, 0));
        assert_eq!(app.run("bookings.expire_requests").await, u64::from(!declined));
        assert_eq!(share_in_the_evening(&app).await, expected, "declined: {declined}");
    }
}

/// Ada said at half past ten that nobody was there.
async fn absent() -> (App, AppointmentId) {
    let (app, booked) = practice().await;
    app.advance_to(monday(10, 30));
    let path = format!("/api/v1/bookings/appointments/{}/absence", booked.appointment_id);
    let mut patient = signed_in(&app, &ada(&app)).await;
    assert_eq!(patient.post(&path, None, &json!({"version": 1})).await.status, 200);
    (app, booked.appointment_id)
}

#[tokio::test]
async fn that_nobody_was_there_counts_once_the_practice_let_it_stand() {
    let (app, _) = absent().await;
    assert_eq!(share_in_the_evening(&app).await, None, "the practice has a day to dispute it");
    app.advance_to(monday(10, 30) + SignedDuration::from_hours(24));
    assert_eq!(share(&app).await, Some(95), "it did not");
}

/// An administrator decides what nobody answered.
async fn decide(app: &App, dispute: DisputeId, upheld: bool) {
    let administrator = Claims { platform: vec![PlatformRole::Administrator], ..claims(app, 90) };
    let path = format!("/api/v1/bookings/platform/disputes/{dispute}/decide");
    let decision = json!({"version": 1, "upheld": upheld, "reason": "times_show_it", "note": "See the log."});
    let reply = signed_in(app, &administrator).await.post(&path, None, &decision).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn what_an_administrator_decides_about_an_absence_counts() {
    for (upheld, expected) in [(true, Some(100)), (false, Some(95))] {
        let (app, id) = absent().await;
        let path = at_practice(&format!("appointments/{id}/dispute"));
        let words: Value = json!({"version": 2, "text": "We were there."});
        let reply = desk(&app).await.post(&path, None, &words).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let dispute = reply.read::<PracticeDispute>().dispute.unwrap();
        app.advance(SignedDuration::from_hours(25));
        assert_eq!(share(&app).await, None, "nobody has decided");
        decide(&app, dispute.dispute_id, upheld).await;
        assert_eq!(share(&app).await, expected, "upheld: {upheld}");
    }
}

#[tokio::test]
async fn a_visit_that_nobody_marked_and_that_did_not_take_place_was_not_kept() {
    let (app, booked) = practice().await;
    app.advance_to(monday(10, 0) + SignedDuration::from_hours(14));
    assert_eq!(app.run("bookings.complete_unmarked").await, 1);
    assert_eq!(share(&app).await, Some(100), "nobody says otherwise");
    let path = format!("/api/v1/bookings/appointments/{}/dispute", booked.appointment_id);
    let words = json!({"version": 2, "instead": "nobody_there"});
    let reply = signed_in(&app, &ada(&app)).await.post(&path, None, &words).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!(share(&app).await, None, "nobody has decided");
    let dispute = reply.read::<DisputeStanding>().dispute.unwrap();
    app.advance(SignedDuration::from_hours(25));
    decide(&app, dispute.dispute_id, true).await;
    assert_eq!(share(&app).await, Some(95));
}

#[tokio::test]
async fn too_few_say_nothing_others_do_not_count_and_what_is_long_over_is_forgotten() {
    let (app, booked) = practice().await;
    assert_eq!(share(&app).await, None, "all of it is still to come");
    app.advance_to(monday(10, 15));
    app.acts(booked.appointment_id, 1, json!({"action": "no_show", "attested": true})).await;
    assert_eq!(share_in_the_evening(&app).await, Some(100));
    let another = "/api/v1/bookings/practices/00000000-0000-0000-0000-000000000042/honour-rate";
    let elsewhere = app.browser().get(another).await;
    let expected = json!({"percent": null, "days": 90, "as_of": app.core.now()});
    assert_eq!(elsewhere.body, expected, "how many there were is told to nobody");
    app.advance_to(wall(MONDAY, 9, 30) + SignedDuration::from_hours(24 * 90));
    assert_eq!(share(&app).await, None, "what was at nine is over for ninety days");
}
