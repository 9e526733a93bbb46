//! `hellomapper audit verify` as an auditor runs it: files, exit codes, and nothing in its environment.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{fs, path::Path, process::Command};

use tempfile::TempDir;
use transparency::{
    Checkpoint, CompactRange, Details, Entry, Leaf, NoteSigner, Outcome, Salt, SignedCheckpoint,
    entry::Logged,
    export::{FORMAT, Header, Line},
    note::Algorithm,
};
use uuid::Uuid;

const ORIGIN: &str = "hellomapper.example/audit/bookings";

fn logged(index: u64, purpose: &str) -> Logged {
    let entry = Entry {
        action: "find_appointment".to_owned(),
        details: Details {
            access_grant_id: None,
            actor: None,
            actor_kind: "anonymous".to_owned(),
            audit_entry_id: Uuid::from_u128(index.into()),
            network: None,
            on_behalf_of: None,
            organization_id: None,
            purpose: purpose.to_owned(),
            request_id: None,
            resource_id: "x".to_owned(),
            resource_kind: "booking".to_owned(),
            session_id: None,
            strength: None,
            whose: None,
        },
        outcome: Outcome::Allowed,
        salt: Salt([7; 16]),
        time_us: 0,
    };
    let leaf = String::from_utf8(Leaf::of(&entry, index, false).data()).unwrap();
    Logged { index, leaf, entry: Some(entry) }
}

/// Writes an export of leaves, its checkpoint and its key into a folder.
fn write(folder: &Path, lines: &[Logged]) {
    let key = NoteSigner::new(ORIGIN, Algorithm::Log, &[1; 32]).unwrap();
    let mut range = CompactRange::new();
    lines.iter().for_each(|line| range.push(line.hash(), |_, _| {}));
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: range.size(), root: range.root() };
    let header = Header {
        format: FORMAT.to_owned(),
        origin: ORIGIN.to_owned(),
        service: "bookings".to_owned(),
        size: range.size(),
    };
    let all = [Line::Header(header)].into_iter().chain(lines.iter().cloned().map(Line::Logged));
    let text: String = all.map(|line| serde_json::to_string(&line).unwrap() + "\n").collect();
    fs::write(folder.join("export"), text).unwrap();
    let signed = SignedCheckpoint::sign(checkpoint, [&key], 0);
    fs::write(folder.join(format!("{}.checkpoint", lines.len())), signed.to_string()).unwrap();
    fs::write(folder.join("key"), format!("{}\n", key.public())).unwrap();
}

/// The exit code and the verdict in JSON.
fn verify(folder: &TempDir, checkpoint: &str, since: Option<&str>) -> (i32, serde_json::Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hellomapper"));
    command.env_clear().current_dir(folder.path());
    command.args([
        "audit",
        "verify",
        "--json",
        "--export",
        "export",
        "--key",
        "key",
        "--checkpoint",
        checkpoint,
    ]);
    if let Some(since) = since {
        command.args(["--since", since]);
    }
    let output = command.output().unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn each_verdict_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let log: Vec<_> = (0..5).map(|index| logged(index, "booking")).collect();
    write(folder.path(), &log[..3]);
    write(folder.path(), &log);
    let (code, said) = verify(&folder, "5.checkpoint", Some("3.checkpoint"));
    assert_eq!((code, &said["verdict"], &said["vouched"]), (0, &"clean".into(), &5.into()));

    let (code, said) = verify(&folder, "missing.checkpoint", None);
    assert_eq!((code, &said["verdict"]), (2, &"unreadable".into()));

    let export = fs::read_to_string(folder.path().join("export")).unwrap();
    let edited = export.lines().map(|line| match line.contains("\"index\":2,") {
        true => line.replacen("\"purpose\":\"booking\"", "\"purpose\":\"care\"", 1),
        false => line.to_owned(),
    });
    fs::write(folder.path().join("export"), edited.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let (code, said) = verify(&folder, "5.checkpoint", None);
    assert_eq!((code, &said["first"], &said["last"]), (1, &2.into(), &2.into()));

    let anew: Vec<_> = (0..5).map(|index| logged(index, "care")).collect();
    write(folder.path(), &anew);
    assert_eq!(verify(&folder, "5.checkpoint", None).0, 0);
    let (code, said) = verify(&folder, "5.checkpoint", Some("3.checkpoint"));
    assert_eq!((code, &said["verdict"], &said["size"]), (3, &"inconsistent".into(), &3.into()));
}
