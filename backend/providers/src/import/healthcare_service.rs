//! HealthcareService: what an organization offers at a place. Where no role names it, it is listed by itself.

use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal,
    concepts::{Concept, concepts, service_facets, service_type_codes, words},
    json::string,
    reference::{Home, Target},
    resource::{Parsed, Rules, active},
};

/// What is kept of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HealthcareServiceFacts {
    /// As shown.
    pub name: String,
    /// HL7's codes.
    pub service_type_codes: Vec<String>,
    /// Which of ours it is.
    pub profession: Option<String>,
    /// What it says that patients filter by.
    pub facets: Vec<String>,
    /// What it is called elsewhere, for the search by words.
    pub words: Vec<String>,
    /// Whether it is listed.
    pub active: bool,
}

/// Reads a HealthcareService.
///
/// # Errors
/// When a member has the wrong shape, or it has neither name nor type.
pub(super) fn parse_healthcare_service(
    resource: &Value,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<HealthcareServiceFacts>, Refusal> {
    let types = concepts(resource, "type");
    let specialties = concepts(resource, "specialty");
    let said: Vec<&Concept> = types.iter().chain(&specialties).collect();
    let first_words = said.iter().find_map(|concept| concept.words().next()).map(str::to_owned);
    let name = string(resource, "name")?.or(first_words);
    let facts = HealthcareServiceFacts {
        name: name
            .ok_or_else(|| Refusal::new("/name", "a service without name and type cannot be listed"))?,
        service_type_codes: service_type_codes(&types),
        profession: rules.professions.of(said.iter().copied()),
        facets: service_facets(resource),
        words: words(said),
        active: active(resource)?,
    };
    let mut parsed = Parsed::new(facts);
    parsed.identifiers_of(resource, rules)?;
    let organization = Target { field: "organization", expected: "Organization", required: true };
    let location = Target { field: "location", expected: "Location", required: true };
    parsed.refer(resource, "providedBy", organization, home)?;
    parsed.refer(resource, "location", location, home)?;
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_healthcare_service};

    #[test]
    fn a_service_is_named_and_placed() {
        let parsed = with_rules(
            &json!({
                "resourceType": "HealthcareService",
                "id": "x",
                "name": "Lilydale Pharmacy",
                "providedBy": {"reference": "Organization/o"},
                "location": [{"reference": "Location/l"}, {"reference": "Location/m"}],
                "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "310080006", "display": "Pharmacy service"}]}],
            }),
            parse_healthcare_service,
        )
        .unwrap();
        assert_eq!(parsed.facts.profession.as_deref(), Some("pharmacist"));
        assert_eq!(parsed.facts.words, ["pharmacy service"]);
        assert_eq!(parsed.references.iter().filter(|reference| reference.field == "location").count(), 2);
    }

    #[test]
    fn a_type_stands_in_for_a_name_and_nothing_stands_in_for_both() {
        let typed = json!({"resourceType": "HealthcareService", "id": "x", "type": [{"text": "Optometry"}]});
        assert_eq!(with_rules(&typed, parse_healthcare_service).unwrap().facts.name, "Optometry");
        let bare = json!({"resourceType": "HealthcareService", "id": "x"});
        assert_eq!(with_rules(&bare, parse_healthcare_service).unwrap_err().pointer, "/name");
    }
}
