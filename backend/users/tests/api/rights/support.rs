use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::PlatformRole;
use uuid::Uuid;

use crate::people::People;

#[tokio::test]
async fn support_sees_a_patients_details_by_a_stated_reason_and_for_its_time_only() {
    let people = People::new().await;
    for (email, role) in
        [("p5@example.org", PlatformRole::Support), ("p6@example.org", PlatformRole::Administrator)]
    {
        users::name_platform_staff(&people.world.core, email, &[role]).await.unwrap();
    }
    people.world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    let patient = people.patient(1, "1980-02-29").await;
    let path = format!("/platform/patients/{patient}");
    people.send(5, Method::GET, &path, Value::Null).await.problem(404, "not-found");
    let reason = json!({"patient_id": patient, "category": "person_asked", "minutes": 60,
        "reason": "Ada asked on the phone why her name is wrong."});
    let grant = people.send(5, Method::POST, "/platform/access-grants", reason).await.ok(201);
    let seen = people.send(5, Method::GET, &path, Value::Null).await.ok(200);
    assert_eq!((&seen["name"], &seen["patient_id"]), (&json!("Ada Nguyen"), &json!(patient)));
    // The reason is support's who stated it, and lasts an hour.
    people.send(6, Method::GET, &path, Value::Null).await.problem(404, "not-found");
    people.send(1, Method::GET, &path, Value::Null).await.problem(404, "not-found");
    people.world.core.clock.advance(jiff::SignedDuration::from_hours(1));
    people.send(5, Method::GET, &path, Value::Null).await.problem(404, "not-found");

    let looks: Vec<(String, Option<Uuid>, Option<Uuid>)> = sqlx::query_as(
        "select outcome, access_grant_id, whose from users.audit_entry \
         where action = 'find_patient_by_grant' and purpose = 'support' order by ctid",
    )
    .fetch_all(&mut people.world.database.administrator().await)
    .await
    .unwrap();
    let denied = || ("denied".to_owned(), None, Some(patient.0));
    let id = grant["access_grant_id"].as_str().unwrap().parse().unwrap();
    let allowed = ("allowed".to_owned(), Some(id), Some(patient.0));
    assert_eq!(looks, [denied(), allowed, denied(), denied()]);
}

#[tokio::test]
async fn a_stated_reason_is_listed_while_it_stands_and_ended_by_whoever_stated_it() {
    let people = People::new().await;
    for email in ["p5@example.org", "p6@example.org"] {
        users::name_platform_staff(&people.world.core, email, &[PlatformRole::Support]).await.unwrap();
    }
    people.world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    let patient = people.patient(1, "1980-02-29").await;
    let (path, look) = ("/platform/access-grants", format!("/platform/patients/{patient}"));
    let reason = |minutes: u16| {
        json!({"patient_id": patient, "category": "person_asked", "minutes": minutes,
            "reason": "Ada asked on the phone why her name is wrong."})
    };
    let long = people.send(5, Method::POST, path, reason(60)).await.ok(201);
    let short = people.send(5, Method::POST, path, reason(10)).await.ok(201);
    let listed = people.send(5, Method::GET, path, Value::Null).await.ok(200);
    assert_eq!(listed["items"], json!([short, long]), "what ends first comes first");
    assert_eq!(people.send(6, Method::GET, path, Value::Null).await.ok(200)["items"], json!([]));

    let end = |grant: &Value| format!("{path}/{}", grant["access_grant_id"].as_str().unwrap());
    people.world.core.clock.advance(jiff::SignedDuration::from_secs(1));
    people.send(6, Method::DELETE, &end(&long), Value::Null).await.problem(404, "not-found");
    people.send(5, Method::DELETE, &end(&short), Value::Null).await.ok(204);
    people.send(5, Method::DELETE, &end(&short), Value::Null).await.problem(404, "not-found");
    people.send(5, Method::GET, &look, Value::Null).await.ok(200);
    people.world.core.clock.advance(jiff::SignedDuration::from_mins(5));
    people.send(5, Method::DELETE, &end(&long), Value::Null).await.ok(204);
    people.send(5, Method::GET, &look, Value::Null).await.problem(404, "not-found");

    // The person reads when it ended, and the other services are told.
    let shown = people.send(1, Method::GET, "/me/access-grants", Value::Null).await.ok(200);
    let ended = json!(people.world.core.now());
    assert!(shown["items"].as_array().unwrap().iter().any(|grant| grant["expires_at"] == ended), "{shown}");
    let told: Vec<Value> = sqlx::query_scalar(
        "select body from users.outbox where name = 'access_granted' and aggregate_version = 2 order by position",
    )
    .fetch_all(&people.world.core.pool)
    .await
    .unwrap();
    assert_eq!((told.len(), &told[1]["expires_at"]), (2, &ended));
}
