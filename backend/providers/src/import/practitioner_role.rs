//! PractitionerRole: a practitioner at a place. One listing for each place.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal,
    concepts::{Concept, concepts, words},
    json::{absent_reason, text},
    reference::{Home, Target},
    resource::{Parsed, Rules, active},
};

/// What is kept of a role itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PractitionerRoleFacts {
    /// Which of ours it is.
    pub profession: Option<String>,
    /// Code and specialty, for the search by words.
    pub words: Vec<String>,
    /// Whether it is listed.
    pub active: bool,
}

/// Reads a PractitionerRole.
///
/// # Errors
/// When a member has the wrong shape, it names nobody at all, or an identifier is wrong and the import strict.
pub(super) fn parse_practitioner_role(
    resource: &Value,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<PractitionerRoleFacts>, Refusal> {
    let codes = concepts(resource, "code");
    let specialties = concepts(resource, "specialty");
    let said: Vec<&Concept> = codes.iter().chain(&specialties).collect();
    let facts = PractitionerRoleFacts {
        profession: rules.professions.of(said.iter().copied()),
        words: words(said),
        active: active(resource)? && !ended(resource, rules.today),
    };
    let mut parsed = Parsed::new(facts);
    parsed.identifiers_of(resource, rules)?;
    for (member, field, expected, required) in [
        ("organization", "organization", "Organization", true),
        ("location", "location", "Location", true),
        ("healthcareService", "healthcare_service", "HealthcareService", false),
        ("endpoint", "endpoint", "Endpoint", false),
    ] {
        parsed.refer(resource, member, Target { field, expected, required }, home)?;
    }
    practitioner(resource, home, &mut parsed)?;
    let names_somebody = |reference: &super::reference::Reference| reference.field != "endpoint";
    if !parsed.references.iter().any(names_somebody) {
        let reason = "names no practitioner, organization, location or service that could be listed";
        return Err(Refusal::new("/practitioner", reason));
    }
    Ok(parsed)
}

/// A practitioner who is kept back on purpose is no fault of the data.
fn practitioner(
    resource: &Value,
    home: &Home,
    parsed: &mut Parsed<PractitionerRoleFacts>,
) -> Result<(), Refusal> {
    let element = resource.get("practitioner");
    if element.is_some_and(|element| element.get("reference").is_some() || absent_reason(element).is_none()) {
        let target = Target { field: "practitioner", expected: "Practitioner", required: true };
        return parsed.refer(resource, "practitioner", target, home);
    }
    parsed.warn("/practitioner", "names no practitioner; listed under the practice's name");
    Ok(())
}

fn ended(resource: &Value, today: Date) -> bool {
    let end = resource.get("period").and_then(|period| text(period, "end"));
    end.and_then(|end| end.get(..10)?.parse::<Date>().ok()).is_some_and(|end| end < today)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_practitioner_role};

    #[test]
    fn a_role_links_a_person_to_a_place() {
        let parsed = with_rules(
            &json!({
                "resourceType": "PractitionerRole",
                "id": "x",
                "practitioner": {"reference": "Practitioner/p"},
                "organization": {"reference": "Organization/o"},
                "location": [{"reference": "Location/l"}],
                "healthcareService": [{"reference": "HealthcareService/h"}],
                "code": [{"text": "Physiotherapist"}],
                "specialty": [{"coding": [{"display": "Physiotherapy"}]}],
            }),
            parse_practitioner_role,
        )
        .unwrap();
        assert_eq!(parsed.facts.profession.as_deref(), Some("physiotherapist"));
        assert_eq!(parsed.facts.words, ["physiotherapist", "physiotherapy"]);
        let required: Vec<_> = parsed.references.iter().map(|found| (found.field, found.required)).collect();
        assert_eq!(
            required,
            [
                ("organization", true),
                ("location", true),
                ("healthcare_service", false),
                ("practitioner", true)
            ]
        );
    }

    #[test]
    fn an_unknown_practitioner_is_listed_under_the_practice() {
        let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        let parsed = with_rules(
            &json!({
                "resourceType": "PractitionerRole",
                "id": "x",
                "practitioner": {"extension": [{"url": url, "valueCode": "unknown"}]},
                "organization": {"reference": "Organization/o"},
            }),
            parse_practitioner_role,
        )
        .unwrap();
        assert_eq!(parsed.references.len(), 1);
        assert_eq!(parsed.warnings[0].pointer, "/practitioner");
    }

    #[test]
    fn a_role_that_names_nobody_is_refused_and_one_that_ended_is_hidden() {
        let nobody =
            json!({"resourceType": "PractitionerRole", "id": "x", "practitioner": {"display": "Dr Who"}});
        assert_eq!(with_rules(&nobody, parse_practitioner_role).unwrap_err().pointer, "/practitioner");
        for (end, active) in
            [("2026-11-21", false), ("2026-11-22", true), ("2027-01-01T00:00:00Z", true), ("2020", true)]
        {
            let role = json!({
                "resourceType": "PractitionerRole",
                "id": "x",
                "period": {"end": end},
                "organization": {"reference": "Organization/o"},
            });
            assert_eq!(with_rules(&role, parse_practitioner_role).unwrap().facts.active, active, "{end}");
        }
    }
}
