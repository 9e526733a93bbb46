//! A claim's life by the simulator's clock, through its addresses.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use claims_simulator::{Simulator, codes::card_for, router};
use http_body_util::BodyExt as _;
use kernel::{Chance, Clock};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::file;

/// Made once: it takes a moment.
static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

struct World {
    simulator: Simulator,
    clock: Clock,
    /// How far its own clock was moved on, in seconds.
    moved: i64,
    token: String,
    sent: u64,
}

impl World {
    async fn new() -> Self {
        let clock = Clock::manual("2026-11-26T00:00:00Z".parse().unwrap());
        let simulator = Simulator::new(clock.clone(), Chance::seeded(1));
        let mut world = Self { simulator, clock, moved: 0, token: String::new(), sent: 0 };
        let key = STANDARD.encode(KEY.public_key());
        world.post("/simulator/devices", &json!({"name": "desk", "public_key": key})).await;
        world.sign_in().await;
        world
    }

    async fn sign_in(&mut self) {
        let (status, reply) = self.ask_for_token(&assertion("desk", self.now())).await;
        assert_eq!(status, StatusCode::OK);
        self.token = reply["access_token"].as_str().unwrap().to_owned();
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second() + self.moved
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = router(self.simulator.clone()).oneshot(request).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn ask_for_token(&self, assertion: &str) -> (StatusCode, Value) {
        let form =
            format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let request = Request::post("/token").header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// A message under an id of its own.
    async fn ask(&mut self, path: &str, subject: &str, body: &Value) -> (StatusCode, Value) {
        self.sent += 1;
        let id = format!("urn:uuid:AAA00000{:016x}", self.sent);
        self.ask_as("AAA00000", &id, path, subject, body).await
    }

    async fn ask_as(
        &self,
        location: &str,
        id: &str,
        path: &str,
        subject: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .header("x-ibm-client-id", "client")
            .header("dhs-auditid", location)
            .header("dhs-auditidtype", "Location Id")
            .header("dhs-subjectid", subject)
            .header("dhs-subjectidtype", "Medicare Card")
            .header("dhs-messageid", "urn:uuid:00000000-0000-4000-8000-000000000001")
            .header("dhs-correlationid", id)
            .header("dhs-productid", "HelloMapper 1.0");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn lodge(&mut self, card: &str) -> (StatusCode, Value) {
        self.ask("/mcp/bulkbillstoreforward/general/v1", card, &claim(card)).await
    }

    /// Moves the clock on. Tokens last an hour: whoever asks afterwards has a new one.
    async fn advance_hours(&mut self, hours: i64) {
        self.post("/simulator/clock", &json!({"advance_seconds": hours * 3_600})).await;
        self.moved += hours * 3_600;
        self.sign_in().await;
    }
}

fn assertion(device: &str, now: i64) -> String {
    let header = URL_SAFE_NO_PAD.encode(json!({"alg": "RS256", "kid": device}).to_string());
    let claims = json!({"iss": "1234567890", "sub": device, "aud": "proda", "iat": now, "exp": now + 300});
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn claim(card: &str) -> Value {
    let mut claim = file::claim('O', 1, 1, u64::MAX);
    claim["claim"]["medicalEvent"][0]["patient"]["medicare"]["memberNumber"] = json!(card);
    claim["claim"]["medicalEvent"][0]["service"][0]["chargeAmount"] = json!("4390");
    claim
}

fn codes(reply: &Value) -> Vec<&str> {
    reply["serviceMessage"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn reports_come_late_and_a_claim_is_paid_to_the_cent() {
    let mut world = World::new().await;
    let (status, reply) = world.lodge("2123456701").await;
    assert_eq!((status, &reply["claimId"]), (StatusCode::OK, &json!("A0001@")));
    let asked = json!({"claimId": "A0001@"});
    let (_, early) = world.ask("/mcp/bulkbillprocessingreport/v1", "", &asked).await;
    assert_eq!(early["status"], "REPORT_NOT_READY");
    world.advance_hours(24).await;
    let (_, assessed) = world.ask("/mcp/bulkbillprocessingreport/v1", "", &asked).await;
    assert_eq!(assessed["claimAssessment"]["service"][0]["benefitPaid"], "4390", "{assessed}");
    let (_, early) = world.ask("/mcp/bulkbillpaymentreport/v1", "", &asked).await;
    assert_eq!(early["status"], "REPORT_NOT_READY");
    world.advance_hours(24).await;
    let (_, paid) = world.ask("/mcp/bulkbillpaymentreport/v1", "", &asked).await;
    assert_eq!(paid["claimSummary"]["benefitPaid"], "4390");
    assert_eq!(paid["paymentRun"]["depositAmount"], "4390");
    // Nobody else's, and not for ever.
    let (id, path) = ("urn:uuid:BBB000000000000000000001", "/mcp/bulkbillpaymentreport/v1");
    let (_, other) = world.ask_as("BBB00000", id, path, "", &asked).await;
    assert_eq!(other["status"], "REPORT_NOT_FOUND");
    world.advance_hours(24 * 183).await;
    assert_eq!(world.ask(path, "", &asked).await.1["status"], "REPORT_EXPIRED");
    world.post("/simulator/clock", &json!({"advance_seconds": 3_601})).await;
    assert_eq!(world.ask(path, "", &asked).await.0, StatusCode::UNAUTHORIZED, "the token has ended");
}

#[tokio::test]
async fn what_is_taken_back_out_of_a_run_lowers_its_deposit_and_says_no_more() {
    let mut world = World::new().await;
    world.lodge("2123456701").await;
    for (location, day, cents, status) in [
        ("AAA00000", "2026-11-28", 755, StatusCode::NO_CONTENT),
        ("AAA00000", "2026-11-29", 100, StatusCode::NO_CONTENT),
        ("BBB00000", "2026-11-28", 100, StatusCode::NO_CONTENT),
        ("AAA00000", "2026-11-28", 0, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let offset = json!({"location_id": location, "run_date": day, "cents": cents});
        assert_eq!(world.post("/simulator/offsets", &offset).await.0, status, "{offset}");
    }
    world.advance_hours(48).await;
    let (_, paid) = world.ask("/mcp/bulkbillpaymentreport/v1", "", &json!({"claimId": "A0001@"})).await;
    assert_eq!(paid["paymentRun"]["depositAmount"], "3635", "{paid}");
    assert_eq!(paid["claimSummary"]["benefitPaid"], "4390");
}

#[tokio::test]
async fn an_id_is_taken_once_and_a_service_is_paid_once() {
    let mut world = World::new().await;
    let card = "2123456701";
    let path = "/mcp/bulkbillstoreforward/general/v1";
    let id = "urn:uuid:AAA00000ffffffffffffffff";
    let (status, _) = world.ask_as("AAA00000", id, path, card, &claim(card)).await;
    assert_eq!(status, StatusCode::OK);
    let (status, reply) = world.ask_as("AAA00000", id, path, card, &claim(card)).await;
    assert_eq!((status, codes(&reply)), (StatusCode::BAD_REQUEST, vec!["9777"]));
    let (_, again) = world.lodge(card).await;
    assert_eq!(again["claimId"], "A0002@");
    let claims: Vec<_> = world.simulator.world().lodged().to_vec();
    assert_eq!(claims[1].services[0].code.as_deref(), Some("162"));
    assert_eq!((claims[0].benefit_cents(), claims[1].benefit_cents()), (4_390, 0));
}

#[tokio::test]
async fn whether_a_message_arrived_is_known_by_its_id() {
    let mut world = World::new().await;
    let path = "/mcp/bulkbillstoreforward/general/v1";
    let card = "2123456701";
    let (lost, taken) = ("urn:uuid:AAA00000fffffffffffffff1", "urn:uuid:AAA00000fffffffffffffff2");
    world.post("/simulator/faults", &json!(["lost", "answer_lost", "hidden"])).await;
    for id in [lost, taken] {
        let (status, _) = world.ask_as("AAA00000", id, path, card, &claim(card)).await;
        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
    }
    let (_, reply) = world.lodge(card).await;
    assert_eq!(codes(&reply), ["3004"]);
    let (_, report) = world.ask("/mcp/statusreport/v1", "", &json!({"correlationId": lost})).await;
    assert_eq!(report["status"], "NOT_FOUND");
    let (_, report) = world.ask("/mcp/statusreport/v1", "", &json!({"correlationId": taken})).await;
    assert_eq!(report["claimId"], "A0001@");
    assert_eq!(world.simulator.world().lodged().len(), 2);
}

#[tokio::test]
async fn each_code_of_a_claim_is_had_on_demand() {
    let mut world = World::new().await;
    for code in ["9607", "9624", "9628", "9630", "9632", "9635", "9641"] {
        let (status, reply) = world.lodge(&card_for(code).unwrap()).await;
        assert_eq!((status, codes(&reply)), (StatusCode::BAD_REQUEST, vec![code]));
    }
    for code in
        ["106", "111", "117", "120", "129", "137", "160", "162", "250", "252", "267", "378", "606", "609"]
    {
        world.lodge(&card_for(code).unwrap()).await;
        let claim = world.simulator.world().lodged().last().cloned().unwrap();
        assert_eq!((claim.services[0].code.as_deref(), claim.benefit_cents()), (Some(code), 0));
    }
    world.lodge(&card_for("255").unwrap()).await;
    let claim = world.simulator.world().lodged().last().cloned().unwrap();
    assert_eq!((claim.services[0].code.as_deref(), claim.benefit_cents()), (Some("255"), 4_395));
}

#[tokio::test]
async fn each_code_of_a_verification_is_had_on_demand() {
    let mut world = World::new().await;
    for code in ["0", "8015", "8016", "8017", "8018", "8019", "8020", "8021", "9633", "9649", "9650", "9675"]
    {
        let card = card_for(code).unwrap();
        let body = json!({"patient": {
            "identity": {"familyName": "Example", "givenName": "Ada", "dateOfBirth": "1980-01-01"},
            "medicare": {"memberNumber": card, "memberRefNumber": "1"},
        }});
        for path in ["/mcp/patientverification/medicare/v1", "/mcp/concessionverification/v1"] {
            let (_, reply) = world.ask(path, &card, &body).await;
            assert_eq!(reply["medicareStatus"]["status"]["code"], code);
        }
    }
}

#[tokio::test]
async fn nothing_is_told_without_a_token_and_whole_headers() {
    let mut world = World::new().await;
    let card = "2123456701";
    let (status, _) = world.ask("/mcp/bulkbillstoreforward/general/v1", "2952631861", &claim(card)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "the header speaks of another card");
    let (id, path) = ("urn:uuid:BBB000000000000000000001", "/mcp/bulkbillpaymentreport/v1");
    let (_, reply) = world.ask_as("AAA00000", id, path, "", &json!({"claimId": "A0001@"})).await;
    assert_eq!(codes(&reply), ["S120"], "the id is another location's");
    world.token.clear();
    let (status, _) = world.lodge(card).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_is_for_a_known_device_that_signed_just_now() {
    let world = World::new().await;
    for (device, at) in [("other", world.now()), ("desk", world.now() - 601), ("desk", world.now() + 3_600)] {
        let (status, _) = world.ask_for_token(&assertion(device, at)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{device} at {at}");
    }
    let good = assertion("desk", world.now());
    let forged = format!("{}.{}", good.rsplit_once('.').unwrap().0, URL_SAFE_NO_PAD.encode([0; 256]));
    assert_eq!(world.ask_for_token(&forged).await.0, StatusCode::BAD_REQUEST);
}
