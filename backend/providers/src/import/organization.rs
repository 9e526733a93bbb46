//! Organization: a practice, a hospital, a company.

use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal,
    address::{Address, address},
    json::string,
    names::{contact, email, stand_in, website},
    reference::{Home, Target},
    resource::{Parsed, Rules, active},
};

/// What is kept of an organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OrganizationFacts {
    /// As people know it, or a stand-in.
    pub name: String,
    /// For those that cannot be booked here.
    pub phone: Option<String>,
    /// Of the practice, never of a person.
    pub email: Option<String>,
    /// Its own site.
    pub website: Option<String>,
    /// Where roles without a location of their own are found.
    pub address: Option<Address>,
    /// Whether it is listed.
    pub active: bool,
}

/// Reads an Organization.
///
/// # Errors
/// When a member has the wrong shape, or an identifier is wrong and the import strict.
pub(super) fn parse_organization(
    resource: &Value,
    home: &Home,
    rules: &Rules<'_>,
) -> Result<Parsed<OrganizationFacts>, Refusal> {
    let given = string(resource, "name")?;
    let mut warnings = Vec::new();
    let facts = OrganizationFacts {
        name: given.clone().unwrap_or_else(|| stand_in(resource.get("_name")).to_owned()),
        phone: contact(resource, "phone"),
        email: email(resource),
        website: website(resource),
        address: address(resource, &mut warnings),
        active: active(resource)?,
    };
    let mut parsed = Parsed::new(facts);
    parsed.warnings = warnings;
    if given.is_none() {
        parsed.warn("/name", format!("no name; listed as {:?}", parsed.facts.name));
    }
    parsed.identifiers_of(resource, rules)?;
    parsed.refer(
        resource,
        "partOf",
        Target { field: "part_of", expected: "Organization", required: false },
        home,
    )?;
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_organization};

    #[test]
    fn an_organization_keeps_what_patients_need() {
        let parsed = with_rules(
            &json!({
                "resourceType": "Organization",
                "id": "x",
                "identifier": [{"system": "http://hl7.org.au/id/abn", "value": "51824753556"}],
                "name": " Garran  Cardiology Clinic ",
                "telecom": [{"system": "phone", "value": "0270105238"}, {"system": "email", "value": "a@b.example"}],
                "address": [{"city": "Garran", "state": "ACT", "postalCode": "2605"}],
                "partOf": {"reference": "Organization/y"},
            }),
            parse_organization,
        )
        .unwrap();
        assert_eq!(parsed.facts.name, "Garran Cardiology Clinic");
        assert_eq!(parsed.facts.phone.as_deref(), Some("0270105238"));
        assert_eq!(parsed.facts.address.unwrap().suburb, "Garran");
        assert!(parsed.facts.active && parsed.identifiers[0].verified && parsed.warnings.is_empty());
        assert!(!parsed.references[0].required);
    }

    #[test]
    fn a_missing_name_is_said_and_inactive_is_no_error() {
        let organization = json!({"resourceType": "Organization", "id": "x", "active": false});
        let parsed = with_rules(&organization, parse_organization).unwrap();
        assert_eq!(parsed.facts.name, "Name not given");
        assert_eq!(parsed.warnings[0].pointer, "/name");
        assert!(!parsed.facts.active);
    }
}
