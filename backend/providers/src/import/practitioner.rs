//! Practitioner: a person who gives care. Home address, date of birth and private numbers are not kept.

use serde::Serialize;
use serde_json::Value;
use shared_types::providers::Gender;

use super::{
    Refusal,
    concepts::{Concept, concepts, languages},
    identifiers::{self, AHPRA},
    json::{elements, string},
    names::{person, stand_in},
    reference::Home,
    resource::{Parsed, Rules, active},
};

/// What is kept of a practitioner.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PractitionerFacts {
    /// As listed, or a stand-in.
    pub name: String,
    /// As the practitioner says it.
    pub gender: Option<Gender>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
    /// The first well-formed one, public by law.
    pub ahpra_number: Option<String>,
    /// By their registration, for roles that name none.
    pub profession: Option<String>,
    /// Whether they are listed.
    pub active: bool,
}

/// Reads a Practitioner.
///
/// # Errors
/// When a member has the wrong shape, or an identifier is wrong and the import strict.
pub(super) fn parse_practitioner(
    resource: &Value,
    _home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<PractitionerFacts>, Refusal> {
    let given = person(resource);
    let family = resource.pointer("/name/0/_family");
    let facts = PractitionerFacts {
        name: given.clone().unwrap_or_else(|| stand_in(family).to_owned()),
        gender: string(resource, "gender")?.and_then(|code| Gender::from_code(&code)),
        languages: languages(resource),
        ahpra_number: None,
        profession: rules.professions.of(&registrations(resource)),
        active: active(resource)?,
    };
    let mut parsed = Parsed::new(facts);
    if given.is_none() {
        parsed.warn("/name", format!("no name; listed as {:?}", parsed.facts.name));
    }
    parsed.identifiers_of(resource, rules)?;
    for (pointer, qualification) in elements(resource, "", "qualification") {
        identifiers::collect(
            qualification,
            &pointer,
            rules.strict,
            &mut parsed.identifiers,
            &mut parsed.warnings,
        )?;
    }
    let registered =
        parsed.identifiers.iter().find(|identifier| identifier.system == AHPRA && identifier.verified);
    parsed.facts.ahpra_number = registered.map(|identifier| identifier.value.clone());
    Ok(parsed)
}

/// What the qualifications say of the profession, in the Ahpra extension and in their own code.
fn registrations(resource: &Value) -> Vec<Concept> {
    let mut found = Vec::new();
    for (_, qualification) in elements(resource, "", "qualification") {
        for (_, details) in elements(qualification, "", "extension") {
            for (_, part) in elements(details, "", "extension") {
                if string(part, "url").ok().flatten().as_deref() == Some("ahpraProfession") {
                    found.extend(concepts(part, "valueCodeableConcept"));
                }
            }
        }
        found.extend(concepts(qualification, "code"));
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_practitioner};

    #[test]
    fn a_practitioner_keeps_what_is_public() {
        let parsed = with_rules(
            &json!({
                "resourceType": "Practitioner",
                "id": "x",
                "name": [{"family": "PATRICK", "given": ["Elden"]}],
                "gender": "other",
                "birthDate": "1965-09-14",
                "address": [{"line": ["1 Home St"]}],
                "communication": [{"text": "Greek"}],
                "qualification": [{
                    "extension": [{"url": "http://hl7.org.au/fhir/StructureDefinition/ahpraprofession-details", "extension": [
                        {"url": "ahpraProfession", "valueCodeableConcept": {"text": "Physiotherapists"}},
                    ]}],
                    "identifier": [{"system": "http://hl7.org.au/id/ahpra-registration-number", "value": "PHY0000000001"}],
                    "code": {"coding": [{"code": "AUAHPRAProfession", "display": "AHPRA Profession"}]},
                }],
            }),
            parse_practitioner,
        )
        .unwrap();
        let facts = serde_json::to_value(&parsed.facts).unwrap();
        assert_eq!(
            facts,
            json!({
                "name": "Elden Patrick", "gender": "other", "languages": ["el"], "active": true,
                "ahpra_number": "PHY0000000001", "profession": "physiotherapist",
            })
        );
        assert!(parsed.warnings.is_empty());
    }

    #[test]
    fn a_number_of_no_known_board_is_not_shown() {
        let practitioner = json!({
            "resourceType": "Practitioner",
            "id": "x",
            "name": [{"family": "Lee"}],
            "gender": "unknown",
            "qualification": [{"identifier": [{"system": "http://hl7.org.au/id/ahpra-registration-number", "value": "HAC0000000369"}]}],
        });
        let parsed = with_rules(&practitioner, parse_practitioner).unwrap();
        assert_eq!((parsed.facts.ahpra_number, parsed.facts.gender), (None, None));
        assert_eq!(parsed.warnings[0].pointer, "/qualification/0/identifier/0/value");
    }

    #[test]
    fn a_masked_name_is_listed_as_withheld() {
        let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        let practitioner = json!({
            "resourceType": "Practitioner",
            "id": "x",
            "name": [{"_family": {"extension": [{"url": url, "valueCode": "masked"}]}}],
        });
        assert_eq!(with_rules(&practitioner, parse_practitioner).unwrap().facts.name, "Name withheld");
    }
}
