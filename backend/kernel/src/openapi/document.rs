//! The whole description of a service.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use shared_types::Problem;

use super::{Describe, Follows, Operation, links};
use crate::{cookies, routes::Route, session};

/// What each status means here, whatever the operation.
const PROBLEMS: [(u16, &str); 10] = [
    (400, "The request cannot be read."),
    (401, "Nobody is signed in: `/problems/signed-out`."),
    (403, "The caller is known and may not do that, or signed in too weakly."),
    (404, "It is not there, or the caller may not know that it is: `/problems/not-found`."),
    (409, "It does not go with how things stand now; `detail` says how."),
    (412, "It has changed since it was seen."),
    (413, "The body is too large: `/problems/too-large`."),
    (415, "The body is not said to be JSON."),
    (422, "It is understood and wrong; `errors` names the fields."),
    (429, "Too many requests; `Retry-After` says how long to wait."),
];

/// Describes a service. All of a service's operations share one set of schemas.
///
/// # Panics
/// Where the routes contradict themselves: see [`Operation`] and [`links::add`].
pub(crate) fn document(service: &str, operations: &[(Route, Describe)], follows: &[Follows]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>().to_value();
    let mut described: Vec<_> = operations
        .iter()
        .map(|(route, describe)| {
            let mut operation = Operation::new(route, &mut generator);
            describe(&mut operation);
            operation.finish()
        })
        .collect();
    let schemas = generator.take_definitions(true);
    links::add(&mut described, follows, &schemas);
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for ((route, _), operation) in operations.iter().zip(described) {
        paths.entry(route.path).or_default().insert(route.method.to_lowercase(), operation);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("HelloMapper {service}"),
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": problems(&problem),
            "securitySchemes": {
                "session": cookie(session::COOKIE, "Set by signing in."),
                "guest": cookie(cookies::GUEST, "Set by the first hold of somebody who is not signed in."),
                "manage": cookie(cookies::MANAGE, "Set by opening a booking's link with proof."),
            },
        },
    });
    plain_words(&mut document);
    document
}

/// Refusals as problem details (RFC 9457).
fn problems(schema: &Value) -> Map<String, Value> {
    let reply = |description: &str| {
        let content = json!({"application/problem+json": {"schema": schema}});
        json!({"description": description, "content": content})
    };
    let mut problems: Map<_, _> =
        PROBLEMS.into_iter().map(|(status, description)| (status.to_string(), reply(description))).collect();
    let other = "Any other problem; `type` says which, and `/problems/{type}` explains it.";
    problems.insert("problem".to_owned(), reply(other));
    problems
}

fn cookie(name: &str, description: &str) -> Value {
    json!({"type": "apiKey", "in": "cookie", "name": name, "description": description})
}

/// Doc comments link to code; in a description those are words like others.
fn plain_words(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "description" => *text = without_links(text),
                    other => plain_words(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(plain_words),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A link's words alone, without where it leads.
fn without_links(text: &str) -> String {
    let (mut words, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("`](") {
        words += before;
        words.push('`');
        rest = after.split_once(')').map_or(after, |(_, rest)| rest);
    }
    words += rest;
    words.replace("[`", "`").replace("`]", "`")
}
