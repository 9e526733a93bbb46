//! schemathesis (<https://schemathesis.readthedocs.io>, 4.32, read 2026-11-26) makes requests of the descriptions, rightly
//! and wrongly, and follows their links. Whatever it asks, no service breaks, and each reply is what its description says.
//! How much it tries is in `schemathesis.toml` and `booking.toml`, who it is in `hooks.py`: a member, and where a policy asks for
//! them a practice's owner or an administrator, who are let in and have something to work on (`staff.rs`, `staff.py`). That others are
//! stopped at those doors, `tests/coverage` says of each of them.

use std::{collections::BTreeSet, env, ffi::OsStr, fs, path::Path, time::Duration};

use hellomapper_tests::{
    Person, Running, member,
    running::{SERVICES, workspace},
    until_true,
};
use reqwest::Method;
use serde_json::Value;
use shared_types::{PractitionerRoleId, providers::SearchReply};
use tokio::{process::Command, task::JoinSet, time::timeout};

use super::{done::Answers, staff::Staff};

/// Where somebody can be booked.
pub const NEAR: &str = "near=Sydney+NSW+2000&radius_m=50000&new_patients=true&order=soonest";
/// More than enough for all of it.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How often the links of a booking are followed at most. Once is usually enough; it ends early when the same request has
/// another reply than before, as that for a time that somebody has by now.
const ROUNDS: u32 = 5;
/// From what is free to the end of an appointment.
const A_BOOKING: [&str; 10] = [
    "list_appointment_types",
    "list_free_times",
    "create_hold",
    "find_hold",
    "release_hold",
    "confirm_hold",
    "find_appointment",
    "download_calendar",
    "move_appointment",
    "cancel_appointment",
];
/// What no link gives all that it needs: no reply tells both an appointment and another time that is free for it.
const UNCERTAIN: &str = "move_appointment";
/// Where a trial writes how each operation was answered, in its own folder.
const ANSWERS: &str = "answers";

#[tokio::test(flavor = "multi_thread")]
async fn no_service_breaks_whatever_is_asked_by_a_member_an_owner_or_an_administrator() {
    let running = Running::without_bundle().await;
    let person = member::open(&running, "schemas@example.org").await;
    for service in SERVICES {
        let path = format!("/api/v1/{service}/me/export");
        until_true("each service to know the key of sessions", || async {
            person.send(Method::GET, &path, None::<&Value>).await.status != 503
        })
        .await;
    }
    let session = person.cookie("__Host-session").unwrap();
    let role = bookable(&person).await;
    let staff = Staff::at_work(&running, role).await;
    let mut trials = JoinSet::new();
    for service in SERVICES {
        let mut command = schemathesis(&running, "schemathesis.toml", service, role);
        command
            .env("HELLOMAPPER_SESSION", &session)
            .env("HELLOMAPPER_OWNER", &staff.owner)
            .env("HELLOMAPPER_ADMINISTRATOR", &staff.administrator)
            .env("HELLOMAPPER_GROUND", staff.ground.to_string())
            .env("HELLOMAPPER_ANSWERS", running.settings.home.join(service).join(ANSWERS));
        trials.spawn(found(service, command));
    }
    // Each is heard to its end, so that one run says all that is wrong.
    let mut wrong = Vec::new();
    while let Some(done) = trials.join_next().await {
        wrong.extend(done.unwrap());
    }
    for service in SERVICES {
        let answers = Answers::read(&running.settings.home.join(service).join(ANSWERS));
        println!("{service}, tried and never done:\n  {}", answers.never_done().join("\n  "));
        wrong.extend(answers.wrong(service));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_links_of_a_booking_lead_from_a_free_time_to_its_end_and_nothing_breaks_on_the_way() {
    let running = Running::without_bundle().await;
    let guest = Person::new(&running.settings.public_url);
    let role = bookable(&guest).await;
    let notice = member::consent(&guest, "bookings", "booking-collection").await;
    let done = running.settings.home.join("done");
    for round in 1..=ROUNDS {
        let mut command = schemathesis(&running, "booking.toml", "bookings", role);
        command.env("HELLOMAPPER_NOTICE", notice["version"].to_string()).env("HELLOMAPPER_DONE", &done);
        command.env("HELLOMAPPER_ROUND", round.to_string());
        command.args(["--phases", "stateful", "--seed"]).arg(round.to_string());
        for operation in A_BOOKING {
            command.args(["--include-operation-id", operation]);
        }
        passes("a booking", command).await;
        if missed(&done).is_empty() {
            return;
        }
    }
    panic!("followed {ROUNDS} times and never done: {:?}", missed(&done));
}

/// What of a booking was done in none of the rounds until now.
fn missed(done: &Path) -> Vec<&'static str> {
    let done = fs::read_to_string(done).unwrap_or_default();
    let done: BTreeSet<_> = done.lines().chain([UNCERTAIN]).collect();
    A_BOOKING.into_iter().filter(|operation| !done.contains(operation)).collect()
}

/// A practitioner with free times in the invented Australia.
async fn bookable(person: &Person) -> PractitionerRoleId {
    let reply: SearchReply = person.get(&format!("/api/v1/providers/search?{NEAR}")).await;
    let found = reply.items.iter().find(|item| item.bookable && !item.next_free.is_empty());
    found.unwrap().practitioner_role_id
}

/// schemathesis against one service's description. Where it runs it leaves notes, so each runs in a folder of its own.
fn schemathesis(running: &Running, config: &str, service: &str, role: PractitionerRoleId) -> Command {
    let program = env::var_os("HELLOMAPPER_TEST_SCHEMATHESIS").expect(
        "HELLOMAPPER_TEST_SCHEMATHESIS is not set: run this through `cargo xtask test`, which installs it",
    );
    let (ours, notes) = (workspace().join("tests/openapi"), running.settings.home.join(service));
    fs::create_dir_all(&notes).unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(notes)
        .args([OsStr::new("--config-file"), ours.join(config).as_os_str()])
        .args(["run", &running.url(&format!("/api/v1/{service}/openapi.json"))])
        .env("SCHEMATHESIS_HOOKS", ours.join("hooks.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // What the hooks import lies beside them.
        .env("PYTHONPATH", ours.as_os_str())
        .env("NO_PROXY", "localhost")
        .env("HELLOMAPPER_ROLE", role.to_string())
        .env_remove("HELLOMAPPER_SESSION")
        .env_remove("HELLOMAPPER_OWNER")
        .env_remove("HELLOMAPPER_ADMINISTRATOR")
        .env_remove("HELLOMAPPER_GROUND")
        .env_remove("HELLOMAPPER_ANSWERS")
        .env_remove("HELLOMAPPER_NOTICE")
        .env_remove("HELLOMAPPER_ROUND")
        .env_remove("HELLOMAPPER_DONE")
        .kill_on_drop(true);
    command
}

/// Runs it; what it says is shown when it found something.
async fn passes(what: &'static str, command: Command) {
    let found = found(what, command).await;
    assert!(found.is_none(), "{}", found.unwrap_or_default());
}

/// Runs it. Gives what it says when it found something.
async fn found(what: &'static str, mut command: Command) -> Option<String> {
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.unwrap_or_else(|_| panic!("{what}: not done after {} s", PATIENCE.as_secs()));
    let output = output.unwrap();
    let words = [output.stdout, output.stderr].concat();
    (!output.status.success()).then(|| format!("{what}: {}", String::from_utf8_lossy(&words)))
}
