//! Reads what the channel answers. `None` for what is not of the shape that is known.

use serde::Deserialize;
use serde_json::Value;
use shared_types::AudCents;

use crate::domain::claim::{Assessment, PaymentRun, Report, ServiceAssessment};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    service_message: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assessed {
    claim_assessment: ClaimAssessment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClaimAssessment {
    patient_status_code: Option<String>,
    service: Vec<Service>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Service {
    id: String,
    item_number: String,
    benefit_paid: String,
    assessment_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paid {
    payment_run: Run,
    claim_summary: Summary,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    run_date: String,
    run_number: String,
    deposit_amount: String,
    account_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    benefit_paid: String,
}

/// The codes of a refusal.
pub fn codes(body: &[u8]) -> Option<Vec<String>> {
    let refusal: Refusal = serde_json::from_slice(body).ok()?;
    Some(refusal.service_message.into_iter().map(|message| message.code).collect())
}

/// The name of a claim that was taken: a letter, four digits, `@`.
pub fn claim_id(body: &[u8]) -> Option<String> {
    let id = text(body, "/claimId")?;
    let &[letter, ref digits @ .., at] = id.as_bytes() else { return None };
    let is_one = letter.is_ascii_uppercase() && digits.len() == 4 && digits.iter().all(u8::is_ascii_digit);
    (is_one && at == b'@').then_some(id)
}

/// Whether a message arrived, and under which name.
pub fn arrived(body: &[u8]) -> Option<Option<String>> {
    match text(body, "/status")?.as_str() {
        "RECEIVED" => claim_id(body).map(Some),
        "NOT_FOUND" => Some(None),
        _ => None,
    }
}

/// The code of an answer about a patient.
pub fn verification(body: &[u8]) -> Option<String> {
    text(body, "/medicareStatus/status/code")
}

/// A report, or where it is.
pub fn report<T>(body: &[u8], read: impl FnOnce(&[u8]) -> Option<T>) -> Option<Report<T>> {
    Some(match text(body, "/status")?.as_str() {
        "COMPLETE" => Report::Complete(read(body)?),
        "REPORT_NOT_READY" => Report::NotReady,
        "REPORT_NOT_FOUND" => Report::NotFound,
        "REPORT_EXPIRED" => Report::Expired,
        "REPORT_NOT_AVAILABLE" => Report::NotAvailable,
        _ => return None,
    })
}

/// How a claim was assessed.
pub fn assessment(body: &[u8]) -> Option<Assessment> {
    let assessed: Assessed = serde_json::from_slice(body).ok()?;
    let services = assessed.claim_assessment.service.into_iter().map(|service| {
        Some(ServiceAssessment {
            place: service.id.parse().ok()?,
            item_number: service.item_number,
            benefit_cents: cents(&service.benefit_paid)?,
            code: service.assessment_code.filter(|code| !code.is_empty()),
        })
    });
    Some(Assessment {
        services: services.collect::<Option<_>>()?,
        patient_status: assessed.claim_assessment.patient_status_code,
    })
}

/// How a claim was paid.
pub fn payment_run(body: &[u8]) -> Option<PaymentRun> {
    let paid: Paid = serde_json::from_slice(body).ok()?;
    Some(PaymentRun {
        run_date: paid.payment_run.run_date.parse().ok()?,
        run_number: paid.payment_run.run_number,
        deposit_cents: cents(&paid.payment_run.deposit_amount)?,
        masked_account: paid.payment_run.account_number,
        paid_cents: cents(&paid.claim_summary.benefit_paid)?,
    })
}

/// Whole cents as text: digits alone.
fn cents(text: &str) -> Option<AudCents> {
    let is_one = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok().map(AudCents)).flatten()
}

fn text(body: &[u8], pointer: &str) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{arrived, cents, claim_id, payment_run, report};
    use crate::domain::claim::Report;

    #[test]
    fn only_what_has_the_known_shape_is_read() {
        assert_eq!(claim_id(br#"{"claimId": "A0001@"}"#).as_deref(), Some("A0001@"));
        for wrong in
            [r#"{"claimId": "A001@"}"#, r#"{"claimId": "a0001@"}"#, r#"{"claimId": 1}"#, "{}", "<html>"]
        {
            assert_eq!(claim_id(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(arrived(br#"{"status": "NOT_FOUND"}"#), Some(None));
        assert_eq!(arrived(br#"{"status": "RECEIVED"}"#), None, "it arrived, and nobody says as what");
        assert_eq!(report(br#"{"status": "REPORT_EXPIRED"}"#, payment_run), Some(Report::Expired));
        assert_eq!(report(br#"{"status": "COMPLETE"}"#, payment_run), None);
    }

    #[test]
    fn amounts_are_whole_cents() {
        assert_eq!(cents("4390").map(|cents| cents.0), Some(4_390));
        for wrong in ["", "-1", "+1", "43.90", " 1", "9999999999999"] {
            assert_eq!(cents(wrong), None, "{wrong}");
        }
    }
}
