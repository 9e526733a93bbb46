//! Whatever discloses personal data leaves exactly one audit entry for each thing it shows.
//!
//! Which operations those are is read from the routes' own text: what uses `Disclosed`. That nothing personal is returned
//! in any other way, `tests/personal_data.rs` looks after for all services.

use std::{collections::BTreeSet, fs};

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared_types::{PatientId, users::PlatformRole};

use crate::{
    create_passkey::Authenticator,
    people::{People, details},
    sealed::{BOOKING, Clinic, MEMBER, OTHER, RECEPTION, context, own_notes, practice, practice_notes},
};

/// The operations that are called below.
const OPERATIONS: [&str; 24] = [
    "add_dependant",
    "create_passkey",
    "export_record",
    "find_erasure",
    "find_mailbox",
    "find_me",
    "find_patient",
    "find_patient_by_grant",
    "grant_access",
    "list_access_grants",
    "list_consents",
    "list_delegations",
    "list_dependants",
    "list_living_grants",
    "list_note_inbox",
    "list_notes",
    "list_passkeys",
    "list_practice_notes",
    "list_sessions",
    "list_staff",
    "plan_erasure",
    "put_dependant",
    "put_patient",
    "start_totp",
];
/// Helps by a stated reason.
const SUPPORT: u128 = 6;

#[tokio::test]
async fn each_operation_that_discloses_leaves_exactly_one_entry() {
    let mut clinic = Clinic::open().await;
    let core = &clinic.people.world.core;
    users::name_platform_staff(core, "p6@example.org", &[PlatformRole::Support]).await.unwrap();
    core.clock.advance(SignedDuration::from_secs(1));
    let sealed = clinic.written_by(MEMBER, context(1), &[MEMBER]).await;
    clinic.put_note(&clinic.ticket(BOOKING, Some(MEMBER)), &sealed).await.ok(201);
    let mut looks = Looks { people: &clinic.people, called: BTreeSet::new() };

    // Somebody's own record, and that of whom they look after.
    let (get, put, post) = (Method::GET, Method::PUT, Method::POST);
    let own = "/me/patient";
    let kept = looks.leave_one("put_patient", MEMBER, put.clone(), own, details("1980-02-29", 0)).await;
    let patient: PatientId = serde_json::from_value(kept["patient_id"].clone()).unwrap();
    looks.leave_one("find_patient", MEMBER, get.clone(), own, Value::Null).await;
    let mut child = details("2020-03-11", 0);
    child["kind"] = json!("child");
    child["statement"] = json!({"text": "parent-statement", "version": 1});
    let added = looks.leave_one("add_dependant", MEMBER, post.clone(), "/me/dependants", child).await;
    let path = format!("/me/dependants/{}", added["patient"]["patient_id"].as_str().unwrap());
    looks.leave_one("put_dependant", MEMBER, put, &path, details("2020-03-11", 1)).await;
    clinic.book(BOOKING, Some(MEMBER), Some(patient)).await;
    let reason = json!({"patient_id": patient, "category": "person_asked", "minutes": 60,
        "reason": "Ada asked on the phone why her name is wrong."});
    looks.leave_one("grant_access", SUPPORT, post.clone(), "/platform/access-grants", reason).await;
    for (operation, number, path) in [
        ("list_dependants", MEMBER, "/me/dependants".to_owned()),
        ("list_delegations", MEMBER, "/me/delegations".to_owned()),
        ("list_access_grants", MEMBER, "/me/access-grants".to_owned()),
        ("list_consents", MEMBER, "/me/consents".to_owned()),
        ("export_record", MEMBER, "/me/export".to_owned()),
        ("plan_erasure", MEMBER, "/me/erasure".to_owned()),
        ("find_me", MEMBER, "/me".to_owned()),
        ("list_sessions", MEMBER, "/sessions".to_owned()),
        ("list_notes", MEMBER, own_notes()),
        ("list_practice_notes", RECEPTION, practice_notes()),
        ("list_note_inbox", RECEPTION, practice("/notes")),
        ("find_mailbox", RECEPTION, practice("/mailbox")),
        ("list_staff", RECEPTION, practice("/staff")),
        ("find_patient_by_grant", SUPPORT, format!("/platform/patients/{patient}")),
        ("list_living_grants", SUPPORT, "/platform/access-grants".to_owned()),
    ] {
        looks.leave_one(operation, number, get.clone(), &path, Value::Null).await;
    }

    // What one signs in with.
    looks.leave_one("start_totp", MEMBER, post.clone(), "/totp/start", Value::Null).await;
    let asked = clinic.post(MEMBER, "/passkeys/start", Value::Null).await.ok(200);
    let credential = Authenticator::new().make(asked["options"].clone());
    let passkey = json!({"name": "Phone", "ceremony_id": asked["ceremony_id"], "credential": credential});
    looks.leave_one("create_passkey", MEMBER, post.clone(), "/passkeys", passkey).await;
    looks.leave_one("list_passkeys", MEMBER, get, "/passkeys", Value::Null).await;

    // And the end.
    let asked = clinic.post(OTHER, "/me/erasure", json!({"email": "p4@example.org"})).await.ok(202);
    let receipt = json!({"receipt": asked["receipt"]});
    looks.leave_one("find_erasure", MEMBER, post, "/erasures/find", receipt).await;
    assert_eq!(looks.called, OPERATIONS.into());
    assert_eq!(disclosing(), OPERATIONS.map(str::to_owned).into());
}

/// Calls, one after the other, so that what was written since the last one is this one's.
struct Looks<'a> {
    people: &'a People,
    called: BTreeSet<&'static str>,
}

impl Looks<'_> {
    /// Calls and gives the reply, which shows one thing.
    async fn leave_one(
        &mut self,
        operation: &'static str,
        number: u128,
        method: Method,
        path: &str,
        body: Value,
    ) -> Value {
        let before = self.people.audited().await.len();
        let reply = self.people.send(number, method, path, body).await;
        assert!(matches!(reply.status, 200 | 201), "{operation}: {} {}", reply.status, reply.body);
        let written = self.people.audited().await.split_off(before);
        let written: Vec<_> = written.into_iter().map(|(action, _)| action).collect();
        assert_eq!(written, [operation]);
        self.called.insert(operation);
        reply.body
    }
}

/// The handlers that record and disclose.
fn disclosing() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/routes");
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        for function in text.split("pub async fn ").skip(1) {
            let (name, rest) = function.split_once('(').unwrap();
            if rest.split("\n}\n").next().unwrap().contains("Disclosed") {
                found.insert(name.to_owned());
            }
        }
    }
    found
}
