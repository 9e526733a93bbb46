//! One resource: from FHIR JSON to what would be written, or to the reason why not. Pure; nothing is looked up.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal, Warning,
    address::ZoneOf,
    endpoint::parse_endpoint,
    healthcare_service::parse_healthcare_service,
    identifiers::{self, Identifier},
    json::{boolean, clean, elements, kind, text},
    location::parse_location,
    organization::parse_organization,
    practitioner::parse_practitioner,
    practitioner_role::parse_practitioner_role,
    profession::Professions,
    reference::{self, Home, Reference, TYPES, Target},
};

/// What parsing needs to know besides the resource.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// The zone of a point.
    pub zone_of: &'a ZoneOf<'a>,
    /// The provider types.
    pub professions: &'a Professions,
    /// A role that ended before this day is hidden.
    pub today: Date,
    /// Whether a wrong identifier refuses its resource.
    pub strict: bool,
}

/// A resource as far as it can be understood alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<F> {
    /// What would be written.
    pub facts: F,
    /// What it refers to.
    pub references: Vec<Reference>,
    /// Its business identifiers.
    pub identifiers: Vec<Identifier>,
    /// What was left out, guessed or doubted.
    pub warnings: Vec<Warning>,
}

/// A parsed resource with its names, ready for the staging table.
pub(super) struct Draft {
    pub(super) resource_type: &'static str,
    pub(super) home: Home,
    /// The id of the resource that contains it, among the drafts of one call.
    pub(super) contained: bool,
    pub(super) parsed: Parsed<Value>,
}

/// A refusal with what is known of the refused resource's names.
pub(super) struct Refused {
    pub(super) label: String,
    pub(super) resource_type: Option<&'static str>,
    pub(super) home: Option<Home>,
    pub(super) refusal: Refusal,
}

/// Reads a resource and what it contains; the resource itself comes first.
pub(super) fn parse(
    resource: &Value,
    full_url: Option<&str>,
    rules: &Rules<'_>,
) -> Result<Vec<Draft>, Box<Refused>> {
    let resource_type = known_type(resource).map_err(|refusal| {
        Box::new(Refused { label: label(resource), resource_type: None, home: None, refusal })
    })?;
    let refused = |home: Option<Home>, refusal| {
        let label = home.as_ref().map_or_else(|| label(resource), |home| home.label.clone());
        Box::new(Refused { label, resource_type: Some(resource_type), home, refusal })
    };
    let home = Home::of(resource, resource_type, full_url).map_err(|refusal| refused(None, refusal))?;
    let drafts = parse_whole(resource, resource_type, &home, rules);
    drafts.map_err(|refusal| refused(Some(home), refusal))
}

fn parse_whole(
    resource: &Value,
    resource_type: &'static str,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Vec<Draft>, Refusal> {
    let parsed = parse_one(resource, resource_type, home, rules)?;
    let mut drafts = vec![Draft { resource_type, home: home.clone(), contained: false, parsed }];
    for (pointer, contained) in elements(resource, "", "contained") {
        let (Some(id), Ok(resource_type)) = (text(contained, "id"), known_type(contained)) else {
            continue;
        };
        let inside = home.contained(&id);
        let below = |refusal: Refusal| Refusal::new(format!("{pointer}{}", refusal.pointer), refusal.reason);
        let mut parsed = parse_one(contained, resource_type, &inside, rules).map_err(below)?;
        for place in parsed.references.iter_mut().map(|reference| &mut reference.pointer) {
            place.insert_str(0, &pointer);
        }
        for place in parsed.warnings.iter_mut().map(|warning| &mut warning.pointer) {
            place.insert_str(0, &pointer);
        }
        drafts.push(Draft { resource_type, home: inside, contained: true, parsed });
    }
    Ok(drafts)
}

fn parse_one(
    resource: &Value,
    resource_type: &str,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<Value>, Refusal> {
    match resource_type {
        "Organization" => parse_organization(resource, home, rules).map(Parsed::into_values),
        "Location" => parse_location(resource, home, rules).map(Parsed::into_values),
        "Practitioner" => parse_practitioner(resource, home, rules).map(Parsed::into_values),
        "HealthcareService" => parse_healthcare_service(resource, home, rules).map(Parsed::into_values),
        "Endpoint" => parse_endpoint(resource, home, rules).map(Parsed::into_values),
        _ => parse_practitioner_role(resource, home, rules).map(Parsed::into_values),
    }
}

impl<F> Parsed<F> {
    /// Nothing but facts.
    pub(super) fn new(facts: F) -> Self {
        Self { facts, references: Vec::new(), identifiers: Vec::new(), warnings: Vec::new() }
    }

    /// Adds the resource's own identifiers.
    pub(super) fn identifiers_of(&mut self, resource: &Value, rules: &Rules<'_>) -> Result<(), Refusal> {
        identifiers::collect(resource, "", rules.strict, &mut self.identifiers, &mut self.warnings)
    }

    /// Adds a reference, if the resource has it.
    pub(super) fn refer(
        &mut self,
        resource: &Value,
        member: &str,
        target: Target,
        home: &Home,
    ) -> Result<(), Refusal> {
        for (pointer, element) in elements(resource, "", member) {
            let found = reference::read(element, &pointer, target, home, &mut self.warnings)?;
            self.references.extend(found);
        }
        Ok(())
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, pointer: impl Into<String>, reason: impl Into<String>) {
        self.warnings.push(Warning::new(pointer, reason));
    }
}

impl<F: Serialize> Parsed<F> {
    fn into_values(self) -> Parsed<Value> {
        let facts = serde_json::to_value(&self.facts).expect("facts are plain values under text keys");
        Parsed { facts, references: self.references, identifiers: self.identifiers, warnings: self.warnings }
    }
}

/// Whether the resource says that it is in use; true unless it says no.
pub(super) fn active(resource: &Value) -> Result<bool, Refusal> {
    Ok(boolean(resource, "active")?.unwrap_or(true))
}

fn known_type(resource: &Value) -> Result<&'static str, Refusal> {
    let Some(object) = resource.as_object() else {
        return Err(Refusal::new("", format!("expected a FHIR resource, found {}", kind(resource))));
    };
    let Some(named) = object.get("resourceType").and_then(Value::as_str) else {
        return Err(Refusal::new("/resourceType", "has no resourceType, so it is no FHIR resource"));
    };
    let known = TYPES.into_iter().find(|known| *known == named);
    known.ok_or_else(|| {
        let named = clean(named).unwrap_or_default();
        Refusal::new(
            "/resourceType",
            format!("{named} is not imported; a directory is made of {}", TYPES.join(", ")),
        )
    })
}

fn label(resource: &Value) -> String {
    let part = |name| text(resource, name).unwrap_or_else(|| "?".to_owned());
    format!("{}/{}", part("resourceType"), part("id"))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};
    use shared_types::Zone;

    use super::{
        super::profession::{Professions, tests::professions},
        Home, Refusal, Rules, parse,
    };

    pub(in crate::import) fn everywhere(_: f64, _: f64) -> Option<Zone> {
        Some(Zone::SYDNEY)
    }

    pub(in crate::import) fn rules(professions: &Professions, strict: bool) -> Rules<'_> {
        Rules { zone_of: &everywhere, professions, today: jiff::civil::date(2026, 11, 22), strict }
    }

    /// Parses with usual rules; gives what `parse` gives.
    pub(in crate::import) fn with_rules<T>(
        resource: &Value,
        parse: impl Fn(&Value, &Home, &Rules<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let professions = professions();
        let home =
            Home::of(resource, resource["resourceType"].as_str().unwrap_or("Organization"), None).unwrap();
        parse(resource, &home, &rules(&professions, false))
    }

    #[test]
    fn what_is_no_resource_of_a_directory_is_refused_by_name() {
        let professions = professions();
        for (resource, pointer, reason) in [
            (json!([]), "", "found a list"),
            (json!({"id": "x"}), "/resourceType", "no resourceType"),
            (json!({"resourceType": "Patient", "id": "x"}), "/resourceType", "Patient is not imported"),
            (json!({"resourceType": "Organization"}), "/id", "needs an id"),
            (json!({"resourceType": "Organization", "id": "x", "active": 1}), "/active", "true or false"),
            (json!({"resourceType": "Endpoint", "id": "x"}), "/connectionType", "no connection type"),
        ] {
            let Err(refused) = parse(&resource, None, &rules(&professions, false)) else {
                panic!("{resource} went in");
            };
            assert_eq!(refused.refusal.pointer, pointer, "{resource}");
            assert!(refused.refusal.reason.contains(reason), "{}", refused.refusal.reason);
        }
    }

    #[test]
    fn contained_resources_become_drafts_of_their_own() {
        let professions = professions();
        let resource = json!({
            "resourceType": "PractitionerRole",
            "id": "r",
            "contained": [
                {"resourceType": "Practitioner", "id": "p", "name": [{"family": "Lee"}]},
                {"resourceType": "Medication", "id": "m"},
                {"resourceType": "Location", "id": "l", "managingOrganization": {"display": "X"}},
            ],
            "practitioner": {"reference": "#p"},
        });
        let drafts = parse(&resource, None, &rules(&professions, false)).ok().unwrap();
        let keys: Vec<_> = drafts.iter().map(|draft| draft.home.key.as_str()).collect();
        assert_eq!(keys, ["PractitionerRole/r", "PractitionerRole/r#p", "PractitionerRole/r#l"]);
        assert_eq!(drafts[0].parsed.references[0].keys, ["PractitionerRole/r#p"]);
        let warned: Vec<_> =
            drafts[2].parsed.warnings.iter().map(|warning| warning.pointer.as_str()).collect();
        assert_eq!(warned, ["/contained/2/address", "/contained/2/managingOrganization"]);
    }

    #[test]
    fn a_refused_contained_resource_refuses_what_contains_it() {
        let professions = professions();
        let resource = json!({
            "resourceType": "PractitionerRole",
            "id": "r",
            "contained": [{"resourceType": "Practitioner", "id": "p", "active": "no"}],
            "practitioner": {"reference": "#p"},
        });
        let refused = parse(&resource, None, &rules(&professions, false)).err().unwrap();
        assert_eq!(refused.refusal.pointer, "/contained/0/active");
        assert_eq!(refused.label, "PractitionerRole/r");
    }
}
