//! What came of a claim: for the location that lodged it, and for six months. Each asks under an id of its own.

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use crate::{
    Answer, Refusal, Simulator, access,
    submit::text,
    world::{Lodged, Stage, World},
};

/// `POST /mcp/statusreport/v1`: whether a message arrived, by its id.
pub async fn status(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Answer {
    let by = access::admit(&simulator, &headers, "")?;
    let wanted = text(&asked, "/correlationId");
    use_up(&simulator, by.correlation_id);
    let world = simulator.world();
    // Another location's ids are nobody's here.
    let is_own = wanted.strip_prefix("urn:uuid:").is_some_and(|id| id.starts_with(by.location_id.as_str()));
    let claim_id = world.used.get(&wanted).filter(|_| is_own).cloned().flatten();
    Ok(Json(match claim_id {
        Some(claim_id) => json!({"status": "RECEIVED", "claimId": claim_id}),
        None => json!({"status": "NOT_FOUND"}),
    }))
}

/// `POST /mcp/bulkbillprocessingreport/v1`.
pub async fn processing(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Answer {
    report(&simulator, &headers, &asked, |_, claim, stage| match stage {
        Stage::Waiting => json!({"status": "REPORT_NOT_READY"}),
        Stage::Expired => json!({"status": "REPORT_EXPIRED"}),
        Stage::Manual | Stage::Assessed | Stage::Paid => assessment(claim, stage == Stage::Manual),
    })
}

/// `POST /mcp/bulkbillpaymentreport/v1`.
pub async fn payment(
    State(simulator): State<Simulator>,
    headers: HeaderMap,
    Json(asked): Json<Value>,
) -> Answer {
    report(&simulator, &headers, &asked, |world, claim, stage| match stage {
        Stage::Waiting | Stage::Manual | Stage::Assessed => json!({"status": "REPORT_NOT_READY"}),
        Stage::Expired => json!({"status": "REPORT_EXPIRED"}),
        Stage::Paid if claim.benefit_cents() == 0 => json!({"status": "REPORT_NOT_AVAILABLE"}),
        Stage::Paid => payment_run(world, claim),
    })
}

fn report(
    simulator: &Simulator,
    headers: &HeaderMap,
    asked: &Value,
    write: impl FnOnce(&World, &Lodged, Stage) -> Value,
) -> Answer {
    let by = access::admit(simulator, headers, "")?;
    let now = simulator.now();
    use_up(simulator, by.correlation_id);
    let world = simulator.world();
    let claim_id = text(asked, "/claimId");
    if claim_id.len() != 6 {
        return Err(Refusal::one("S102", "claimId"));
    }
    Ok(Json(match world.find(&by.location_id, &claim_id) {
        Some(claim) => write(&world, claim, claim.stage(now)),
        None => json!({"status": "REPORT_NOT_FOUND"}),
    }))
}

/// An id is good once, for questions too.
pub fn use_up(simulator: &Simulator, correlation_id: String) {
    simulator.world().used.insert(correlation_id, None);
    simulator.keep();
}

fn assessment(claim: &Lodged, is_manual: bool) -> Value {
    let services: Vec<Value> = claim
        .services
        .iter()
        .map(|service| {
            let code = if is_manual { Some("9601") } else { service.code.as_deref() };
            json!({
                "medicalEventId": service.event_id,
                "id": service.id,
                "itemNumber": service.item_number,
                "chargeAmount": service.charge_cents.to_string(),
                "benefitPaid": if is_manual { 0 } else { service.benefit_cents }.to_string(),
                "assessmentCode": code,
            })
        })
        .collect();
    json!({
        "status": "COMPLETE",
        "claimAssessment": {
            "claimId": claim.claim_id,
            "patientStatusCode": claim.patient_status,
            "service": services,
        },
    })
}

fn payment_run(world: &World, claim: &Lodged) -> Value {
    let run_date = claim.run_date();
    json!({
        "status": "COMPLETE",
        "paymentRun": {
            "runDate": run_date.to_string(),
            "runNumber": format!("{:03}", run_date.day_of_year()),
            "depositAmount": world.deposit_cents(&claim.location_id, run_date).to_string(),
            "accountNumber": "*****123",
        },
        "claimSummary": {
            "claimId": claim.claim_id,
            "chargeAmount": claim.charge_cents().to_string(),
            "benefitPaid": claim.benefit_cents().to_string(),
        },
    })
}
