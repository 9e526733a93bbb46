//! A claim as Medicare's channel reads it (bulk bill store-forward, version 1; fields and lengths in `data/claim_rules.csv`). It
//! prints nothing, since it names the patient and the card.

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};
use shared_types::payments::claim::{Referral, ServiceType};

use super::{Claim, Service};
use crate::domain::assignment::CardHolder;

/// The last part of the address, the card that it speaks of, and the body.
#[derive(Clone)]
pub struct ClaimMessage {
    /// `general`.
    pub path: &'static str,
    /// The card's number, which the headers name too.
    pub member_number: String,
    /// The body.
    pub body: Value,
}

impl ClaimMessage {
    /// Writes a claim. `assigned_on` is the day of the assignment, `made_at` when this message was first written down.
    pub fn new(
        claim: &Claim,
        services: &[Service],
        holder: &CardHolder,
        assigned_on: Date,
        made_at: Timestamp,
    ) -> Self {
        let service: Vec<Value> =
            services.iter().enumerate().map(|(place, service)| written(place + 1, service)).collect();
        let mut event = json!({
            "id": "01",
            "authorisationDate": assigned_on.to_string(),
            "createDateTime": made_at.to_string(),
            "medicalEventDate": claim.service_date.to_string(),
            "submissionAuthorityInd": "Y",
            "patient": patient(holder),
            "service": service,
        });
        if let Some(referral) = &claim.referral {
            event["referral"] = referred(referral);
        }
        if let Some(reason) = claim.referral_override {
            event["referralOverrideCode"] = reason.code().into();
        }
        let mut body = json!({
            "serviceTypeCode": claim.service_type.code(),
            "serviceProvider": {"providerNumber": claim.provider_number},
            "medicalEvent": [event],
        });
        if let Some(payee) = &claim.payee_provider_number {
            body["payeeProvider"] = json!({"providerNumber": payee});
        }
        let path = match claim.service_type {
            ServiceType::General => "general",
            ServiceType::Specialist => "specialist",
            ServiceType::Pathology => "pathology",
        };
        Self { path, member_number: number_of(holder).to_owned(), body: json!({"claim": body}) }
    }
}

/// The patient, with their card.
pub fn patient(holder: &CardHolder) -> Value {
    let (number, reference) = holder.medicare.expose().split_once('/').unwrap_or_default();
    let medicare = json!({"memberNumber": number, "memberRefNumber": reference});
    json!({"identity": identity(holder), "medicare": medicare})
}

/// The number of the card, without the reference of one person on it.
pub fn number_of(holder: &CardHolder) -> &str {
    holder.medicare.expose().split_once('/').unwrap_or_default().0
}

/// The patient's name and day of birth.
pub fn identity(holder: &CardHolder) -> Value {
    json!({
        "familyName": holder.family_name.expose(),
        "givenName": holder.given_name.expose(),
        "dateOfBirth": holder.date_of_birth.expose().to_string(),
    })
}

fn referred(referral: &Referral) -> Value {
    let mut written = json!({
        "issueDate": referral.issued_on.to_string(),
        "provider": {"providerNumber": referral.provider_number},
        "typeCode": referral.kind.code(),
    });
    // S is the usual length, N another, I none.
    if let Some(months) = referral.months {
        written["period"] = months.to_string().into();
        written["periodCode"] = "N".into();
    } else {
        written["periodCode"] = if referral.indefinite { "I" } else { "S" }.into();
    }
    written
}

fn written(place: usize, service: &Service) -> Value {
    let mut written = json!({
        "id": format!("{place:04}"),
        "itemNumber": service.item_number,
        "chargeAmount": service.charge_cents.0.to_string(),
    });
    if service.occurrence > 1 {
        written["duplicateServiceOverrideInd"] = "Y".into();
    }
    written
}
