//! The program is killed while it writes a reminder, before and while that is committed: it is written once, and sent once.

use jiff::Timestamp;
use kernel::{Clock, testing::Program};
use shared_types::{
    Zone,
    bookings::{AppointmentFact, BookingsEvent},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PROGRAM, comes_to, far};
use crate::{World, envelope};

/// Before a message is written.
const BEFORE: i64 = 4711;
/// While it is committed, with everything written.
const COMMITTING: i64 = 4712;

/// Has whoever writes a message wait while the test holds a gate.
const GATES: &str = "
create function notifications.gate() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(tg_argv[0]::bigint);
    return new;
end $$;
create trigger gate before insert on notifications.message
    for each row execute function notifications.gate('4711');
create constraint trigger gate_at_end after insert on notifications.message
    deferrable initially deferred for each row execute function notifications.gate('4712');
";

const WAITING: &str = "select count(*) from pg_locks where locktype = 'advisory' and not granted \
    and database = (select oid from pg_database where datname = current_database()) and objid in (4711, 4712)";
/// Whom the database does something for at the moment.
const UNDER_WAY: &str = "select count(*) from pg_stat_activity where datname = current_database() \
    and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'";

/// One reminder is due by the machine's clock, which the program goes by.
const DUE: &str = "
delete from notifications.message_plan where kind = 'reminder_three_hours';
update notifications.message_plan set due_at = now() - interval '1 hour', useful_until = now() + interval '1 day';
update notifications.appointment
    set starts_at = now() + interval '2 days', ends_at = now() + interval '2 days 30 minutes';
-- So that there can be a night that is over in a minute.
alter table notifications.preference drop constraint preference_quiet;
";

/// Nobody is reminded at night, and this is run at any hour: their night is the minute before midnight where it is not near.
async fn hardly_sleeps(conn: &mut PgConnection, account: Uuid, now: Timestamp) {
    let zone = if Zone::SYDNEY.time(now).hour() == 23 { "Australia/Perth" } else { "Australia/Sydney" };
    sqlx::query(
        "insert into notifications.preference (account_id, version, in_app, names, quiet_from, quiet_until, time_zone) \
         values ($1, 1, false, 'none', 1439, 0, $2)",
    )
    .bind(account)
    .bind(zone)
    .execute(conn)
    .await
    .unwrap();
}

async fn count(conn: &mut PgConnection, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(conn).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_program_that_is_killed_while_it_writes_a_reminder_writes_it_once_and_sends_it_once() {
    let world = World::new().await;
    let account = Uuid::from_u128(1);
    let hers = AppointmentFact { account_id: Some(account.into()), ..far() };
    world.receive(&envelope(&world.core, "bookings", &BookingsEvent::AppointmentConfirmed(hers))).await;
    assert_eq!(world.send().await, 1, "the news itself");
    let (mut keeper, mut admin) =
        (world.database.administrator().await, world.database.administrator().await);
    sqlx::raw_sql(GATES).execute(&mut admin).await.unwrap();
    sqlx::raw_sql(DUE).execute(&mut admin).await.unwrap();
    hardly_sleeps(&mut admin, account, Clock::System.now()).await;

    let home = tempfile::tempdir().unwrap();
    let queued = "select count(*) from notifications.message where status = 'queued'";
    for (gate, written) in [(BEFORE, 0), (COMMITTING, 1)] {
        sqlx::query("select pg_advisory_lock($1)").bind(gate).execute(&mut keeper).await.unwrap();
        let program = Program::start("notifications", PROGRAM, &world.database, home.path()).await;
        comes_to(&mut admin, WAITING, 1).await;
        program.kill().await;
        sqlx::query("select pg_advisory_unlock($1)").bind(gate).execute(&mut keeper).await.unwrap();
        comes_to(&mut admin, UNDER_WAY, 0).await;
        assert_eq!(count(&mut admin, queued).await, written, "killed at {gate}");
    }

    let program = Program::start("notifications", PROGRAM, &world.database, home.path()).await;
    let sent =
        "select count(*) from notifications.message where template = 'reminder_two_days' and status = 'sent'";
    comes_to(&mut admin, sent, 1).await;
    program.is_ready().await;
    assert!(program.end().await.success());
    for once in [
        "select count(*) from notifications.message_plan where state = 'written'",
        "select count(*) from notifications.message where template = 'reminder_two_days'",
        "select count(*) from notifications.audit_entry \
         where action = 'queue_message' and actor = 'notifications.write_reminders'",
    ] {
        assert_eq!(count(&mut admin, once).await, 1, "{once}");
    }
    assert_eq!(std::fs::read_dir(home.path().join("mail")).unwrap().count(), 1, "one letter");
}
