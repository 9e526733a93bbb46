//! `hellomapper audit` and `hellomapper breach` as an operator runs them beside a database: exit codes and what they say.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use cluster::SERVICES;
use jiff::SignedDuration;
use kernel::{
    Chance, Core,
    audit::{self, Actor, Entry, Outcome, Purpose, Signed, log::Log},
    config::Settings,
    testing::Database,
};
use serde_json::Value;
use shared_types::{AccountId, BookingId, PatientId, users::Strength};
use tempfile::TempDir;
use uuid::Uuid;

/// Works at the desk of a practice.
const DESK: AccountId = AccountId(Uuid::from_u128(0xDE5C));
const PATIENT: PatientId = PatientId(Uuid::from_u128(0xA1));
const OTHER: PatientId = PatientId(Uuid::from_u128(0xA2));
/// A time that all entries here lie in, and one that none does.
const TODAY: [&str; 4] = ["--from", "2026-11-26T00:00:00Z", "--to", "2026-11-27T00:00:00Z"];
const TOMORROW: [&str; 4] = ["--from", "2026-11-27T00:00:00Z", "--to", "2026-11-28T00:00:00Z"];

/// A database with a log of some acts, and a folder with its checkpoints.
struct Office {
    database: Database,
    home: TempDir,
}

impl Office {
    async fn open() -> Self {
        let office = Self { database: Database::new().await, home: tempfile::tempdir().unwrap() };
        let core = office.database.core("bookings", "2026-11-26T08:00:00Z".parse().unwrap()).await;
        office.act(&core, "list_practice_appointments", PATIENT, 1).await;
        office.act(&core, "find_appointment", PATIENT, 1).await;
        office.act(&core, "find_appointment", OTHER, 2).await;
        office.sign("bookings", &core).await;
        office
    }

    /// Somebody at the desk reads a booking of a patient.
    async fn act(&self, core: &Core, action: &'static str, patient: PatientId, booking: u128) {
        let signed = Signed {
            account_id: DESK,
            session_id: Uuid::from_u128(1).into(),
            strength: Strength::Passkey,
            organization_id: Some(Uuid::from_u128(0xB1).into()),
            on_behalf_of: None,
            access_grant_id: None,
        };
        let entry = Entry {
            actor: Actor::Account(signed),
            action,
            resource: BookingId(Uuid::from_u128(booking)).into(),
            whose: Some(patient),
            purpose: Purpose::Care,
            outcome: Outcome::Allowed,
        };
        core.clock.advance(SignedDuration::from_secs(1));
        let mut tx = core.begin().await.unwrap();
        audit::record(&mut tx, core, entry).await.unwrap();
        core.commit(tx).await.unwrap();
    }

    /// Gives the entries their places and signs the log, as the server does.
    async fn sign(&self, service: &str, core: &Core) {
        let settings = Settings { home: self.home.path().to_owned(), ..Settings::from_env().unwrap() };
        let options = self.database.options(&format!("{service}_audit"));
        let log = Log::open(options, service, &settings, &core.clock, &Chance::system()).await.unwrap();
        while log.sequence().await.unwrap() > 0 {}
        log.checkpoint().await.unwrap().unwrap();
    }

    /// Runs the program with nothing in its environment but where the databases and its folder are.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hellomapper"));
        command.env_clear().current_dir(self.home.path()).env("HELLOMAPPER_HOME", self.home.path());
        for service in SERVICES {
            let upper = service.to_uppercase();
            command.env(format!("DATABASE_URL_{upper}"), self.database.url(&format!("{service}_app")));
            let audit = self.database.url(&format!("{service}_audit"));
            command.env(format!("DATABASE_AUDIT_URL_{upper}"), audit);
        }
        command.args(arguments).output().unwrap()
    }

    /// Runs it well, and gives what it printed.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let (said, wrong) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {} {said} {wrong}", output.status);
        said
    }

    /// Verifies an export with the checkpoint and the key in the folder: the exit code, and what is said.
    fn verify(&self, export: &Path) -> (i32, String) {
        let log = self.home.path().join("audit/bookings");
        let (checkpoint, key) = (log.join("newest.checkpoint"), log.join("log.vkey"));
        let path = |file: &Path| file.to_str().unwrap().to_owned();
        let (export, checkpoint, key) = (path(export), path(&checkpoint), path(&key));
        let output =
            self.run(&["audit", "verify", "--export", &export, "--checkpoint", &checkpoint, "--key", &key]);
        (output.status.code().unwrap(), text(&output.stdout))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_log_is_exported_and_verified_and_every_change_of_it_is_named() {
    let office = Office::open().await;
    let export = office.home.path().join("bookings.ndjson");
    let said = office.says(&["audit", "export", "--service", "bookings", "--out", export.to_str().unwrap()]);
    assert!(said.starts_with("3 entries of bookings are in "), "{said}");
    let (code, said) = office.verify(&export);
    assert_eq!(code, 0, "{said}");
    assert!(said.starts_with("Clean: 3 leaves of localhost:8080/audit/bookings"), "{said}");

    // Somebody makes it look as if another patient's record had been read.
    let clean = fs::read_to_string(&export).unwrap();
    let changed = clean.replacen(&PATIENT.to_string(), &OTHER.to_string(), 1);
    assert_ne!(changed, clean);
    fs::write(&export, changed).unwrap();
    let (code, said) = office.verify(&export);
    assert_eq!((code, said.trim_end().ends_with('.')), (1, true), "{said}");
    assert!(said.starts_with("Tampered at index 0"), "{said}");

    // Or takes the last line out.
    let shorter: Vec<_> = clean.lines().filter(|line| !line.contains("\"index\":2,")).collect();
    assert_eq!(shorter.len() + 1, clean.lines().count());
    fs::write(&export, shorter.join("\n") + "\n").unwrap();
    assert_eq!(office.verify(&export).0, 1);
    assert_eq!(office.verify(&office.home.path().join("nothing.ndjson")).0, 2);

    let refused = office.run(&["audit", "export", "--service", "elsewhere", "--out", "x"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
}

#[tokio::test]
async fn entries_are_found_by_whose_record_it_was_and_by_who_acted() {
    let office = Office::open().await;
    let search = |by: [&str; 2], during: [&str; 4]| {
        let said = office.says(&[["audit", "search", "--json"].as_slice(), &by, &during].concat());
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let (patient, desk) = (PATIENT.to_string(), DESK.to_string());
    let about = search(["--whose", &patient], TODAY);
    let acts: Vec<_> = about.iter().map(|line| line["entry"]["action"].as_str().unwrap()).collect();
    assert_eq!(acts, ["list_practice_appointments", "find_appointment"]);
    assert_eq!(search(["--actor", &desk], TODAY).len(), 3);
    assert_eq!(search(["--whose", &patient], TOMORROW).len(), 0);
    let said = office.says(&[["audit", "search", "--whose", &patient].as_slice(), &TODAY].concat());
    assert!(said.contains("bookings find_appointment Allowed by account"), "{said}");
    assert_eq!(said.lines().count(), 2);
}

#[tokio::test]
async fn a_suspected_breach_has_its_days_whom_it_affects_and_a_statement() {
    let office = Office::open().await;
    let opened = office.says(&[
        "breach",
        "open",
        "--suspected",
        "2024-03-01T09:30:00+11:00",
        "--summary",
        "A tablet of a front desk is missing.",
    ]);
    let (incident, rest) = opened.split_once(" is open. Assess it by ").unwrap();
    assert_eq!(rest.trim_end(), "2024-03-31.");

    let desk = DESK.to_string();
    let output = office.run(&[["breach", "affected", "--actor", &desk].as_slice(), &TODAY].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let affected = text(&output.stdout);
    for patient in [PATIENT, OTHER] {
        assert!(affected.contains(&format!("patient {patient} booking")), "{affected}");
    }
    assert!(text(&output.stderr).contains("2 patients are named, and 2 bookings."), "{affected}");

    let decided = [
        "breach",
        "decide",
        "--incident",
        incident,
        "--decision",
        "notifiable",
        "--reason",
        "The tablet was unlocked.",
    ];
    assert_eq!(office.says(&decided).trim_end(), "Written down.");
    let draft = office.says(&["breach", "draft", "--incident", incident]);
    assert!(draft.contains("A tablet of a front desk is missing."), "{draft}");
    let nobody = Uuid::nil().to_string();
    let unknown = office.run(&["breach", "draft", "--incident", &nobody]);
    assert!(
        !unknown.status.success() && text(&unknown.stderr).contains("there is no incident"),
        "{unknown:?}"
    );
}
