//! Patients, those who wait, the desk and the clock in orders drawn from a seed, compared after each step with a small model of
//! what should have come of it: who may do what, whose time is taken, who is asked about it, and where everything stands.

mod booked;
mod link;
mod waiting;

use jiff::Timestamp;
use kernel::{Chance, testing::with_seeds};
use shared_types::{PractitionerRoleId, bookings::AppointmentStatus::*};
use sqlx::PgConnection;

use self::{link::Link, waiting::Waiting};
use crate::app::{App, COLLEAGUE, ROLE, minutes, monday};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/practice/model.seeds");
const RUNS: u64 = 4;
const STEPS: u64 = 200;
/// Half hours from nine to five.
const SLOTS: usize = 16;

struct World {
    app: App,
    chance: Chance,
    links: Vec<Link>,
    /// In the order in which they are asked.
    waiting: Vec<Waiting>,
    /// What looks at the database between the steps.
    conn: PgConnection,
}

impl World {
    fn pick(&self, below: usize) -> usize {
        usize::from(u16::from_be_bytes(self.chance.bytes())) % below
    }

    fn slot(&self) -> Timestamp {
        monday(9, 0) + minutes(30) * i32::try_from(self.pick(SLOTS)).unwrap()
    }

    fn now(&self) -> Timestamp {
        self.app.core.now()
    }

    /// Whether nobody but that link takes any of the time, and it is kept for nobody who waits.
    fn is_clear(
        &self,
        role: PractitionerRoleId,
        start: Timestamp,
        end: Timestamp,
        own: Option<usize>,
    ) -> bool {
        let others = self.links.iter().enumerate().filter(|(nth, it)| Some(*nth) != own && it.role == role);
        let kept = self.waiting.iter().filter(|one| role == ROLE && one.open.is_some());
        let kept = kept.map(|one| (one.slot, one.slot + minutes(30)));
        others.filter_map(|(_, it)| it.takes).chain(kept).all(|(from, until)| until <= start || end <= from)
    }

    /// Somebody has a time now: who cancelled it late, while it is still to come, owes nothing.
    fn let_off(&mut self, role: PractitionerRoleId, start: Timestamp, end: Timestamp) {
        let now = self.now();
        for it in self.links.iter_mut().filter(|it| it.role == role && it.status == CancelledLate) {
            if it.owes && it.start < end && start < it.end && now < it.start {
                it.owes = false;
                it.version += 1;
            }
        }
    }

    /// Whether the rules offer a time: in hours, and with a notice, which is longer where the practice answers first. What was
    /// shown five minutes ago is honoured.
    fn is_offered(&self, role: PractitionerRoleId, start: Timestamp, end: Timestamp) -> bool {
        let notice = if role == COLLEAGUE { 180 } else { 60 };
        end <= monday(17, 0) && start >= self.now() + minutes(notice - 5)
    }

    async fn step(&mut self) -> String {
        match self.pick(13) {
            0..=2 => self.book().await,
            3 => self.desk().await,
            4 => self.cancel().await,
            5 => self.r#move().await,
            6 => self.reschedule().await,
            7 | 8 => self.wait().await,
            9 => self.join().await,
            10 => self.answer().await,
            _ => self.act().await,
        }
    }

    /// Time passes, and what happens by itself happens.
    async fn wait(&mut self) -> String {
        self.app.advance(minutes(i64::try_from(self.pick(45)).unwrap()));
        for job in [
            "bookings.expire_requests",
            "bookings.complete_unmarked",
            "bookings.expire_holds",
            "bookings.offer_times",
        ] {
            self.app.run(job).await;
        }
        let now = self.now();
        for it in &mut self.links {
            if it.status == Requested && now >= it.start - minutes(120) {
                it.stand(Expired, now);
            } else if matches!(it.status, Confirmed | Arrived | CheckedIn | InConsult)
                && now >= it.start + minutes(14 * 60)
                && it.taken_back.is_none_or(|at| now >= at + minutes(14 * 60))
            {
                it.stand(Completed, now);
                it.presumed = Some(now);
            }
        }
        self.offers().await;
        format!("wait until {now}")
    }

    /// The database has what the model has, and nothing else.
    async fn check(&mut self) {
        let stored: Vec<(uuid::Uuid, String, i32, i64, i64)> = sqlx::query_as(
            "select appointment_id, status, version, extract(epoch from starts_at)::bigint, \
             extract(epoch from ends_at)::bigint \
             from bookings.appointment where status <> 'rescheduled' order by appointment_id",
        )
        .fetch_all(&mut self.conn)
        .await
        .unwrap();
        let mut expected: Vec<_> = self
            .links
            .iter()
            .map(|it| {
                let status = it.status.code().to_owned();
                (it.id.0, status, it.version, it.start.as_second(), it.end.as_second())
            })
            .collect();
        expected.sort_unstable();
        assert_eq!(stored, expected);
        let stored: Vec<(uuid::Uuid, i64, i64)> = sqlx::query_as(
            "select appointment_id, extract(epoch from lower(during))::bigint, extract(epoch from upper(during))::bigint \
             from bookings.reservation where appointment_id is not null order by appointment_id",
        )
        .fetch_all(&mut self.conn)
        .await
        .unwrap();
        let taken = self.links.iter().filter_map(|it| Some((it.id.0, it.takes?)));
        let mut expected: Vec<_> =
            taken.map(|(id, (from, until))| (id, from.as_second(), until.as_second())).collect();
        expected.sort_unstable();
        assert_eq!(stored, expected);
        // Each step is in the history, and others were told of each in order.
        let wrong: i64 = sqlx::query_scalar(
            "select count(*) from bookings.appointment where version > 1 and not exists ( \
                 select from bookings.appointment_transition step where step.appointment_id = appointment.appointment_id \
                     and step.version = appointment.version and step.to_status = appointment.status)",
        )
        .fetch_one(&mut self.conn)
        .await
        .unwrap();
        assert_eq!(wrong, 0, "a step that nobody wrote down");
        let disordered: i64 = sqlx::query_scalar(
            "select count(*) from (select aggregate_version, lag(aggregate_version) over ( \
                 partition by aggregate_id order by position) as before \
             from bookings.outbox where aggregate = 'booking') told where before >= aggregate_version",
        )
        .fetch_one(&mut self.conn)
        .await
        .unwrap();
        assert_eq!(disordered, 0, "a later event with a lower version");
        // What is kept for those who wait is kept, and nothing else is.
        let kept: i64 = sqlx::query_scalar(
            "select count(*) from bookings.hold join bookings.reservation using (hold_id) where status = 'active'",
        )
        .fetch_one(&mut self.conn)
        .await
        .unwrap();
        let asked = self.waiting.iter().filter(|one| one.open.is_some()).count();
        assert_eq!(kept, i64::try_from(asked).unwrap());
    }
}

async fn run(seed: u64) {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    app.advance_to(monday(6, 0));
    let conn = app.administrator().await;
    let mut world = World { app, chance: Chance::seeded(seed), links: Vec::new(), waiting: Vec::new(), conn };
    let mut done = Vec::new();
    for _ in 0..STEPS {
        done.push(world.step().await);
        // What came before says how it came to this.
        println!("seed {seed}: {}", done.last().map_or("", String::as_str));
        world.check().await;
    }
    let stands = world.links.iter().filter(|it| it.status != Confirmed).count();
    assert!(stands > 0, "nothing happened: {done:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_people_do_everything_stands_where_the_model_says() {
    with_seeds(SEEDS, RUNS, STEPS, run).await;
}
