//! The shapes that FHIR gives to what we write: of each type only the elements that we fill.

use kernel::fhir;
use serde::Serialize;
use shared_types::personal::Personal;

/// Where resources are: the public address with `/fhir` behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    public_url: String,
}

impl Base {
    /// Below a public origin.
    pub fn new(public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// A path below it as a whole address: `Slot/…`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}/{path}", self.public_url, fhir::BASE)
    }

    /// The address of a page.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// A system of codes of our own.
    pub fn codes(&self, name: &str) -> String {
        self.url(&format!("CodeSystem/{name}"))
    }
}

/// One of the resources that we give.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Resource {
    Appointment(Box<Appointment>),
    OperationOutcome(OperationOutcome),
    Schedule(Box<Schedule>),
    Slot(Box<Slot>),
}

/// Several resources as the reply to a search or an operation.
#[derive(Debug, Serialize)]
#[serde(tag = "resourceType")]
pub struct Bundle {
    #[serde(rename = "type")]
    kind: &'static str,
    /// How many were found, where all of them are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    link: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Link {
    relation: &'static str,
    url: String,
}

impl Bundle {
    /// A reply without links.
    pub fn of(entry: Vec<Entry>) -> Self {
        let total = entry.iter().filter(|entry| entry.search.mode == "match").count();
        Self { kind: "searchset", total: Some(total), link: Vec::new(), entry }
    }

    /// One page of a search; `next` is where it goes on.
    pub fn page(entry: Vec<Entry>, own: String, next: Option<String>) -> Self {
        let mut bundle = Self::of(entry);
        bundle.link.push(Link { relation: "self", url: own });
        if let Some(url) = next {
            // How many there are in all is not counted.
            bundle.total = None;
            bundle.link.push(Link { relation: "next", url });
        }
        bundle
    }
}

/// A resource in a bundle.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    full_url: Option<String>,
    resource: Resource,
    search: Mode,
}

#[derive(Debug, Serialize)]
struct Mode {
    mode: &'static str,
}

impl Entry {
    /// What was asked for; `path` is `Slot/…`.
    pub fn found(base: &Base, path: &str, resource: Resource) -> Self {
        Self { full_url: Some(base.url(path)), resource, search: Mode { mode: "match" } }
    }

    /// What goes with it.
    pub fn included(base: &Base, path: &str, resource: Resource) -> Self {
        Self { full_url: Some(base.url(path)), resource, search: Mode { mode: "include" } }
    }

    /// A remark on the reply itself.
    pub fn remark(text: &str) -> Self {
        let outcome = OperationOutcome::information(text);
        let resource = Resource::OperationOutcome(outcome);
        Self { full_url: None, resource, search: Mode { mode: "outcome" } }
    }
}

/// What is to be said of a reply that is no refusal; refusals are [`kernel::fhir::outcome`].
#[derive(Debug, Serialize)]
#[serde(tag = "resourceType")]
pub struct OperationOutcome {
    issue: Vec<Issue>,
}

#[derive(Debug, Serialize)]
struct Issue {
    severity: &'static str,
    code: &'static str,
    details: CodeableConcept,
}

impl OperationOutcome {
    fn information(text: &str) -> Self {
        let details = CodeableConcept::text(text);
        Self { issue: vec![Issue { severity: "information", code: "informational", details }] }
    }
}

/// A concept in words, with codes where there are some.
#[derive(Clone, Debug, Serialize)]
pub struct CodeableConcept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    pub text: String,
}

impl CodeableConcept {
    /// In words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self { coding: Vec::new(), text: text.into() }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Coding {
    pub system: String,
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A reference to what is here, or to what is only known by its name.
#[derive(Debug, Default, Serialize)]
pub struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<Personal<String>>,
}

impl Reference {
    /// To `Slot/…` and the like.
    pub fn to(path: String) -> Self {
        Self { reference: Some(path), ..Self::default() }
    }

    /// With a name.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { display: Some(Personal::new(name.into())), ..self }
    }
}

#[derive(Debug, Serialize)]
pub struct Identifier {
    pub system: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub struct ContactPoint {
    pub system: &'static str,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub struct Period {
    pub start: String,
    pub end: String,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Extension {
    Url {
        url: &'static str,
        #[serde(rename = "valueUrl")]
        value: String,
    },
    Text {
        url: &'static str,
        #[serde(rename = "valueString")]
        value: String,
    },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    pub text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    pub country: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct Location {
    pub id: String,
    pub identifier: Vec<Identifier>,
    pub status: &'static str,
    pub name: String,
    pub mode: &'static str,
    pub telecom: Vec<ContactPoint>,
    pub address: Address,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct PractitionerRole {
    pub id: String,
    pub identifier: Vec<Identifier>,
    pub active: bool,
    pub practitioner: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<CodeableConcept>,
    pub location: Vec<Reference>,
    pub healthcare_service: Vec<Reference>,
    pub telecom: Vec<ContactPoint>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct HealthcareService {
    pub id: String,
    pub identifier: Vec<Identifier>,
    pub active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided_by: Option<Reference>,
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub kind: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<CodeableConcept>,
    pub location: Vec<Reference>,
    pub name: String,
    pub telecom: Vec<ContactPoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub characteristic: Vec<CodeableConcept>,
    pub appointment_required: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct Schedule {
    pub id: String,
    pub active: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_type: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<CodeableConcept>,
    pub actor: Vec<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planning_horizon: Option<Period>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct Slot {
    pub id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    pub service_type: Vec<CodeableConcept>,
    pub schedule: Reference,
    pub status: &'static str,
    pub start: String,
    pub end: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "resourceType", rename_all = "camelCase")]
pub struct Appointment {
    pub id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifier: Vec<Identifier>,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelation_reason: Option<CodeableConcept>,
    pub service_type: Vec<CodeableConcept>,
    pub start: String,
    pub end: String,
    pub minutes_duration: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slot: Vec<Reference>,
    pub participant: Vec<Participant>,
}

#[derive(Debug, Serialize)]
pub struct Participant {
    pub actor: Reference,
    pub status: &'static str,
}
