//! The program is killed while a transaction of it is under way, and started again: what was not committed never was, what was
//! committed without an answer is found by the next try, and nothing is there twice.

mod desk;
mod due;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, http::Request};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, testing::Program};
use serde_json::{Value, json};
use shared_types::{
    bookings::{Appointment, Confirmation, FreeTimes, Hold, practice::CalendarAppointment},
    users::StaffRole,
};
use sqlx::PgConnection;
use tempfile::TempDir;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    app::{App, BORN, Browser, LONG, ROLE, Reply, wanted},
    practice::{at_practice, staff},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hellomapper-bookings");
/// Before the first change that tells what people have booked, or were asked, is written.
const BEFORE: &str = "before";
/// While it commits, with everything written.
const COMMITTING: &str = "committing";

/// Has whoever changes something wait at a gate while the test holds it. Each row waits, not each statement: jobs that find nothing
/// due would wait, too.
const GATES: &str = "
create schema gate;
create function gate.wait() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext(tg_argv[0]));
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end $$;
do $$
declare
    changed text;
begin
    foreach changed in array array['reservation', 'appointment', 'proposal', 'waitlist_offer'] loop
        execute format('create trigger gate before insert or update or delete on bookings.%I
            for each row execute function gate.wait(''before'')', changed);
        execute format('create constraint trigger gate_at_end after insert or update or delete on bookings.%I
            deferrable initially deferred for each row execute function gate.wait(''committing'')', changed);
    end loop;
end $$;
create constraint trigger gate_at_end after insert on bookings.audit_entry
    deferrable initially deferred for each row execute function gate.wait('committing');
";

/// What people have booked, whole: the program's other jobs change nothing of it.
const STORED: &str = "select jsonb_build_array(
    (select jsonb_agg(to_jsonb(hold) order by hold_id) from bookings.hold),
    (select jsonb_agg(to_jsonb(appointment) order by appointment_id) from bookings.appointment),
    (select jsonb_agg(to_jsonb(step) order by appointment_transition_id)
        from bookings.appointment_transition step),
    (select jsonb_agg(to_jsonb(party) order by booking_id) from bookings.appointment_party party),
    (select jsonb_agg(to_jsonb(link) order by booking_id) from bookings.manage_link link),
    (select jsonb_agg(to_jsonb(reservation) order by reservation_id) from bookings.reservation),
    (select jsonb_agg(to_jsonb(told) order by position) from bookings.outbox told where aggregate = 'booking')
)::text";

/// Who waits at a gate.
const WAITING: &str = "select count(*) from pg_locks where locktype = 'advisory' and not granted \
    and database = (select oid from pg_database where datname = current_database()) \
    and objid::bigint = (hashtext($1)::bigint & 4294967295)";

/// Whom the database does something for at the moment.
const UNDER_WAY: &str = "select count(*) from pg_stat_activity where datname = current_database() \
    and backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'";

/// The practice of [`App`], served by a program of its own that comes and goes.
struct Outage {
    app: App,
    home: TempDir,
    program: Option<Program>,
    /// Where requests go now.
    router: Arc<Mutex<Router>>,
}

impl Outage {
    /// Nothing runs yet: what is asked is answered in this process, at `now`.
    async fn at(now: Timestamp) -> Self {
        let mut app = App::at(now, 300).await;
        sqlx::raw_sql(GATES).execute(&mut app.administrator().await).await.unwrap();
        // The program learns it as it starts.
        staff(&app, StaffRole::Owner).await;
        let router = Arc::new(Mutex::new(app.router.clone()));
        let current = Arc::clone(&router);
        app.router = Router::new().fallback(move |request: Request<Body>| {
            let router = current.lock().unwrap_or_else(PoisonError::into_inner).clone();
            router.oneshot(request)
        });
        Self { app, home: tempfile::tempdir().unwrap(), program: None, router }
    }

    /// The program starts, and is asked from now on.
    async fn start(&mut self) {
        let program = Program::start("bookings", PROGRAM, &self.app.database, self.home.path()).await;
        *self.router.lock().unwrap() = program.router();
        self.program = Some(program);
    }

    /// The program is killed once so many wait at a gate; `begin` is what leads there. The gate opens afterwards, and whatever the
    /// database was about for it is over.
    async fn dies_at<T>(&mut self, gate: &str, many: i64, begin: impl AsyncFnOnce(&mut Self) -> T) -> T {
        let (mut keeper, mut watcher) = (self.app.administrator().await, self.app.administrator().await);
        at_gate(&mut keeper, "select pg_advisory_lock(hashtext($1))", gate).await;
        let begun = begin(self).await;
        until(async || {
            let waiting: i64 = sqlx::query_scalar(WAITING).bind(gate).fetch_one(&mut watcher).await.unwrap();
            (waiting >= many).then_some(())
        })
        .await;
        self.program.take().unwrap().kill().await;
        at_gate(&mut keeper, "select pg_advisory_unlock(hashtext($1))", gate).await;
        until(async || {
            let under_way: i64 = sqlx::query_scalar(UNDER_WAY).fetch_one(&mut watcher).await.unwrap();
            (under_way == 0).then_some(())
        })
        .await;
        begun
    }

    /// Sends the same request until it is answered: killed before it writes, then while it commits, then not at all.
    async fn survives(&mut self, browser: &Browser, path: &str, key: Uuid, body: &Value) -> Reply {
        let send = || {
            let (mut browser, path, body) = (browser.clone(), path.to_owned(), body.clone());
            tokio::spawn(async move { browser.post(&path, Some(key), &body).await })
        };
        let before = self.stored().await;
        for gate in [BEFORE, COMMITTING] {
            self.start().await;
            let asked = self.dies_at(gate, 1, async |_: &mut Self| send()).await;
            assert_eq!(asked.await.unwrap().status, 502, "nobody was left to answer");
            assert_eq!(self.stored().await == before, gate == BEFORE, "killed at {gate}");
        }
        let done = self.stored().await;
        self.start().await;
        let reply = send().await.unwrap();
        assert!((200..300).contains(&reply.status), "{reply:?}");
        assert_eq!(self.stored().await, done, "what was done is not done again");
        self.program.take().unwrap().end().await;
        reply
    }

    async fn stored(&self) -> String {
        sqlx::query_scalar(STORED).fetch_one(&mut self.app.administrator().await).await.unwrap()
    }

    /// Times in some days that can be booked, none touching another.
    async fn free(&self) -> [Timestamp; 3] {
        self.free_after(SignedDuration::from_hours(36)).await
    }

    /// Such times, that long from now on.
    async fn free_after<const N: usize>(&self, ahead: SignedDuration) -> [Timestamp; N] {
        let path = format!("/api/v1/bookings/roles/{ROLE}/free-times?appointment_type={LONG}");
        let listed: FreeTimes = self.app.browser().get(&path).await.read();
        let soon = self.app.core.now() + ahead;
        let mut hourly = listed.starts.into_iter().filter(|start| *start > soon).step_by(4);
        std::array::from_fn(|_| hourly.next().unwrap())
    }
}

async fn at_gate(conn: &mut PgConnection, statement: &'static str, gate: &str) {
    sqlx::query(statement).bind(gate).execute(conn).await.unwrap();
}

/// Looks again and again until there is something.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), looking).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_step_is_lost_whole_or_taken_once_when_the_program_is_killed() {
    let mut outage = Outage::at(Clock::System.now()).await;
    let [first, second, third] = outage.free().await;
    let mut patient = outage.app.browser();
    // A browser that is known already, so that it is found again by its cookie.
    let earlier = outage.app.hold(&mut patient, third).await;
    patient.release(&earlier).await;

    let [holding, confirming, moving, booking, rescheduling] = std::array::from_fn(|_| outage.app.key());
    let body = wanted(ROLE, LONG, first);
    let hold: Hold = outage.survives(&patient, "/api/v1/bookings/holds", holding, &body).await.read();
    let (path, details) = (format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id), outage.app.details());
    let made: Confirmation = outage.survives(&patient, &path, confirming, &details).await.read();
    let path = format!("/api/v1/bookings/appointments/{}/move", made.appointment_id);
    let body = json!({"version": 1, "start": second});
    let moved: Appointment = outage.survives(&patient, &path, moving, &body).await.read();
    assert_eq!((moved.start, moved.booking_id), (second, hold.booking_id));

    let owner = staff(&outage.app, StaffRole::Owner).await;
    let body = json!({
        "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": third,
        "patient": {"name": "Bo Lee", "date_of_birth": BORN},
    });
    let path = at_practice("appointments");
    let made: CalendarAppointment = outage.survives(&owner, &path, booking, &body).await.read();
    let path = at_practice(&format!("appointments/{}/reschedule", made.appointment_id));
    let start = outage.app.core.now() + SignedDuration::from_mins(10);
    let body = json!({"version": 1, "start": start, "end": start + SignedDuration::from_mins(30)});
    let moved: CalendarAppointment = outage.survives(&owner, &path, rescheduling, &body).await.read();

    // A step without a key of its own is told from its repetition by the version that was seen.
    let path = at_practice(&format!("appointments/{}/transitions", moved.appointment_id));
    let body = json!({"action": "check_in", "version": moved.version});
    let check_in = || {
        let (mut owner, path, body) = (owner.clone(), path.clone(), body.clone());
        tokio::spawn(async move { owner.post(&path, None, &body).await })
    };
    outage.start().await;
    let asked = outage.dies_at(COMMITTING, 1, async |_: &mut Outage| check_in()).await;
    assert_eq!(asked.await.unwrap().status, 502);
    outage.start().await;
    let again = check_in().await.unwrap();
    assert_eq!(again.status, 409, "{}", again.body);
    let there = "select count(*) from bookings.appointment_transition where to_status = 'checked_in'";
    assert_eq!(outage.app.count(there).await, 1);
    assert_eq!(outage.app.count("select count(*) from bookings.reservation").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_goes_on_where_it_was_when_the_program_is_killed() {
    let mut outage = Outage::at(Clock::System.now() - SignedDuration::from_hours(2)).await;
    for start in outage.free().await {
        outage.app.hold(&mut outage.app.browser(), start).await;
    }
    let before = outage.stored().await;
    outage.dies_at(BEFORE, 1, async |outage: &mut Outage| outage.start().await).await;
    assert_eq!(outage.stored().await, before, "nothing of it was committed");
    outage.dies_at(COMMITTING, 1, async |outage: &mut Outage| outage.start().await).await;
    let expired = "select count(*) from bookings.hold where status = 'expired'";
    assert_eq!(outage.app.count(expired).await, 3, "all of it was");
    assert_eq!(outage.app.count("select count(*) from bookings.reservation").await, 0);
    let done = outage.stored().await;
    outage.start().await;
    let program = outage.program.take().unwrap();
    program.is_ready().await;
    assert!(program.end().await.success());
    assert_eq!(outage.stored().await, done);
}

/// Visits that count as having taken place.
const COMPLETED: &str = "select count(*) from bookings.appointment where status = 'completed'";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_with_a_transaction_for_each_loses_one_at_most_when_the_program_is_killed_and_repeats_none() {
    // Weekends and holidays included, all of it is over by now.
    let mut outage = Outage::at(Clock::System.now() - SignedDuration::from_hours(10 * 24)).await;
    for start in outage.free().await {
        outage.app.book(&mut outage.app.browser(), start).await;
    }
    outage.dies_at(BEFORE, 1, async |outage: &mut Outage| outage.start().await).await;
    assert_eq!(outage.app.count(COMPLETED).await, 0, "nothing was committed");
    outage.dies_at(COMMITTING, 1, async |outage: &mut Outage| outage.start().await).await;
    assert_eq!(outage.app.count(COMPLETED).await, 1, "one was");
    outage.start().await;
    let mut watcher = outage.app.administrator().await;
    until(async || {
        let completed: i64 = sqlx::query_scalar(COMPLETED).fetch_one(&mut watcher).await.unwrap();
        (completed == 3).then_some(())
    })
    .await;
    assert!(outage.program.take().unwrap().end().await.success());
    for written in [
        "select count(*) from bookings.appointment_transition where step = 'complete_unmarked'",
        "select count(*) from bookings.audit_entry where action = 'complete_unmarked'",
    ] {
        assert_eq!(outage.app.count(written).await, 3, "{written}");
    }
}
