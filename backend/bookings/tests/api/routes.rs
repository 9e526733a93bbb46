//! What holds for every route.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::Value;
use uuid::Uuid;

use crate::app::{App, monday};

/// Every operation with its method, its path and who may call it, as the service describes itself.
async fn operations(app: &App) -> Vec<(String, Method, String, String)> {
    let description: Value = app.browser().get("/api/v1/bookings/openapi.json").await.body;
    let paths = description["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, operation)| {
            let text = |field: &str| operation[field].as_str().unwrap().to_owned();
            let method = method.to_uppercase().parse().unwrap();
            (text("operationId"), method, path.clone(), text("x-policy"))
        })
    });
    operations.collect()
}

#[tokio::test]
async fn who_may_call_what_is_written_down() {
    let app = App::new().await;
    let mut operations: Vec<_> =
        operations(&app).await.into_iter().map(|(name, _, _, policy)| format!("{name} {policy}")).collect();
    operations.sort_unstable();
    let expected = [
        "add_statement Holder",
        "cancel_appointment Holder",
        "claim_bookings Account",
        "confirm_hold Holder",
        "create_hold Public",
        "download_calendar Holder",
        "export_record Account",
        "find_appointment Holder",
        "find_availability Public",
        "find_consent_text Public",
        "find_hold Holder",
        "list_appointment_types Public",
        "list_audit_trail Account",
        "list_consents Account",
        "list_free_times Public",
        "list_my_appointments Account",
        "list_patient_appointments Platform([Support, Administrator])",
        "list_practice_appointments Practice([Practitioner, Reception, Billing, Manager, Owner])",
        "list_statements Holder",
        "move_appointment Holder",
        "open_manage_link Public",
        "release_hold Holder",
        "send_manage_code Public",
    ];
    assert_eq!(operations, expected);
}

#[tokio::test]
async fn without_a_cookie_of_ours_nothing_of_anybody_is_found() {
    let app = App::new().await;
    let booked = app.book(&mut app.browser(), monday(10, 0)).await;
    for (name, method, path, policy) in operations(&app).await {
        if policy != "Holder" {
            continue;
        }
        for id in [booked.appointment_id.0, Uuid::from_u128(9)] {
            let path =
                path.replace("{hold_id}", &id.to_string()).replace("{appointment_id}", &id.to_string());
            for cookie in ["", "__Host-guest=short", "__Host-guestbook=00000000000000000000000000000000"] {
                let request = Request::builder()
                    .method(method.clone())
                    .uri(&path)
                    .header(header::COOKIE, cookie)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Body::from("{}"))
                    .unwrap();
                let reply = app.browser().send(request).await;
                assert_eq!(reply.problem(404, "not-found").title, "That not found", "{name} {cookie}");
            }
        }
    }
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let app = App::new().await;
    let mut browser = app.browser();
    app.hold(&mut browser, monday(10, 0)).await;
    browser.get("/api/v1/bookings/nothing").await.problem(404, "not-found");
    browser.get("/api/v1/bookings/holds/not-a-uuid").await.problem(400, "unreadable");
    let reply = browser.get("/api/v1/bookings/manage/open").await;
    reply.problem(405, "unreadable");
    assert_eq!(reply.headers[header::ALLOW], "POST");
}
