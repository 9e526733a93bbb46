//! C-14: who asks to be erased is, in every service, but for what the law keeps; and that is tied to no account any more.

use hellomapper_tests::{Person, Running, mail, until, until_true};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::users::{Erasure, ErasureAsked};
use sqlx::AssertSqlSafe;

use crate::{
    schema::{is_listed, tables},
    somebody::Somebody,
};

/// Tables that may still name the account or the patient afterwards, each an id that leads to nobody.
const STILL_NAMED: &[(&str, &str)] = &[
    ("*.audit_entry", "Who did what, for seven years"),
    ("*.consent_receipt", "Proof of what was agreed to, for seven years"),
    ("*.revocation", "Ends their tokens, for ten minutes"),
    ("bookings.mistake_request", "Who asked and who agreed, as long as the practice's record"),
    ("payments.consent_withdrawal", "Proof of what was withdrawn, as long as the receipt"),
    ("payments.verification", "Who of a practice asked Medicare, for seven years"),
    ("users.access_grant", "Why our staff might look, for seven years"),
    ("users.account", "That there was one, for seven years"),
    ("users.consent_withdrawal", "Proof of what was withdrawn, as long as the receipt"),
    ("users.erasure", "The register itself"),
    ("users.idempotency", "That it was asked for, for a day"),
    ("users.key_leaf", "Nothing can be taken out of the key directory"),
    ("users.sealed_note", "Part of the practice's record"),
    ("users.staff_certificate", "As long as what was written with it"),
];

#[tokio::test]
async fn every_service_erases_and_says_what_it_keeps() {
    let running = Running::without_pages().await;
    let (ada, bo) = (Somebody::insert(&running, 1).await, Somebody::insert(&running, 2).await);
    let browser = ada.browser(&running).await;
    let asked =
        browser.send(Method::POST, "/api/v1/users/me/erasure", Some(&json!({"email": ada.email()}))).await;
    let asked: ErasureAsked = asked.expect(202);
    let receipt = json!({"receipt": asked.receipt});
    let stranger = Person::new(&running.settings.public_url);
    let erasure = until("every service to answer", || async {
        let reply = stranger.send(Method::POST, "/api/v1/users/erasures/find", Some(&receipt)).await;
        let erasure: Erasure = reply.expect(200);
        erasure.waiting.is_empty().then_some(erasure)
    })
    .await;
    let services: Vec<_> = erasure.answers.iter().map(|answer| answer.service.as_str()).collect();
    assert_eq!(services, ["bookings", "notifications", "payments", "providers", "users"]);
    for answer in &erasure.answers {
        assert!(answer.kept.iter().any(|kept| kept.what.starts_with("Who looked")), "{answer:?}");
    }
    running.quiet().await;

    let left = named(&running, ada).await;
    assert!(left.is_empty(), "still named in {left:?}");
    let kept = named(&running, bo).await;
    assert!(kept.contains(&"bookings.appointment_party".to_owned()), "nobody else is touched: {kept:?}");
    let mut admin = running.database.administrator().await;
    let record: String =
        sqlx::query_scalar("select name from bookings.appointment_party where booking_id = $1")
            .bind(ada.booking())
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(record, "Person 1", "the practice keeps its record");
    let name = "select count(*) from users.patient where name like 'Changed 1'";
    let details: i64 = sqlx::query_scalar(name).fetch_one(&mut admin).await.unwrap();
    assert_eq!(details, 0);

    until_true("the token to be dead everywhere", || async {
        let reply = browser.send(Method::GET, "/api/v1/bookings/me/export", None::<&Value>).await;
        reply.status.as_u16() == 401
    })
    .await;
    let letter = mail::arrives(&running, "Your account is closed").await;
    assert!(letter.header("To").contains(&ada.email()));
}

/// Every table outside the list above that names the account, the patient or the address.
async fn named(running: &Running, of: Somebody) -> Vec<String> {
    let mut admin = running.database.administrator().await;
    let mut found = Vec::new();
    for ((schema, table), _) in tables(&mut admin).await {
        if is_listed(STILL_NAMED, &schema, &table) {
            continue;
        }
        let email = match (schema.as_str(), table.as_str()) {
            // The practice's record says how to reach who comes.
            ("bookings", "appointment_party") => String::new(),
            _ => format!("or line like '%{}%'", of.email()),
        };
        let statement = format!(
            "select exists(select from (select held::text as line from {schema}.{table} held) held \
             where line like '%{}%' or line like '%{}%' {email})",
            of.account(),
            of.patient(),
        );
        if sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut admin).await.unwrap() {
            found.push(format!("{schema}.{table}"));
        }
    }
    found
}
