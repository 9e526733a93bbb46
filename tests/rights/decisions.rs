//! C-02: every rule in code that refuses somebody, or acts by itself, is in the register of automated decisions or is said
//! here to decide nothing about a person. A new one does not pass until it is in one of the two.

use std::{collections::BTreeSet, fs, path::Path};

use hellomapper_tests::{
    Running,
    running::{SERVICES, workspace},
};
use shared_types::decisions::{Decision, Rule};

/// Problems that are no decision about a person, and why.
const NO_DECISION: &[(&str, &str)] = &[
    ("already-claimed", "A service is claimed once, for whomever"),
    ("already-paid", "What was paid is not asked for again"),
    ("asked-already", "A day between two questions, the same for every practice"),
    ("bulk-billed", "The law’s own rule: what is bulk billed costs nothing"),
    ("bulk-bills-everything", "What the practice itself said of its visits"),
    ("busy", "The system cannot answer anybody now"),
    ("cannot-be-charged", "What the practice itself said of its visits, the same for every patient"),
    ("card-in-use", "An order of steps that holds for everybody: the visit is paid first"),
    ("epoch-needed", "An order of steps that holds for every practice"),
    ("forbidden-origin", "The request came from another site"),
    ("has-charge", "An order of steps that holds for every practice: what was charged goes back first"),
    ("has-owner", "An order of steps that holds for every practice"),
    ("idempotency-key-missing", "The request is not whole"),
    ("idempotency-key-reused", "The request contradicts an earlier one"),
    ("identity", "What was entered does not match"),
    ("in-progress", "The same request is under way"),
    ("internal", "Our mistake"),
    ("invalid", "The request says something that cannot be"),
    ("last-owner", "An order of steps that holds for every practice"),
    ("link-ended", "The link was used or is over, for whoever has it"),
    ("listing-suspended", "An administrator decided it, and it concerns a listing"),
    ("medicare-unavailable", "Somebody else’s system does not answer"),
    ("needs-agreement", "An order of steps that holds for every practice: two people say so"),
    ("no-assignment", "An order of steps that holds for every practice: the patient agrees first"),
    ("no-item", "What the practice itself said of its visits"),
    ("no-keys", "There is nothing to seal to yet"),
    ("no-provider-number", "An order of steps that holds for every practice"),
    ("not-allowed", "The role that a person gave somebody"),
    ("not-bookable", "The practice takes no bookings here"),
    ("not-certified", "The practice has not vouched for these keys yet"),
    ("not-found", "It is not there, or not theirs"),
    ("not-listed", "An administrator decided it, and it concerns a listing"),
    ("not-recorded", "It could not be written down, so it did not happen"),
    ("note-version", "Somebody else was quicker"),
    ("notes-full", "A limit that holds for every booking"),
    ("nothing-due", "Nothing is asked for"),
    ("nothing-owed", "There is no fee to let go"),
    ("old-epoch", "The practice has new keys"),
    ("other-host", "The request was for another site"),
    ("passkey-refused", "What the browser sent does not prove anything"),
    ("place-not-found", "There is no such place"),
    ("platform-role", "Another administrator decides"),
    ("practice-not-ready", "The practice cannot be paid yet"),
    ("processor-unavailable", "Somebody else’s system does not answer"),
    ("proposal-ended", "The practice's own proposal is over, was taken back or was answered"),
    ("quote-expired", "An offer ends at the same time for everybody"),
    ("quote-signature", "The offer was not ours"),
    ("quote-used", "An offer is good for one booking"),
    ("refund-under-way", "An order of steps that holds for every practice: one refund after the other"),
    ("relied-on", "A claim rests on it already, for whomever"),
    ("resource-needed", "An order of steps that holds for every practice"),
    ("same-person", "Somebody else decides"),
    ("signature", "The message is not the processor’s"),
    ("signed-out", "Nobody is signed in"),
    ("series-changed", "Somebody else was quicker"),
    ("stale-version", "Somebody else was quicker"),
    ("text-changed", "The text is another one by now"),
    ("time-taken", "Somebody else was quicker"),
    ("too-early", "The hours of a visit's steps, the same for every appointment"),
    ("too-large", "A limit of size that holds for everybody"),
    ("too-late", "A bank’s own limit, the same for everybody"),
    ("too-many-statements", "A limit that holds for every booking"),
    ("too-much", "No more goes back than was paid"),
    ("too-old", "The law’s own limit for claims, the same for everybody"),
    ("totp-off", "An order of steps that holds for everybody"),
    ("totp-on", "An order of steps that holds for everybody"),
    ("unreadable", "The request cannot be read"),
    ("verbal-ended", "The law’s own limit for word of mouth"),
    ("wrong-sign-in", "What was entered does not match"),
    ("wrong-state", "The order of a visit's steps, the same for every appointment"),
];

/// Jobs that decide nothing about a person, and why.
const NO_DECISION_JOBS: &[(&str, &str)] = &[
    ("bookings.forget_old", "Deletes what has ended by itself"),
    ("bookings.lapse_proposals", "Writes down that a time for an answer is over; the appointment stands"),
    ("bookings.seal_secrets", "Changes a key and nothing that it protects"),
    ("bookings.send_webhooks", "Sends what happened to a practice’s own address"),
    ("bookings.publish_next_free", "Counts free times, whoever may want them"),
    ("bookings.read_calendars", "Reads when a practitioner is busy elsewhere; nothing booked is touched"),
    ("kernel.forget_old_events", "Housekeeping"),
    ("kernel.forget_old_revocations", "Housekeeping"),
    ("kernel.load_sessions", "Housekeeping"),
    ("notifications.forget_undelivered", "Deletes what could not be sent"),
    ("notifications.send_messages", "Sends what was decided elsewhere"),
    ("notifications.send_pushes", "Sends what was decided elsewhere"),
    (
        "notifications.write_reminders",
        "Writes what the patient chose, at the time that the appointment gives",
    ),
    ("payments.apply_webhooks", "Writes down what the processor says of what it did"),
    (
        "payments.ask_anew",
        "Asks a question again that was asked in other words or for another number; nothing is taken",
    ),
    (
        "payments.expire_assignments",
        "Ends a question that nobody answered; nothing is taken and it can be asked again",
    ),
    ("payments.finish_bulk_billing", "Carries out what a practice chose; the patient only gets money back"),
    ("payments.forget_cards", "Keeps a card no longer than what is paid with it"),
    ("payments.issue_invoices", "Writes down what was taken or went back"),
    ("payments.issue_platform_invoices", "Writes down what a practice was charged"),
    ("payments.lodge_claims", "Sends what a practice lodged"),
    ("payments.poll_reports", "Asks Medicare what it decided, and writes it down"),
    ("payments.read_payouts", "Asks the processor what practices were paid, and writes it down"),
    ("payments.reconcile", "Compares records with the processor’s"),
    ("payments.recover_intents", "Asks the processor what became of what was begun"),
    ("payments.reseal_coverage", "Changes a key and nothing that it protects"),
    ("payments.run_processor_calls", "Sends what was decided elsewhere"),
    ("payments.tell_funding", "Tells once more what a practice's rules say, the same for every patient"),
    ("providers.forget_replies", "Housekeeping"),
    ("providers.lift_suspensions", "Ends what an administrator had decided, at the time that they had said"),
    ("users.forget_ended", "Deletes what has ended by itself"),
    ("users.forget_invitations", "Deletes what has ended by itself"),
    ("users.forget_quiet_addresses", "Housekeeping"),
    ("users.forget_replies", "Housekeeping"),
    ("users.write_erasures", "Writes down what was asked for and done"),
];

/// The source of the services and of what they share.
fn sources() -> String {
    let mut texts = String::new();
    for folder in SERVICES.into_iter().chain(["kernel"]) {
        collect(&workspace().join("backend").join(folder).join("src"), &mut texts);
    }
    collect(&workspace().join("shared-types/src"), &mut texts);
    texts
}

fn collect(folder: &Path, texts: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            // Tests make up problems of their own.
            let text = fs::read_to_string(path).unwrap();
            texts.push_str(text.split("#[cfg(test)]\nmod tests {").next().unwrap());
        }
    }
}

/// The kinds of problems that code makes.
fn problems(sources: &str) -> BTreeSet<String> {
    let makers = ["Problem::new(", "Self::new("];
    let made = makers.iter().flat_map(|maker| sources.split(maker).skip(1));
    made.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'))
        // A problem has a status; nothing else is made of a word and a number.
        .filter(|(_, rest)| {
            rest.trim_start_matches([',', ' ', '\n']).starts_with(|next: char| next.is_alphanumeric())
        })
        .map(|(kind, _)| kind.to_owned())
        .filter(|kind| kind.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'))
        .collect()
}

/// The names of jobs: a service, a dot, what it does. They stand in code as words of their own.
fn jobs(sources: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for maker in ["Job::new(", "job(", "const JOB: &str =", "const NAME: &str ="] {
        for rest in sources.split(maker).skip(1) {
            let name = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
            found.extend(name.map(|(name, _)| name.to_owned()).filter(|name| name.contains('.')));
        }
    }
    found
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    Decision::ALL.into_iter().flat_map(|decision| decision.row().rules)
}

#[test]
fn every_refusal_is_in_the_register_or_decides_nothing_about_a_person() {
    let problems = problems(&sources());
    assert!(problems.len() > 30, "{problems:?}");
    let registered: BTreeSet<_> = rules()
        .filter_map(|rule| match rule {
            Rule::Problem(kind) => Some((*kind).to_owned()),
            Rule::Job(_) | Rule::Operation(_) => None,
        })
        .collect();
    let said: BTreeSet<_> = NO_DECISION.iter().map(|(kind, _)| (*kind).to_owned()).collect();
    check(&problems, &registered, &said);
}

#[test]
fn every_job_is_in_the_register_or_decides_nothing_about_a_person() {
    let jobs = jobs(&sources());
    assert!(jobs.contains("kernel.sequence_audit") && jobs.contains("bookings.expire_holds"), "{jobs:?}");
    let registered: BTreeSet<_> = rules()
        .filter_map(|rule| match rule {
            Rule::Job(name) => Some((*name).to_owned()),
            Rule::Problem(_) | Rule::Operation(_) => None,
        })
        .collect();
    let said: BTreeSet<_> = NO_DECISION_JOBS.iter().map(|(name, _)| (*name).to_owned()).collect();
    check(&jobs, &registered, &said);
}

fn check(found: &BTreeSet<String>, registered: &BTreeSet<String>, said: &BTreeSet<String>) {
    let both: Vec<_> = registered.intersection(said).collect();
    assert!(both.is_empty(), "in the register, and said to be no decision: {both:?}");
    let known: BTreeSet<_> = registered.union(said).cloned().collect();
    let unsaid: Vec<_> = found.difference(&known).collect();
    assert!(
        unsaid.is_empty(),
        "add to shared_types::decisions, or say here that it is no decision: {unsaid:?}"
    );
    let gone: Vec<_> = known.difference(found).collect();
    assert!(gone.is_empty(), "not in the code any more: {gone:?}");
}

#[tokio::test]
async fn the_register_names_operations_that_are_there_and_each_decision_has_a_rule() {
    let running = Running::without_pages().await;
    let operations: BTreeSet<_> =
        running.inventory.iter().flat_map(|(_, routes)| routes.iter().map(|route| route.operation)).collect();
    for decision in Decision::ALL {
        let row = decision.row();
        assert!(!row.rules.is_empty(), "{}", row.name);
        for rule in row.rules {
            match rule {
                Rule::Operation(name) => assert!(operations.contains(name), "{}: {name}", row.name),
                Rule::Problem(_) | Rule::Job(_) => {}
            }
        }
    }
}
