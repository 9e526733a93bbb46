//! `Parameters`: what an operation is given (<https://hl7.org/fhir/R4/parameters.html>).

use axum::extract::{FromRequest, Request};
use kernel::{
    Json, MediaType as _, Reject,
    fhir::FhirJson,
    openapi::{Argument, Operation},
};
use serde::Deserialize;
use serde_json::{Value, json};
use shared_types::Problem;

use super::search::wrong;

/// An operation's input. It may name a patient, so it cannot be printed.
#[derive(Deserialize)]
pub struct Parameters {
    #[serde(rename = "resourceType")]
    resource_type: String,
    #[serde(default)]
    parameter: Vec<Parameter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameter {
    name: String,
    value_string: Option<String>,
    value_date_time: Option<String>,
    value_instant: Option<String>,
    value_date: Option<String>,
    value_code: Option<String>,
    value_uri: Option<String>,
    value_integer: Option<i32>,
    value_reference: Option<Reference>,
    resource: Option<Value>,
    #[serde(default)]
    part: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Reference {
    reference: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Reject;

    async fn from_request(request: Request, state: &S) -> Result<Self, Reject> {
        let Json(parameters) = Json::<Self>::from_request(request, state).await?;
        if parameters.resource_type != "Parameters" {
            return Err(wrong("resourceType", "send a resource of type Parameters").into());
        }
        Ok(parameters)
    }
}

impl Argument for Parameters {
    fn describe(operation: &mut Operation<'_>) {
        operation.body(FhirJson::NAME, &json!({"type": "object"}));
        for status in [400, 415, 422] {
            operation.problem(status);
        }
    }
}

impl Parameter {
    fn text(&self) -> Option<&str> {
        let reference = self.value_reference.as_ref().and_then(|reference| reference.reference.as_deref());
        let values = [
            &self.value_string,
            &self.value_date_time,
            &self.value_instant,
            &self.value_date,
            &self.value_code,
            &self.value_uri,
        ];
        reference.or_else(|| values.into_iter().find_map(Option::as_deref))
    }
}

impl Parameters {
    /// Every parameter whose value is a text or a reference.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameter.iter().filter_map(|parameter| Some((parameter.name.as_str(), parameter.text()?)))
    }

    /// A text or a reference.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    /// A resource.
    pub fn resource(&self, name: &str) -> Option<&Value> {
        self.parameter.iter().filter(|parameter| parameter.name == name).find_map(|one| one.resource.as_ref())
    }

    /// A text and a number that are parts of one parameter.
    pub fn text_and_number(&self, name: &str, text: &str, number: &str) -> Option<(&str, i32)> {
        let whole = self.parameter.iter().find(|parameter| parameter.name == name)?;
        let part = |name: &str| whole.part.iter().find(|part| part.name == name);
        Some((part(text)?.text()?, part(number)?.value_integer?))
    }
}

/// The id in a reference to a resource of ours: `Slot/…`, below our own address or relative to it.
///
/// # Errors
/// 422 when it is none.
pub fn reference<'r>(name: &str, kind: &str, text: &'r str) -> Result<&'r str, Problem> {
    let mut segments = text.rsplit('/');
    match (segments.next(), segments.next()) {
        (Some(id), Some(of)) if of == kind && !id.is_empty() => Ok(id),
        _ => Err(wrong(name, &format!("give a reference such as {kind}/…"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Parameters, reference};

    #[test]
    fn parameters_are_found_by_their_names() {
        let parameters: Parameters = serde_json::from_value(json!({
            "resourceType": "Parameters",
            "parameter": [
                {"name": "start", "valueDateTime": "2026-11-23"},
                {"name": "practitioner", "valueReference": {"reference": "PractitionerRole/a"}},
                {"name": "consent", "part": [
                    {"name": "text", "valueString": "booking-collection"},
                    {"name": "version", "valueInteger": 1},
                ]},
                {"name": "patient-resource", "resource": {"resourceType": "Patient"}},
            ],
        }))
        .unwrap();
        assert_eq!(parameters.text("start"), Some("2026-11-23"));
        assert_eq!(parameters.text("practitioner"), Some("PractitionerRole/a"));
        assert_eq!(parameters.text("end"), None);
        let consent = parameters.text_and_number("consent", "text", "version");
        assert_eq!(consent, Some(("booking-collection", 1)));
        assert_eq!(parameters.resource("patient-resource"), Some(&json!({"resourceType": "Patient"})));
    }

    #[test]
    fn a_reference_is_relative_or_whole() {
        assert_eq!(reference("slot", "Slot", "Slot/a.b.c"), Ok("a.b.c"));
        assert_eq!(reference("slot", "Slot", "https://hellomapper.example/fhir/Slot/a"), Ok("a"));
        for text in ["", "a", "Slot/", "Appointment/a", "/a"] {
            assert!(reference("slot", "Slot", text).is_err(), "{text}");
        }
    }
}
