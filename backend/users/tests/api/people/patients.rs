use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::AddressStatement;
use uuid::Uuid;

use super::{People, account, details, in_a_year};

fn child(born: &str) -> Value {
    let mut body = details(born, 0);
    body["kind"] = json!("child");
    body["statement"] = json!({"text": "parent-statement", "version": 1});
    body
}

async fn add_child(people: &People, born: &str) -> Value {
    people.send(1, Method::POST, "/me/dependants", child(born)).await.ok(201)
}

#[tokio::test]
async fn details_are_given_with_consent_and_changed_as_last_seen() {
    let people = People::new().await;
    assert_eq!(people.send(1, Method::GET, "/me/patient", Value::Null).await.ok(200), Value::Null);
    let mut unread = details("1980-02-29", 0);
    unread["consent"] = Value::Null;
    people.send(1, Method::PUT, "/me/patient", unread).await.problem(422, "invalid");
    let patient = people.patient(1, "1980-02-29").await;
    assert!(people.tokens_ended(1).await);
    let seen = people.send(1, Method::GET, "/me/patient", Value::Null).await.ok(200);
    assert_eq!((&seen["version"], &seen["access_needs"]), (&json!(1), &json!(["step_free"])));
    let mut changed = details("1980-02-29", 1);
    changed["preferred_name"] = json!("Addie");
    assert_eq!(people.send(1, Method::PUT, "/me/patient", changed).await.ok(200)["version"], 2);
    people.send(1, Method::PUT, "/me/patient", details("1980-02-29", 1)).await.problem(409, "stale-version");
    let held = people.send(1, Method::GET, "/me/consents", Value::Null).await.ok(200);
    assert_eq!(
        (&held["items"][0]["text"], &held["items"][0]["withdrawable"]),
        (&json!("patient-details"), &json!(false))
    );
    let whose: Vec<_> = people.audited().await.into_iter().map(|(_, whose)| whose).collect();
    // The first reading found nobody yet.
    let own = Some(patient.0);
    assert_eq!(whose, [None, own, own, own, own]);
}

#[tokio::test]
async fn another_name_or_number_is_told_with_the_one_before_and_nothing_else_is() {
    let people = People::new().await;
    let patient = people.patient(1, "1980-02-29").await;
    let mut changed = details("1980-02-29", 1);
    changed["language"] = json!("yue");
    people.send(1, Method::PUT, "/me/patient", changed.clone()).await.ok(200);
    changed["version"] = json!(2);
    changed["name"] = json!("Ada Tran");
    changed["mobile"] = json!("0491 570 006");
    people.send(1, Method::PUT, "/me/patient", changed).await.ok(200);
    let told: Vec<Value> =
        sqlx::query_scalar("select body from users.outbox where name = 'own_details_changed'")
            .fetch_all(&people.world.core.pool)
            .await
            .unwrap();
    assert_eq!(
        told,
        [json!({
            "account_id": account(1),
            "patient_id": patient,
            "was": {"name": "Ada Nguyen", "preferred_name": null, "email": "p1@example.org", "mobile": null},
            "is": {"name": "Ada Tran", "preferred_name": null, "email": "p1@example.org", "mobile": "+61491570006"},
        })]
    );
}

#[tokio::test]
async fn nobody_below_fifteen_has_an_own_account() {
    let people = People::new().await;
    // 14 years and 364 days, then 15, on 22 November 2026.
    people.send(1, Method::PUT, "/me/patient", details("2011-11-23", 0)).await.problem(422, "invalid");
    people.send(1, Method::PUT, "/me/patient", details("2011-11-22", 0)).await.ok(200);
}

#[tokio::test]
async fn a_child_is_added_by_a_parents_statement_and_somebody_older_is_not() {
    let people = People::new().await;
    let mut unstated = child("2020-03-10");
    unstated["statement"]["version"] = json!(2);
    people.send(1, Method::POST, "/me/dependants", unstated).await.problem(422, "invalid");
    people.send(1, Method::POST, "/me/dependants", child("2011-11-22")).await.problem(422, "invalid");
    let added = add_child(&people, "2020-03-10").await;
    assert_eq!((&added["basis"], &added["expires_at"]), (&json!("parent"), &json!("2038-03-09T13:00:00Z")));
    assert!(people.tokens_ended(1).await);
    let list = people.send(1, Method::GET, "/me/dependants", Value::Null).await.ok(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(people.send(2, Method::GET, "/me/dependants", Value::Null).await.ok(200)["items"], json!([]));
    let path = format!("/me/dependants/{}", added["patient"]["patient_id"].as_str().unwrap());
    people.send(1, Method::PUT, &path, details("2020-03-11", 1)).await.ok(200);
    people.send(2, Method::PUT, &path, details("2020-03-11", 2)).await.problem(404, "not-found");
    people.send(2, Method::DELETE, &path, Value::Null).await.problem(404, "not-found");
    people.send(1, Method::DELETE, &path, Value::Null).await.ok(204);
    people.send(1, Method::PUT, &path, details("2020-03-11", 2)).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_parents_access_ends_by_itself_at_eighteen() {
    let people = People::new().await;
    add_child(&people, "2012-11-23").await;
    let job = people.jobs.iter().find(|job| job.name == "users.end_delegations").unwrap();
    let clock = &people.world.core.clock;
    let birthday: jiff::Timestamp = "2030-11-22T13:00:00Z".parse().unwrap();
    clock.advance(birthday.duration_since(people.world.core.now()) - jiff::SignedDuration::from_secs(1));
    assert_eq!(job.run_once().await.unwrap(), 0, "17 years and 364 days");
    sqlx::query("delete from users.outbox").execute(&people.world.core.pool).await.unwrap();
    sqlx::query("delete from users.revocation").execute(&people.world.core.pool).await.unwrap();
    clock.advance(jiff::SignedDuration::from_secs(1));
    assert_eq!(job.run_once().await.unwrap(), 1);
    assert!(people.tokens_ended(1).await);
    assert!(people.claims(1).await.acts_for.is_empty());
    assert_eq!(job.run_once().await.unwrap(), 0);
}

#[tokio::test]
async fn a_teenager_takes_over_their_record_and_shuts_a_parent_out() {
    let people = People::new().await;
    let added = add_child(&people, "2011-11-24").await;
    let patient = added["patient"]["patient_id"].as_str().unwrap().to_owned();
    let invite = format!("/me/dependants/{patient}/account-invitations");
    let email = json!({"email": "p2@example.org"});
    people.send(1, Method::POST, &invite, email.clone()).await.problem(422, "invalid");
    people.world.core.clock.advance(jiff::SignedDuration::from_hours(72));
    people.send(1, Method::POST, &invite, email).await.ok(202);
    people.accept(1).await.problem(422, "invalid");
    people.accept(2).await.ok(200);
    people.accept(3).await.problem(404, "not-found");
    assert_eq!(people.claims(2).await.patient_id.map(|id| id.to_string()), Some(patient.clone()));
    // Now their birthday is theirs.
    let path = format!("/me/dependants/{patient}");
    people.send(1, Method::PUT, &path, details("2011-11-25", 2)).await.problem(422, "invalid");
    let list = people.send(2, Method::GET, "/me/delegations", Value::Null).await.ok(200);
    assert_eq!(list["items"][0]["mine_to_use"], false);
    let end = format!("/me/delegations/{}", list["items"][0]["delegation_id"].as_str().unwrap());
    people.send(3, Method::DELETE, &end, Value::Null).await.problem(404, "not-found");
    people.send(2, Method::DELETE, &end, Value::Null).await.ok(204);
    assert!(people.claims(1).await.acts_for.is_empty());
    people.send(1, Method::PUT, &path, details("2011-11-24", 2)).await.problem(404, "not-found");
    let told: Value = sqlx::query_scalar("select body from users.outbox where name = 'leave_ended'")
        .fetch_one(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(told["own"]["email"], "p2@example.org", "they are written to instead");
}

#[tokio::test]
async fn a_carer_acts_once_they_accept_and_until_either_side_ends_it() {
    let people = People::new().await;
    let patient = people.patient(1, "1980-02-29").await;
    people.patient(2, "1990-01-01").await;
    let ask = |scopes: Value, expires_at: &str| json!({"email": "P2@example.org", "scopes": scopes, "expires_at": expires_at});
    let path = "/me/delegations";
    people.send(1, Method::POST, path, ask(json!([]), in_a_year())).await.problem(422, "invalid");
    people
        .send(1, Method::POST, path, ask(json!(["details"]), "2028-11-23T00:00:00Z"))
        .await
        .problem(422, "invalid");
    people.send(1, Method::POST, path, ask(json!(["details", "payments"]), in_a_year())).await.ok(202);
    let letter = people.letters().await.pop().unwrap();
    assert_eq!((&letter["kind"], &letter["email"]), (&json!("carer"), &json!("p2@example.org")));
    let stored: Vec<u8> = sqlx::query_scalar("select token_hash from users.invitation")
        .fetch_one(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!(stored, kernel::chance::hash_secret(letter["token"].as_str().unwrap()));
    people.accept(2).await.ok(200);
    people.accept(2).await.problem(404, "not-found");
    assert!(people.tokens_ended(2).await);
    for (number, mine) in [(1, false), (2, true)] {
        let list = people.send(number, Method::GET, path, Value::Null).await.ok(200);
        assert_eq!(
            (&list["items"][0]["mine_to_use"], &list["items"][0]["basis"]),
            (&json!(mine), &json!("consent"))
        );
    }
    let change = format!("/me/dependants/{patient}");
    people.send(2, Method::PUT, &change, details("1980-02-29", 1)).await.ok(200);
    let acted: (Option<Uuid>, Option<Uuid>) =
        sqlx::query_as("select on_behalf_of, whose from users.audit_entry where action = 'put_dependant'")
            .fetch_one(&mut people.world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(acted, (Some(patient.0), Some(patient.0)));
    let list = people.send(2, Method::GET, path, Value::Null).await.ok(200);
    let end = format!("{path}/{}", list["items"][0]["delegation_id"].as_str().unwrap());
    people.send(2, Method::DELETE, &end, Value::Null).await.ok(204);
    people.send(1, Method::DELETE, &end, Value::Null).await.problem(404, "not-found");
}

#[tokio::test]
async fn an_adult_is_asked_and_nothing_happens_before_they_agree() {
    let people = People::new().await;
    people.patient(2, "1950-01-01").await;
    let ask = json!({"kind": "adult", "email": "p2@example.org", "scopes": ["appointments"], "expires_at": in_a_year()});
    people.send(1, Method::POST, "/me/dependants", ask).await.ok(202);
    assert_eq!(people.send(1, Method::GET, "/me/dependants", Value::Null).await.ok(200)["items"], json!([]));
    people.accept(3).await.problem(422, "invalid");
    people.accept(2).await.ok(200);
    let list = people.send(1, Method::GET, "/me/dependants", Value::Null).await.ok(200);
    assert_eq!(
        (&list["items"][0]["scopes"], &list["items"][0]["has_account"]),
        (&json!(["appointments"]), &json!(true))
    );
    assert!(people.tokens_ended(1).await);
}

#[tokio::test]
async fn a_letter_runs_out_and_nobody_sends_too_many() {
    let people = People::new().await;
    people.patient(1, "1980-02-29").await;
    let ask = |number: u32| json!({"email": format!("x{number}@example.org"), "scopes": ["details"], "expires_at": in_a_year()});
    for number in 0..20 {
        people.send(1, Method::POST, "/me/delegations", ask(number)).await.ok(202);
    }
    people.send(1, Method::POST, "/me/delegations", ask(20)).await.problem(429, "rate-limited");
    people.world.core.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    people.accept(2).await.problem(404, "not-found");
    people.send(1, Method::POST, "/me/delegations", ask(20)).await.ok(202);
}

#[tokio::test]
async fn only_what_stands_by_itself_can_be_withdrawn() {
    let people = People::new().await;
    let path = |text: &str| format!("/me/consents/{text}/withdraw");
    people.send(1, Method::POST, &path("medicare-collection"), Value::Null).await.problem(404, "not-found");
    let patient = people.patient(1, "1980-02-29").await;
    people.send(1, Method::POST, &path("patient-details"), Value::Null).await.problem(422, "invalid");
    people.send(1, Method::POST, &path("medicare-collection"), Value::Null).await.ok(204);
    let told: Value = sqlx::query_scalar("select body from users.outbox where name = 'consent_withdrawn'")
        .fetch_one(&people.world.core.pool)
        .await
        .unwrap();
    assert_eq!((&told["patient_id"], &told["text"]), (&json!(patient), &json!("medicare-collection")));
}

#[tokio::test]
async fn a_ticket_states_the_verified_address_and_the_date_of_birth() {
    let people = People::new().await;
    people.send(1, Method::POST, "/me/claim-tickets", Value::Null).await.problem(422, "invalid");
    people.patient(1, "1980-02-29").await;
    let ticket = people.send(1, Method::POST, "/me/claim-tickets", Value::Null).await.ok(200);
    let core = &people.world.core;
    let mut conn = core.pool.acquire().await.unwrap();
    let text = ticket["ticket"].as_str().unwrap();
    let kind = shared_types::users::ClaimStatement::KIND;
    let statement = kernel::ticket::open::<shared_types::users::ClaimStatement>(
        &mut conn,
        "users",
        kind,
        text,
        core.now(),
    )
    .await
    .unwrap()
    .unwrap();
    assert_eq!(statement.account_id.0, account(1));
    assert_eq!(statement.email.expose(), "p1@example.org");
    assert_eq!(statement.date_of_birth.expose().to_string(), "1980-02-29");
}

#[tokio::test]
async fn how_somebody_wants_to_be_reminded_is_told_with_every_change() {
    let people = People::new().await;
    let patient = people.patient(1, "1980-02-29").await;
    let mut changed = details("1980-02-29", 1);
    changed["contact_by"] = json!(["sms"]);
    changed["mobile"] = json!("0491 570 006");
    people.send(1, Method::PUT, "/me/patient", changed).await.ok(200);
    people.send(1, Method::PUT, "/me/patient", details("1980-02-29", 1)).await.problem(409, "stale-version");
    let child = add_child(&people, "2020-03-10").await["patient"].clone();
    let told: Vec<Value> = sqlx::query_scalar(
        "select body from users.outbox where name = 'patient_contact_changed' order by position",
    )
    .fetch_all(&people.world.core.pool)
    .await
    .unwrap();
    let whose: Vec<_> = told.iter().map(|one| (one["patient_id"].clone(), one["version"].clone())).collect();
    assert_eq!(
        whose,
        [(json!(patient), json!(1)), (json!(patient), json!(2)), (child["patient_id"].clone(), json!(1))]
    );
    assert_eq!((&told[1]["contact_by"], &told[1]["mobile"]), (&json!(["sms"]), &json!("+61491570006")));
    assert!(told.iter().all(|one| !one.to_string().contains("Ada")), "nothing else is told: {told:?}");
}

#[tokio::test]
async fn a_ticket_states_the_verified_address_and_nothing_else_also_of_who_gave_no_details() {
    let people = People::new().await;
    let reply = people.send(1, Method::POST, "/me/address-tickets", Value::Null).await.ok(200);
    let core = &people.world.core;
    let mut conn = core.pool.acquire().await.unwrap();
    let (text, kind) = (reply["ticket"].as_str().unwrap(), AddressStatement::KIND);
    let statement =
        kernel::ticket::open::<Value>(&mut conn, "users", kind, text, core.now()).await.unwrap().unwrap();
    assert_eq!(statement, json!({"account_id": account(1), "email": "p1@example.org"}));
    assert_eq!(people.audited().await, [("create_address_ticket".to_owned(), None::<Uuid>)]);
}
