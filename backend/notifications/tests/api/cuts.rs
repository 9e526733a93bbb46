//! The connection ends before each statement that writes, of each job here and of each event that is received in `told.rs`; lists are
//! compared with what the service has, so that none is left out. And the program is killed while it notes that a message went out,
//! and in `reminder.rs` while it writes one. Nothing is lost, and nothing is there twice.

mod reminder;
mod told;

use std::{collections::BTreeSet, time::Duration};

use jiff::SignedDuration;
use kernel::{
    inbox,
    outbox::Envelope,
    testing::{Cuts, Program},
};
use shared_types::bookings::{AppointmentFact, BookingsEvent};

use crate::{
    World, appointment, confirmed, envelope,
    notices::{ADA, confirm, of},
    push::{PushService, waiting},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hellomapper-notifications");

/// The jobs that are cut off by the tests below, each by its name there.
const CUT: [&str; 5] = [
    "notifications.write_reminders",
    "notifications.send_messages",
    "notifications.send_pushes",
    "notifications.forget_undelivered",
    "notifications.destroy_expired",
];

/// Hands an event over as the relay does, cut off before each of its writing statements in turn, until it is let through.
async fn receives(world: &World, cuts: &mut Cuts, event: &Envelope) {
    let nothing_is_left = |done: anyhow::Result<()>, same: bool| {
        assert!(done.is_err() && same, "something is left of {}", event.name);
    };
    let receive = async || inbox::receive(&world.core, &*world.service.subscriber, event).await;
    let (done, times) = cuts.everywhere(receive, nothing_is_left).await;
    done.unwrap();
    assert!(times > 0, "{} was cut {times} times", event.name);
}

/// Lets a job run, cut off before each of its writing statements in turn, until nothing is left to do.
async fn works_off(world: &World, cuts: &mut Cuts, name: &str) {
    assert!(CUT.contains(&name), "{name} is not in the list of what is cut off");
    let job = world.service.jobs.iter().find(|known| known.name == name).unwrap();
    let run = async || {
        // What was taken before is due again by then.
        world.core.clock.advance(SignedDuration::from_mins(11));
        job.run_once().await
    };
    let fails = |done: anyhow::Result<u64>, _: bool| assert!(done.is_err(), "{name} did not notice");
    let (done, times) = cuts.everywhere(run, fails).await;
    done.unwrap();
    assert!(times > 0, "{name} was cut {times} times");
    while job.run_once().await.unwrap() > 0 {}
}

/// Tuesday 1 December 2026, 2 pm in Sydney.
fn far() -> AppointmentFact {
    AppointmentFact {
        start: "2026-12-01T03:00:00Z".parse().unwrap(),
        end: "2026-12-01T03:30:00Z".parse().unwrap(),
        ..appointment(1)
    }
}

#[tokio::test]
async fn a_reminder_is_planned_written_and_noted_as_sent_once_wherever_it_is_cut_off() {
    let world = World::new().await;
    let mut cuts = Cuts::of(&world.database, "notifications").await;
    let news = envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(far()));
    receives(&world, &mut cuts, &news).await;
    works_off(&world, &mut cuts, "notifications.send_messages").await;
    world.at("2026-11-29T03:00:00Z");
    works_off(&world, &mut cuts, "notifications.write_reminders").await;
    works_off(&world, &mut cuts, "notifications.send_messages").await;
    let later = AppointmentFact { sequence: 1, manage_token: None, ..far() };
    let news = envelope(&world.core, "bookings", &BookingsEvent::AppointmentMoved(later));
    receives(&world, &mut cuts, &news).await;

    let kinds = ["appointment_confirmed", "reminder_two_days", "appointment_moved"];
    let expected: Vec<_> = kinds.into_iter().zip(["sent", "sent", "queued"]).collect();
    let messages = world.messages().await;
    let found: Vec<_> = messages.iter().map(|(kind, status)| (kind.as_str(), status.as_str())).collect();
    assert_eq!(found, expected);
    // A message that was handed over and could not be noted is handed over again: as the very same one.
    let sent: BTreeSet<_> = world.mail.sent.lock().unwrap().iter().map(|letter| letter.message_id).collect();
    assert_eq!(sent.len(), 2);
    let noted: i64 =
        sqlx::query_scalar("select count(*) from notifications.audit_entry where action = 'send_message'")
            .fetch_one(&mut world.database.administrator().await)
            .await
            .unwrap();
    assert_eq!(noted, 2, "each is written down once");
}

#[tokio::test]
async fn no_job_is_left_out() {
    let world = World::new().await;
    let jobs: BTreeSet<_> = world.service.jobs.iter().map(|job| job.name).collect();
    assert_eq!(jobs, CUT.into_iter().collect());
    let tests = include_str!("cuts.rs");
    for name in CUT {
        let cut = format!("works_off(&world, &mut cuts, {name:?})");
        assert!(tests.contains(&cut), "no test cuts {name} off");
    }
}

#[tokio::test]
async fn what_devices_are_told_and_what_is_forgotten_goes_on_wherever_it_was_cut_off() {
    let (world, service) = (World::new().await, PushService::start().await);
    service.browser(&world, ADA, 1).await;
    confirm(&world, of(ADA, 1)).await;
    world.receive(&confirmed(&world.core, 2)).await;
    let mut cuts = Cuts::of(&world.database, "notifications").await;
    works_off(&world, &mut cuts, "notifications.send_pushes").await;
    // However often it is told, it is the same, and a device shows it once.
    let mut titles = service.titles();
    titles.dedup();
    assert_eq!((titles.len(), waiting(&world).await), (1, 0));

    sqlx::query("update notifications.message set status = 'dead'").execute(&world.core.pool).await.unwrap();
    world.core.clock.advance(SignedDuration::from_hours(8 * 24));
    works_off(&world, &mut cuts, "notifications.forget_undelivered").await;
    let said =
        "select count(*) from notifications.message where recipient is not null or body_text is not null";
    assert_eq!(count(&world, said).await, 0);

    world.core.clock.advance(SignedDuration::from_hours(90 * 24));
    works_off(&world, &mut cuts, "notifications.destroy_expired").await;
    assert_eq!(count(&world, "select count(*) from notifications.message").await, 0);
    let registered = "select sum(row_count)::bigint from notifications.destruction";
    assert_eq!(count(&world, registered).await, 2, "each is registered once");
}

async fn count(world: &World, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut world.database.administrator().await).await.unwrap()
}

/// Has whoever notes that a message went out wait while the test holds the gate.
const GATE: &str = "
create function notifications.gate() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(4711);
    return new;
end $$;
create trigger gate before update on notifications.message
    for each row when (new.status = 'sent') execute function notifications.gate();
";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_program_that_is_killed_while_it_sends_sends_the_same_message_again_and_notes_it_once() {
    let world = World::new().await;
    for booking in [1, 2] {
        world.receive(&confirmed(&world.core, booking)).await;
    }
    let mut keeper = world.database.administrator().await;
    let mut admin = world.database.administrator().await;
    sqlx::raw_sql(GATE).execute(&mut admin).await.unwrap();
    let home = tempfile::tempdir().unwrap();
    // The program goes by the machine's clock, and destroys what was sent and is three months old.
    let young = "update notifications.message set created_at = now()";
    sqlx::query(young).execute(&mut admin).await.unwrap();
    let due = "update notifications.message set next_attempt_at = created_at - interval '10 years'";
    sqlx::query(due).execute(&mut admin).await.unwrap();

    sqlx::query("select pg_advisory_lock(4711)").execute(&mut keeper).await.unwrap();
    let program = Program::start("notifications", PROGRAM, &world.database, home.path()).await;
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted \
        and database = (select oid from pg_database where datname = current_database()) and objid = 4711";
    comes_to(&mut admin, waiting, 2).await;
    program.kill().await;
    sqlx::query("select pg_advisory_unlock(4711)").execute(&mut keeper).await.unwrap();
    let there = "select count(*) from pg_stat_activity where datname = current_database() \
        and usename = 'notifications_app' and state like 'idle in transaction%'";
    comes_to(&mut admin, waiting, 0).await;
    comes_to(&mut admin, there, 0).await;
    let sent = "select count(*) from notifications.message where status = 'sent'";
    comes_to(&mut admin, sent, 0).await;

    // Its lease ends.
    sqlx::query(due).execute(&mut admin).await.unwrap();
    let program = Program::start("notifications", PROGRAM, &world.database, home.path()).await;
    comes_to(&mut admin, sent, 2).await;
    assert!(program.end().await.success());
    let letters = std::fs::read_dir(home.path().join("mail")).unwrap().count();
    assert_eq!(letters, 2, "the second try is the same letter");
    let noted = "select count(*) from notifications.audit_entry where action = 'send_message'";
    comes_to(&mut admin, noted, 2).await;
}

/// Waits until a statement counts so many.
pub async fn comes_to(conn: &mut sqlx::PgConnection, statement: &'static str, expected: i64) {
    let counting = async {
        loop {
            let count: i64 = sqlx::query_scalar(statement).fetch_one(&mut *conn).await.unwrap();
            if count == expected {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let counted = tokio::time::timeout(Duration::from_secs(30), counting).await;
    assert!(counted.is_ok(), "{statement} does not come to {expected}");
}
