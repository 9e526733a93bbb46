//! Everything that is logged while people search, book, manage, err and attack, and what must not be in it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock},
};

use hellomapper_tests::{Person, Running, mail};
use kernel::Clock;
use reqwest::{Method, header};
use serde_json::{Value, json};
use shared_types::{
    bookings::{AppointmentTypes, Audience, FreeTimes, Hold},
    providers::SearchReply,
    users::ConsentText,
};
use sqlx::Connection as _;
use tracing_subscriber::EnvFilter;

use crate::client;

/// The person who books.
const NAME: &str = "Zebulon Quarkwright";
const EMAIL: &str = "zebulon.quarkwright@example.org";
const BORN: &str = "1971-02-13";
const MOBILE: &str = "0491 570 006";
/// What somebody puts where it does not belong: the number of a test card, that of a Medicare card, a token, and words.
const CARD: &str = "4111111111111111";
const MEDICARE: &str = "2123456701";
const TOKEN: &str = "feedfacecafebeef0123456789abcdef";
const WORDS: &str = "xylophobia";

/// Ours to the last word, of others what a production logs.
const FILTER: &str = "info,kernel=trace,users=trace,providers=trace,bookings=trace,payments=trace,\
    notifications=trace,frontend=trace,hellomapper=trace,shared_types=trace,demo=trace,cluster=trace,security=trace";

/// All lines of this test program.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Begins to listen, once for the process.
    pub fn kept() -> Self {
        static KEPT: OnceLock<Lines> = OnceLock::new();
        KEPT.get_or_init(|| {
            let lines = Self::default();
            let writer = lines.clone();
            let builder = tracing_subscriber::fmt().json().with_env_filter(EnvFilter::new(FILTER));
            builder.with_writer(move || writer.clone()).init();
            lines
        })
        .clone()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// A text as it may turn up: as it is, in a URL, in small letters, without its spaces.
fn forms(planted: &str) -> Vec<String> {
    vec![
        planted.to_owned(),
        planted.to_lowercase(),
        planted.replace(' ', ""),
        planted.replace(' ', "+"),
        planted.replace(' ', "%20"),
        planted.replace('@', "%40"),
    ]
}

/// Which of the planted texts are in the log, with the line.
pub fn found(log: &str, planted: &[String]) -> Vec<String> {
    let held = |line: &&str| {
        let small = line.to_lowercase();
        planted.iter().flat_map(|text| forms(text)).any(|form| small.contains(&form.to_lowercase()))
    };
    log.lines().filter(held).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_log_holds_what_people_say_of_themselves() {
    let log = Lines::kept();
    let running = Running::without_bundle().await;
    let guest = Person::new(&running.settings.public_url);

    search(&guest).await;
    let hold = hold(&guest).await;
    err(&guest, &hold).await;
    let details = details(&guest, EMAIL).await;
    let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
    let booked: Value = guest.send(Method::POST, &path, Some(&details)).await.expect(200);
    let message = mail::arrives(&running, "Appointment confirmed").await;
    let link = message.manage_path(&running.settings.public_url);
    let token = link.trim_start_matches("/manage/").to_owned();
    manage(&running, &token).await;
    attack(&running).await;
    break_something(&running, &hold).await;
    running.quiet().await;

    // What is allowed in a log is found in it, in the line that a failure of ours leaves: the log is heard.
    let text = log.text();
    let failures = found(&text, &["request failed".to_owned()]);
    assert!(failures.iter().any(|line| line.contains("create_hold") || line.contains("/holds")), "{text}");
    tracing::info!(booking.id = %hold.booking_id, "a marker");
    assert_eq!(found(&log.text(), &["a marker".to_owned()]).len(), 1);
    assert!(!found(&log.text(), &[hold.booking_id.to_string()]).is_empty());

    // Lines that programs can read: one object each, with its time in UTC.
    for line in log.text().lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(entry["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        assert!(entry["level"].is_string() && entry["target"].is_string(), "{line}");
    }

    let mut planted: Vec<_> =
        [NAME, "Quarkwright", EMAIL, BORN, MOBILE, "+61491570006", CARD, MEDICARE, TOKEN, WORDS, &token]
            .map(str::to_owned)
            .into();
    planted.extend(guest.cookie_names().iter().filter_map(|name| guest.cookie(name)));
    let leaks = found(&log.text(), &planted);
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(!booked["appointment_id"].is_null());
}

async fn search(guest: &Person) {
    for path in [
        format!("/search?q={WORDS}+near+Sydney"),
        format!("/api/v1/providers/search?q={WORDS}&near={CARD}"),
        format!("/api/v1/providers/search?near=Sydney+NSW+2000&radius_m={WORDS}"),
        format!("/providers/{TOKEN}"),
        format!("/manage/{TOKEN}?name={}", NAME.replace(' ', "+")),
        format!("/{WORDS}/{CARD}"),
    ] {
        guest.send(Method::GET, &path, None::<&Value>).await;
    }
}

/// Takes a free time of somebody in Sydney.
async fn hold(guest: &Person) -> Hold {
    let wanted = free_time(guest).await;
    guest.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await.expect(201)
}

/// What one sends to take a free time of somebody in Sydney.
pub async fn free_time(guest: &Person) -> Value {
    let path = "/api/v1/providers/search?near=Sydney+NSW+2000&radius_m=50000&new_patients=true&order=soonest";
    let reply: SearchReply = guest.get(path).await;
    let found = reply.items.iter().find(|item| item.bookable && !item.next_free.is_empty()).unwrap();
    let role = found.practitioner_role_id;
    let types: AppointmentTypes =
        guest.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
    let of = types.items.iter().find(|of| of.audience != Audience::Existing).unwrap();
    let today = types.role.time_zone.date(Clock::System.now());
    let until = today.saturating_add(jiff::Span::new().days(27));
    let path = format!(
        "/api/v1/bookings/roles/{role}/free-times?appointment_type={}&from={today}&to={until}",
        of.appointment_type_id
    );
    let times: FreeTimes = guest.get(&path).await;
    json!({
        "practitioner_role_id": role,
        "appointment_type_id": of.appointment_type_id,
        "start": times.starts.last().unwrap(),
    })
}

/// Who comes.
pub async fn details(guest: &Person, email: &str) -> Value {
    let text: ConsentText = guest.get("/api/v1/bookings/consent-texts/booking-collection").await;
    json!({
        "name": NAME,
        "date_of_birth": BORN,
        "email": email,
        "mobile": MOBILE,
        "consent": {"text": text.text, "version": text.version},
    })
}

/// Details that are nearly right, or in the wrong place.
async fn err(guest: &Person, hold: &Hold) {
    let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
    let mut wrong = details(guest, "zebulon.quarkwright@@example.org").await;
    let refused = guest.send(Method::POST, &path, Some(&wrong)).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    for (field, value) in [
        ("date_of_birth", json!(format!("{BORN}T{NAME}"))),
        ("mobile", json!(CARD)),
        ("name", json!({"full": NAME, "medicare": MEDICARE})),
    ] {
        wrong[field] = value;
        let refused = guest.send(Method::POST, &path, Some(&wrong)).await;
        assert!(refused.status.is_client_error(), "{}", refused.body);
        assert!(!refused.body.contains(CARD) && !refused.body.contains(NAME), "{}", refused.body);
    }
}

/// The link with wrong proofs and the right one.
async fn manage(running: &Running, token: &str) {
    let elsewhere = Person::new(&running.settings.public_url);
    let open = "/api/v1/bookings/manage/open";
    for (token, proof, opens) in [
        (TOKEN, json!({"date_of_birth": BORN}), false),
        (token, json!({"date_of_birth": "1970-01-01"}), false),
        (token, json!({"code": "123456"}), false),
        (token, json!({"date_of_birth": format!("{BORN} {NAME}")}), false),
        (token, json!({"date_of_birth": BORN}), true),
    ] {
        let link = json!({"token": token, "proof": proof});
        let reply = elsewhere.send(Method::POST, open, Some(&link)).await;
        assert_eq!(reply.status.is_success(), opens, "{}", reply.body);
        assert!(opens || reply.status.is_client_error(), "{}", reply.body);
    }
    elsewhere.send(Method::POST, "/api/v1/bookings/manage/codes", Some(&json!({"token": token}))).await;
}

/// Bodies that are no JSON, and secrets in every header that one is known for.
async fn attack(running: &Running) {
    let all = format!("{NAME} {EMAIL} {BORN} {MOBILE} {CARD} {MEDICARE} {TOKEN}");
    for body in [format!("{{\"party\": {{\"name\": \"{all}"), format!("[\"{all}\", {CARD}]"), all.clone()] {
        for kind in ["application/json", "text/plain", &format!("application/{TOKEN}")] {
            let request = client()
                .post(running.url("/api/v1/bookings/holds"))
                .header(header::CONTENT_TYPE, kind)
                .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
                .header(
                    header::COOKIE,
                    format!("__Host-guest={TOKEN}; __Host-session={TOKEN}.{TOKEN}.{TOKEN}"),
                )
                .header(header::REFERER, format!("https://elsewhere.example/?q={WORDS}"))
                .header(header::USER_AGENT, &all)
                .header("x-forwarded-for", TOKEN)
                .header("x-request-id", TOKEN)
                .header("traceparent", TOKEN)
                .header("idempotency-key", TOKEN)
                .body(body.clone());
            let reply = request.send().await.unwrap();
            assert!(reply.status().is_client_error(), "{}", reply.status());
            let told = reply.text().await.unwrap();
            assert!(!told.contains(CARD) && !told.contains(TOKEN) && !told.contains(EMAIL), "{told}");
        }
    }
    for host in [TOKEN, "evil.test"] {
        client().get(running.url(&format!("/{WORDS}"))).header(header::HOST, host).send().await.unwrap();
    }
}

/// A table is gone when somebody asks: our failure, logged once, and nobody's words with it.
async fn break_something(running: &Running, hold: &Hold) {
    let mut admin = running.database.administrator().await;
    let rename = |from: &str, to: &str| format!("alter table bookings.{from} rename to {to}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(rename("hold", "hold_gone"))).execute(&mut admin).await.unwrap();
    let other = Person::new(&running.settings.public_url);
    let wanted = json!({
        "practitioner_role_id": hold.role.practitioner_role_id,
        "appointment_type_id": hold.appointment_type.appointment_type_id,
        "start": hold.start,
        "note": format!("{NAME} {CARD}"),
    });
    let reply = other.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await;
    assert_eq!(reply.status.as_u16(), 500, "{}", reply.body);
    assert!(!reply.body.contains("hold_gone") && !reply.body.contains("relation"), "{}", reply.body);
    sqlx::raw_sql(sqlx::AssertSqlSafe(rename("hold_gone", "hold"))).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}
