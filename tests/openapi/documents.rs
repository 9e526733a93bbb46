//! `docs/openapi/` against the code.

use std::{collections::BTreeSet, env, fs};

use hellomapper_tests::{
    Person, Running,
    running::{SERVICES, workspace},
};
use serde_json::Value;

/// Set by `cargo xtask openapi`: the documents are written, not compared.
const WRITE: &str = "HELLOMAPPER_WRITE_OPENAPI";

/// What each service says.
async fn described() -> Vec<(&'static str, Value)> {
    let running = Running::without_pages().await;
    let person = Person::new(&running.settings.public_url);
    let mut described = Vec::new();
    for service in SERVICES {
        described.push((service, person.get(&format!("/api/v1/{service}/openapi.json")).await));
    }
    described
}

#[tokio::test]
async fn the_committed_descriptions_are_what_the_code_says() {
    let folder = workspace().join("docs/openapi");
    for (service, description) in described().await {
        let file = folder.join(format!("{service}.json"));
        if env::var_os(WRITE).is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, serde_json::to_string_pretty(&description).unwrap() + "\n").unwrap();
            continue;
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        let committed: Value = serde_json::from_str(&committed).unwrap_or_default();
        assert!(
            committed == description,
            "docs/openapi/{service}.json is not what the code says: run `cargo xtask openapi` and commit docs/openapi"
        );
    }
}

#[tokio::test]
async fn every_reference_and_every_link_leads_somewhere() {
    for (service, description) in described().await {
        let mut operations = BTreeSet::new();
        each(&description, &mut |name, value| {
            if name == "operationId" && value.get("responses").is_some() {
                operations.insert(value["operationId"].as_str().unwrap().to_owned());
            }
        });
        each(&description, &mut |name, value| {
            let told = value[name].as_str().unwrap_or_default();
            match name {
                "$ref" => {
                    let found = description.pointer(told.strip_prefix('#').unwrap());
                    assert!(found.is_some(), "{service}: {told}");
                }
                "operationId" => assert!(operations.contains(told), "{service}: {told}"),
                _ => {}
            }
        });
    }
}

/// Looks at every field of every object, with the object.
fn each(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                look(name, value);
                each(field, look);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, look)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
