//! FHIR R4 (<https://hl7.org/fhir/R4/>, read 2026-11-26), as far as it is the same for whatever is below [`BASE`]: the media type,
//! and problems as operation outcomes. Which resources there are, the services know.

use serde::Serialize;
use serde_json::{Value, json};
use shared_types::Problem;

use crate::{MediaType, Reject, Written};

/// Where resources are, below the public address.
pub const BASE: &str = "/fhir";

/// A resource as JSON.
#[derive(Debug)]
pub struct FhirJson;

impl MediaType for FhirJson {
    const NAME: &'static str = "application/fhir+json";
}

/// A resource as a reply.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn written<T: Serialize>(resource: &T) -> Result<Written<FhirJson>, Reject> {
    let body = serde_json::to_vec(resource).map_err(|error| Reject::internal(&error))?;
    Ok(Written::new(body))
}

/// Whether FHIR is spoken at a path.
pub fn is_spoken_at(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A problem as an `OperationOutcome`: one issue for it, one for each field that is wrong, and one that tells other times.
pub fn outcome(problem: &Problem) -> Value {
    let severity = if problem.status >= 500 { "fatal" } else { "error" };
    let mut first = json!({
        "severity": severity,
        "code": issue_type(problem.status),
        "details": {"coding": [{"code": problem.kind.trim_start_matches("/problems/")}], "text": problem.title},
    });
    if let Some(detail) = &problem.detail {
        first["diagnostics"] = json!(detail);
    }
    let mut issues = vec![first];
    issues.extend(problem.errors.iter().map(|error| {
        json!({
            "severity": severity,
            "code": "value",
            "details": {"text": error.detail},
            "expression": [error.pointer.trim_start_matches('/').replace('/', ".")],
        })
    }));
    if !problem.alternatives.is_empty() {
        let times: Vec<_> = problem.alternatives.iter().map(ToString::to_string).collect();
        issues.push(json!({
            "severity": "information",
            "code": "informational",
            "details": {"text": "The nearest other times"},
            "diagnostics": times.join(" "),
        }));
    }
    let mut outcome = json!({"resourceType": "OperationOutcome", "issue": issues});
    if let Some(request) = &problem.instance {
        outcome["id"] = json!(request);
    }
    outcome
}

/// What kind of issue a status tells of (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
fn issue_type(status: u16) -> &'static str {
    match status {
        400 => "structure",
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 | 415 => "not-supported",
        409 | 412 => "conflict",
        410 => "expired",
        413 => "too-long",
        422 => "invalid",
        429 => "throttled",
        503 => "transient",
        500.. => "exception",
        _ => "processing",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{Problem, problem::FieldError};

    use super::{is_spoken_at, outcome};

    #[test]
    fn an_outcome_says_what_the_problem_says() {
        let mut problem = Problem::invalid(vec![FieldError::new("/party/email", "Enter an address")]);
        problem = problem.detail("Nothing was booked.").alternatives(vec![jiff::Timestamp::UNIX_EPOCH]);
        problem.instance = Some("018f".to_owned());
        let outcome = outcome(&problem);
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert_eq!(outcome["id"], "018f");
        let [first, field, others] = outcome["issue"].as_array().unwrap().as_slice() else {
            panic!("{outcome}")
        };
        assert_eq!((first["code"].as_str(), first["severity"].as_str()), (Some("invalid"), Some("error")));
        assert_eq!(first["details"]["coding"][0]["code"], "invalid");
        assert_eq!(first["diagnostics"], "Nothing was booked.");
        assert_eq!(field["code"], "value");
        assert_eq!(field["expression"][0], "party.email");
        assert_eq!(others["diagnostics"], "1970-01-01T00:00:00Z");
    }

    #[test]
    fn fhir_is_spoken_below_its_base_and_nowhere_else() {
        for path in ["/fhir", "/fhir/metadata", "/fhir/Slot/1"] {
            assert!(is_spoken_at(path), "{path}");
        }
        for path in ["/", "/fhirs", "/fhir.txt", "/api/v1/fhir"] {
            assert!(!is_spoken_at(path), "{path}");
        }
    }
}
