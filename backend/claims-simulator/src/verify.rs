//! What Medicare knows of a patient, a concession, a veteran.

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use crate::{Answer, Refusal, Simulator, access, checks, codes::Effect, reports::use_up, submit::text};

/// `POST /mcp/patientverification/medicare/v1`.
pub async fn medicare(state: State<Simulator>, headers: HeaderMap, body: Json<Value>) -> Answer {
    by_card(&state, &headers, &body)
}

/// `POST /mcp/concessionverification/v1`.
pub async fn concession(state: State<Simulator>, headers: HeaderMap, body: Json<Value>) -> Answer {
    by_card(&state, &headers, &body)
}

/// `POST /mcp/veteranverification/v1`.
pub async fn veteran(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Answer {
    let number = text(&body, "/patient/veteranMembership/veteranNumber");
    let by = access::admit(&simulator, &headers, &number)?;
    use_up(&simulator, by.correlation_id);
    if !(3..=9).contains(&number.len()) {
        return Err(Refusal::one("S102", "veteranNumber"));
    }
    require_identity(&body)?;
    Ok(answered("0"))
}

fn by_card(simulator: &Simulator, headers: &HeaderMap, body: &Value) -> Answer {
    let card = text(body, "/patient/medicare/memberNumber");
    let by = access::admit(simulator, headers, &card)?;
    use_up(simulator, by.correlation_id);
    if !checks::is_card_number(&card) {
        return Err(Refusal::one("S107", "memberNumber"));
    }
    let reference = text(body, "/patient/medicare/memberRefNumber");
    if reference.len() != 1 || !matches!(reference.as_bytes(), [b'1'..=b'9']) {
        return Err(Refusal::one("S104", "memberRefNumber"));
    }
    require_identity(body)?;
    Ok(match Effect::of_card(&card) {
        Effect::Verification(code) => answered(&code),
        Effect::Paid
        | Effect::PatientStatus(_)
        | Effect::Manual(_)
        | Effect::Hidden
        | Effect::Refused(_)
        | Effect::Rejected(_)
        | Effect::PaidMore(_) => answered("0"),
    })
}

fn require_identity(body: &Value) -> Result<(), Refusal> {
    for name in ["familyName", "givenName"] {
        if text(body, &format!("/patient/identity/{name}")).is_empty() {
            return Err(Refusal::one("S101", name));
        }
    }
    match checks::date(&text(body, "/patient/identity/dateOfBirth")) {
        Some(_) => Ok(()),
        None => Err(Refusal::one("S105", "dateOfBirth")),
    }
}

fn answered(code: &str) -> Json<Value> {
    Json(json!({"medicareStatus": {"status": {"code": code}}}))
}
