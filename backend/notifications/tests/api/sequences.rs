//! Whatever happens in whatever order, a reminder is of the appointment as it stands, comes once, and not after its end; and once it is
//! cancelled no letter says otherwise.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{Chance, testing::with_seeds};
use shared_types::bookings::{AppointmentFact, AppointmentStatus, BookingsEvent};
use uuid::Uuid;

use crate::{World, appointment, envelope};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/sequences.seeds");
const RUNS: u64 = 4;
const STEPS: u64 = 200;
const BOOKINGS: u128 = 3;

/// What is true of a booking.
#[derive(Clone, Copy, Debug)]
struct Truth {
    sequence: i32,
    start: Timestamp,
    /// Whether its patient is still to be reminded.
    reminded: bool,
    /// Whether it was cancelled once.
    cancelled: bool,
}

/// A number below `limit`.
fn below(chance: &Chance, limit: u64) -> u64 {
    u64::from_be_bytes(chance.bytes()) % limit
}

struct Run {
    world: World,
    chance: Chance,
    truth: BTreeMap<u128, Truth>,
    seen: usize,
}

impl Run {
    async fn tell(&mut self, booking: u128) {
        let now = self.world.core.now();
        let start = now + SignedDuration::from_hours(1 + below(&self.chance, 120) as i64);
        let old = self.truth.get(&booking).copied();
        let sequence = old.map_or(0, |old| old.sequence + 1);
        let fact = |status, start: Timestamp| AppointmentFact {
            sequence,
            status,
            start,
            end: start + SignedDuration::from_mins(30),
            ..appointment(booking)
        };
        let cancelled = old.is_some_and(|old| old.cancelled);
        let (event, truth) = match (old, below(&self.chance, 4)) {
            (None, _) => {
                let fact = fact(AppointmentStatus::Confirmed, start);
                (
                    BookingsEvent::AppointmentConfirmed(fact),
                    Truth { sequence, start, reminded: true, cancelled },
                )
            }
            (Some(_), 0 | 1) => {
                let fact = fact(AppointmentStatus::Confirmed, start);
                (BookingsEvent::AppointmentMoved(fact), Truth { sequence, start, reminded: true, cancelled })
            }
            (Some(old), 2) => {
                let fact = fact(AppointmentStatus::Confirmed, old.start);
                (BookingsEvent::AppointmentChanged(fact), Truth { sequence, reminded: false, ..old })
            }
            (Some(old), _) => {
                let fact = fact(AppointmentStatus::CancelledByPatient, old.start);
                let truth = Truth { sequence, reminded: false, cancelled: true, ..old };
                (BookingsEvent::AppointmentCancelled(fact), truth)
            }
        };
        let event = envelope(&self.world.core, "bookings", &event);
        self.world.receive(&event).await;
        self.world.receive(&event).await;
        self.truth.insert(booking, truth);
    }

    /// What went out since the last look, against what is true now.
    async fn check(&mut self) {
        let ids: Vec<Uuid> = {
            let sent = self.world.mail.sent.lock().unwrap();
            sent[self.seen..].iter().map(|letter| letter.message_id.0).collect()
        };
        self.seen += ids.len();
        for id in ids {
            let plan: Option<(Uuid, i32, Timestamp)> =
                sqlx::query_as::<_, (Uuid, i32, jiff_sqlx::Timestamp)>(
                    "select plan.booking_id, plan.version, plan.useful_until from notifications.message \
                 join notifications.message_plan as plan on plan.message_plan_id = message.event_id \
                 where message_id = $1",
                )
                .bind(id)
                .fetch_optional(&self.world.core.pool)
                .await
                .unwrap()
                .map(|(booking, version, until)| (booking, version, until.to_jiff()));
            let Some((booking, version, until)) = plan else {
                self.check_letter(id).await;
                continue;
            };
            let truth = self.truth[&booking.as_u128()];
            assert!(truth.reminded, "{booking} is reminded of nothing");
            assert_eq!(version, truth.sequence, "{booking} is reminded of what has changed");
            assert!(self.world.core.now() < until && until < truth.start, "{booking} is reminded too late");
        }
    }

    /// What is no reminder: here is no money of which there could be news, and no dispute.
    async fn check_letter(&self, id: Uuid) {
        let (booking, template): (Uuid, String) =
            sqlx::query_as("select booking_id, template from notifications.message where message_id = $1")
                .bind(id)
                .fetch_one(&self.world.core.pool)
                .await
                .unwrap();
        let says_so = template == "appointment_cancelled";
        let truth = self.truth[&booking.as_u128()];
        assert_eq!(says_so, truth.cancelled, "{booking} is told {template}");
    }
}

/// One sequence. Says how many reminders were sent in it.
async fn run(seed: u64) -> i64 {
    let world = World::new().await;
    let (chance, truth) = (Chance::seeded(seed), BTreeMap::new());
    let mut run = Run { world, chance, truth, seen: 0 };
    for _ in 0..STEPS {
        match below(&run.chance, 10) {
            0 => {
                let booking = 1 + u128::from(below(&run.chance, BOOKINGS as u64));
                run.tell(booking).await;
            }
            1 => run.world.mail.refuse(below(&run.chance, 3) == 0),
            2..=4 => {
                run.world.remind().await;
            }
            5..=7 => {
                run.world.send().await;
                run.check().await;
            }
            _ => {
                let minutes = below(&run.chance, 12 * 60) as i64;
                run.world.core.clock.advance(SignedDuration::from_mins(minutes));
            }
        }
    }
    let (once, twice): (i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where times > 1) from ( \
         select count(*) as times from notifications.message \
         join notifications.message_plan as plan on plan.message_plan_id = message.event_id \
         where message.status = 'sent' group by plan.booking_id, plan.version, plan.kind) sent",
    )
    .fetch_one(&run.world.core.pool)
    .await
    .unwrap();
    assert_eq!(twice, 0, "seed {seed}");
    run.world.database.discard().await;
    once
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reminders_keep_to_what_is_true() {
    let reminders: i64 = with_seeds(SEEDS, RUNS, STEPS, run).await.into_iter().sum();
    assert!(reminders > 0, "the sequences reach reminders");
}
