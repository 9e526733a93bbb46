//! What can be asked, in FHIR's own words, read from the routes: what they do not serve is not claimed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{fhir, routes::Route};
use serde_json::{Value, json};

use super::Base;

/// Terms that searches take: resource, name, type, what it is.
const TERMS: [(&str, &str, &str, &str); 5] = [
    (
        "Schedule",
        "actor",
        "reference",
        "PractitionerRole/… or Location/…; without it, every schedule in pages",
    ),
    ("Slot", "schedule", "reference", "Schedule/…, which a search has to name"),
    (
        "Slot",
        "start",
        "date",
        "From now and for a fortnight unless told, at most four weeks; repeated for a span, never with a comma",
    ),
    ("Slot", "service-type", "token", "An appointment type; all of them unless told"),
    ("Slot", "status", "token", "free: what is taken is told to nobody"),
];

/// The operations' definitions.
const OPERATIONS: [(&str, &str); 4] = [
    ("find", "https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-find"),
    ("hold", "https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-hold"),
    ("book", "https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-book"),
    ("bulk-publish", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/bulk-publish"),
];

/// How somebody is known who books.
const SECURITY: &str = "Schedules, free slots and $find are public. $hold gives a cookie, __Host-guest, by which its sender \
     is known to $book and may read the appointment for a day; a session of this site does the same. Each request may carry an \
     Idempotency-Key.";

#[derive(Default)]
struct Served {
    interactions: Vec<&'static str>,
    operations: Vec<&'static str>,
}

/// The capability statement of these routes.
pub fn capability_statement<'r>(base: &Base, routes: impl Iterator<Item = &'r Route>, date: Date) -> Value {
    let mut resources = BTreeMap::<&str, Served>::new();
    let mut system = Vec::new();
    for route in routes {
        let Some(path) = route.path.strip_prefix(fhir::BASE) else { continue };
        let segments: Vec<_> = path.split('/').skip(1).collect();
        match segments.as_slice() {
            [operation] if operation.starts_with('$') => system.push(&operation[1..]),
            [kind, operation] if operation.starts_with('$') => {
                let operations = &mut resources.entry(*kind).or_default().operations;
                let name = &operation[1..];
                if !operations.contains(&name) {
                    operations.push(name);
                }
            }
            [kind] if is_resource(kind) => {
                resources.entry(*kind).or_default().interactions.push("search-type")
            }
            [kind, _] if is_resource(kind) => resources.entry(*kind).or_default().interactions.push("read"),
            // The statement itself, files of the bulk feed, and what a practice reads.
            _ => {}
        }
    }
    let resources: Vec<_> = resources.iter().map(|(kind, served)| resource(kind, served)).collect();
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "implementation": {"description": "HelloMapper: free times and bookings", "url": base.page(fhir::BASE)},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "security": {"description": SECURITY},
            "resource": resources,
            "operation": operations(&system),
        }],
    })
}

fn is_resource(segment: &str) -> bool {
    segment.starts_with(|letter: char| letter.is_ascii_uppercase())
}

fn resource(kind: &str, served: &Served) -> Value {
    let terms = TERMS.iter().filter(|(of, ..)| *of == kind);
    let terms: Vec<_> = terms
        .map(|(_, name, kind, what)| json!({"name": name, "type": kind, "documentation": what}))
        .collect();
    let interactions: Vec<_> = served.interactions.iter().map(|code| json!({"code": code})).collect();
    let mut resource = json!({"type": kind});
    for (element, values) in
        [("interaction", interactions), ("searchParam", terms), ("operation", operations(&served.operations))]
    {
        // FHIR has no empty lists.
        if !values.is_empty() {
            resource[element] = Value::Array(values);
        }
    }
    resource
}

fn operations(names: &[&str]) -> Vec<Value> {
    let known =
        |name: &str| OPERATIONS.iter().find(|(known, _)| *known == name).map(|(_, definition)| *definition);
    names.iter().filter_map(|name| Some(json!({"name": name, "definition": known(name)?}))).collect()
}
