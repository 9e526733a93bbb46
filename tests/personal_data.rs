//! What says something about a person leaves a service as `kernel::Disclosed`, behind its audit entry, and never as plain
//! JSON. Which types those are is read from who implements `PersonalData`, and how they leave from the routes' own text.
//! Text can be written around: this finds what was forgotten, not what somebody hides.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{collections::BTreeSet, fs, path::Path};

use hellomapper_tests::running::{SERVICES, workspace};

#[test]
fn no_personal_data_is_returned_in_plain_json() {
    let personal = personal();
    for known in ["Appointment", "AuditTrail", "PracticeAppointment"] {
        assert!(personal.contains(known), "{personal:?}");
    }
    for service in SERVICES {
        let mut routes = Vec::new();
        collect(&workspace().join("backend").join(service).join("src"), &mut routes);
        let views = functions_that_make(&personal, &routes);
        for text in &routes {
            for signature in text.split("-> ").skip(1).map(|rest| rest.split(" {\n").next().unwrap()) {
                let told: Vec<_> = words(signature).filter(|word| personal.contains(*word)).collect();
                assert!(
                    !signature.contains("Json<") || told.is_empty(),
                    "{service}: {told:?} in {signature}"
                );
            }
            for built in text.split("Json(").skip(1) {
                let maker = built.split('(').next().unwrap();
                assert!(!views.contains(maker), "{service}: Json({maker}(…))");
                assert!(!personal.contains(maker.split(" {").next().unwrap()), "{service}: Json({maker})");
            }
        }
    }
}

/// The names of the types.
fn personal() -> BTreeSet<String> {
    let mut texts = Vec::new();
    for folder in ["shared-types/src", "shared-types/transparency/src"] {
        collect(&workspace().join(folder), &mut texts);
    }
    let marked = texts.iter().flat_map(|text| text.split("impl PersonalData for ").skip(1));
    marked.map(|rest| words(rest).next().unwrap().to_owned()).collect()
}

/// The names of functions whose result is one of those.
fn functions_that_make(personal: &BTreeSet<String>, texts: &[String]) -> BTreeSet<String> {
    let functions = texts.iter().flat_map(|text| text.split("fn ").skip(1));
    functions
        .filter_map(|function| {
            let (name, rest) = function.split_once('(')?;
            let (_, result) = rest.split_once(" {\n")?.0.rsplit_once("-> ")?;
            words(result).next().filter(|first| personal.contains(*first)).map(|_| name.to_owned())
        })
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
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
