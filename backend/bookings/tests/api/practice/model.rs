//! Patients, those who wait, the desk, payments and the clock in orders drawn from a seed, compared after each step with a small model
//! of what should have come of it: who may do what, whose time is taken, who is asked about it, and where everything stands.

mod arriving;
mod booked;
mod clock;
mod disputes;
mod group;
mod keeping;
mod link;
mod mistakes;
mod paid;
mod pool;
mod proposals;
mod series;
mod times;
mod waiting;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Chance,
    testing::{TokenIssuer, with_seeds},
};
use shared_types::{PoolId, SeriesId, bookings::AppointmentStatus::Confirmed};
use sqlx::PgConnection;
use uuid::Uuid;

use self::{keeping::Kept, link::Link, waiting::Waiting};
use crate::app::{App, minutes, monday};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/practice/model.seeds");
const RUNS: u64 = 4;
const STEPS: u64 = 200;
/// Half hours from nine to five.
const SLOTS: usize = 16;
/// From one Monday to the next: the clocks do not change in these weeks.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// All that the model has to say something about: what it is, whose, how it stands, which version, lane or how many cents, and from
/// when until when. What nobody should find, an appointment whose last step is not in its history, is among it. Events are those after a
/// position, which stands where others have their start; those before were looked at, and what is told is never changed.
const FOUND: &str = "\
    select 'stands' as what, appointment_id as whose, status as how, version::bigint as version, \
        extract(epoch from starts_at)::bigint as starts, extract(epoch from ends_at)::bigint as ends \
    from bookings.appointment where status <> 'rescheduled' \
    union all \
    select 'takes', appointment_id, '', lane::bigint, \
        extract(epoch from lower(during))::bigint, extract(epoch from upper(during))::bigint \
    from bookings.reservation where appointment_id is not null \
    union all \
    select 'sits', seat.appointment_id, '', 0, \
        extract(epoch from lower(during))::bigint, extract(epoch from upper(during))::bigint \
    from bookings.group_seat seat join bookings.reservation using (group_session_id) where seat.appointment_id is not null \
    union all \
    select 'kept', hold_id, '', 0, \
        extract(epoch from lower(during))::bigint, extract(epoch from upper(during))::bigint \
    from bookings.hold join bookings.reservation using (hold_id) where status = 'active' \
    union all \
    select 'proposed', proposal_id, '', 0, extract(epoch from starts_at)::bigint, extract(epoch from ends_at)::bigint \
    from bookings.proposal where status = 'open' \
    union all \
    select 'disputed', appointment_id, status, version::bigint, 0, 0 from bookings.dispute \
    union all \
    select 'owes', appointment_id, '', late_fee_cents, 0, 0 from bookings.appointment where late_fee_cents > 0 \
    union all \
    select 'paid', appointment_id, payment_step, 0, 0, 0 \
    from bookings.appointment where payment_step is not null and status <> 'rescheduled' \
    union all \
    select 'not charged', appointment_id, payment_failure, 0, extract(epoch from repair_until)::bigint, 0 \
    from bookings.appointment where payment_failure is not null and status <> 'rescheduled' \
    union all \
    select 'paid too late', aggregate_id::uuid, '', count(*), 0, 0 \
    from bookings.outbox where aggregate = 'late_payment' group by aggregate_id \
    union all \
    select 'not written down', appointment_id, status, version, 0, 0 \
    from bookings.appointment where version > 1 and not exists ( \
        select from bookings.appointment_transition step where step.appointment_id = appointment.appointment_id \
            and step.version = appointment.version and step.to_status = appointment.status) \
    union all \
    select 'told', '00000000-0000-0000-0000-000000000000', aggregate_id, aggregate_version, position, 0 \
    from bookings.outbox where aggregate = 'booking' and position > $1";

/// A row of [`FOUND`].
type Found = (String, Uuid, String, i64, i64, i64);

struct World {
    app: App,
    /// Signs people in.
    issuer: TokenIssuer,
    chance: Chance,
    links: Vec<Link>,
    /// In the order in which they are asked.
    waiting: Vec<Waiting>,
    /// What patients hold.
    kept: Vec<Kept>,
    /// Of both people of the practice.
    pool: PoolId,
    /// Those that were booked; what is in one says at which place here it is.
    series: Vec<SeriesId>,
    /// The version of each booking that others were told of last, and the position of the last event.
    told: (BTreeMap<String, i64>, i64),
    /// What looks at the database between the steps.
    conn: PgConnection,
}

impl World {
    fn pick(&self, below: usize) -> usize {
        usize::from(u16::from_be_bytes(self.chance.bytes())) % below
    }

    /// A half hour of the first Monday.
    fn slot(&self) -> Timestamp {
        monday(9, 0) + minutes(30) * i32::try_from(self.pick(SLOTS)).unwrap()
    }

    /// A half hour of the first Monday, or of one of the two after it.
    fn any_slot(&self) -> Timestamp {
        let week = if self.pick(4) == 0 { 1 + self.pick(2) } else { 0 };
        self.slot() + WEEK * i32::try_from(week).unwrap()
    }

    fn now(&self) -> Timestamp {
        self.app.core.now()
    }

    async fn step(&mut self) -> String {
        match self.pick(33) {
            0..=2 => self.book().await,
            3 => self.desk().await,
            4 => self.cancel().await,
            5 => self.r#move().await,
            6 => self.reschedule().await,
            7..=10 => self.wait().await,
            11 => self.join().await,
            12 => self.answer().await,
            13 | 14 => self.propose().await,
            15 => self.answer_proposal().await,
            16 => self.dispute().await,
            17 => self.settle().await,
            18 => self.book_any().await,
            19 => self.sit().await,
            20 => self.book_to_pay().await,
            21 => self.pay().await,
            22 => self.hear().await,
            23 => self.book_series().await,
            24 => self.cancel_series().await,
            25 | 26 => self.keep().await,
            27 => self.end_hold().await,
            28 => self.arrive().await,
            29 => self.mistake().await,
            _ => self.act().await,
        }
    }

    /// The database has what the model has, and nothing else: each step is in the history, and what is kept for those who wait,
    /// or held by patients, is kept. Others were told of each step in order.
    async fn check(&mut self) {
        let found: Vec<Found> =
            sqlx::query_as(FOUND).bind(self.told.1).fetch_all(&mut self.conn).await.unwrap();
        let (mut told, mut stored): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(what, ..)| what == "told");
        let asked = self.waiting.iter().filter_map(|one| one.open.map(|(hold, _)| (one.slot, hold)));
        let kept = asked.map(|(slot, hold)| {
            let (from, until) = (slot.as_second(), (slot + minutes(30)).as_second());
            ("kept".to_owned(), hold.0, String::new(), 0, from, until)
        });
        let mut expected: Vec<Found> = self.links.iter().flat_map(Link::found).chain(kept).collect();
        expected.extend(self.kept.iter().map(Kept::found));
        stored.sort_unstable();
        expected.sort_unstable();
        assert_eq!(stored, expected);
        let mut seated = BTreeMap::<i64, usize>::new();
        for (.., from, _) in stored.iter().filter(|(what, ..)| what == "sits") {
            *seated.entry(*from).or_default() += 1;
        }
        assert!(seated.values().all(|taken| *taken <= group::SEATS), "more sit there than there are seats");
        told.sort_unstable_by_key(|(.., position, _)| *position);
        for (_, _, booking, version, position, _) in told {
            let before = self.told.0.insert(booking, version);
            assert!(before.is_none_or(|before| before < version), "a later event with a lower version");
            self.told.1 = position;
        }
    }

    /// Of all that was told, nothing is out of order.
    async fn check_order(&mut self) {
        let disordered: i64 = sqlx::query_scalar(
            "select count(*) from (select aggregate_version, lag(aggregate_version) over ( \
                 partition by aggregate_id order by position) as before \
             from bookings.outbox where aggregate = 'booking') told where before >= aggregate_version",
        )
        .fetch_one(&mut self.conn)
        .await
        .unwrap();
        assert_eq!(disordered, 0, "a later event with a lower version");
    }
}

async fn run(seed: u64) {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    let pool = pool::make(&app).await;
    group::make(&app).await;
    paid::make(&app).await;
    app.advance_to(monday(6, 0));
    let conn = app.administrator().await;
    let issuer = TokenIssuer::known_to(&app.core).await;
    let mut world = World {
        app,
        issuer,
        chance: Chance::seeded(seed),
        links: Vec::new(),
        waiting: Vec::new(),
        kept: Vec::new(),
        pool,
        series: Vec::new(),
        told: (BTreeMap::new(), 0),
        conn,
    };
    let mut done = Vec::new();
    for _ in 0..STEPS {
        done.push(world.step().await);
        // What came before says how it came to this.
        println!("seed {seed}: {}", done.last().map_or("", String::as_str));
        world.check().await;
    }
    world.check_order().await;
    let stands = world.links.iter().filter(|it| it.status != Confirmed).count();
    assert!(stands > 0, "nothing happened: {done:?}");
    world.app.database.discard().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_people_do_everything_stands_where_the_model_says() {
    with_seeds(SEEDS, RUNS, STEPS, run).await;
}
