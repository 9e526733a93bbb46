//! Whatever discloses personal data leaves exactly one audit entry for each thing it shows, known by its request.
//!
//! Which operations those are is read from the routes' own text: what uses `Disclosed`. That nothing personal is returned
//! in any other way, `tests/personal_data.rs` looks after for all services.

use std::{collections::BTreeSet, fs};

use jiff::SignedDuration;
use kernel::testing::TokenIssuer;
use serde_json::json;
use shared_types::{
    PatientId,
    users::{Claims, Membership, PlatformRole, StaffRole, Strength},
};
use uuid::Uuid;

use crate::app::{App, BORN, Browser, ORGANIZATION, Reply, monday};

/// The operations that are called below.
const OPERATIONS: [&str; 12] = [
    "add_statement",
    "cancel_appointment",
    "download_calendar",
    "export_record",
    "find_appointment",
    "list_consents",
    "list_my_appointments",
    "list_patient_appointments",
    "list_practice_appointments",
    "list_statements",
    "move_appointment",
    "open_manage_link",
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
        assert_eq!(written, [operation]);
        called.insert(operation);
    };
    leaves_one("find_appointment", member.find(id).await).await;
    let calendar = format!("/api/v1/bookings/appointments/{id}/calendar.ics");
    leaves_one("download_calendar", member.get(&calendar).await).await;
    leaves_one("list_my_appointments", member.get("/api/v1/bookings/me/appointments?when=upcoming").await)
        .await;
    let practice =
        format!("/api/v1/bookings/practices/{ORGANIZATION}/appointments?from=2026-11-23&to=2026-11-24");
    leaves_one("list_practice_appointments", member.get(&practice).await).await;
    leaves_one("open_manage_link", app.browser().open(&token, json!({"date_of_birth": BORN})).await).await;
    let disagreement = format!("/api/v1/bookings/appointments/{id}/disagreement");
    let statement = json!({"text": "I came on time."});
    leaves_one("add_statement", member.post(&disagreement, Some(app.key()), &statement).await).await;
    leaves_one("list_statements", member.get(&disagreement).await).await;
    leaves_one("export_record", member.get("/api/v1/bookings/me/export").await).await;
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
    leaves_one("cancel_appointment", member.cancel(moved.appointment_id, moved.version).await).await;
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
        platform: vec![PlatformRole::Support],
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

fn routes() -> impl Iterator<Item = String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/routes");
    fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
}
