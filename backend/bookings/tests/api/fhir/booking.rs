use axum::http::header;
use serde_json::{Value, json};
use shared_types::users::StaffRole;

use super::{details, found, hold, instant, names, operate, proposals, referring, resource};
use crate::{
    app::{App, LONG, MONDAY, ORGANIZATION, ROLE, minutes, monday},
    practice::{desk, staff},
};

const DAY: &str = "2026-11-23";

/// What is proposed for ten o'clock.
async fn at_ten(app: &App) -> Value {
    let proposals = proposals(app, LONG, DAY).await;
    proposals.into_iter().find(|proposal| instant(proposal, "start") == monday(10, 0)).unwrap()
}

#[tokio::test]
async fn what_is_proposed_is_what_is_free_however_it_is_asked() {
    let app = App::new().await;
    let proposed = proposals(&app, LONG, DAY).await;
    let starts: Vec<_> = proposed.iter().map(|one| instant(one, "start")).collect();
    assert_eq!(starts, app.free_on(ROLE, LONG, MONDAY).await);
    assert!(proposed.iter().all(|one| one["status"] == "proposed"));
    let asked = json!([
        {"name": "start", "valueDateTime": DAY},
        {"name": "end", "valueDateTime": DAY},
        referring("practitioner", &format!("PractitionerRole/{ROLE}")),
        {"name": "visit-type", "valueString": LONG},
    ]);
    assert_eq!(found(&operate(&mut app.browser(), "find", asked).await), proposed);
    // More than fits: the first of them, and a remark that there are more.
    let path = format!("/fhir/Appointment/$find?start={DAY}&practitioner=PractitionerRole/{ROLE}");
    let reply = app.browser().get(&path).await;
    assert_eq!((found(&reply).len(), &reply.body["total"]), (100, &json!(100)));
    assert_eq!(reply.body["entry"][100]["resource"]["resourceType"], "OperationOutcome");
    app.browser().get("/fhir/Appointment/$find").await.outcome(422, "invalid");
    let never = "/fhir/Appointment/$find?start=soon&practitioner=PractitionerRole/";
    app.browser().get(&format!("{never}{ROLE}")).await.outcome(422, "invalid");
}

#[tokio::test]
async fn a_stranger_finds_holds_and_books_a_time() {
    let app = App::new().await;
    let mut browser = app.browser();
    let held = hold(&mut browser, &at_ten(&app).await).await;
    assert_eq!((&held["status"], instant(&held, "start")), (&json!("pending"), monday(10, 0)));
    assert!(!app.free_on(ROLE, LONG, MONDAY).await.contains(&monday(10, 0)));
    let path = format!("/fhir/Appointment/{}", held["id"].as_str().unwrap());
    assert_eq!(resource(&browser.get(&path).await, "Appointment"), held);
    let reply = operate(&mut browser, "book", json!(details(&held))).await;
    let booked = found(&reply).remove(0);
    assert_eq!((&booked["status"], &booked["identifier"]), (&json!("booked"), &held["identifier"]));
    // Once more is the same once more.
    let again = operate(&mut browser, "book", json!(details(&held))).await;
    assert_eq!(found(&again), std::slice::from_ref(&booked));
    // It is booked as if it had been through the pages.
    let booking = booked["identifier"][0]["value"].as_str().unwrap().parse().unwrap();
    let fact = app.confirmed(booking).await;
    assert_eq!((fact.start, fact.email.expose().as_str()), (monday(10, 0), "bea@example.org"));
    assert_eq!(fact.patient_name.expose(), "Bea Rossi");
    assert_eq!(app.count("select count(*) from bookings.consent_receipt").await, 1);
    let path = format!("/fhir/Appointment/{}", booked["id"].as_str().unwrap());
    let own = resource(&browser.get(&path).await, "Appointment");
    assert_eq!(names(&own), ["Dr Ada Nguyen", "Harris Park Allied Health", "Bea Rossi"]);
    app.browser().get(&path).await.outcome(404, "not-found");
    let audited = app.audited(booking).await.into_iter().map(|(action, _)| action);
    assert_eq!(audited.collect::<Vec<_>>(), ["create_hold", "confirm_hold", "fhir_read_appointment"]);
}

#[tokio::test]
async fn a_practice_reads_its_own_appointments_and_no_others() {
    let app = App::new().await;
    let mut browser = app.browser();
    let held = hold(&mut browser, &at_ten(&app).await).await;
    let booked = found(&operate(&mut browser, "book", json!(details(&held))).await).remove(0);
    let id = booked["id"].as_str().unwrap();
    let path = format!("/fhir/practices/{ORGANIZATION}/Appointment/{id}");
    let read = resource(&desk(&app).await.get(&path).await, "Appointment");
    assert_eq!(names(&read)[2], "Bea Rossi");
    staff(&app, StaffRole::Billing).await.get(&path).await.outcome(403, "not-allowed");
    app.browser().get(&path).await.outcome(401, "signed-out");
    let elsewhere = format!("/fhir/practices/00000000-0000-0000-0000-000000000042/Appointment/{id}");
    desk(&app).await.get(&elsewhere).await.outcome(404, "not-found");
}

#[tokio::test]
async fn a_cancelled_appointment_says_by_whom() {
    let app = App::new().await;
    let mut browser = app.browser();
    let booked = app.book(&mut browser, monday(14, 0)).await;
    assert_eq!(browser.cancel(booked.appointment_id, booked.version).await.status, 200);
    let path = format!("/fhir/Appointment/{}", booked.appointment_id);
    let read = resource(&browser.get(&path).await, "Appointment");
    assert_eq!(read["status"], "cancelled");
    let codes: Vec<_> = read["cancelationReason"]["coding"]
        .as_array()
        .unwrap()
        .iter()
        .map(|coding| &coding["code"])
        .collect();
    assert_eq!(codes, ["pat", "cancelled_by_patient"]);
}

#[tokio::test]
async fn what_a_practice_answers_first_is_pending() {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true where name = 'Standard consultation'",
    )
    .await;
    let mut browser = app.browser();
    let held = hold(&mut browser, &at_ten(&app).await).await;
    let requested = found(&operate(&mut browser, "book", json!(details(&held))).await).remove(0);
    assert_eq!(requested["status"], "pending");
    assert_ne!(requested["id"], held["id"]);
}

#[tokio::test]
async fn who_comes_second_is_told_of_other_times() {
    let app = App::new().await;
    let proposal = at_ten(&app).await;
    hold(&mut app.browser(), &proposal).await;
    let wanted =
        referring("appointment-reference", &format!("Appointment/{}", proposal["id"].as_str().unwrap()));
    let reply = operate(&mut app.browser(), "hold", json!([wanted])).await;
    assert_eq!(reply.outcome(409, "time-taken")["code"], "conflict");
    assert_eq!(reply.headers.get(header::SET_COOKIE), None);
    let others = reply.body["issue"][1]["diagnostics"].as_str().unwrap();
    assert_eq!(others.split(' ').count(), 6);
}

#[tokio::test]
async fn the_very_time_one_holds_is_the_same_hold_without_any_key() {
    let app = App::new().await;
    let mut browser = app.browser();
    let proposal = at_ten(&app).await;
    let first = hold(&mut browser, &proposal).await;
    assert_eq!(hold(&mut browser, &proposal).await, first);
    let slot = format!("Slot/{}", proposal["id"].as_str().unwrap());
    let by_slot = operate(&mut browser, "hold", json!([referring("slot-reference", &slot)])).await;
    assert_eq!(found(&by_slot), [first]);
    assert_eq!(app.count("select count(*) from bookings.hold").await, 1);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_booked() {
    let app = App::new().await;
    let mut browser = app.browser();
    let held = hold(&mut browser, &at_ten(&app).await).await;
    let with = |changed: &dyn Fn(&mut Vec<Value>)| {
        let mut details = details(&held);
        changed(&mut details);
        json!(details)
    };
    let patient = |path: &'static str, value: Value| {
        with(&move |details| *details[1]["resource"].pointer_mut(path).unwrap() = value.clone())
    };
    for (given, expression) in [
        (patient("/telecom/0/value", json!("bea")), "Patient.telecom.where(system='email')"),
        (patient("/telecom/1/value", json!("12")), "Patient.telecom.where(system='phone')"),
        (patient("/birthDate", json!("2031-01-01")), "Patient.birthDate"),
        (patient("/name", json!([])), "Patient.name"),
        (with(&|details| details[2]["part"][1]["valueInteger"] = json!(7)), "consent"),
        (with(&|details| drop(details.remove(1))), "patient-resource"),
        (with(&|details| details.push(json!({"name": "comment", "valueString": "a rash"}))), "comment"),
    ] {
        let reply = operate(&mut browser, "book", given).await;
        reply.outcome(422, "invalid");
        assert_eq!(reply.body["issue"][1]["expression"], json!([expression]), "{}", reply.body);
    }
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 0);
    let stranger = operate(&mut app.browser(), "book", json!(details(&held))).await;
    stranger.outcome(404, "not-found");
    app.advance(minutes(10));
    operate(&mut browser, "book", json!(details(&held))).await.outcome(410, "hold-expired");
    let path = format!("/fhir/Appointment/{}", held["id"].as_str().unwrap());
    browser.get(&path).await.outcome(404, "not-found");
    let never = referring("slot-reference", "Slot/1");
    for (operation, given) in [("hold", json!([])), ("hold", json!([never])), ("book", json!([]))] {
        operate(&mut browser, operation, given).await.outcome(422, "invalid");
    }
}

#[tokio::test]
async fn what_is_paid_for_when_it_is_booked_is_booked_on_its_page() {
    let app = App::new().await;
    let proposal = at_ten(&app).await;
    app.collects_after_visits().await;
    assert!(proposals(&app, LONG, DAY).await.is_empty());
    let id = proposal["id"].as_str().unwrap();
    let slots = format!("/fhir/Slot?schedule=Schedule/{ROLE}&start={DAY}&service-type={LONG}");
    assert!(found(&app.browser().get(&slots).await).is_empty());
    app.browser().get(&format!("/fhir/Slot/{id}")).await.outcome(404, "not-found");
    let wanted = referring("appointment-reference", &format!("Appointment/{id}"));
    let refused = operate(&mut app.browser(), "hold", json!([wanted])).await.outcome(409, "not-bookable");
    let page = format!("/book/{ROLE}?type={LONG}&start=");
    assert!(refused["diagnostics"].as_str().unwrap().contains(&page), "{refused}");
    // Not even what was held on the page.
    let mut browser = app.browser();
    let held = app.hold(&mut browser, monday(10, 0)).await;
    let booked = operate(&mut browser, "book", json!(details(&json!({"id": held.hold_id})))).await;
    assert!(booked.outcome(409, "not-bookable")["diagnostics"].as_str().unwrap().contains(&page));
    assert_eq!(app.count("select count(*) from bookings.appointment").await, 0);
}
