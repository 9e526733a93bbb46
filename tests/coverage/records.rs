//! Whatever discloses personal data leaves exactly one audit entry, known by its request: the operations that every service
//! has, and those of the services whose own tests do not count. Those of bookings and users do, in their
//! `tests/api/personal_data.rs`.

use std::{collections::BTreeSet, fs};

use hellomapper_tests::{
    Person, Running,
    person::Reply,
    running::{SERVICES, workspace},
    until,
};
use jiff::SignedDuration;
use kernel::{Clock, audit::trail, export, session};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    OrganizationId, PatientId,
    notifications::Preferences,
    users::{Claims, Membership, StaffRole, Strength},
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

const PERSON: PatientId = PatientId(Uuid::from_u128(0xA1));
const ACCOUNT: Uuid = Uuid::from_u128(0xC1);
/// Where they work; one message to somebody who has an appointment there did not arrive.
const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0xB1));
const COVERAGE: &str = "/api/v1/payments/me/coverage";

/// What the services disclose that have no such test of their own, beside what every service does.
const OPERATIONS: [(&str, &str); 12] = [
    ("notifications", "export_record"),
    ("notifications", "find_preferences"),
    ("notifications", "list_notices"),
    ("notifications", "list_push_subscriptions"),
    ("notifications", "list_undelivered"),
    ("notifications", "put_preferences"),
    ("notifications", "put_push_subscription"),
    ("payments", "export_record"),
    ("payments", "find_coverage"),
    ("payments", "list_consents"),
    ("payments", "put_coverage"),
    ("providers", "export_record"),
];

/// What payments' own tests count, each beside what it tests: `backend/payments/tests/api/{assignments,claims,money,paying}`.
const COUNTED_BY_PAYMENTS: [&str; 56] = [
    "add_card",
    "agree_to_charge",
    "answer_assignment",
    "ask_again_for_payment",
    "ask_for_report",
    "decide_refund",
    "draft_claim",
    "export_payout",
    "export_transactions",
    "find_bulk_billing_instead",
    "find_chargeback",
    "find_claim",
    "find_fee",
    "find_payment",
    "find_payout",
    "find_platform_payment",
    "list_assignments",
    "list_cards",
    "list_chargebacks",
    "list_claims",
    "list_invoices",
    "list_my_assignments",
    "list_my_payments",
    "list_platform_refunds",
    "list_practice_assignments",
    "list_practice_chargebacks",
    "list_practice_invoices",
    "list_refunds",
    "list_run_claims",
    "list_transactions",
    "list_unclaimed_visits",
    "list_unpaid_payments",
    "offer_assignment",
    "open_assignment",
    "print_assignment",
    "print_invoice",
    "print_practice_assignment",
    "print_practice_invoice",
    "put_claim",
    "put_evidence",
    "record_assignment",
    "record_offset",
    "record_outcome",
    "refund_payment",
    "relodge_claim",
    "repair_payment",
    "request_refund",
    "return_benefit",
    "search_platform_payments",
    "start_payment",
    "submit_claim",
    "submit_evidence",
    "verify_claimant",
    "void_assignment",
    "withdraw_assignment",
    "withdraw_claim",
];

#[tokio::test]
async fn every_look_at_personal_data_leaves_exactly_one_entry() {
    let running = Running::without_pages().await;
    let browser = signed_in(&running).await;
    let mut called = BTreeSet::new();
    for (service, routes) in &running.inventory {
        for (operation, path) in [(trail::OPERATION, "audit"), (export::OPERATION, "export")] {
            assert!(routes.iter().any(|route| route.operation == operation), "{service} has no {operation}");
            let path = format!("/api/v1/{service}/me/{path}");
            let reply = browser.send(Method::GET, &path, None::<&Value>).await;
            left_one(&running, service, operation, &reply).await;
            called.insert((*service, operation));
        }
    }
    let path = format!("{COVERAGE}/{PERSON}");
    let cards = json!({
        "medicare": {"number": "4951525561", "irn": "1"},
        "version": 0,
        "consent": agreed(&browser).await,
    });
    for (operation, reply) in [
        ("put_coverage", browser.send(Method::PUT, &path, Some(&cards)).await),
        ("find_coverage", browser.send(Method::GET, &path, None::<&Value>).await),
        ("list_consents", browser.send(Method::GET, "/api/v1/payments/me/consents", None::<&Value>).await),
    ] {
        left_one(&running, "payments", operation, &reply).await;
        called.insert(("payments", operation));
    }
    for (operation, method, path, body) in [
        ("find_preferences", Method::GET, "/me/preferences".to_owned(), None),
        ("put_preferences", Method::PUT, "/me/preferences".to_owned(), Some(json!(Preferences::default()))),
        ("list_notices", Method::GET, "/me/notices".to_owned(), None),
        ("put_push_subscription", Method::PUT, "/me/push-subscriptions".to_owned(), Some(a_browser())),
        ("list_push_subscriptions", Method::GET, "/me/push-subscriptions".to_owned(), None),
        ("list_undelivered", Method::GET, format!("/practices/{PRACTICE}/undelivered"), None),
    ] {
        let reply = browser.send(method, &format!("/api/v1/notifications{path}"), body.as_ref()).await;
        left_one(&running, "notifications", operation, &reply).await;
        called.insert(("notifications", operation));
    }
    let counted = COUNTED_BY_PAYMENTS.map(|name| ("payments", name));
    let listed: BTreeSet<_> = OPERATIONS
        .into_iter()
        .chain(counted)
        .map(|(service, name)| (service.to_owned(), name.to_owned()))
        .collect();
    assert_eq!(disclosing(&["notifications", "payments", "providers"]), listed);
    for operation in OPERATIONS {
        assert!(called.contains(&operation), "{operation:?} is not called here");
    }
}

/// The reply shows something, and its request has left one entry in its service's log.
async fn left_one(running: &Running, service: &str, operation: &str, reply: &Reply) {
    assert!(reply.status.is_success(), "{service} {operation}: {} {}", reply.status, reply.body);
    let statement = format!("select action from {service}.audit_entry where request_id = $1");
    let written: Vec<String> = sqlx::query_scalar(AssertSqlSafe(statement))
        .bind(reply.header("x-request-id"))
        .fetch_all(&mut running.database.administrator().await)
        .await
        .unwrap();
    assert_eq!(written, [operation], "{service}");
}

/// What a browser says of itself that is to be sent messages; the keys are those of RFC 8291's example.
fn a_browser() -> Value {
    json!({
        "endpoint": "https://push.example/1",
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    })
}

/// A patient's browser, whom every service knows.
async fn signed_in(running: &Running) -> Person {
    for statement in [
        "insert into users.account (account_id, email, email_lower, email_verified_at, created_at, updated_at) \
         values ($1, 'zoe@example.org', 'zoe@example.org', now(), now(), now())",
        "insert into users.session (session_id, account_id, strength, device, network, created_at, last_seen_at) \
         values ($1, $1, 'passkey', 'a browser', 'a network', now(), now())",
    ] {
        sqlx::query(statement).bind(ACCOUNT).execute(&running.pools.users).await.unwrap();
    }
    sqlx::query(
        "insert into notifications.message (message_id, event_id, template, booking_id, organization_id, status, \
         next_attempt_at, created_at) values ($1, $1, 'appointment_confirmed', $1, $2, 'dead', now(), now())",
    )
    .bind(ACCOUNT)
    .bind(PRACTICE.0)
    .execute(&running.pools.notifications)
    .await
    .unwrap();
    let issuer = running.issuer().await;
    let now = Clock::System.now();
    let claims = Claims {
        session_id: ACCOUNT.into(),
        account_id: ACCOUNT.into(),
        patient_id: Some(PERSON),
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: vec![Membership { organization_id: PRACTICE, roles: vec![StaffRole::Owner] }],
        platform: Vec::new(),
        issued_at: now,
        expires_at: now + SignedDuration::from_mins(5),
    };
    let browser = Person::new(&running.settings.public_url);
    let cookie = issuer.cookie(&claims);
    browser.set_cookie(session::COOKIE, cookie.split_once('=').unwrap().1);
    for service in SERVICES {
        let path = format!("/api/v1/{service}/me/audit");
        until("the services to know the key", || async {
            let reply = browser.send(Method::GET, &path, None::<&Value>).await;
            (reply.status.as_u16() == 200).then_some(())
        })
        .await;
    }
    browser
}

/// The text about cards as it is read, once payments knows it.
async fn agreed(browser: &Person) -> Value {
    let path = "/api/v1/payments/consent-texts/medicare-collection";
    let text = until("a text to agree to", || async {
        let reply = browser.send(Method::GET, path, None::<&Value>).await;
        (reply.status.as_u16() == 200).then_some(reply.body)
    })
    .await;
    let text: Value = serde_json::from_str(&text).unwrap();
    json!({"text": text["text"], "version": text["version"]})
}

/// The handlers of these services that record and disclose, read from the routes' own text.
fn disclosing(services: &[&str]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for service in services {
        let folder = workspace().join("backend").join(service).join("src/routes");
        // A service without any has its handlers elsewhere, and `tests/personal_data.rs` looks at those.
        for file in fs::read_dir(folder).into_iter().flatten() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            for function in text.split("pub async fn ").skip(1) {
                let (name, rest) = function.split_once('(').unwrap();
                if rest.split("\n}\n").next().unwrap().contains("Disclosed") {
                    found.insert(((*service).to_owned(), name.to_owned()));
                }
            }
        }
    }
    found
}
