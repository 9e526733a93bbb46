//! An independent implementation, in Python from its own packages and written from `docs/sealing-format.md`, opens what
//! Rust sealed and seals what Rust opens.

use std::{
    env,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use sealing::{
    account_key::{AccountKey, DoorKey, RecoveryCode, WrappedAccountKey},
    directory::{Leaf, Pin, VerifiedLeaf},
    envelope::{Envelope, Expected, ExpectedSender, RecipientId, RecipientKey, Sender, open, seal},
    identity::{Identity, WrappedIdentity},
    mailbox::Holder,
    note::{Answer, Attachment, FileName, MediaType, Note},
    password::{KdfCost, KdfParameters, Password, PasswordKeys},
    secret::{Hidden, Secret},
};
use serde_json::{Value, json};

use crate::world::{BOOKING, NOTE, PATIENT, PRACTICE, World, account_leaf, context, reason, text};

const PASSWORD: &str = "Gänseblümchen am Zaun";

/// Puts a question to the other implementation.
fn ask(question: &Value) -> Value {
    let python = env::var_os("HELLOMAPPER_TEST_PYTHON").expect(
        "HELLOMAPPER_TEST_PYTHON is not set: run this through `cargo xtask test`, which makes the Python environment",
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/answer.py");
    let mut child = Command::new(python)
        .args(["-B".as_ref(), script.as_os_str()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python of HELLOMAPPER_TEST_PYTHON runs");
    child.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "answer.py failed; its words are above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A task and what it needs, given in parts.
fn question(task: &str, parts: &[Value]) -> Value {
    let mut question = json!({ "task": task });
    for part in parts {
        for (name, value) in part.as_object().unwrap() {
            question[name] = value.clone();
        }
    }
    question
}

fn in_context() -> Value {
    json!({
        "booking": hex::encode(BOOKING.0.as_bytes()),
        "organization": hex::encode(PRACTICE.0.as_bytes()),
        "note": hex::encode(NOTE.0.as_bytes()),
        "epoch": 1,
        "version": 1,
    })
}

fn password_keys() -> PasswordKeys {
    let parameters = KdfParameters::new(KdfCost::FLOOR, [3; 16]);
    Password::new(PASSWORD.to_owned()).unwrap().derive(&parameters).unwrap()
}

/// What the server stores of somebody, and the password.
fn account(world: &mut World, identity: &Identity) -> Value {
    let key = AccountKey::generate(&mut world.rng);
    let door = DoorKey::password(&password_keys());
    let wrapped = WrappedAccountKey::wrap(identity.keys().account(), &key, &door, &mut world.rng);
    json!({
        "password": PASSWORD,
        "wrapped_account_key": hex::encode(wrapped.to_bytes()),
        "wrapped_identity": hex::encode(WrappedIdentity::wrap(identity, &key, &mut world.rng).to_bytes()),
    })
}

fn leaves(world: &World) -> Value {
    json!({
        "patient_leaf": hex::encode(account_leaf(&world.patient).leaf().to_bytes()),
        "practice_leaf": hex::encode(world.leaf.leaf().to_bytes()),
    })
}

fn grant(world: &World, holder: impl Fn(Holder) -> bool) -> Value {
    let grant = world.first.grants.iter().find(|grant| holder(grant.holder())).unwrap();
    json!({ "grant": hex::encode(grant.to_bytes()) })
}

/// Notes of every kind, and how Python writes them.
fn notes() -> [(Note, Value); 4] {
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    [
        (reason(), json!({ "kind": "reason", "text": "a rash since Tuesday" })),
        (Note::Message(text("до среды 🌼")), json!({ "kind": "message", "text": "до среды 🌼" })),
        (
            Note::IntakeAnswers(vec![
                Answer { question: text("Allergies?"), answer: text("penicillin") },
                Answer { question: text("Else?"), answer: text("") },
            ]),
            json!({ "kind": "intake answers", "answers": [["Allergies?", "penicillin"], ["Else?", ""]] }),
        ),
        (
            Note::Attachment(Attachment {
                file_name: FileName::new("Überweisung.pdf".to_owned()).unwrap(),
                media_type: MediaType::new("application/pdf".to_owned()).unwrap(),
                bytes: Hidden::new(bytes.clone()),
            }),
            json!({
                "kind": "attachment",
                "file_name": "Überweisung.pdf",
                "media_type": "application/pdf",
                "bytes": hex::encode(bytes),
            }),
        ),
    ]
}

#[test]
fn python_reads_what_rust_sealed_with_everybodys_keys() {
    let mut world = World::new();
    let (patient, receptionist) = (world.patient.clone(), world.receptionist.clone());
    let [first, second, _] = world.recovery.split(&mut world.rng);
    let shares = json!({ "shares": [second.print().expose(), first.print().expose().to_lowercase()] });
    let me = Holder::Member(receptionist.keys().key_id());
    let readers = [
        (json!({ "as": "patient" }), account(&mut world, &patient), json!({})),
        (json!({ "as": "member" }), account(&mut world, &receptionist), grant(&world, |holder| holder == me)),
        (json!({ "as": "recovery" }), shares, grant(&world, |holder| matches!(holder, Holder::Recovery(_)))),
    ];
    let recipients = world.recipients();
    for (note, expected) in notes() {
        let sealed =
            seal(&context(), &note, &Sender::Account(&patient), &recipients, &mut world.rng).unwrap();
        let envelope = json!({ "envelope": hex::encode(sealed.to_bytes()) });
        for (role, keys, grant) in &readers {
            let parts =
                [in_context(), leaves(&world), envelope.clone(), role.clone(), keys.clone(), grant.clone()];
            assert_eq!(ask(&question("read", &parts)), json!({ "note": expected }), "{role}");
        }
    }
}

#[test]
fn rust_reads_what_python_sealed() {
    let world = World::new();
    for (note, in_clear) in notes() {
        let parts = [
            in_context(),
            leaves(&world),
            json!({
                "password": PASSWORD,
                "account": hex::encode(PATIENT.0.as_bytes()),
                "note_in_clear": in_clear,
            }),
        ];
        let answer = ask(&question("write", &parts));
        let bytes = |name: &str| hex::decode(answer[name].as_str().unwrap()).unwrap();
        let patient = sign_in(&bytes("wrapped_account_key"), &bytes("wrapped_identity"), &bytes("auth"));
        let leaf: VerifiedLeaf = Leaf::parse(&bytes("leaf")).unwrap().verify().unwrap();
        let keys = Pin::Unknown.observe(&leaf).unwrap().account(&leaf).unwrap();
        assert_eq!(keys, patient.trusted());
        let envelope = Envelope::parse(&bytes("envelope")).unwrap();
        let recipients = [RecipientId::patient(keys.keys()), world.practice().id()];
        let expected =
            Expected { sender: ExpectedSender::account(keys.keys()), ..world.expected(&recipients) };
        let by_practice = open(&expected, &envelope, &RecipientKey::Practice(world.mailbox()));
        assert_eq!(by_practice.as_ref(), Ok(&note));
        assert_eq!(open(&expected, &envelope, &RecipientKey::Patient(&patient)), Ok(note));
    }
}

/// Opens with the password what the other implementation wrapped.
fn sign_in(wrapped_key: &[u8], wrapped_identity: &[u8], auth: &[u8]) -> Identity {
    let wrapped = WrappedAccountKey::parse(wrapped_key).unwrap();
    let sealing::account_key::Door::Password(parameters) = wrapped.door() else {
        panic!("a password's door")
    };
    let keys = Password::new(PASSWORD.to_owned()).unwrap().derive(parameters).unwrap();
    assert_eq!(keys.auth().expose()[..], *auth);
    let key = wrapped.unwrap(PATIENT, &DoorKey::password(&keys)).unwrap();
    WrappedIdentity::parse(wrapped_identity).unwrap().unwrap(PATIENT, &key).unwrap()
}

#[test]
fn both_open_every_door_and_derive_the_same() {
    let mut world = World::new();
    let (identity, key) = (world.patient.clone(), AccountKey::generate(&mut world.rng));
    let code = RecoveryCode::generate(&mut world.rng);
    let prf = Secret::new([5; 32]);
    for door in [
        DoorKey::password(&password_keys()),
        DoorKey::passkey(PATIENT, b"a credential", &prf),
        DoorKey::recovery_code(PATIENT, &code),
    ] {
        let wrapped = WrappedAccountKey::wrap(PATIENT, &key, &door, &mut world.rng);
        let parts = [json!({
            "password": PASSWORD,
            "prf": hex::encode(prf.expose()),
            "recovery_code": code.print().expose().to_lowercase(),
            "wrapped_account_key": hex::encode(wrapped.to_bytes()),
            "wrapped_identity": hex::encode(WrappedIdentity::wrap(&identity, &key, &mut world.rng).to_bytes()),
        })];
        let expected = json!({ "key_id": identity.keys().key_id().to_string() });
        assert_eq!(ask(&question("unlock", &parts)), expected);
    }
    // Algorithm 2, 19 MiB, two passes, one lane, the salt.
    let parameters = format!("02{:08x}{:08x}01{}", 19 * 1024, 2, "03".repeat(16));
    let answer = ask(&question("prove", &[json!({ "password": PASSWORD, "parameters": parameters })]));
    assert_eq!(answer, json!({ "auth": hex::encode(password_keys().auth().expose()) }));
}

#[test]
fn both_print_the_same_fingerprints() {
    let world = World::new();
    for leaf in [account_leaf(&world.patient), world.leaf.clone()] {
        let answer = ask(&question("describe", &[json!({ "leaf": hex::encode(leaf.leaf().to_bytes()) })]));
        assert_eq!(answer, json!({ "fingerprint": leaf.fingerprint().to_string() }));
    }
}

/// The other implementation is no rubber stamp.
#[test]
fn python_refuses_what_was_altered() {
    let mut world = World::new();
    let patient = world.patient.clone();
    let keys = account(&mut world, &patient);
    let stored = world.envelope().to_bytes();
    for at in [10, 60, 140, 170, 230, 300, stored.len() - 300, stored.len() - 10] {
        let mut altered = stored.clone();
        altered[at] ^= 1;
        let envelope = json!({ "envelope": hex::encode(&altered), "as": "patient" });
        let answer = ask(&question("read", &[in_context(), leaves(&world), envelope, keys.clone()]));
        assert!(answer["refused"].is_string(), "byte {at}: {answer}");
    }
}
