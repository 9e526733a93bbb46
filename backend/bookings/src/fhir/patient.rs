//! A `Patient` and a consent as what a confirmation needs. Nothing else of them is read, and nothing clinical is taken.

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    PatientId, Problem,
    bookings::{ConfirmHold, ConsentGiven, PartyDetails},
    personal::Personal,
    problem::FieldError,
};

use super::{Parameters, reference, wrong};

/// Who comes. It cannot be printed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Patient {
    #[serde(default)]
    name: Vec<HumanName>,
    #[serde(default)]
    telecom: Vec<ContactPoint>,
    birth_date: Option<Date>,
}

#[derive(Deserialize)]
struct HumanName {
    #[serde(rename = "use")]
    used: Option<String>,
    text: Option<String>,
    family: Option<String>,
    #[serde(default)]
    given: Vec<String>,
}

#[derive(Deserialize)]
struct ContactPoint {
    system: Option<String>,
    value: Option<String>,
}

impl HumanName {
    fn whole(&self) -> String {
        let given = self.given.iter().map(String::as_str);
        self.text.clone().unwrap_or_else(|| given.chain(self.family.as_deref()).collect::<Vec<_>>().join(" "))
    }
}

impl Patient {
    fn named(&self, used: &str) -> Option<&HumanName> {
        self.name.iter().find(|name| name.used.as_deref() == Some(used))
    }

    fn reached_by(&self, systems: &[&str]) -> String {
        let fits =
            |point: &&ContactPoint| point.system.as_deref().is_some_and(|system| systems.contains(&system));
        let point = self.telecom.iter().find(fits);
        point.and_then(|point| point.value.clone()).unwrap_or_default()
    }

    fn details(&self) -> Result<PartyDetails, Problem> {
        let official = self.named("official").or(self.name.first());
        // What somebody is usually called, where it is not the name on their card.
        let usual =
            self.named("usual").filter(|usual| official.is_none_or(|name| name.whole() != usual.whole()));
        let Some(born) = self.birth_date else {
            return Err(wrong("Patient.birthDate", "give the day of birth"));
        };
        Ok(PartyDetails {
            name: official.map(HumanName::whole).unwrap_or_default().into(),
            preferred_name: usual.map(|name| Personal::new(name.whole())),
            date_of_birth: born.into(),
            email: self.reached_by(&["email"]).into(),
            mobile: self.reached_by(&["phone", "sms"]).into(),
        })
    }
}

/// What `$book` is given, as what a confirmation is made of: `patient-resource`, or an `appointment-resource` that contains the
/// patient; `consent` with `text` and `version`; and `patient-reference` where somebody signed in books for another.
///
/// # Errors
/// 422 for what is missing or wrong, and for remarks: why somebody comes is sealed in a browser or not asked at all.
pub fn confirmation(parameters: &Parameters) -> Result<ConfirmHold, Problem> {
    let appointment = parameters.resource("appointment-resource");
    let says_why = |appointment: &Value| {
        ["comment", "description", "patientInstruction", "reasonCode", "reasonReference"]
            .into_iter()
            .find(|element| appointment.get(element).is_some())
    };
    if parameters.text("comment").is_some() || appointment.and_then(says_why).is_some() {
        let detail =
            "leave out comments and reasons: they are taken sealed, through the pages, or not at all";
        return Err(wrong("comment", detail));
    }
    let contained = |appointment: &Value| {
        let resources = appointment.get("contained").and_then(Value::as_array)?;
        resources.iter().find(|resource| resource["resourceType"] == "Patient").cloned()
    };
    let patient =
        parameters.resource("patient-resource").cloned().or_else(|| appointment.and_then(contained));
    let patient = patient.ok_or_else(|| {
        wrong("patient-resource", "send the patient's name, birthDate, and telecom with email and phone")
    })?;
    let patient: Patient = serde_json::from_value(patient)
        .map_err(|_| wrong("patient-resource", "send a Patient as FHIR R4 describes it"))?;
    let consent = parameters.text_and_number("consent", "text", "version").ok_or_else(|| {
        wrong(
            "consent",
            "name the text that was agreed to: parts text (valueString) and version (valueInteger)",
        )
    })?;
    let patient_id = parameters.text("patient-reference").map(|text| {
        let id = reference("patient-reference", "Patient", text)?;
        id.parse::<PatientId>().map_err(|_| wrong("patient-reference", "give a reference such as Patient/…"))
    });
    Ok(ConfirmHold {
        party: patient.details()?,
        consent: ConsentGiven { text: consent.0.to_owned(), version: consent.1 },
        patient_id: patient_id.transpose()?,
        // Home visits are booked on the pages, where the practice's area is looked at.
        visit: None,
        // FHIR R4's booking has no element for it.
        text_me: false,
    })
}

/// The fields of a confirmation by their names in a `Patient`.
pub fn as_elements(mut problem: Problem) -> Problem {
    for FieldError { pointer, .. } in &mut problem.errors {
        let element = match pointer.as_str() {
            "/name" => "Patient.name",
            "/preferred_name" => "Patient.name.where(use='usual')",
            "/date_of_birth" => "Patient.birthDate",
            "/email" => "Patient.telecom.where(system='email')",
            "/mobile" => "Patient.telecom.where(system='phone')",
            _ => continue,
        };
        element.clone_into(pointer);
    }
    problem
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use shared_types::problem::FieldError;

    use super::{Parameters, as_elements, confirmation};

    fn patient() -> Value {
        json!({
            "resourceType": "Patient",
            "name": [
                {"use": "official", "family": "Nguyen", "given": ["Ada", "Mai"]},
                {"use": "usual", "text": "Ada"},
            ],
            "birthDate": "1980-02-29",
            "telecom": [
                {"system": "phone", "value": "0491 570 006"},
                {"system": "email", "value": "ada@example.org"},
            ],
        })
    }

    fn consent() -> Value {
        json!({"name": "consent", "part": [
            {"name": "text", "valueString": "booking-collection"}, {"name": "version", "valueInteger": 1},
        ]})
    }

    fn parameters(parameter: &[Value]) -> Parameters {
        serde_json::from_value(json!({"resourceType": "Parameters", "parameter": parameter})).unwrap()
    }

    #[test]
    fn a_patient_is_read_beside_the_appointment_or_within_it() {
        let beside = json!({"name": "patient-resource", "resource": patient()});
        let within = json!({"name": "appointment-resource", "resource": {
            "resourceType": "Appointment", "contained": [patient()],
        }});
        for given in [beside, within] {
            let confirm = confirmation(&parameters(&[given, consent()])).unwrap();
            assert_eq!(confirm.party.name.expose(), "Ada Mai Nguyen");
            assert_eq!(confirm.party.preferred_name.unwrap().expose(), "Ada");
            assert_eq!(confirm.party.email.expose(), "ada@example.org");
            assert_eq!(confirm.party.mobile.expose(), "0491 570 006");
            assert_eq!((confirm.consent.text.as_str(), confirm.consent.version), ("booking-collection", 1));
            assert_eq!(confirm.patient_id, None);
        }
    }

    #[test]
    fn what_is_missing_is_named_and_remarks_are_not_taken() {
        let patient = json!({"name": "patient-resource", "resource": patient()});
        let why = json!({"name": "appointment-resource", "resource": {"reasonCode": [{"text": "a rash"}]}});
        for (given, named) in [
            (vec![consent()], "patient-resource"),
            (vec![patient.clone()], "consent"),
            (vec![consent(), json!({"name": "patient-resource", "resource": {}})], "Patient.birthDate"),
            (
                vec![patient.clone(), consent(), json!({"name": "comment", "valueString": "a rash"})],
                "comment",
            ),
            (vec![patient, consent(), why], "comment"),
        ] {
            let problem = confirmation(&parameters(&given)).unwrap_err();
            assert_eq!(problem.errors[0].pointer, named);
        }
    }

    #[test]
    fn wrong_details_are_named_as_elements_of_a_patient() {
        let errors = vec![FieldError::new("/email", "x"), FieldError::new("/consent", "x")];
        let problem = as_elements(shared_types::Problem::invalid(errors));
        let pointers: Vec<_> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["Patient.telecom.where(system='email')", "/consent"]);
    }
}
