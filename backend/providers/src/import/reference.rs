//! What a resource is called and what it calls others. A key is `Practitioner/x`, or the whole address where a
//! Bundle gives one, so that two directories with the same ids stay two.

use serde::Serialize;
use serde_json::Value;

use super::{
    Refusal, Warning,
    identifiers::{alias, kept_form},
    json::{clean, text},
};

/// The resources that a directory is made of, in the order in which they depend on each other.
pub(super) const TYPES: [&str; 6] =
    ["Organization", "Location", "Practitioner", "HealthcareService", "Endpoint", "PractitionerRole"];

/// The names of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Home {
    /// Its `source_key`.
    pub(super) key: String,
    /// `Practitioner/x`, for people.
    pub(super) label: String,
    /// Everything by which others may call it.
    pub(super) aliases: Vec<String>,
    /// The address of its server, ending in `/`.
    base: Option<String>,
    /// The key below which contained resources are found.
    container: String,
}

/// A reference to be resolved once everything is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// Which fact it is, such as `practitioner`.
    pub field: &'static str,
    /// Where it stands, such as `/practitioner/reference`.
    pub pointer: String,
    /// The type it should lead to.
    pub expected: &'static str,
    /// Whether the resource is refused without it.
    pub required: bool,
    /// As given.
    pub shown: String,
    /// Keys and aliases to try, best first.
    pub keys: Vec<String>,
    /// The namespace, in a reference by identifier.
    pub identifier_system: Option<String>,
    /// The value, in a reference by identifier.
    pub identifier_value: Option<String>,
}

impl Home {
    /// Names a resource of a known type.
    ///
    /// # Errors
    /// When it has no id, or one that FHIR does not allow.
    pub(super) fn of(resource: &Value, resource_type: &str, full_url: Option<&str>) -> Result<Self, Refusal> {
        let uuid = full_url.and_then(|url| url.strip_prefix("urn:uuid:"));
        let id = match resource.get("id") {
            Some(Value::String(id)) => id.as_str(),
            None => uuid.ok_or_else(|| {
                Refusal::new("/id", "a resource needs an id, so that it can be found again")
            })?,
            Some(_) => return Err(Refusal::new("/id", "an id is text")),
        };
        if !well_formed(id) {
            let reason = "an id is 1 to 128 letters, digits, hyphens, dots and underscores";
            return Err(Refusal::new("/id", reason));
        }
        let label = format!("{resource_type}/{id}");
        let base = full_url.and_then(|url| url.strip_suffix(&label)).filter(|base| is_absolute(base));
        let key = format!("{}{label}", base.unwrap_or_default());
        // What has an address is called by type and id alone only where nothing else can be meant, see `candidates`.
        let mut aliases = vec![key.clone(), if base.is_some() { anywhere(&label) } else { label.clone() }];
        aliases.extend(full_url.map(comparable));
        aliases.sort();
        aliases.dedup();
        Ok(Self { container: key.clone(), key, label, aliases, base: base.map(str::to_owned) })
    }

    /// Names a resource that another contains.
    pub(super) fn contained(&self, id: &str) -> Self {
        let key = format!("{}#{id}", self.container);
        Self {
            label: format!("{}#{id}", self.label),
            aliases: vec![key.clone()],
            key,
            base: self.base.clone(),
            container: self.container.clone(),
        }
    }

    /// Where a reference may lead, best guess first, and the type its text names.
    fn candidates(&self, reference: &str) -> (Vec<String>, Option<&'static str>) {
        if reference.starts_with('#') {
            return (vec![format!("{}{reference}", self.container)], None);
        }
        if reference.starts_with("urn:") {
            return (vec![comparable(reference)], None);
        }
        let unversioned = reference.split_once("/_history/").map_or(reference, |(current, _)| current);
        let mut from_right = unversioned.rsplit('/');
        let id = from_right.next().unwrap_or_default();
        let named = from_right.next().and_then(|name| TYPES.into_iter().find(|known| *known == name));
        let Some(named) = named else {
            return (vec![unversioned.to_owned()], None);
        };
        let local = format!("{named}/{id}");
        let keys = match &self.base {
            // The address in full may name what came without one, from a directory or NDJSON of the same server.
            _ if unversioned != local => vec![unversioned.to_owned(), local],
            Some(base) => vec![format!("{base}{local}"), local],
            None => vec![local.clone(), anywhere(&local)],
        };
        (keys, Some(named))
    }
}

/// What a reference should be.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) field: &'static str,
    pub(super) expected: &'static str,
    pub(super) required: bool,
}

/// Reads a Reference element at `pointer`. What names nothing that could be looked up is left out with a warning.
///
/// # Errors
/// When a required one names a resource of a wrong type.
pub(super) fn read(
    element: &Value,
    pointer: &str,
    target: Target,
    home: &Home,
    warnings: &mut Vec<Warning>,
) -> Result<Option<Reference>, Refusal> {
    let Target { field, expected, required } = target;
    let pointer_to = |name: &str| format!("{pointer}/{name}");
    if let Some(reference) = text(element, "reference") {
        let (keys, named) = home.candidates(&reference);
        if let Some(named) = named.filter(|named| *named != expected) {
            let reason = format!("refers to a {named}, where a {expected} belongs");
            if required {
                return Err(Refusal::new(pointer_to("reference"), reason));
            }
            warnings.push(Warning::new(pointer_to("reference"), format!("{reason}; left out")));
            return Ok(None);
        }
        let pointer = pointer_to("reference");
        return Ok(Some(Reference {
            field,
            pointer,
            expected,
            required,
            shown: reference,
            keys,
            identifier_system: None,
            identifier_value: None,
        }));
    }
    let identifier = element.get("identifier");
    let part = |name| identifier.and_then(|identifier| text(identifier, name));
    if let (Some(system), Some(value)) = (part("system"), part("value")) {
        let value = kept_form(&system, value);
        return Ok(Some(Reference {
            field,
            pointer: pointer_to("identifier"),
            expected,
            required,
            shown: format!("the {expected} with identifier {value}"),
            keys: vec![alias(&system, &value)],
            identifier_system: Some(system),
            identifier_value: Some(value),
        }));
    }
    let named = text(element, "display")
        .map_or_else(|| "nothing".to_owned(), |name| format!("{name:?} in words only"));
    warnings.push(Warning::new(pointer, format!("names {named}, so it cannot be linked; left out")));
    Ok(None)
}

/// An alias for what is at an address, for references that have none.
fn anywhere(label: &str) -> String {
    format!("*/{label}")
}

/// URNs are compared without regard to case, addresses as they are.
fn comparable(url: &str) -> String {
    let url = clean(url).unwrap_or_default();
    if url.starts_with("urn:") { url.to_lowercase() } else { url }
}

fn is_absolute(base: &str) -> bool {
    let after_scheme = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
    after_scheme
        .is_some_and(|rest| rest.len() > 1 && rest.ends_with('/') && clean(base).as_deref() == Some(base))
}

/// FHIR allows 64 letters, digits, hyphens and dots; directories in use also have underscores and longer ones.
fn well_formed(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    (1..=128).contains(&id.len()) && id.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Home, Target, read};

    const PRACTITIONER: Target = Target { field: "practitioner", expected: "Practitioner", required: true };
    const UUID: &str = "urn:uuid:0195F6F4-6C1B-7C31-8D0B-0A7B0C0D0E0F";

    fn home(full_url: Option<&str>) -> Home {
        Home::of(&json!({"id": "x"}), "PractitionerRole", full_url).unwrap()
    }

    #[test]
    fn a_resource_is_called_by_its_type_and_id_and_by_its_address_where_it_has_one() {
        for (full_url, key) in [
            (None, "PractitionerRole/x"),
            (Some("https://a.example/fhir/PractitionerRole/x"), "https://a.example/fhir/PractitionerRole/x"),
            (Some(UUID), "PractitionerRole/x"),
            (Some("https://a.example/elsewhere"), "PractitionerRole/x"),
            (Some("PractitionerRole/x"), "PractitionerRole/x"),
        ] {
            assert_eq!(home(full_url).key, key, "{full_url:?}");
        }
        assert!(home(Some(UUID)).aliases.contains(&UUID.to_lowercase()));
        let by_uuid = Home::of(&json!({}), "Practitioner", Some("urn:uuid:abc")).unwrap();
        assert_eq!(by_uuid.key, "Practitioner/abc");
        assert_eq!(home(None).contained("p").key, "PractitionerRole/x#p");
    }

    #[test]
    fn ids_that_cannot_be_found_again_are_refused() {
        for resource in
            [json!({}), json!({"id": 7}), json!({"id": ""}), json!({"id": "a/b"}), json!({"id": "é"})]
        {
            assert_eq!(Home::of(&resource, "Practitioner", None).unwrap_err().pointer, "/id", "{resource}");
        }
    }

    #[test]
    fn references_lead_where_they_say() {
        let based = home(Some("https://a.example/fhir/PractitionerRole/x"));
        for (from, reference, keys) in [
            (home(None), "Practitioner/p", vec!["Practitioner/p", "*/Practitioner/p"]),
            (home(None), "Practitioner/p/_history/3", vec!["Practitioner/p", "*/Practitioner/p"]),
            (
                based.clone(),
                "Practitioner/p",
                vec!["https://a.example/fhir/Practitioner/p", "Practitioner/p"],
            ),
            (
                home(None),
                "https://b.example/Practitioner/p",
                vec!["https://b.example/Practitioner/p", "Practitioner/p"],
            ),
            (
                based.clone(),
                "https://b.example/Practitioner/p/_history/1",
                vec!["https://b.example/Practitioner/p", "Practitioner/p"],
            ),
            (based, "#p", vec!["https://a.example/fhir/PractitionerRole/x#p"]),
            (home(None), UUID, vec!["urn:uuid:0195f6f4-6c1b-7c31-8d0b-0a7b0c0d0e0f"]),
            (home(None), "p", vec!["p"]),
        ] {
            let element = json!({ "reference": reference });
            let found =
                read(&element, "/practitioner", PRACTITIONER, &from, &mut Vec::new()).unwrap().unwrap();
            assert_eq!(found.keys, keys, "{reference}");
            assert_eq!(found.pointer, "/practitioner/reference");
        }
    }

    #[test]
    fn a_reference_by_identifier_is_compared_in_its_kept_form() {
        let element = json!({"identifier": {"system": crate::import::identifiers::HPI_I, "value": "8003 6199 0001 5717"}});
        let found =
            read(&element, "/practitioner", PRACTITIONER, &home(None), &mut Vec::new()).unwrap().unwrap();
        assert_eq!(found.identifier_value.as_deref(), Some("8003619900015717"));
        assert_eq!(found.pointer, "/practitioner/identifier");
    }

    #[test]
    fn words_alone_link_nothing_and_wrong_types_are_refused_where_they_matter() {
        let mut warnings = Vec::new();
        let words =
            read(&json!({"display": "Dr Who"}), "/practitioner", PRACTITIONER, &home(None), &mut warnings);
        assert_eq!(words.unwrap(), None);
        assert_eq!(warnings.len(), 1);
        let wrong = json!({"reference": "Location/l"});
        let refusal = read(&wrong, "/practitioner", PRACTITIONER, &home(None), &mut warnings).unwrap_err();
        assert_eq!(refusal.pointer, "/practitioner/reference");
        let optional = Target { required: false, ..PRACTITIONER };
        assert_eq!(read(&wrong, "/practitioner", optional, &home(None), &mut warnings).unwrap(), None);
        assert_eq!(warnings.len(), 2);
    }
}
