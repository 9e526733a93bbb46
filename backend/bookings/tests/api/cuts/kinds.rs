//! Every kind of step, every job and every event that is heard is cut off by a test here: a new one fails until it is.

use std::collections::BTreeSet;

use crate::app::App;

/// The kinds of steps that are cut off, as an appointment's history names them.
const STEPS: &[&str] = &[
    "pay",
    "give_up",
    "lapse",
    "accept",
    "decline",
    "expire",
    "cancel_by_patient",
    "cancel_by_provider",
    "cancel_by_admin",
    "confirm_attendance",
    "reschedule",
    "arrive",
    "undo_arrival",
    "check_in",
    "undo_check_in",
    "start",
    "complete",
    "took_place",
    "complete_unmarked",
    "undo_completion",
    "no_show",
    "practitioner_absent",
    "enter_in_error",
    "waive_fee",
    "bulk_bill",
    "uphold_dispute",
    "reject_dispute",
];

/// The jobs that are cut off.
const JOBS: &[&str] = &[
    "bookings.expire_holds",
    "bookings.expire_requests",
    "bookings.lapse_proposals",
    "bookings.give_up_awaiting",
    "bookings.complete_unmarked",
    "bookings.offer_times",
    "bookings.publish_next_free",
    "bookings.read_calendars",
    "bookings.send_webhooks",
    "bookings.seal_secrets",
    "bookings.destroy_expired",
    "bookings.forget_old",
];

/// The tests that cut them off: each names the steps that it took, the jobs that it ran and the events that it handed over.
const TESTS: [&str; 5] = [
    include_str!("../cuts.rs"),
    include_str!("deciding.rs"),
    include_str!("heard.rs"),
    include_str!("others.rs"),
    include_str!("paying.rs"),
];

/// Where the service names the kinds of steps: its enum is its own.
const NAMED: &str = include_str!("../../../src/domain/appointment/step.rs");

/// Where it is decided what is heard of others' events.
const INBOX: &str = include_str!("../../../src/inbox.rs");

/// A kind of step, which must be in the list.
pub fn step(name: &str) -> &str {
    assert!(STEPS.contains(&name), "{name} is not in the list of what is cut off");
    name
}

/// A job, which must be in the list.
pub fn job(name: &str) -> &str {
    assert!(JOBS.contains(&name), "{name} is not in the list of what is cut off");
    name
}

/// The names in `Step::code`.
fn named() -> BTreeSet<&'static str> {
    let (_, codes) = NAMED.split_once("pub fn code(self)").unwrap();
    let (codes, _) = codes.split_once("\n    }\n").unwrap();
    codes.split('"').skip(1).step_by(2).collect()
}

/// The events of others that the inbox does something with: those that it takes anything out of.
fn heard() -> BTreeSet<&'static str> {
    let named = INBOX.split("Event::").skip(1).filter_map(|rest| {
        let (name, rest) = rest.split_at(rest.find(|letter: char| !letter.is_alphanumeric())?);
        (!rest.starts_with("(_)")).then_some(name)
    });
    named.collect()
}

#[test]
fn no_event_that_is_heard_is_left_out() {
    let heard = heard();
    assert!(heard.contains("PaymentLapsed") && !heard.contains("MailRequested"), "{heard:?}");
    for name in heard {
        let handed_over = format!("Event::{name}");
        assert!(TESTS.iter().any(|test| test.contains(&handed_over)), "no test cuts {name} off");
    }
}

#[tokio::test]
async fn no_kind_of_step_and_no_job_is_left_out() {
    let app = App::new().await;
    let jobs: BTreeSet<_> = app.jobs.iter().map(|job| job.name).collect();
    assert_eq!(jobs, JOBS.iter().copied().collect());
    assert_eq!(named(), STEPS.iter().copied().collect());
    for name in STEPS.iter().chain(JOBS) {
        let quoted = format!("\"{name}\"");
        assert!(TESTS.iter().any(|test| test.contains(&quoted)), "no test cuts {name} off");
    }
}
