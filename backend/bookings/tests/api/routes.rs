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
        "act_on_appointment Practice([Practitioner, Reception, Manager, Owner])",
        "add_statement Holder",
        "answer_dispute Holder",
        "answer_for_practice Practice([Practitioner, Reception, Manager, Owner])",
        "answer_proposal Holder",
        "answer_reminder Public",
        "approve_mistake Practice([Manager, Owner])",
        "approve_mistake_as_platform Platform([Administrator])",
        "ask_mistake Practice([Manager, Owner])",
        "cancel_appointment Holder",
        "cancel_my_series Account",
        "cancel_reviewed Platform([Administrator])",
        "cancel_series Practice([Practitioner, Reception, Manager, Owner])",
        "cancel_session Practice([Practitioner, Reception, Manager, Owner])",
        "check_outside Practice([Practitioner, Manager, Owner])",
        "check_series Practice([Practitioner, Reception, Manager, Owner])",
        "claim_bookings Account",
        "confirm_attendance Holder",
        "confirm_hold Holder",
        "create_appointment Practice([Practitioner, Reception, Manager, Owner])",
        "create_appointment_type Practice([Practitioner, Manager, Owner])",
        "create_calendar_feed Account",
        "create_hold Public",
        "create_pool Practice([Manager, Owner])",
        "create_resource Practice([Manager, Owner])",
        "create_role_feed Practice([Practitioner, Manager, Owner])",
        "create_series Practice([Practitioner, Reception, Manager, Owner])",
        "create_webhook Practice([Manager, Owner])",
        "decide_dispute Platform([Administrator])",
        "decline_mistake Practice([Manager, Owner])",
        "decline_mistake_as_platform Platform([Administrator])",
        "delete_calendar_feed Account",
        "delete_external_calendar Practice([Practitioner, Manager, Owner])",
        "delete_role_feed Practice([Practitioner, Manager, Owner])",
        "delete_webhook Practice([Manager, Owner])",
        "dispute_absence Practice([Practitioner, Reception, Manager, Owner])",
        "download_calendar Holder",
        "export_record Account",
        "fhir_book Holder",
        "fhir_bulk_file Public",
        "fhir_bulk_publish Public",
        "fhir_find Public",
        "fhir_find_by_parameters Public",
        "fhir_hold Public",
        "fhir_metadata Public",
        "fhir_read_appointment Holder",
        "fhir_read_healthcare_service Public",
        "fhir_read_location Public",
        "fhir_read_practice_appointment Practice([Practitioner, Reception, Manager, Owner])",
        "fhir_read_practitioner_role Public",
        "fhir_read_schedule Public",
        "fhir_read_slot Public",
        "fhir_search_schedules Public",
        "fhir_search_slots Public",
        "find_appointment Holder",
        "find_availability Public",
        "find_calendar Practice([Practitioner, Reception, Manager, Owner])",
        "find_calendar_feed Account",
        "find_consent_text Public",
        "find_dispute Holder",
        "find_external_calendar Practice([Practitioner, Reception, Manager, Owner])",
        "find_hold Holder",
        "find_honour_rate Public",
        "find_my_series Account",
        "find_pool_availability Public",
        "find_proposal Holder",
        "find_role_feed Practice([Practitioner, Reception, Manager, Owner])",
        "find_schedule Practice([Practitioner, Reception, Manager, Owner])",
        "find_series Practice([Practitioner, Reception, Manager, Owner])",
        "hold_from_pool Public",
        "join_waitlist Account",
        "keep_reviewed Platform([Administrator])",
        "leave_waitlist Account",
        "list_appointment_types Public",
        "list_audit_trail Account",
        "list_consents Account",
        "list_deliveries Practice([Manager, Owner])",
        "list_disputes Platform([Administrator])",
        "list_free_times Public",
        "list_mistakes Platform([Administrator])",
        "list_my_appointments Account",
        "list_outside Practice([Practitioner, Reception, Manager, Owner])",
        "list_patient_appointments Platform([Support, Administrator])",
        "list_pools Public",
        "list_practice_appointments Practice([Practitioner, Reception, Billing, Manager, Owner])",
        "list_practice_bookings Practice([Practitioner, Reception, Billing, Manager, Owner])",
        "list_practice_disputes Practice([Practitioner, Reception, Manager, Owner])",
        "list_practice_mistakes Practice([Manager, Owner])",
        "list_practice_pools Practice([Practitioner, Reception, Manager, Owner])",
        "list_practice_roles Practice([Practitioner, Reception, Billing, Manager, Owner])",
        "list_practice_waitlist Practice([Practitioner, Reception, Manager, Owner])",
        "list_requests Practice([Practitioner, Reception, Manager, Owner])",
        "list_resources Practice([Practitioner, Reception, Manager, Owner])",
        "list_review_appointments Platform([Administrator])",
        "list_reviews Platform([Administrator])",
        "list_role_types Practice([Practitioner, Reception, Manager, Owner])",
        "list_similar Public",
        "list_statements Holder",
        "list_unmarked Practice([Practitioner, Reception, Manager, Owner])",
        "list_waitlist Account",
        "list_webhooks Practice([Manager, Owner])",
        "move_appointment Holder",
        "open_dispute Holder",
        "open_manage_link Public",
        "ping_webhook Practice([Manager, Owner])",
        "propose_time Practice([Practitioner, Reception, Manager, Owner])",
        "put_appointment_type Practice([Practitioner, Manager, Owner])",
        "put_external_calendar Practice([Practitioner, Manager, Owner])",
        "put_keeper Practice([Manager, Owner])",
        "put_pool Practice([Manager, Owner])",
        "put_schedule Practice([Practitioner, Manager, Owner])",
        "read_calendar_feed Public",
        "redeliver Practice([Manager, Owner])",
        "release_hold Holder",
        "remove_from_waitlist Practice([Practitioner, Reception, Manager, Owner])",
        "report_absence Holder",
        "report_arrival Holder",
        "reschedule_appointment Practice([Practitioner, Reception, Manager, Owner])",
        "retire_resource Practice([Manager, Owner])",
        "rotate_webhook_secret Practice([Manager, Owner])",
        "say_running_late Practice([Practitioner, Reception, Manager, Owner])",
        "send_manage_code Public",
        "set_webhook_active Practice([Manager, Owner])",
        "waive_fee Practice([Practitioner, Reception, Manager, Owner])",
        "withdraw_mistake Practice([Manager, Owner])",
        "withdraw_proposal Practice([Practitioner, Reception, Manager, Owner])",
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
                if path.starts_with("/fhir/") {
                    let issue = reply.outcome(404, "not-found");
                    assert_eq!(issue["details"]["text"], "That not found", "{name} {cookie}");
                    continue;
                }
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
