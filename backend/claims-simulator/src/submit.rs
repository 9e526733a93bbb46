//! Takes claims.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};

use crate::{
    Answer, Refusal, Simulator,
    access::{self, Asked},
    checks,
    codes::Effect,
    rules::{self, Kind},
    world::{Fault, Lodged, Service},
};

/// `POST /mcp/bulkbillstoreforward/{kind}/v1`.
pub async fn submit(
    State(simulator): State<Simulator>,
    Path(kind): Path<String>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> Answer {
    let kind = Kind::from_path(&kind).ok_or(Refusal::Gateway(StatusCode::NOT_FOUND))?;
    let first = message.pointer("/claim/medicalEvent/0/patient/medicare/memberNumber");
    let card = first.and_then(Value::as_str).unwrap_or_default().to_owned();
    let fault = simulator.world().faults.pop_front();
    if fault == Some(Fault::Lost) {
        simulator.keep();
        return Err(Refusal::Gateway(StatusCode::GATEWAY_TIMEOUT));
    }
    let asked = access::admit(&simulator, &headers, &card)?;
    let found = rules::check(&message, kind, checks::day(simulator.now()));
    let (effect, refused) = (Effect::of_card(&card), fault.clone());
    let outcome = match (found.is_empty(), refused, &effect) {
        (false, _, _) => Err(Refusal::Messages(found)),
        (true, Some(Fault::Refused(code)), _) => Err(refusal(&code)),
        (true, _, Effect::Refused(code)) => Err(refusal(code)),
        (true, _, _) => Ok(take(&simulator, &asked, &message, &effect)),
    };
    // Whatever was answered: the id was used.
    let claim_id = outcome.as_ref().ok().cloned();
    simulator.world().used.insert(asked.correlation_id, claim_id);
    simulator.keep();
    let claim_id = outcome?;
    if fault == Some(Fault::AnswerLost) {
        return Err(Refusal::Gateway(StatusCode::GATEWAY_TIMEOUT));
    }
    if fault == Some(Fault::Hidden) || effect == Effect::Hidden {
        return Err(Refusal::one("3004", "the system had a fault"));
    }
    Ok(Json(json!({"claimId": claim_id, "status": "SUCCESS"})))
}

/// A code that was asked for by name.
fn refusal(code: &str) -> Refusal {
    Refusal::Messages(vec![rules::Finding { code: code.to_owned(), reason: "asked for".to_owned() }])
}

/// Takes a claim whose every rule is kept.
fn take(simulator: &Simulator, asked: &Asked, message: &Value, effect: &Effect) -> String {
    let now = simulator.now();
    let mut world = simulator.world();
    let claim_id = world.next_claim_id(&asked.location_id);
    let mut claim = Lodged {
        location_id: asked.location_id.clone(),
        claim_id: claim_id.clone(),
        correlation_id: asked.correlation_id.clone(),
        lodged_at: now,
        provider_number: text(message, "/claim/serviceProvider/providerNumber"),
        member_number: text(message, "/claim/medicalEvent/0/patient/medicare/memberNumber"),
        patient_status: match effect {
            Effect::PatientStatus(code) => Some(code.clone()),
            Effect::Paid
            | Effect::Verification(_)
            | Effect::Manual(_)
            | Effect::Hidden
            | Effect::Refused(_)
            | Effect::Rejected(_)
            | Effect::PaidMore(_) => None,
        },
        is_manual: matches!(effect, Effect::Manual(_)),
        services: Vec::new(),
    };
    for event in list(message, "/claim/medicalEvent") {
        for sent in list(event, "/service") {
            let Some(day) = checks::date(&text(event, "/medicalEventDate")) else { continue };
            let mut service = Service {
                event_id: text(event, "/id"),
                id: text(sent, "/id"),
                item_number: text(sent, "/itemNumber"),
                day,
                charge_cents: text(sent, "/chargeAmount").parse().unwrap_or_default(),
                benefit_cents: 0,
                code: None,
            };
            let is_override = text(sent, "/duplicateServiceOverrideInd") == "Y";
            let was_claimed = !is_override && world.was_claimed(&claim, &service);
            service.assess(effect, was_claimed);
            claim.services.push(service);
        }
    }
    world.claims.push(claim);
    claim_id
}

/// A text at a place, or none.
pub fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
