//! Every act that the services write down about a person has words on the page "Who looked at my record". Which acts
//! there are is read from the services' own text. Text can be written around: this finds what was forgotten.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{collections::BTreeSet, fs, path::Path};

use frontend::record::words::act_words;

#[test]
fn every_operation_that_knows_its_caller_has_words() {
    let operations: BTreeSet<_> = texts().iter().flat_map(|text| operations(text)).collect();
    for known in ["find_patient", "confirm_hold", "put_coverage", "list_practice_appointments"] {
        assert!(operations.contains(known), "{known} not in {operations:?}");
    }
    assert_eq!(without_words(&operations), Vec::<&String>::new());
}

#[test]
fn every_act_that_is_noted_by_name_has_words() {
    let acts: BTreeSet<_> = texts().iter().flat_map(|text| acts(text)).collect();
    assert!(acts.contains("claim_bookings"), "{acts:?}");
    assert_eq!(without_words(&acts), Vec::<&String>::new());
}

fn without_words(names: &BTreeSet<String>) -> Vec<&String> {
    names.iter().filter(|name| act_words(name).is_none()).collect()
}

/// The operations of the routes in a file, but for those that are open to everybody.
fn operations(text: &str) -> Vec<String> {
    let routes = text.split(".route(").skip(1).map(|rest| rest.split(".route(").next().unwrap());
    let known = routes.filter(|route| {
        let open = route.find("Public").unwrap_or(usize::MAX);
        let closed =
            ["Holder", "Account", "Practice(", "Platform("].iter().filter_map(|name| route.find(name)).min();
        closed.is_some_and(|closed| closed < open)
    });
    known.filter_map(|route| literals(route).find(|literal| is_name(literal))).collect()
}

/// The values of `action:` in a file.
fn acts(text: &str) -> Vec<String> {
    text.split("action: \"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Every other part between quotes.
fn literals(text: &str) -> impl Iterator<Item = String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

/// The services' source files.
fn texts() -> Vec<String> {
    let backend = Path::new(env!("CARGO_MANIFEST_DIR")).join("../backend");
    let mut texts = Vec::new();
    for service in ["users", "providers", "bookings", "payments", "notifications"] {
        collect(&backend.join(service).join("src"), &mut texts);
    }
    texts
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
}
