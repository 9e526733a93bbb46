//! Everybody doing everything, in orders drawn from a seed, with the clock moving and the jobs running.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use jiff::Timestamp;
use kernel::Chance;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{Appointment, Confirmation, Hold},
};

use crate::app::{
    App, Browser, COLLEAGUE, ELSEWHERE, LONG, LONG_COLLEAGUE, LONG_ELSEWHERE, ROLE, Reply, SHORT, minutes,
    monday,
};

const PEOPLE: u64 = 8;
const STEPS: usize = 30;

/// Somebody at a keyboard.
struct Person {
    app: Arc<App>,
    browser: Browser,
    chance: Chance,
    holds: Vec<Hold>,
    appointments: Vec<Appointment>,
}

impl Person {
    fn pick(&self, below: usize) -> usize {
        usize::from(u16::from_be_bytes(self.chance.bytes())) % below
    }

    /// A quarter of an hour from nine to noon: few enough that people meet.
    fn start(&self) -> Timestamp {
        monday(9, 0) + minutes(15) * i32::try_from(self.pick(12)).unwrap()
    }

    fn offer(&self) -> (PractitionerRoleId, AppointmentTypeId) {
        [(ROLE, LONG), (ROLE, SHORT), (ELSEWHERE, LONG_ELSEWHERE), (COLLEAGUE, LONG_COLLEAGUE)][self.pick(4)]
    }

    async fn act(&mut self) {
        match self.pick(10) {
            0..=3 => self.hold().await,
            4..=5 => self.confirm(false).await,
            6 => self.confirm(true).await,
            7 => self.release().await,
            8 => self.r#move(false).await,
            _ => self.r#move(true).await,
        }
    }

    async fn hold(&mut self) {
        let ((role, of), start) = (self.offer(), self.start());
        let reply = self.browser.hold(self.app.key(), role, of, start).await;
        if expect(&reply, &[(201, ""), (409, "time-taken"), (409, "too-many-holds")]) {
            let hold: Hold = reply.read();
            // The time it keeps already is the same hold again.
            if !self.holds.iter().any(|held| held.hold_id == hold.hold_id) {
                self.holds.push(hold);
            }
        }
    }

    /// Confirms a hold, perhaps while another tab lets it go.
    async fn confirm(&mut self, while_releasing: bool) {
        if self.holds.is_empty() {
            return;
        }
        let hold = self.holds.swap_remove(self.pick(self.holds.len()));
        let mut tab = self.browser.clone();
        let (key, details) = (self.app.key(), self.app.details());
        let reply = if while_releasing {
            let (reply, released) =
                tokio::join!(self.browser.confirm(key, &hold, &details), tab.release(&hold));
            assert_eq!(released.status, 204, "{}", released.body);
            reply
        } else {
            self.browser.confirm(key, &hold, &details).await
        };
        if expect(&reply, &[(200, ""), (410, "hold-expired")]) {
            let id = reply.read::<Confirmation>().appointment_id;
            self.appointments.push(self.browser.appointment(id).await);
        }
    }

    async fn release(&mut self) {
        if !self.holds.is_empty() {
            let hold = self.holds.swap_remove(self.pick(self.holds.len()));
            assert_eq!(self.browser.release(&hold).await.status, 204);
        }
    }

    /// Moves an appointment, perhaps while another tab cancels it: one of the two happens.
    async fn r#move(&mut self, while_cancelling: bool) {
        if self.appointments.is_empty() {
            return;
        }
        let appointment = self.appointments.swap_remove(self.pick(self.appointments.len()));
        let (id, version) = (appointment.appointment_id, appointment.version);
        let (key, start, mut tab) = (self.app.key(), self.start(), self.browser.clone());
        let refusals = [(200, ""), (409, "time-taken"), (409, "stale-version"), (409, "not-cancellable")];
        if while_cancelling {
            let (moved, cancelled) =
                tokio::join!(self.browser.r#move(key, id, version, start), tab.cancel(id, version));
            let both = (expect(&moved, &refusals), expect(&cancelled, &refusals));
            assert!(both.0 != both.1, "{moved:?} {cancelled:?}");
            if both.0 {
                self.appointments.push(moved.read());
            }
        } else {
            let moved = self.browser.r#move(key, id, version, start).await;
            let done = expect(&moved, &refusals[..2]);
            self.appointments.push(if done { moved.read() } else { appointment });
        }
    }
}

/// Whether a reply is the good one, the first; the others are the refusals that may be.
fn expect(reply: &Reply, allowed: &[(u16, &str)]) -> bool {
    let kind = reply.body["type"].as_str().unwrap_or_default().trim_start_matches("/problems/");
    assert!(allowed.contains(&(reply.status, kind)), "{}", reply.body);
    (reply.status, kind) == allowed[0]
}

/// What must never be, as counts that must be zero.
pub const NEVER: [(&str, &str); 11] = [
    (
        "one person's time reserved twice",
        "select count(*) from bookings.reservation a join bookings.reservation b \
         on a.resource_id = b.resource_id and a.lane = b.lane and a.reservation_id < b.reservation_id and a.during && b.during",
    ),
    (
        "a reservation of what no longer stands",
        "select count(*) from bookings.reservation left join bookings.hold using (hold_id) left join bookings.appointment using (appointment_id) \
         where coalesce(hold.status <> 'active', appointment.status not in ('awaiting_payment', 'confirmed'), true)",
    ),
    (
        "an active hold without a reservation",
        "select count(*) from bookings.hold where status = 'active' \
         and not exists (select from bookings.reservation where reservation.hold_id = hold.hold_id)",
    ),
    (
        "an appointment that stands without a reservation",
        "select count(*) from bookings.appointment where status in ('awaiting_payment', 'confirmed') \
         and not exists (select from bookings.reservation where reservation.appointment_id = appointment.appointment_id)",
    ),
    (
        "a reservation of another time or person than its owner's",
        "select count(*) from bookings.reservation join ( \
             select hold_id, null::uuid as appointment_id, practitioner_role_id, appointment_type_id, starts_at, ends_at from bookings.hold \
             union all select null, appointment_id, practitioner_role_id, appointment_type_id, starts_at, ends_at from bookings.appointment \
         ) owner on owner.hold_id = reservation.hold_id or owner.appointment_id = reservation.appointment_id \
         join bookings.role using (practitioner_role_id) join bookings.appointment_type type using (appointment_type_id) \
         where reservation.resource_id <> role.resource_id or during <> tstzrange( \
             starts_at - buffer_before_minutes * interval '1 minute', ends_at + buffer_after_minutes * interval '1 minute')",
    ),
    (
        "a consumed hold without an appointment, or one without a hold",
        "select count(*) from (select booking_id from bookings.hold where status = 'consumed') hold \
         full join (select distinct booking_id from bookings.appointment) appointment using (booking_id) \
         where hold.booking_id is null or appointment.booking_id is null",
    ),
    (
        "a booking without its party, link or receipt",
        "select count(*) from (select distinct booking_id from bookings.appointment) booking \
         left join bookings.appointment_party using (booking_id) left join bookings.manage_link link using (booking_id) \
         left join bookings.consent_receipt receipt on receipt.subject_id = booking_id::text \
         where appointment_party.name is null or link.token_hash is null or receipt.text is null",
    ),
    (
        "a chain with a break or a fork",
        "select count(*) from bookings.appointment new left join bookings.appointment old on old.appointment_id = new.replaces \
         where (new.sequence > 0 and new.replaces is null and new.status = 'confirmed') \
         or (new.replaces is not null and (old.status <> 'rescheduled' or old.booking_id <> new.booking_id))",
    ),
    (
        "a rescheduled link that nothing replaces",
        "select count(*) from bookings.appointment old where status = 'rescheduled' \
         and not exists (select from bookings.appointment new where new.replaces = old.appointment_id)",
    ),
    (
        "a change that was not told, or told twice",
        "select abs((select count(*) from bookings.appointment where replaces is null) \
                 - (select count(*) from bookings.outbox where name = 'appointment_confirmed')) \
             + abs((select count(*) from bookings.appointment where status = 'rescheduled') \
                 - (select count(*) from bookings.outbox where name = 'appointment_moved')) \
             + abs((select count(*) from bookings.appointment where status like 'cancelled%') \
                 - (select count(*) from bookings.outbox where name = 'appointment_cancelled')) \
             + (select count(*) from (select from bookings.outbox where aggregate = 'booking' \
                 group by aggregate_id, aggregate_version having count(*) > 1) twice)",
    ),
    ("a key without its reply", "select count(*) from bookings.idempotency where reply_body is null"),
];

async fn storm(seed: u64) {
    let app = Arc::new(App::with_burst(10_000).await);
    let over = Arc::new(AtomicBool::new(false));
    let keeper = tokio::spawn({
        let (app, over) = (app.clone(), over.clone());
        async move {
            while !over.load(Ordering::SeqCst) {
                // Slow enough that notice does not reach the morning, quick enough that holds end under people's hands.
                if app.core.now() < monday(7, 0) {
                    app.advance(minutes(1));
                }
                app.run("bookings.expire_holds").await;
                app.run("bookings.publish_next_free").await;
                tokio::task::yield_now().await;
            }
        }
    });
    let people = (0..PEOPLE).map(|number| {
        let mut person = Person {
            app: app.clone(),
            browser: app.browser(),
            chance: Chance::seeded(seed * 1000 + number),
            holds: Vec::new(),
            appointments: Vec::new(),
        };
        tokio::spawn(async move {
            for _ in 0..STEPS {
                person.act().await;
            }
        })
    });
    let ended = futures::future::join_all(people.collect::<Vec<_>>()).await;
    over.store(true, Ordering::SeqCst);
    keeper.await.unwrap();
    ended.into_iter().for_each(Result::unwrap);

    for (what, count) in NEVER {
        assert_eq!(app.count(count).await, 0, "{what} (seed {seed})");
    }
    app.advance(minutes(10));
    while app.run("bookings.expire_holds").await > 0 {}
    let stands = "select count(*) from bookings.appointment where status = 'confirmed'";
    let reserved = app.count("select count(*) from bookings.reservation").await;
    assert_eq!(reserved, app.count(stands).await, "seed {seed}");
    assert_ne!(app.count("select count(*) from bookings.appointment").await, 0, "it should have stormed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_people_do_at_once_no_time_is_sold_twice_and_none_is_lost() {
    for seed in 1..=3 {
        storm(seed).await;
    }
}
