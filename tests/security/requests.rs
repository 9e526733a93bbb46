//! What requests hold beyond what they are for: more fields than they have, and the same one twice.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hellomapper_tests::{Person, Running, member, running::count};
use reqwest::{Method, header};
use serde_json::{Value, json};
use shared_types::users::Kdf;

use crate::{
    client,
    logs::{details, free_time},
};

/// An id that nothing here has.
const FOREIGN: &str = "018f0000-0000-7000-8000-00000000f00d";

/// The same with fields that would decide about rights, money and time, if a request had them.
fn with_more(mut body: Value) -> Value {
    for (name, value) in [
        ("account_id", json!(FOREIGN)),
        ("booking_id", json!(FOREIGN)),
        ("organization_id", json!(FOREIGN)),
        ("status", json!("completed")),
        ("role", json!("administrator")),
        ("roles", json!(["owner"])),
        ("platform", json!(["administrator"])),
        ("memberships", json!([{"organization_id": FOREIGN, "roles": ["owner"]}])),
        ("email_verified_at", json!("2026-01-01T00:00:00Z")),
        ("expires_at", json!("2099-01-01T00:00:00Z")),
        ("price_cents", json!(1)),
        ("quote", json!({"fee_cents": 1})),
    ] {
        assert!(body.get(name).is_none(), "{name} is a field");
        body[name] = value;
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_a_request_does_not_have_set_nothing() {
    let running = Running::without_bundle().await;
    let mut admin = running.database.administrator().await;
    let guest = Person::new(&running.settings.public_url);

    let wanted = with_more(free_time(&guest).await);
    let held: Value = guest.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await.expect(201);
    assert_ne!(held["booking_id"], FOREIGN);
    assert_ne!(held["quote"]["fee_cents"], 1);
    assert_ne!(held["expires_at"], wanted["expires_at"]);

    let wanted = with_more(details(&guest, "guest@example.org").await);
    let path = format!("/api/v1/bookings/holds/{}/confirm", held["hold_id"].as_str().unwrap());
    let booked: Value = guest.send(Method::POST, &path, Some(&wanted)).await.expect(200);
    assert_eq!(booked["status"], "confirmed");
    let booking = held["booking_id"].as_str().unwrap();
    let guests = format!("bookings.appointment_party where booking_id = '{booking}' and account_id is null");
    assert_eq!(count(&mut admin, &guests).await, 1);

    let (memory_kib, passes, lanes) = Kdf::USUAL_COST;
    let wanted = json!({
        "email": "ada@example.org",
        "kdf": {
            "salt": URL_SAFE_NO_PAD.encode([7; 16]), "memory_kib": memory_kib, "passes": passes, "lanes": lanes,
        },
        "auth_key": URL_SAFE_NO_PAD.encode([0xA7; 32]),
        "consent": member::consent(&guest, "users", "account-collection").await,
    });
    member::post(&guest, "/api/v1/users/accounts", &with_more(wanted), 202).await;
    // Nobody proved the address yet.
    for table in ["users.account", "users.membership", "users.platform_staff"] {
        assert_eq!(count(&mut admin, table).await, 0, "{table}");
    }
    assert_eq!(count(&mut admin, &format!("users.sign_up where account_id <> '{FOREIGN}'")).await, 1);

    let bo = member::open(&running, "bo@example.org").await;
    let wanted = json!({
        "name": "Bo Example",
        "date_of_birth": "1971-02-13",
        "language": "en",
        "version": 0,
        "consent": member::consent(&bo, "users", "patient-details").await,
    });
    let reply = bo.send(Method::PUT, "/api/v1/users/me/patient", Some(&with_more(wanted))).await;
    assert!(reply.status.is_success(), "{}", reply.body);
    assert_eq!(count(&mut admin, &format!("users.patient where account_id <> '{FOREIGN}'")).await, 1);
    for table in ["users.membership", "users.platform_staff"] {
        assert_eq!(count(&mut admin, table).await, 0, "{table}");
    }
}

/// Whom a search finds, in order.
async fn found(guest: &Person, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/providers/search?{query}&radius_m=50000");
    let reply: Value = guest.get(&path).await;
    let items = reply["items"].as_array().unwrap();
    items.iter().map(|item| item["practitioner_role_id"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_twice_or_in_another_place_confuses_nothing() {
    let running = Running::without_bundle().await;
    let guest = Person::new(&running.settings.public_url);

    // A query that is read by type has each parameter once.
    for path in [
        "/api/v1/providers/places?q=Sydney&q=Perth".to_owned(),
        format!(
            "/api/v1/bookings/roles/{FOREIGN}/free-times?appointment_type={FOREIGN}&appointment_type={FOREIGN}"
        ),
    ] {
        let reply = guest.send(Method::GET, &path, None::<&Value>).await;
        assert_eq!(reply.status.as_u16(), 400, "{path}: {}", reply.body);
    }

    // In a search, whose address people write by hand, the last one counts.
    let (sydney, perth) = ("near=Sydney+NSW+2000", "near=Perth+WA+6000");
    let both = [found(&guest, sydney).await, found(&guest, perth).await];
    assert_ne!(both[0], both[1]);
    assert_eq!(found(&guest, &format!("{perth}&{sydney}")).await, both[0]);
    assert_eq!(found(&guest, &format!("{sydney}&{perth}")).await, both[1]);

    // A body has each field once, and what a body has to say is not read from the query, from a header or from a cookie.
    let ids = format!("\"practitioner_role_id\": \"{FOREIGN}\", \"appointment_type_id\": \"{FOREIGN}\"");
    let (now, then) = ("\"start\": \"2099-01-01T00:00:00Z\"", "\"start\": \"2099-01-02T00:00:00Z\"");
    for body in [format!("{{{ids}, {now}, {then}}}"), format!("{{{ids}}}")] {
        let reply = client()
            .post(running.url("/api/v1/bookings/holds?start=2099-01-01T00:00:00Z"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", FOREIGN)
            .header("start", "2099-01-01T00:00:00Z")
            .header(header::COOKIE, "start=2099-01-01T00:00:00Z")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status().as_u16(), 422, "{body}");
    }
}
