use kernel::Service;
use serde_json::{Value, json};
use shared_types::{
    Zone,
    bookings::{BookedRole, BookingsEvent, MistakeFact, OfferFact, StatementFact},
    users::{ErasureAnswer, ErasureRequest, Kept, PlatformRole},
};
use uuid::Uuid;

use super::details;
use crate::{
    World,
    browser::{ADA, Browser},
};

const PRACTICE: Uuid = Uuid::from_u128(0xB1);

const MEMBER: &str = "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
                      values ($1, $2, 'desk@example.org', array['owner'], now(), now())";

fn child(born: &str) -> Value {
    let mut body = details(born, 0);
    body["kind"] = json!("child");
    body["statement"] = json!({"text": "parent-statement", "version": 1});
    body
}

async fn ask(browser: &Browser) -> crate::browser::Reply {
    browser.post("me/erasure", json!({"email": "Ada@Example.org"})).await
}

/// What the other services are asked.
async fn request(world: &World) -> ErasureRequest {
    let body: Value = sqlx::query_scalar("select body from users.outbox where name = 'erasure_requested'")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    serde_json::from_value(body).unwrap()
}

async fn ada(world: &World, service: &Service) -> (Browser, Uuid) {
    let (browser, _) = world.account_with_keys(service, ADA).await;
    let patient = world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    (browser, patient)
}

#[tokio::test]
async fn the_account_is_closed_at_once_and_its_address_is_anybodys() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, patient) = ada(&world, &service).await;
    let account = world.account_id(ADA).await;
    assert_eq!(browser.put("me/patient", details("1980-02-28", 1)).await.status, 200);
    let reply = ask(&browser).await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    assert_eq!(world.count("sign_in_attempt").await, 0, "wrong passwords are forgotten as well");
    assert!(browser.cookie("__Host-session").is_none() && browser.cookie("__Secure-refresh").is_none());
    assert_eq!(Browser::new(&world, &service).sign_in(ADA, 1).await.problem(), "wrong-sign-in");

    for table in [
        "password_credential",
        "wrapped_key",
        "identity",
        "session",
        "refresh_token",
        "patient",
        "patient_history",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    let left: (String, bool) =
        sqlx::query_as("select email, closed_at is not null from users.account where account_id = $1")
            .bind(account)
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(left, (String::new(), true));
    assert_eq!(world.last_mail(ADA).await, "account_closed");
    let request = request(&world).await;
    assert_eq!((request.account_id.0, request.patient_id.map(|id| id.0)), (account, Some(patient)));
    assert_eq!(request.email.expose(), ADA);

    // Somebody, the same person or another, opens a new account with it, which knows nothing of the old one.
    let again = world.account(&service, ADA).await;
    assert_ne!(world.account_id(ADA).await, account);
    assert_eq!(again.get("me/patient").await.json(), Value::Null);
}

#[tokio::test]
async fn the_receipt_shows_how_it_went_and_nothing_else_does() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = ada(&world, &service).await;
    let asked = ask(&browser).await.json();
    let stranger = Browser::new(&world, &service);
    let find = async || stranger.post("erasures/find", json!({"receipt": asked["receipt"]})).await;
    let found = find().await.json();
    assert_eq!(found["waiting"], json!(["bookings", "notifications", "payments", "providers"]));
    let own = &found["answers"][0];
    assert_eq!(own["service"], "users");
    let gone: Vec<_> =
        own["erased"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert!(["password_credential", "identity", "patient", "session"].iter().all(|what| gone.contains(what)));
    let kept = own["kept"].to_string();
    assert!(kept.contains("key directory") && kept.contains("What you agreed to"), "{kept}");

    let answer = ErasureAnswer {
        erasure_id: request(&world).await.erasure_id,
        service: "bookings".to_owned(),
        answered_at: world.core.now(),
        erased: Vec::new(),
        kept: vec![Kept::new("The record of 2 appointments", "It is the practice’s.", None)],
    };
    world.told_by(&service, "bookings", &BookingsEvent::ErasureAnswered(answer.clone())).await;
    let found = find().await.json();
    assert_eq!(found["answers"][0], json!(answer));
    assert_eq!(found["waiting"], json!(["notifications", "payments", "providers"]));

    for receipt in [json!(asked["erasure_id"]), json!(""), json!("a.b")] {
        let reply = stranger.post("erasures/find", json!({"receipt": receipt})).await;
        assert_eq!(reply.problem(), "not-found");
    }
    let kept: String =
        sqlx::query_scalar("select reply_body::text from users.idempotency where route = 'ask_erasure'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert!(!kept.contains(asked["receipt"].as_str().unwrap()), "a receipt is not kept");
    for attempt in ["update users.erasure set asked_at = now()", "delete from users.erasure_answer"] {
        assert!(sqlx::query(attempt).execute(&world.core.pool).await.is_err(), "{attempt}");
    }
}

#[tokio::test]
async fn it_takes_a_fresh_sign_in_the_right_address_and_another_owner() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = ada(&world, &service).await;
    let wrong = browser.post("me/erasure", json!({"email": "bo@example.org"})).await;
    assert_eq!(wrong.problem(), "invalid");
    let account = world.account_id(ADA).await;
    world.insert(MEMBER, PRACTICE, account).await;
    world
        .insert("insert into users.organization values ($1, 'Harris Park Allied Health', now()), ($2, 'x', now())", PRACTICE, account)
        .await;
    let plan = browser.get("me/erasure").await.json();
    assert_eq!(plan["owned_alone"][0]["name"], "Harris Park Allied Health");
    let refused = ask(&browser).await;
    assert_eq!(refused.problem(), "last-owner");
    assert!(refused.text.contains("Harris Park Allied Health"), "{}", refused.text);

    world.account(&service, "bo@example.org").await;
    world.insert(MEMBER, PRACTICE, world.account_id("bo@example.org").await).await;
    assert_eq!(browser.get("me/erasure").await.json()["owned_alone"], json!([]));
    world.pass(16 * 60);
    browser.refresh().await;
    assert_eq!(ask(&browser).await.problem(), "sign-in-again");
    assert_eq!(world.count("erasure").await, 0);
    assert_eq!(browser.sign_in(ADA, 1).await.status, 200);
    assert_eq!(ask(&browser).await.status, 202);
    assert_eq!(world.count("membership").await, 1, "the other owner");
}

#[tokio::test]
async fn who_serves_on_the_platform_is_let_go_by_somebody_else_first() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, _) = ada(&world, &service).await;
    let roles = [shared_types::users::PlatformRole::Support];
    users::name_platform_staff(&world.core, ADA, &roles).await.unwrap();
    world.signs_in_anew(&browser, ADA).await;
    assert_eq!(ask(&browser).await.problem(), "platform-role");
}

#[tokio::test]
async fn a_child_whom_nobody_else_looks_after_goes_too_and_another_stays() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, own) = ada(&world, &service).await;
    let add = async |born: &str| {
        let added = browser.post("me/dependants", child(born)).await.json();
        added["patient"]["patient_id"].as_str().unwrap().parse::<Uuid>().unwrap()
    };
    let alone = add("2020-03-10").await;
    world.signs_in_anew(&browser, ADA).await;
    let shared = add("2018-03-10").await;
    world.account(&service, "bo@example.org").await;
    world
        .insert(
            "insert into users.delegation (delegation_id, patient_id, account_id, basis, scopes, created_at, expires_at) \
             values (gen_random_uuid(), $1, $2, 'parent', array['details'], '2026-11-22', '2036-03-10')",
            shared,
            world.account_id("bo@example.org").await,
        )
        .await;
    world.signs_in_anew(&browser, ADA).await;
    let plan = browser.get("me/erasure").await.json();
    let goes: Vec<_> = plan["dependants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["patient_id"].clone(), one["erased_too"].clone()))
        .collect();
    assert_eq!(goes, [(json!(alone), json!(true)), (json!(shared), json!(false))]);
    assert_eq!(ask(&browser).await.status, 202);
    let request = request(&world).await;
    assert_eq!(request.patients().iter().map(|id| id.0).collect::<Vec<_>>(), [own, alone]);
    let left: Vec<Uuid> =
        sqlx::query_scalar("select patient_id from users.patient").fetch_all(&world.core.pool).await.unwrap();
    assert_eq!(left, [shared]);
    // What Ada might do for the child who stays is over, and on record for those who look after it.
    assert_eq!(world.count("delegation where ended_at is not null").await, 1);
}

#[tokio::test]
async fn who_runs_a_practice_is_written_to_about_a_statement() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    for (email, role) in [("own@example.org", "owner"), ("desk@example.org", "reception")] {
        world.account(&service, email).await;
        world.insert(MEMBER, PRACTICE, world.account_id(email).await).await;
        sqlx::query("update users.membership set roles = array[$1] where account_id = $2")
            .bind(role)
            .bind(world.account_id(email).await)
            .execute(&mut world.database.administrator().await)
            .await
            .unwrap();
    }
    let fact = StatementFact {
        statement_id: Uuid::from_u128(1).into(),
        booking_id: Uuid::from_u128(2).into(),
        organization_id: PRACTICE.into(),
    };
    world.told_by(&service, "bookings", &BookingsEvent::StatementAdded(fact)).await;
    assert_eq!(world.last_mail("own@example.org").await, "patient_statement");
    assert_ne!(world.last_mail("desk@example.org").await, "patient_statement");
    let letters: i64 =
        sqlx::query_scalar("select count(*) from users.outbox where body->>'mail' = 'patient_statement'")
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert_eq!(letters, 1, "once, though the event came twice");
}

#[tokio::test]
async fn who_could_agree_to_a_mistake_is_written_to_and_an_administrator_only_where_nobody_else_could() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    for email in ["own@example.org", "other@example.org"] {
        world.account(&service, email).await;
        world.insert(MEMBER, PRACTICE, world.account_id(email).await).await;
    }
    for (email, role) in
        [("admin@example.org", PlatformRole::Administrator), ("help@example.org", PlatformRole::Support)]
    {
        world.account(&service, email).await;
        users::name_platform_staff(&world.core, email, &[role]).await.unwrap();
    }
    let asked_by = world.account_id("own@example.org").await.into();
    let fact = |nobody_else| MistakeFact {
        mistake_request_id: Uuid::from_u128(1).into(),
        organization_id: PRACTICE.into(),
        asked_by,
        nobody_else,
    };
    let is_asked = async |email: &str| {
        let last = world.last_mail(email).await;
        last.starts_with("mistake").then_some(last)
    };
    world.told_by(&service, "bookings", &BookingsEvent::MistakeAsked(fact(false))).await;
    assert_eq!(is_asked("other@example.org").await.as_deref(), Some("mistake_asked"));
    for email in ["own@example.org", "admin@example.org", "help@example.org"] {
        assert_eq!(is_asked(email).await, None, "{email}");
    }
    world.told_by(&service, "bookings", &BookingsEvent::MistakeAsked(fact(true))).await;
    assert_eq!(is_asked("admin@example.org").await.as_deref(), Some("mistake_to_decide"));
    for email in ["own@example.org", "help@example.org"] {
        assert_eq!(is_asked(email).await, None, "{email}");
    }
}

#[tokio::test]
async fn who_is_offered_a_time_is_written_to_while_it_is_held() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    world.account(&service, "ada@example.org").await;
    let until = world.core.now() + jiff::SignedDuration::from_mins(30);
    let fact = OfferFact {
        waitlist_entry_id: Uuid::from_u128(1).into(),
        hold_id: Uuid::from_u128(2).into(),
        account_id: world.account_id("ada@example.org").await.into(),
        patient_id: None,
        role: BookedRole {
            practitioner_role_id: Uuid::from_u128(3).into(),
            slug: "kim-lee".to_owned(),
            name: "Kim Lee".to_owned(),
            profession_name: None,
            organization_id: None,
            organization_name: None,
            phone: None,
            address: String::new(),
            time_zone: Zone::SYDNEY,
            bookable: true,
        },
        discreet: true,
        start: until,
        end: until,
        expires_at: until,
    };
    world.told_by(&service, "bookings", &BookingsEvent::TimeOffered(fact)).await;
    assert_eq!(world.last_mail("ada@example.org").await, "time_offered");
}
