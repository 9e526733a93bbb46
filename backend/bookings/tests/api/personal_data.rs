//! Whatever discloses personal data leaves exactly one audit entry for each thing it shows, known by its request.
//!
//! Which operations those are is read from the routes' own text: what uses `Disclosed`. That nothing personal is returned
//! in any other way, `tests/personal_data.rs` looks after for all services.

use std::{collections::BTreeSet, fs, path::PathBuf};

use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::json;
use shared_types::{
    AppointmentId, PatientId,
    providers::{ProvidersEvent, RoleFact, Unlisted},
    users::{Claims, Membership, PlatformRole, StaffRole, Strength},
};
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, ORGANIZATION, Reply, monday},
    mistakes::manager,
};

/// The operations that are called below.
const OPERATIONS: [&str; 59] = [
    "act_on_appointment",
    "add_statement",
    "answer_dispute",
    "answer_for_practice",
    "answer_proposal",
    "approve_mistake",
    "approve_mistake_as_platform",
    "ask_mistake",
    "cancel_appointment",
    "cancel_my_series",
    "cancel_reviewed",
    "cancel_series",
    "cancel_session",
    "check_outside",
    "confirm_attendance",
    "create_appointment",
    "create_series",
    "decide_dispute",
    "decline_mistake",
    "decline_mistake_as_platform",
    "dispute_absence",
    "download_calendar",
    "export_record",
    "fhir_read_appointment",
    "fhir_read_practice_appointment",
    "find_appointment",
    "find_calendar",
    "find_dispute",
    "find_my_series",
    "find_proposal",
    "find_series",
    "join_waitlist",
    "keep_reviewed",
    "list_consents",
    "list_disputes",
    "list_mistakes",
    "list_my_appointments",
    "list_outside",
    "list_patient_appointments",
    "list_practice_appointments",
    "list_practice_bookings",
    "list_practice_disputes",
    "list_practice_mistakes",
    "list_practice_waitlist",
    "list_requests",
    "list_review_appointments",
    "list_statements",
    "list_unmarked",
    "list_waitlist",
    "move_appointment",
    "open_dispute",
    "open_manage_link",
    "propose_time",
    "read_calendar_feed",
    "report_absence",
    "report_arrival",
    "reschedule_appointment",
    "waive_fee",
    "withdraw_mistake",
];

#[tokio::test]
async fn each_operation_that_discloses_leaves_exactly_one_entry() {
    let app = App::new().await;
    let mut member = member(&app).await;
    let booked = app.book(&mut member, monday(10, 0)).await;
    let (id, token) = (booked.appointment_id, app.manage_token(booked.booking_id.0).await);
    let mut called = BTreeSet::new();
    let mut leaves_one = async |operation: &'static str, reply: Reply| {
        assert!(matches!(reply.status, 200 | 201), "{operation}: {}", reply.body);
        let request = reply.headers["x-request-id"].to_str().unwrap();
        let written: Vec<String> =
            sqlx::query_scalar("select action from bookings.audit_entry where request_id = $1")
                .bind(request)
                .fetch_all(&mut app.administrator().await)
                .await
                .unwrap();
        // What staff do with an appointment has a name for each act.
        let expected = if operation == "act_on_appointment" { "check_in_appointment" } else { operation };
        // A series shows its visits at once, as does who is not listed any more, and each is a booking with an entry of its own.
        let several = operation.ends_with("_series") || operation.contains("review");
        let things = if several { reply.body["items"].as_array().unwrap().len() } else { 1 };
        assert_eq!(written, vec![expected; things]);
        called.insert(operation);
    };
    leaves_one("find_appointment", member.find(id).await).await;
    leaves_one("fhir_read_appointment", member.get(&format!("/fhir/Appointment/{id}")).await).await;
    let practice = format!("/fhir/practices/{ORGANIZATION}/Appointment/{id}");
    leaves_one("fhir_read_practice_appointment", member.get(&practice).await).await;
    let calendar = format!("/api/v1/bookings/appointments/{id}/calendar.ics");
    leaves_one("download_calendar", member.get(&calendar).await).await;
    leaves_one("list_my_appointments", member.get("/api/v1/bookings/me/appointments?when=upcoming").await)
        .await;
    let practice =
        format!("/api/v1/bookings/practices/{ORGANIZATION}/appointments?from=2026-11-23&to=2026-11-24");
    leaves_one("list_practice_appointments", member.get(&practice).await).await;
    let bookings = format!("/api/v1/bookings/practices/{ORGANIZATION}/bookings?ids={}", booked.booking_id);
    leaves_one("list_practice_bookings", member.get(&bookings).await).await;
    let calendar =
        format!("/api/v1/bookings/practices/{ORGANIZATION}/calendar?from=2026-11-23&to=2026-11-24");
    leaves_one("find_calendar", member.get(&calendar).await).await;
    let hours = format!("/api/v1/bookings/practices/{ORGANIZATION}/roles/{}/schedule", crate::app::ROLE);
    let mut none = member.get(&hours).await.body["schedule"].clone();
    none["rules"] = json!([]);
    let outside = format!("{hours}/outside");
    // Nothing lies outside, and that somebody looked is written down all the same.
    leaves_one("list_outside", member.get(&outside).await).await;
    leaves_one("check_outside", manager(&app, 60).await.post(&outside, None, &none).await).await;
    leaves_one("open_manage_link", app.browser().open(&token, json!({"date_of_birth": BORN})).await).await;
    let disagreement = format!("/api/v1/bookings/appointments/{id}/disagreement");
    let statement = json!({"text": "I came on time."});
    leaves_one("add_statement", member.post(&disagreement, Some(app.key()), &statement).await).await;
    leaves_one("list_statements", member.get(&disagreement).await).await;
    leaves_one("export_record", member.get("/api/v1/bookings/me/export").await).await;
    let feed = "/api/v1/bookings/me/calendar-feed";
    let made = member.post(feed, None, &json!({"detail": "times"})).await;
    let address = made.body["path"].as_str().unwrap().to_owned();
    leaves_one("read_calendar_feed", app.browser().get(&address).await).await;
    leaves_one("list_consents", member.get("/api/v1/bookings/me/consents").await).await;
    sqlx::query(
        "insert into bookings.access_grant (access_grant_id, account_id, patient_id, granted_at, expires_at) \
         values (gen_random_uuid(), $1, $2, '2026-11-22T00:00:00Z', '2026-11-22T04:00:00Z')",
    )
    .bind(Uuid::from_u128(1))
    .bind(Uuid::from_u128(0xA))
    .execute(&app.core.pool)
    .await
    .unwrap();
    let patient = format!("/api/v1/bookings/platform/patients/{}/appointments", Uuid::from_u128(0xA));
    leaves_one("list_patient_appointments", member.get(&patient).await).await;
    let key = app.key();
    leaves_one("move_appointment", member.r#move(key, id, booked.version, monday(14, 0)).await).await;
    // The same reply once more is one more look at it.
    let again = member.r#move(key, id, booked.version, monday(14, 0)).await;
    let moved: shared_types::bookings::Appointment = again.read();
    leaves_one("move_appointment", again).await;
    let path = |what: &str| format!("/api/v1/bookings/appointments/{}/{what}", moved.appointment_id);
    let seen = |version: i32| json!({"version": version});
    leaves_one("confirm_attendance", member.post(&path("attendance"), None, &seen(1)).await).await;
    leaves_one("cancel_appointment", member.cancel(moved.appointment_id, 2).await).await;
    let visit = app.book(&mut member, monday(14, 0)).await;
    app.advance_to(monday(13, 30));
    let mut member = self::member(&app).await;
    let arrival = format!("/api/v1/bookings/appointments/{}/arrival", visit.appointment_id);
    leaves_one("report_arrival", member.post(&arrival, None, &seen(1)).await).await;
    app.advance_to(monday(14, 30));
    let mut member = self::member(&app).await;
    let transitions = format!(
        "/api/v1/bookings/practices/{ORGANIZATION}/appointments/{}/transitions",
        visit.appointment_id
    );
    let check_in = json!({"version": 2, "action": "check_in"});
    leaves_one("act_on_appointment", member.post(&transitions, None, &check_in).await).await;
    let walk_in = json!({
        "practitioner_role_id": crate::app::ROLE,
        "appointment_type_id": crate::app::LONG,
        "start": monday(15, 0),
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let appointments = format!("/api/v1/bookings/practices/{ORGANIZATION}/appointments");
    let created = member.post(&appointments, Some(app.key()), &walk_in).await;
    let there: shared_types::bookings::practice::CalendarAppointment = created.read();
    leaves_one("create_appointment", created).await;
    let reschedule = format!("{appointments}/{}/reschedule", there.appointment_id);
    let later = json!({"version": 1, "start": monday(16, 0), "end": monday(16, 30)});
    leaves_one("reschedule_appointment", member.post(&reschedule, Some(app.key()), &later).await).await;
    let december = |day| crate::app::wall(jiff::civil::date(2026, 12, day), 10, 0);
    let mut series = walk_in.clone();
    series["starts"] = json!([december(7), december(14)]);
    series["agreed"] = json!(true);
    let practice = format!("/api/v1/bookings/practices/{ORGANIZATION}/series");
    let both = member.post(&practice, Some(app.key()), &series).await;
    let visits = both.body["items"].clone();
    leaves_one("create_series", both).await;
    app.change(
        "update bookings.appointment_party set patient_id = '00000000-0000-0000-0000-00000000000a' \
         where series_id is not null",
    )
    .await;
    let series_id = visits[0]["series_id"].as_str().unwrap();
    let (practice, own) =
        (format!("{practice}/{series_id}"), format!("/api/v1/bookings/me/series/{series_id}"));
    leaves_one("find_series", member.get(&practice).await).await;
    leaves_one("find_my_series", member.get(&own).await).await;
    let one = |nth: usize| json!([{"appointment_id": visits[nth]["appointment_id"], "version": 1}]);
    let act = json!({"visits": one(0), "action": "cancel", "reason": "emergency"});
    leaves_one("cancel_series", member.post(&format!("{practice}/cancel"), None, &act).await).await;
    let act = json!({"visits": one(1)});
    leaves_one("cancel_my_series", member.post(&format!("{own}/cancel"), None, &act).await).await;
    // Whoever is in a session has an entry of their own; there is one.
    app.change("update bookings.appointment_type set seats = 3 where name = 'Standard consultation'").await;
    app.book(&mut member, crate::app::wall(jiff::civil::date(2026, 11, 25), 14, 0)).await;
    app.change("update bookings.appointment_type set seats = null").await;
    let session: Uuid = sqlx::query_scalar("select group_session_id from bookings.group_session")
        .fetch_one(&mut app.administrator().await)
        .await
        .unwrap();
    let path = format!("/api/v1/bookings/practices/{ORGANIZATION}/sessions/{session}/cancel");
    let why = json!({"reason": "emergency"});
    leaves_one("cancel_session", member.post(&path, Some(app.key()), &why).await).await;
    let tuesday = crate::app::wall(jiff::civil::date(2026, 11, 24), 10, 0);
    let wednesday = crate::app::wall(jiff::civil::date(2026, 11, 25), 10, 0);
    let proposable = app.book(&mut member, tuesday).await;
    let proposal = format!("{appointments}/{}/proposal", proposable.appointment_id);
    let proposed =
        member.post(&proposal, None, &json!({"version": proposable.version, "start": wednesday})).await;
    let proposal_id = proposed.body["proposal_id"].clone();
    leaves_one("propose_time", proposed).await;
    let found = format!("/api/v1/bookings/appointments/{}/proposal", proposable.appointment_id);
    leaves_one("find_proposal", member.get(&found).await).await;
    let agreed = json!({"proposal_id": proposal_id, "agree": true});
    leaves_one("answer_proposal", member.post(&format!("{found}/answer"), None, &agreed).await).await;
    let wait = json!({
        "practitioner_role_id": crate::app::ROLE,
        "appointment_type_id": crate::app::LONG,
        "wishes": {"weekdays": 127, "from": "09:00:00", "until": "17:00:00", "first": "2026-11-24", "last": "2026-11-27"},
    });
    let waitlist = "/api/v1/bookings/me/waitlist";
    leaves_one("join_waitlist", member.post(waitlist, Some(app.key()), &wait).await).await;
    leaves_one("list_waitlist", member.get(waitlist).await).await;
    let waiting = format!("/api/v1/bookings/practices/{ORGANIZATION}/waitlist");
    leaves_one("list_practice_waitlist", member.get(&waiting).await).await;
    let late = app.book(&mut member, crate::app::wall(jiff::civil::date(2026, 11, 24), 9, 0)).await;
    member.cancel(late.appointment_id, late.version).await;
    let owing = app.book(&mut member, crate::app::wall(jiff::civil::date(2026, 11, 24), 11, 0)).await;
    member.cancel(owing.appointment_id, owing.version).await;
    let waive = format!("{appointments}/{}/waive-fee", owing.appointment_id);
    leaves_one("waive_fee", member.post(&waive, Some(app.key()), &seen(2)).await).await;
    let dispute = |id: AppointmentId| format!("/api/v1/bookings/appointments/{id}/dispute");
    leaves_one("find_dispute", member.get(&dispute(late.appointment_id)).await).await;
    let words = |version: i32| json!({"version": version, "text": "I called the desk in time."});
    let opened = member.post(&dispute(late.appointment_id), None, &words(2)).await;
    leaves_one("open_dispute", opened).await;
    let disputes = format!("/api/v1/bookings/practices/{ORGANIZATION}/disputes");
    leaves_one("list_practice_disputes", member.get(&disputes).await).await;
    let answer = format!("{appointments}/{}/dispute/answer", late.appointment_id);
    leaves_one("answer_for_practice", member.post(&answer, None, &words(1)).await).await;
    let cases = "/api/v1/bookings/platform/disputes";
    let listed = member.get(cases).await;
    let dispute_id = listed.body["items"][0]["dispute"]["dispute_id"].as_str().unwrap().to_owned();
    leaves_one("list_disputes", listed).await;
    let decision = json!({"version": 2, "upheld": true, "reason": "other_side_agrees"});
    let decided = member.post(&format!("{cases}/{dispute_id}/decide"), None, &decision).await;
    leaves_one("decide_dispute", decided).await;
    let absence = format!("/api/v1/bookings/appointments/{}/absence", visit.appointment_id);
    leaves_one("report_absence", member.post(&absence, None, &seen(3)).await).await;
    let absent = format!("{appointments}/{}/dispute", visit.appointment_id);
    leaves_one("dispute_absence", member.post(&absent, None, &words(4)).await).await;
    let answer = format!("{}/answer", dispute(visit.appointment_id));
    leaves_one("answer_dispute", member.post(&answer, None, &words(1)).await).await;
    let twice = app.book(&mut member, crate::app::wall(jiff::civil::date(2026, 11, 26), 10, 0)).await;
    let wrong = app.book(&mut member, crate::app::wall(jiff::civil::date(2026, 11, 26), 11, 0)).await;
    app.change("update bookings.appointment set payment_step = 'captured' where status = 'confirmed'").await;
    let (mut asker, mut other) = (manager(&app, 60).await, manager(&app, 61).await);
    let ask = |id: AppointmentId| format!("{appointments}/{id}/mistake");
    let (twice, wrong) = (ask(twice.appointment_id), ask(wrong.appointment_id));
    let mistake = json!({"version": 1, "reason": "mistake", "nobody_else": true});
    let mistakes = format!("/api/v1/bookings/practices/{ORGANIZATION}/mistakes");
    let (platform, why) =
        ("/api/v1/bookings/platform/mistakes", json!({"version": 1, "why": "It is right."}));
    let number = |reply: &Reply| reply.body["request"]["mistake_request_id"].as_str().unwrap().to_owned();
    let asked = asker.post(&twice, None, &mistake).await;
    let path = format!("{mistakes}/{}", number(&asked));
    leaves_one("ask_mistake", asked).await;
    leaves_one("list_practice_mistakes", other.get(&mistakes).await).await;
    leaves_one("list_mistakes", member.get(platform).await).await;
    leaves_one("withdraw_mistake", asker.post(&format!("{path}/withdraw"), None, &seen(1)).await).await;
    let path = format!("{mistakes}/{}", number(&asker.post(&twice, None, &mistake).await));
    leaves_one("decline_mistake", other.post(&format!("{path}/decline"), None, &why).await).await;
    let path = format!("{mistakes}/{}", number(&asker.post(&twice, None, &mistake).await));
    leaves_one("approve_mistake", other.post(&format!("{path}/approve"), None, &seen(1)).await).await;
    let path = format!("{platform}/{}", number(&asker.post(&wrong, None, &mistake).await));
    let declined = member.post(&format!("{path}/decline"), None, &why).await;
    leaves_one("decline_mistake_as_platform", declined).await;
    let path = format!("{platform}/{}", number(&asker.post(&wrong, None, &mistake).await));
    let approved = member.post(&format!("{path}/approve"), None, &seen(1)).await;
    leaves_one("approve_mistake_as_platform", approved).await;
    // As if the visit at two had been at noon, and nobody had marked it.
    app.change(
        "update bookings.appointment set status = 'confirmed', starts_at = starts_at - interval '2 hours' \
         where status = 'no_show_provider'",
    )
    .await;
    let unmarked = format!("/api/v1/bookings/practices/{ORGANIZATION}/unmarked");
    leaves_one("list_unmarked", member.get(&unmarked).await).await;
    // And as if it had been asked for, and nobody had answered.
    app.change(
        "update bookings.appointment set status = 'requested', reply_by = '2026-12-31T00:00:00Z' \
         where status = 'confirmed' and starts_at < '2026-11-23T02:00:00Z'",
    )
    .await;
    let requests = format!("/api/v1/bookings/practices/{ORGANIZATION}/requests");
    leaves_one("list_requests", member.get(&requests).await).await;
    app.change(
        "update bookings.appointment \
         set status = 'no_show_provider', reply_by = null, starts_at = starts_at + interval '2 hours' \
         where status = 'requested'",
    )
    .await;
    let listed = || crate::inbox::fact(crate::app::ROLE, "Dr Ada Nguyen");
    let left = || RoleFact { unlisted: Some(Unlisted::Left), bookable: false, ..listed() };
    app.receive("providers", 9, &ProvidersEvent::PractitionerRoleChanged(left())).await;
    let review = format!("/api/v1/bookings/platform/reviews/{}", crate::app::ROLE);
    let waiting = member.get(&review).await;
    let first = waiting.body["items"][0].clone();
    leaves_one("list_review_appointments", waiting).await;
    let decision =
        json!({"appointments": [{"appointment_id": first["appointment_id"], "version": first["version"]}]});
    leaves_one("keep_reviewed", member.post(&format!("{review}/keep"), None, &decision).await).await;
    // Listed again and gone once more: what was let stand before is decided about anew.
    app.advance(SignedDuration::from_mins(1));
    app.receive("providers", 10, &ProvidersEvent::PractitionerRoleChanged(listed())).await;
    app.receive("providers", 11, &ProvidersEvent::PractitionerRoleChanged(left())).await;
    leaves_one("cancel_reviewed", member.post(&format!("{review}/cancel"), None, &decision).await).await;
    assert_eq!(called, OPERATIONS.into());
    assert_eq!(disclosing(), OPERATIONS.map(str::to_owned).into());
}

/// A patient who also works at the desk, and for the platform.
async fn member(app: &App) -> Browser {
    let claims = Claims {
        session_id: Uuid::from_u128(101).into(),
        account_id: Uuid::from_u128(1).into(),
        patient_id: Some(PatientId(Uuid::from_u128(0xA))),
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: ORGANIZATION, roles: vec![StaffRole::Reception] }],
        platform: vec![PlatformRole::Support, PlatformRole::Administrator],
        issued_at: app.core.now(),
        expires_at: app.core.now() + SignedDuration::from_hours(1),
    };
    let cookie = TokenIssuer::known_to(&app.core).await.cookie(&claims);
    let (name, value) = cookie.split_once('=').unwrap();
    let mut browser = app.browser();
    browser.cookies.push((name.to_owned(), value.to_owned()));
    browser
}

/// The handlers whose reply is `Disclosed`, and those that record and then write a file or a cookie.
fn disclosing() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in routes() {
        for function in text.split("pub async fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            let body = rest.split("\n}\n").next().unwrap();
            if body.contains("Disclosed") {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

/// The text of each file of the routes, and of their folders.
fn routes() -> Vec<String> {
    let mut texts = Vec::new();
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/routes"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}
