//! Tokens for devices that sign, and the headers of each message.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::{
    Form, Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use crate::{Refusal, Simulator};

/// How long a token is good.
const TOKEN_SECONDS: i64 = 3_600;
/// How old an assertion may be at most, and how long good.
const ASSERTION_SECONDS: i64 = 600;
/// The grant of RFC 7523.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A device asks for a token.
#[derive(Deserialize)]
pub struct TokenRequest {
    grant_type: String,
    assertion: String,
}

/// The assertion's first part.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

/// The assertion's second part.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    iat: i64,
    exp: i64,
}

/// Gives a token for an assertion that a device's key signed.
pub async fn token(State(simulator): State<Simulator>, Form(request): Form<TokenRequest>) -> Response {
    let now = simulator.now();
    if request.grant_type != GRANT || !is_good(&simulator, &request.assertion, now) {
        let body = json!({"error": "invalid_grant", "error_description": "the assertion is not good"});
        return (StatusCode::BAD_REQUEST, Json(body)).into_response();
    }
    let token = hex::encode(simulator.chance.bytes::<16>());
    let until = now + SignedDuration::from_secs(TOKEN_SECONDS);
    simulator.world().tokens.insert(token.clone(), until);
    simulator.keep();
    Json(json!({"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})).into_response()
}

fn is_good(simulator: &Simulator, assertion: &str, now: Timestamp) -> bool {
    let Some((signed, signature)) = assertion.rsplit_once('.') else { return false };
    let Some((header, claims)) = signed.split_once('.') else { return false };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let header = decoded(header).and_then(|text| serde_json::from_slice::<Header>(&text).ok());
    let claims = decoded(claims).and_then(|text| serde_json::from_slice::<Claims>(&text).ok());
    let (Some(header), Some(claims), Some(signature)) = (header, claims, decoded(signature)) else {
        return false;
    };
    let key = simulator.world().devices.get(&header.kid).and_then(|key| STANDARD.decode(key).ok());
    let Some(key) = key else { return false };
    let is_signed = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(signed.as_bytes(), &signature)
        .is_ok();
    let (now, age) = (now.as_second(), now.as_second() - claims.iat);
    let is_fresh = (-60..=ASSERTION_SECONDS).contains(&age)
        && now < claims.exp
        && claims.exp - claims.iat <= ASSERTION_SECONDS;
    header.alg == "RS256" && claims.sub == header.kid && !claims.iss.is_empty() && is_signed && is_fresh
}

/// What the headers of a message say.
pub struct Asked {
    /// Who asks.
    pub location_id: String,
    /// Under which id.
    pub correlation_id: String,
}

/// Reads the headers of a message about a card, and takes its id, which is good once.
///
/// # Errors
/// 401 without a good token; S120 for a header that is missing or has another form; 9777 for an id that was taken before.
pub fn admit(simulator: &Simulator, headers: &HeaderMap, subject: &str) -> Result<Asked, Refusal> {
    let now = simulator.now();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = text("authorization").strip_prefix("Bearer ").unwrap_or_default();
    if simulator.world().tokens.get(token).is_none_or(|until| *until <= now) {
        return Err(Refusal::Unauthorised);
    }
    let location_id = text("dhs-auditid").to_owned();
    let correlation_id = text("dhs-correlationid").to_owned();
    let wrong = |name: &str| Err(Refusal::one("S120", name));
    if text("x-ibm-client-id").is_empty() {
        return wrong("X-IBM-Client-Id");
    }
    if location_id.len() != 8
        || !location_id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return wrong("dhs-auditId");
    }
    if text("dhs-auditidtype") != "Location Id" {
        return wrong("dhs-auditIdType");
    }
    if text("dhs-subjectid") != subject || text("dhs-subjectidtype").is_empty() {
        return wrong("dhs-subjectId");
    }
    if text("dhs-messageid").strip_prefix("urn:uuid:").is_none_or(|id| id.len() != 36) {
        return wrong("dhs-messageId");
    }
    if text("dhs-productid").is_empty() {
        return wrong("dhs-productId");
    }
    let id = correlation_id.strip_prefix("urn:uuid:").and_then(|id| id.strip_prefix(location_id.as_str()));
    let is_hex =
        |id: &str| id.len() == 16 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !id.is_some_and(is_hex) {
        return wrong("dhs-correlationId");
    }
    if simulator.world().used.contains_key(&correlation_id) {
        return Err(Refusal::one("9777", "this id was used before"));
    }
    Ok(Asked { location_id, correlation_id })
}
