use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::{PlatformRole, Strength};
use uuid::Uuid;

use super::{People, account};

const PRACTICE: Uuid = Uuid::from_u128(0x0A);

fn staff() -> String {
    format!("/practices/{PRACTICE}/staff")
}

fn invitations() -> String {
    format!("/practices/{PRACTICE}/staff-invitations")
}

fn member(number: u128) -> String {
    format!("{}/{}", staff(), account(number))
}

/// Account 6 runs the platform.
async fn with_administrator() -> People {
    let people = People::new().await;
    users::name_platform_staff(&people.world.core, "P6@example.org", &[PlatformRole::Administrator])
        .await
        .unwrap();
    people
}

/// And account 1 owns the practice.
async fn with_owner() -> People {
    let people = with_administrator().await;
    let path = format!("/platform/practices/{PRACTICE}/owner-invitations");
    people.send(6, Method::POST, &path, json!({"email": "p1@example.org"})).await.ok(202);
    people.accept(1).await.ok(200);
    people
}

async fn join(people: &People, number: u128, roles: Value) {
    let body = json!({"email": format!("p{number}@example.org"), "roles": roles});
    people.send(1, Method::POST, &invitations(), body).await.ok(202);
    people.accept(number).await.ok(200);
}

#[tokio::test]
async fn the_first_owner_is_invited_by_the_platform_and_only_the_first() {
    let people = with_owner().await;
    assert!(people.tokens_ended(1).await && people.tokens_ended(6).await);
    let path = format!("/platform/practices/{PRACTICE}/owner-invitations");
    people.send(6, Method::POST, &path, json!({"email": "p2@example.org"})).await.problem(409, "has-owner");
    let list = people.send(1, Method::GET, &staff(), Value::Null).await.ok(200);
    assert_eq!(
        (&list["items"][0]["roles"], &list["items"][0]["email"]),
        (&json!(["owner"]), &json!("p1@example.org"))
    );
}

#[tokio::test]
async fn a_manager_invites_everybody_but_owners() {
    let people = with_owner().await;
    join(&people, 2, json!(["manager"])).await;
    let ask = |roles: Value| json!({"email": "p3@example.org", "roles": roles});
    people.send(2, Method::POST, &invitations(), ask(json!(["owner"]))).await.problem(403, "not-allowed");
    people.send(2, Method::POST, &invitations(), ask(json!([]))).await.problem(422, "invalid");
    people.send(2, Method::POST, &invitations(), ask(json!(["reception"]))).await.ok(202);
    people.accept(3).await.ok(200);
    people.send(3, Method::POST, &invitations(), ask(json!(["reception"]))).await.problem(403, "not-allowed");
    people.send(2, Method::DELETE, &member(3), Value::Null).await.problem(403, "not-allowed");
    people.send(4, Method::GET, &staff(), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_owner_changes_roles_and_lets_people_go_but_the_last_owner_stays() {
    let people = with_owner().await;
    join(&people, 2, json!(["reception"])).await;
    let roles = |roles: Value, version: i32| json!({"roles": roles, "version": version});
    people.send(1, Method::PUT, &member(1), roles(json!(["manager"]), 1)).await.problem(409, "last-owner");
    people.send(1, Method::DELETE, &member(1), Value::Null).await.problem(409, "last-owner");
    people
        .send(1, Method::PUT, &member(2), roles(json!(["manager", "owner"]), 2))
        .await
        .problem(409, "stale-version");
    people.send(1, Method::PUT, &member(2), roles(json!(["manager", "owner"]), 1)).await.ok(204);
    people.send(1, Method::PUT, &member(5), roles(json!(["billing"]), 1)).await.problem(404, "not-found");
    // With two owners either may go; the letters they wrote go with them.
    let letter = json!({"email": "p3@example.org", "roles": ["billing"]});
    people.send(1, Method::POST, &invitations(), letter).await.ok(202);
    people.send(2, Method::DELETE, &member(1), Value::Null).await.ok(204);
    people.accept(3).await.problem(404, "not-found");
    let told: Vec<Value> = sqlx::query_scalar("select body from users.outbox where name = 'staff_left'")
        .fetch_all(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(told, [json!({"account_id": account(1), "organization_id": PRACTICE})]);
    people.send(1, Method::GET, &staff(), Value::Null).await.problem(404, "not-found");
    people.send(2, Method::DELETE, &member(2), Value::Null).await.problem(409, "last-owner");
}

#[tokio::test]
async fn platform_staff_are_named_by_an_administrator_with_a_passkey() {
    let people = with_administrator().await;
    let name = |number: u128, roles: Value| json!({"account_id": account(number), "roles": roles});
    people
        .send(1, Method::POST, "/platform/staff", name(1, json!(["administrator"])))
        .await
        .problem(404, "not-found");
    let weak = shared_types::users::Claims { strength: Strength::PasswordAndCode, ..people.claims(6).await };
    let reply = people.send_as(&weak, Method::POST, "/platform/staff", name(2, json!(["support"]))).await;
    reply.problem(403, "stronger-sign-in");
    people.send(6, Method::POST, "/platform/staff", name(2, json!([]))).await.problem(422, "invalid");
    people
        .send(6, Method::POST, "/platform/staff", name(99, json!(["support"])))
        .await
        .problem(404, "not-found");
    people.send(6, Method::POST, "/platform/staff", name(2, json!(["support"]))).await.ok(204);
    assert!(people.tokens_ended(2).await);
    people
        .send(2, Method::POST, "/platform/staff", name(3, json!(["support"])))
        .await
        .problem(403, "not-allowed");
    let path = |number: u128| format!("/platform/staff/{}", account(number));
    people.send(6, Method::DELETE, &path(6), Value::Null).await.problem(422, "invalid");
    people.send(6, Method::DELETE, &path(2), Value::Null).await.ok(204);
    people.send(6, Method::DELETE, &path(2), Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn the_first_administrator_needs_an_account() {
    let people = People::new().await;
    let roles = [PlatformRole::Administrator];
    let error =
        users::name_platform_staff(&people.world.core, "nobody@example.org", &roles).await.unwrap_err();
    assert!(error.to_string().contains("sign up first") && !error.to_string().contains("nobody@"), "{error}");
}

#[tokio::test]
async fn a_reason_is_stated_lasts_four_hours_at_most_and_is_shown_to_the_person() {
    let people = with_administrator().await;
    let patient = people.patient(1, "1980-02-29").await;
    let ask = |reason: &str, minutes: u32| json!({"patient_id": patient, "category": "person_asked", "reason": reason, "minutes": minutes});
    let (path, why) = ("/platform/access-grants", "Ada asked on the phone why her booking is missing.");
    people.send(1, Method::POST, path, ask(why, 60)).await.problem(404, "not-found");
    let wrong =
        people.send(6, Method::POST, path, ask("too short   a reason", 241)).await.problem(422, "invalid");
    assert_eq!(wrong["errors"].as_array().unwrap().len(), 2);
    let mut nobody = ask(why, 60);
    nobody["patient_id"] = json!(Uuid::from_u128(9));
    people.send(6, Method::POST, path, nobody).await.problem(404, "not-found");
    let grant = people.send(6, Method::POST, path, ask(why, 240)).await.ok(201);
    assert_eq!(grant["expires_at"], "2026-11-22T04:00:00Z");
    let shown = people.send(1, Method::GET, "/me/access-grants", Value::Null).await.ok(200);
    assert_eq!(shown["items"], json!([grant]));
    assert_eq!(
        people.send(2, Method::GET, "/me/access-grants", Value::Null).await.ok(200)["items"],
        json!([])
    );
    let told: Value = sqlx::query_scalar("select body from users.outbox where name = 'access_granted'")
        .fetch_one(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(told["account_id"], json!(account(6)));
    assert!(told.get("reason").is_none());
    let logged: (Option<Uuid>, Option<Uuid>) =
        sqlx::query_as("select access_grant_id, whose from users.audit_entry where action = 'grant_access' and outcome = 'allowed'")
            .fetch_one(&mut people.world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(json!(logged), json!([grant["access_grant_id"], patient]));
}

#[tokio::test]
async fn practices_names_are_learned_from_their_roles() {
    use kernel::outbox::Envelope;
    use shared_types::{Zone, providers::RoleFact};
    let people = People::new().await;
    let service = people.world.start().await.unwrap();
    let role = |name: &str, told: &str| Envelope {
        event_id: people.world.core.id(),
        producer: "providers".to_owned(),
        name: "practitioner_role_changed".to_owned(),
        version: 1,
        aggregate: "practitioner_role".to_owned(),
        aggregate_id: "1".to_owned(),
        aggregate_version: 1,
        occurred_at: told.parse().unwrap(),
        request_id: None,
        body: serde_json::to_value(RoleFact {
            practitioner_role_id: Uuid::from_u128(1).into(),
            resource_id: Uuid::from_u128(2).into(),
            organization_id: Some(PRACTICE.into()),
            slug: "kim-lee".to_owned(),
            name: "Kim Lee".to_owned(),
            profession_name: None,
            discreet: false,
            organization_name: Some(name.to_owned()),
            phone: None,
            address: String::new(),
            point: None,
            time_zone: Zone::SYDNEY,
            state: "NSW".to_owned(),
            regions: Vec::new(),
            bookable: true,
            unlisted: None,
        })
        .unwrap(),
    };
    for event in [role("New name", "2026-11-22T02:00:00Z"), role("Old name", "2026-11-22T01:00:00Z")] {
        kernel::inbox::receive(&people.world.core, &*service.subscriber, &event).await.unwrap();
    }
    let name: String = sqlx::query_scalar("select name from users.organization")
        .fetch_one(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(name, "New name");
}
