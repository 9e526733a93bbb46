//! Everything that is logged while somebody opens an account, signs in, says who they are, gives their cards, errs and
//! signs out, and what must not be in it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hellomapper_tests::{Person, Running, mail, until};
use reqwest::{Method, header};
use serde_json::{Value, json};

use super::{
    client,
    logs::{Lines, found},
};

const NAME: &str = "Ottoline Featherstonehaugh";
const CALLED: &str = "Tottiepuss";
const EMAIL: &str = "ottoline.featherstonehaugh@example.org";
const BORN: &str = "1968-11-30";
const MOBILE: &str = "0491 571 491";
/// It never leaves a browser; here it stands where it does not belong.
const PASSWORD: &str = "violet herons juggle lanterns";
/// A vendor's test card.
const MEDICARE: &str = "4951525561";
const VETERAN: &str = "TX900359";
const CONCESSION: &str = "123456789A";

/// What a browser would make of a password: 32 times the same byte.
fn auth_key(byte: u8) -> String {
    URL_SAFE_NO_PAD.encode([byte; 32])
}

fn kdf(byte: u8) -> Value {
    json!({"salt": URL_SAFE_NO_PAD.encode([byte; 16]), "memory_kib": 65_536, "passes": 3, "lanes": 1})
}

async fn post(person: &Person, path: &str, body: Value) -> (u16, Value) {
    let reply = person.send(Method::POST, path, Some(&body)).await;
    (reply.status.as_u16(), serde_json::from_str(&reply.body).unwrap_or(Value::Null))
}

/// The version of a text that a service has people agree to, once it knows it.
async fn consent(person: &Person, service: &str, text: &str) -> Value {
    let path = format!("/api/v1/{service}/consent-texts/{text}");
    let found = until("a text to agree to", || async {
        let reply = person.send(Method::GET, &path, None::<&Value>).await;
        (reply.status == 200).then_some(reply.body)
    })
    .await;
    let read: Value = serde_json::from_str(&found).unwrap();
    json!({"text": read["text"], "version": read["version"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_holds_what_an_account_is_opened_and_kept_with() {
    let log = Lines::kept();
    let running = Running::without_bundle().await;
    let person = Person::new(&running.settings.public_url);
    let mut planted: Vec<String> = [
        NAME,
        "Featherstonehaugh",
        CALLED,
        EMAIL,
        BORN,
        MOBILE,
        "+61491571491",
        PASSWORD,
        MEDICARE,
        VETERAN,
        CONCESSION,
    ]
    .map(str::to_owned)
    .into();
    planted.extend([0xA7, 0xB8, 0xC9].map(auth_key));

    planted.extend(open_account(&running, &person).await);
    sign_in(&person).await;
    let patient_id = say_who(&person).await;
    give_cards(&person, &patient_id).await;
    planted.extend(prove_more(&person).await);
    attack(&running, &patient_id).await;
    break_something(&running, &person).await;
    planted.extend(person.cookie_names().iter().filter_map(|name| person.cookie(name)));
    assert_eq!(post(&person, "/api/v1/users/sign-out", Value::Null).await.0, 204);
    running.quiet().await;

    // The log is heard: our own failure is in it.
    let text = log.text();
    assert!(
        found(&text, &["request failed".to_owned()]).iter().any(|line| line.contains("/me/patient")),
        "{text}"
    );
    planted.retain(|text| text.len() > 5);
    let leaks = found(&text, &planted);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

/// Signs up, wrongly and rightly. Gives the secret of the link.
async fn open_account(running: &Running, person: &Person) -> Option<String> {
    let consent = consent(person, "users", "account-collection").await;
    let body = json!({"email": EMAIL, "kdf": kdf(1), "auth_key": auth_key(0xA7), "consent": consent});
    for (field, value) in [
        ("email", json!(format!("{EMAIL}@{NAME}"))),
        ("auth_key", json!(PASSWORD)),
        ("kdf", json!({"salt": PASSWORD, "memory_kib": 65_536, "passes": 3, "lanes": 1})),
        ("consent", json!({"text": NAME, "version": MEDICARE})),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let (status, told) = post(person, "/api/v1/users/accounts", wrong).await;
        assert!((400..500).contains(&status), "{told}");
        assert!(!told.to_string().contains(PASSWORD) && !told.to_string().contains(NAME), "{told}");
    }
    assert_eq!(post(person, "/api/v1/users/accounts", body).await.0, 202);
    let letter = mail::arrives(running, "Confirm your e-mail").await;
    let link = letter.path_with_secret(&running.settings.public_url, "/account/verify");
    let secret = link.split_once('#').map(|(_, secret)| secret.to_owned());
    let verify = "/api/v1/users/email/verify";
    assert_eq!(post(person, verify, json!({"token": format!("{EMAIL}{PASSWORD}")})).await.0, 410);
    assert_eq!(post(person, verify, json!({"token": secret})).await.0, 204);
    secret
}

async fn sign_in(person: &Person) {
    post(person, "/api/v1/users/sign-in/start", json!({"email": EMAIL})).await;
    let with = |key| json!({"email": EMAIL, "auth_key": key});
    assert_eq!(post(person, "/api/v1/users/sign-in", with(auth_key(0xB8))).await.0, 403);
    assert_eq!(post(person, "/api/v1/users/sign-in", with(PASSWORD.to_owned())).await.0, 422);
    assert_eq!(post(person, "/api/v1/users/sign-in", with(auth_key(0xA7))).await.0, 200);
    until("the services to know the key", || async {
        let reply = person.send(Method::GET, "/api/v1/users/me", None::<&Value>).await;
        (reply.status == 200).then_some(())
    })
    .await;
}

/// Gives a profile. Tokens from before it say too little, so a new one is fetched.
async fn say_who(person: &Person) -> String {
    let body = json!({
        "name": NAME,
        "preferred_name": CALLED,
        "date_of_birth": BORN,
        "language": "en",
        "access_needs": ["step_free"],
        "mobile": MOBILE,
        "contact_by": ["email"],
        "version": 0,
        "consent": consent(person, "users", "patient-details").await,
    });
    let mut wrong = body.clone();
    wrong["date_of_birth"] = json!(format!("{BORN} {NAME}"));
    let path = "/api/v1/users/me/patient";
    assert!(person.send(Method::PUT, path, Some(&wrong)).await.status.is_client_error());
    let kept: Value = person.send(Method::PUT, path, Some(&body)).await.expect(200);
    assert_eq!(post(person, "/api/v1/users/refresh", Value::Null).await.0, 200);
    kept["patient_id"].as_str().unwrap().to_owned()
}

async fn give_cards(person: &Person, patient_id: &str) {
    let path = format!("/api/v1/payments/me/coverage/{patient_id}");
    until("payments to know the token", || async {
        let reply = person.send(Method::GET, &path, None::<&Value>).await;
        (reply.status == 200).then_some(())
    })
    .await;
    let mut body = json!({
        "medicare": {"number": MEDICARE, "irn": "1"},
        "dva_file_number": VETERAN,
        "concession": {"kind": "health_care", "number": CONCESSION},
        "version": 0,
        "consent": consent(person, "payments", "medicare-collection").await,
    });
    let kept = person.send(Method::PUT, &path, Some(&body)).await;
    assert_eq!(kept.status.as_u16(), 200, "{}", kept.body);
    body["version"] = json!(1);
    body["medicare"]["number"] = json!(format!("{MEDICARE}0"));
    body["dva_file_number"] = json!(format!("{VETERAN} {NAME}"));
    let refused = person.send(Method::PUT, &path, Some(&body)).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    assert!(!refused.body.contains(MEDICARE) && !refused.body.contains(VETERAN), "{}", refused.body);
}

/// An authenticator app and another password. Gives the app's secret.
async fn prove_more(person: &Person) -> Vec<String> {
    let (status, started) = post(person, "/api/v1/users/totp/start", Value::Null).await;
    assert_eq!(status, 200, "{started}");
    post(person, "/api/v1/users/totp/confirm", json!({"code": PASSWORD})).await;
    let change = |current| json!({"current_auth_key": current, "kdf": kdf(2), "auth_key": auth_key(0xC9)});
    let path = "/api/v1/users/password/change";
    assert_eq!(post(person, path, change(auth_key(0xB8))).await.0, 403);
    assert_eq!(post(person, path, change(auth_key(0xA7))).await.0, 204);
    ["secret", "uri"].iter().filter_map(|part| started[part].as_str().map(str::to_owned)).collect()
}

/// Bodies that are no JSON and paths that lead nowhere, with everything in them.
async fn attack(running: &Running, patient_id: &str) {
    let all = format!("{NAME} {EMAIL} {BORN} {MOBILE} {PASSWORD} {MEDICARE} {VETERAN} {}", auth_key(0xA7));
    for path in [
        "/api/v1/users/accounts".to_owned(),
        "/api/v1/users/sign-in".to_owned(),
        "/api/v1/users/password/reset".to_owned(),
        "/api/v1/users/invitations/accept".to_owned(),
        format!("/api/v1/payments/me/coverage/{patient_id}"),
    ] {
        for body in [format!("{{\"email\": \"{all}"), format!("[\"{all}\"]"), all.clone()] {
            let request = client()
                .post(
                    running.url(&format!("{path}?email={EMAIL}&medicare={MEDICARE}&key={}", auth_key(0xA7))),
                )
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::AUTHORIZATION, format!("Basic {}", auth_key(0xA7)))
                .header(header::USER_AGENT, &all)
                .body(body);
            let reply = request.send().await.unwrap();
            assert!(reply.status().is_client_error(), "{path}: {}", reply.status());
            let told = reply.text().await.unwrap();
            assert!(!told.contains(MEDICARE) && !told.contains(EMAIL) && !told.contains(PASSWORD), "{told}");
        }
    }
    for path in [
        format!("/api/v1/users/breached-passwords/{}", PASSWORD.replace(' ', "%20")),
        format!("/account/verify?email={EMAIL}"),
        format!("/api/v1/payments/me/coverage/{MEDICARE}"),
    ] {
        client().get(running.url(&path)).send().await.unwrap();
    }
}

/// A table is gone when somebody asks for their own record.
async fn break_something(running: &Running, person: &Person) {
    let mut admin = running.database.administrator().await;
    sqlx::query("alter table users.patient rename to patient_gone").execute(&mut admin).await.unwrap();
    let reply = person.send(Method::GET, "/api/v1/users/me/patient", None::<&Value>).await;
    assert_eq!(reply.status.as_u16(), 500, "{}", reply.body);
    assert!(!reply.body.contains("patient_gone") && !reply.body.contains(NAME), "{}", reply.body);
    sqlx::query("alter table users.patient_gone rename to patient").execute(&mut admin).await.unwrap();
}
