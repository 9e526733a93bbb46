//! Endpoint: where an organization's systems are reached.

use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal,
    json::{string, text},
    reference::{Home, Target},
    resource::{Parsed, Rules},
};

/// What is kept of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndpointFacts {
    /// The code of the protocol.
    pub connection_type: String,
    /// Where.
    pub address: String,
}

/// Reads an Endpoint.
///
/// # Errors
/// When the protocol or the address is missing, or the directory takes the endpoint back.
pub(super) fn parse_endpoint(
    resource: &Value,
    home: &Home,
    _rules: &Rules<'_>,
) -> Result<Parsed<EndpointFacts>, Refusal> {
    if string(resource, "status")?.as_deref() == Some("entered-in-error") {
        return Err(Refusal::new("/status", "the directory says that this was entered in error"));
    }
    let connection_type = resource.get("connectionType").and_then(|coding| text(coding, "code"));
    let connection_type =
        connection_type.ok_or_else(|| Refusal::new("/connectionType", "has no connection type"))?;
    let address = string(resource, "address")?.ok_or_else(|| Refusal::new("/address", "has no address"))?;
    let mut parsed = Parsed::new(EndpointFacts { connection_type, address });
    let organization = Target { field: "organization", expected: "Organization", required: false };
    parsed.refer(resource, "managingOrganization", organization, home)?;
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::resource::tests::with_rules, parse_endpoint};

    #[test]
    fn an_endpoint_needs_a_protocol_and_an_address() {
        let whole = json!({
            "resourceType": "Endpoint", "id": "x", "status": "active", "address": "https://a.example/fhir",
            "connectionType": {"code": "hl7-fhir-rest"}, "managingOrganization": {"display": "HL7 Australia"},
        });
        let parsed = with_rules(&whole, parse_endpoint).unwrap();
        assert_eq!(parsed.facts.connection_type, "hl7-fhir-rest");
        assert_eq!(parsed.warnings[0].pointer, "/managingOrganization");
        for (member, pointer) in [("connectionType", "/connectionType"), ("address", "/address")] {
            let mut without = whole.clone();
            without.as_object_mut().unwrap().remove(member);
            assert_eq!(with_rules(&without, parse_endpoint).unwrap_err().pointer, pointer);
        }
        let mut mistaken = whole;
        mistaken["status"] = json!("entered-in-error");
        assert_eq!(with_rules(&mistaken, parse_endpoint).unwrap_err().pointer, "/status");
    }
}
