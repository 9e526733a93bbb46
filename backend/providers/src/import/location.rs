//! Location: a place of care.

use serde::Serialize;
use serde_json::Value;
use shared_types::providers::OpeningHours;

use super::{
    Refusal,
    address::{Address, Position, address, position},
    concepts::wheelchair,
    json::string,
    names::{contact, opening_hours},
    reference::{Home, Target},
    resource::{Parsed, Rules},
};

/// What is kept of a location.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LocationFacts {
    /// Such as `Tindal Building`.
    pub name: Option<String>,
    /// In words.
    pub address: Option<Address>,
    /// To the metre, when given and possible.
    pub position: Option<Position>,
    /// Whether a wheelchair gets in, as far as the directory says so.
    pub wheelchair: bool,
    /// Of the place itself.
    pub phone: Option<String>,
    /// When it is open.
    pub opening_hours: Vec<OpeningHours>,
    /// False when the place is closed, for now or for good.
    pub active: bool,
}

/// Reads a Location.
///
/// # Errors
/// When a member has the wrong shape.
pub(super) fn parse_location(
    resource: &Value,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<LocationFacts>, Refusal> {
    let mut warnings = Vec::new();
    let facts = LocationFacts {
        name: string(resource, "name")?,
        position: position(resource, rules.zone_of, &mut warnings),
        address: address(resource, &mut warnings),
        wheelchair: wheelchair(resource),
        phone: contact(resource, "phone"),
        opening_hours: opening_hours(resource),
        active: !matches!(string(resource, "status")?.as_deref(), Some("suspended" | "inactive")),
    };
    let mut parsed = Parsed::new(facts);
    parsed.warnings = warnings;
    if parsed.facts.address.is_none() && parsed.facts.position.is_none() {
        parsed.warn("/address", "neither address nor position; found by words only");
    }
    parsed.identifiers_of(resource, rules)?;
    let organization = Target { field: "organization", expected: "Organization", required: false };
    parsed.refer(resource, "managingOrganization", organization, home)?;
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_location};

    #[test]
    fn a_location_has_a_position_or_an_address_or_a_warning() {
        for (more, positioned, warned) in [
            (json!({"position": {"latitude": -33.8, "longitude": 151.0}}), true, 0),
            (json!({"address": {"city": "Perth", "state": "WA"}}), false, 0),
            (json!({"mode": "kind"}), false, 1),
        ] {
            let mut location = json!({"resourceType": "Location", "id": "x", "status": "active"});
            location.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let parsed = with_rules(&location, parse_location).unwrap();
            assert_eq!(parsed.facts.position.is_some(), positioned);
            assert_eq!(parsed.warnings.len(), warned);
            assert!(parsed.facts.active);
        }
    }

    #[test]
    fn closed_places_are_not_active() {
        for status in ["suspended", "inactive"] {
            let location = json!({"resourceType": "Location", "id": "x", "status": status});
            assert!(!with_rules(&location, parse_location).unwrap().facts.active);
        }
    }
}
