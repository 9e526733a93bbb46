use axum::{
    body::Body,
    http::{Method, Request, header},
};
use kernel::{Service, config::Settings, testing::TokenIssuer};
use serde_json::{Value, json};
use shared_types::{
    PatientId,
    users::{ActsFor, Claims, ConsentText, ConsentWithdrawn, DelegationScope, Strength, UsersEvent},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::World;

const ADA: PatientId = PatientId(Uuid::from_u128(1));
const BO: PatientId = PatientId(Uuid::from_u128(2));
/// A vendor's test card.
const CARD: &str = "4951525561";

fn claims(world: &World, patient_id: Option<PatientId>, acts_for: Vec<ActsFor>) -> Claims {
    Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id,
        strength: Strength::Password,
        acts_for,
        memberships: Vec::new(),
        platform: Vec::new(),
        issued_at: world.core.now(),
        expires_at: world.core.now() + jiff::SignedDuration::from_mins(10),
    }
}

async fn with_text() -> (World, TokenIssuer) {
    let world = World::new().await;
    let text = ConsentText {
        text: "medicare-collection".to_owned(),
        version: 1,
        title: "How your card numbers are used".to_owned(),
        paragraphs: Vec::new(),
        statement: "I agree".to_owned(),
        effective_on: "2026-11-22".parse().unwrap(),
    };
    world.receive(&world.envelope("users", &UsersEvent::ConsentTextPublished(text))).await.unwrap();
    let issuer = TokenIssuer::known_to(&world.core).await;
    (world, issuer)
}

async fn send(world: &World, method: Method, patient: PatientId, cookie: &str, body: Value) -> (u16, Value) {
    send_to(&world.service, method, patient, cookie, body).await
}

async fn send_to(
    service: &Service,
    method: Method,
    patient: PatientId,
    cookie: &str,
    body: Value,
) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/api/v1/payments/me/coverage/{patient}"))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, cookie)
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = service.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

fn cards(version: i32) -> Value {
    json!({
        "medicare": {"number": CARD, "irn": "1"},
        "dva_file_number": "TX900359",
        "concession": {"kind": "health_care", "number": "123456789A"},
        "version": version,
        "consent": {"text": "medicare-collection", "version": 1},
    })
}

async fn audited(world: &World) -> Vec<(String, String, Option<Uuid>)> {
    sqlx::query_as("select action, outcome, whose from payments.audit_entry order by ctid")
        .fetch_all(&mut world.database.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_is_kept_comes_back_as_its_last_digits_only() {
    let (world, issuer) = with_text().await;
    let ada = issuer.cookie(&claims(&world, Some(ADA), Vec::new()));
    let (status, body) = send(&world, Method::GET, ADA, &ada, Value::Null).await;
    assert_eq!((status, &body["version"]), (200, &json!(0)));
    let (status, body) = send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    assert_eq!(status, 200, "{body}");
    let (_, again) = send(&world, Method::GET, ADA, &ada, Value::Null).await;
    assert_eq!(body, again);
    assert_eq!(body["medicare_ends_with"], "561");
    assert_eq!(body["dva_ends_with"], "359");
    assert_eq!(body["concession_ends_with"], json!(["health_care", "89A"]));
    let text = body.to_string();
    assert!(!text.contains("4951") && !text.contains("TX9") && !text.contains("1234567"), "{text}");
    let receipts: Vec<(String, String)> =
        sqlx::query_as("select text, subject_id from payments.consent_receipt")
            .fetch_all(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(receipts, [("medicare-collection".to_owned(), ADA.to_string())]);
    let acts: Vec<_> = audited(&world).await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(acts, ["find_coverage", "put_coverage", "find_coverage"]);
}

#[tokio::test]
async fn the_raw_row_holds_no_number_and_opens_for_nobody_else() {
    let (world, issuer) = with_text().await;
    let both = ActsFor { patient_id: BO, scopes: vec![DelegationScope::Payments] };
    let ada = issuer.cookie(&claims(&world, Some(ADA), vec![both]));
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    let mut admin = world.database.administrator().await;
    let raw: String = sqlx::query_scalar("select coverage::text from payments.coverage")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    for number in [CARD, "TX900359", "900359", "123456789A"] {
        assert!(!raw.contains(number) && !raw.contains(&hex(number)), "{raw}");
    }
    // Moved to another patient it does not open, and the error says nothing.
    sqlx::query("update payments.coverage set patient_id = $1").bind(BO.0).execute(&mut admin).await.unwrap();
    let (status, body) = send(&world, Method::GET, BO, &ada, Value::Null).await;
    assert_eq!((status, body["type"].as_str()), (500, Some("/problems/internal")));
    // Nor does it after a change of one byte.
    sqlx::query("update payments.coverage set patient_id = $1, medicare = set_byte(medicare, 30, get_byte(medicare, 30) # 1)")
        .bind(ADA.0)
        .execute(&mut admin)
        .await
        .unwrap();
    assert_eq!(send(&world, Method::GET, ADA, &ada, Value::Null).await.0, 500);
}

#[tokio::test]
async fn only_the_patient_and_who_may_pay_for_them_get_in() {
    let (world, issuer) = with_text().await;
    let scoped = |scope| vec![ActsFor { patient_id: ADA, scopes: vec![scope] }];
    let stranger = issuer.cookie(&claims(&world, Some(BO), scoped(DelegationScope::Appointments)));
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        assert_eq!(send(&world, method.clone(), ADA, "", cards(0)).await.0, 401);
        assert_eq!(send(&world, method, ADA, &stranger, cards(0)).await.0, 404);
    }
    let refused: Vec<_> =
        audited(&world).await.into_iter().map(|(_, outcome, whose)| (outcome, whose)).collect();
    assert_eq!(refused, vec![("denied".to_owned(), Some(ADA.0)); 3]);
    let carer = issuer.cookie(&claims(&world, None, scoped(DelegationScope::Payments)));
    assert_eq!(send(&world, Method::PUT, ADA, &carer, cards(0)).await.0, 200);
}

#[tokio::test]
async fn wrong_numbers_old_versions_and_old_texts_are_refused() {
    let (world, issuer) = with_text().await;
    let ada = issuer.cookie(&claims(&world, Some(ADA), Vec::new()));
    let mut wrong = cards(0);
    wrong["medicare"]["number"] = json!("4951525571");
    wrong["dva_file_number"] = json!("AX1");
    let (status, body) = send(&world, Method::PUT, ADA, &ada, wrong).await;
    let pointers: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!((status, pointers), (422, vec!["/medicare/number", "/dva_file_number"]));
    assert!(!body.to_string().contains("4951525571"));
    let mut unread = cards(0);
    unread["consent"]["version"] = json!(2);
    assert_eq!(send(&world, Method::PUT, ADA, &ada, unread).await.0, 422);
    assert_eq!(send(&world, Method::PUT, ADA, &ada, cards(3)).await.1["type"], "/problems/stale-version");
    // What is left out stays.
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    let (_, body) = send(
        &world,
        Method::PUT,
        ADA,
        &ada,
        json!({"dva_file_number": "SMUL1234", "version": 1, "consent": {"text": "medicare-collection", "version": 1}}),
    )
    .await;
    assert_eq!(
        (&body["dva_ends_with"], &body["medicare_ends_with"], &body["version"]),
        (&json!("234"), &json!("561"), &json!(2))
    );
}

#[tokio::test]
async fn cards_go_when_they_are_deleted_or_the_consent_is_withdrawn() {
    let (world, issuer) = with_text().await;
    let ada = issuer.cookie(&claims(&world, Some(ADA), Vec::new()));
    let kept = || async {
        let count: i64 = sqlx::query_scalar("select count(*) from payments.coverage")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
        count
    };
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    assert_eq!(send(&world, Method::DELETE, ADA, &ada, Value::Null).await.0, 204);
    assert_eq!(kept().await, 0);
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    let withdrawn = |text: &str, withdrawn_at| {
        let fact = ConsentWithdrawn { patient_id: ADA, text: text.to_owned(), withdrawn_at };
        world.envelope("users", &UsersEvent::ConsentWithdrawn(fact))
    };
    let (now, second) = (world.core.now(), jiff::SignedDuration::from_secs(1));
    world.receive(&withdrawn("patient-details", now)).await.unwrap();
    world.receive(&withdrawn("medicare-collection", now - second)).await.unwrap();
    assert_eq!(kept().await, 1, "another text, or given anew since");
    world.receive(&withdrawn("medicare-collection", now)).await.unwrap();
    assert_eq!(kept().await, 0);
}

/// The service as it starts with those keys, the newest first: 32 times the same byte, or the one it made itself.
async fn with_keys(world: &World, keys: &[Option<u8>]) -> Service {
    let folder = world.home.path();
    let file = |key: &Option<u8>| match key {
        None => folder.join("keys/payments-coverage-key"),
        Some(byte) => {
            let path = folder.join(format!("key-{byte}"));
            std::fs::write(&path, [*byte; 32]).unwrap();
            path
        }
    };
    let coverage_keys = keys.iter().map(file).collect();
    let settings = Settings { home: folder.to_owned(), coverage_keys, ..Settings::from_env().unwrap() };
    payments::service(world.core.clone(), &settings).await.unwrap()
}

async fn reseal(service: &Service) -> anyhow::Result<u64> {
    let job = service.jobs.iter().find(|job| job.name == "payments.reseal_coverage").unwrap();
    job.run_once().await
}

async fn key_ids(world: &World) -> Vec<String> {
    sqlx::query_scalar("select key_id from payments.coverage order by patient_id")
        .fetch_all(&world.core.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn after_a_change_of_keys_every_row_is_sealed_anew() {
    let (world, issuer) = with_text().await;
    let both = ActsFor { patient_id: BO, scopes: vec![DelegationScope::Payments] };
    let ada = issuer.cookie(&claims(&world, Some(ADA), vec![both]));
    for patient in [ADA, BO] {
        assert_eq!(send(&world, Method::PUT, patient, &ada, cards(0)).await.0, 200);
    }
    let before = key_ids(&world).await;
    assert_eq!(reseal(&world.service).await.unwrap(), 0, "nothing is older");

    let changing = with_keys(&world, &[Some(2), None]).await;
    let (status, body) = send_to(&changing, Method::GET, ADA, &ada, Value::Null).await;
    assert_eq!((status, &body["medicare_ends_with"]), (200, &json!("561")), "the old key still opens");
    assert_eq!(reseal(&changing).await.unwrap(), 2);
    assert_eq!(reseal(&changing).await.unwrap(), 0);
    let after = key_ids(&world).await;
    assert!(after[0] == after[1] && after[0] != before[0], "{before:?} {after:?}");
    let (_, again) = send_to(&changing, Method::GET, ADA, &ada, Value::Null).await;
    assert_eq!(body, again, "no number and no version has changed");
    let resealed = audited(&world).await.into_iter().filter(|(action, ..)| action == "reseal_coverage");
    assert_eq!(resealed.count(), 2);

    // The old key can go.
    let changed = with_keys(&world, &[Some(2)]).await;
    for patient in [ADA, BO] {
        let (status, body) = send_to(&changed, Method::GET, patient, &ada, Value::Null).await;
        assert_eq!((status, &body["dva_ends_with"]), (200, &json!("359")));
    }
    assert_eq!(reseal(&changed).await.unwrap(), 0);
}

#[tokio::test]
async fn a_key_that_went_too_early_is_named() {
    let (world, issuer) = with_text().await;
    let ada = issuer.cookie(&claims(&world, Some(ADA), Vec::new()));
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    let missed = key_ids(&world).await.remove(0);
    let hasty = with_keys(&world, &[Some(2)]).await;
    let (status, body) = send_to(&hasty, Method::GET, ADA, &ada, Value::Null).await;
    assert_eq!((status, &body["type"]), (500, &json!("/problems/internal")));
    let why = reseal(&hasty).await.unwrap_err().to_string();
    assert!(why.contains(&missed) && why.contains("HELLOMAPPER_COVERAGE_KEYS"), "{why}");
    // The reading that failed lets its lock go a moment later than it answers, and what is locked waits for the next round.
    let waits = "select from payments.coverage for update";
    sqlx::query(waits).execute(&world.core.pool).await.unwrap();
    // Nothing is lost: with the key back, the row is read and sealed anew.
    assert_eq!(reseal(&with_keys(&world, &[Some(2), None]).await).await.unwrap(), 1);
}

#[tokio::test]
async fn what_cannot_be_written_down_does_not_happen() {
    let (world, issuer) = with_text().await;
    let ada = issuer.cookie(&claims(&world, Some(ADA), Vec::new()));
    send(&world, Method::PUT, ADA, &ada, cards(0)).await;
    let broken = "alter table payments.audit_entry add constraint broken check (false) not valid";
    sqlx::query(broken).execute(&mut world.database.administrator().await).await.unwrap();
    let nobody = issuer.cookie(&claims(&world, Some(BO), Vec::new()));
    for (method, cookie) in
        [(Method::GET, &ada), (Method::PUT, &ada), (Method::DELETE, &ada), (Method::GET, &nobody)]
    {
        let (status, body) = send(&world, method.clone(), ADA, cookie, cards(1)).await;
        assert_eq!((status, body["type"].as_str()), (503, Some("/problems/not-recorded")), "{method} {body}");
        assert!(!body.to_string().contains("561"), "{body}");
    }
    let versions: Vec<i32> = sqlx::query_scalar("select version from payments.coverage")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(versions, [1]);
}
