//! Patients, the desk and the clock in orders drawn from a seed, across bookings and notifications: what each patient was sent is,
//! letter by letter, what a small ledger in memory says. Every change is told once and of the right time, but for what is not true any
//! more when it would be sent; reminders are of the appointment as it stands, and after its end nothing comes but that it counts as
//! having taken place where nobody marked it.

mod ledger;
mod stage;

use std::collections::BTreeMap;

use hellomapper_tests::Person;
use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, time},
};
use kernel::{Chance, testing::with_seeds};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, Zone,
    bookings::{Appointment, AppointmentStatus, Confirmation, Hold, practice::CalendarAppointment},
};

use self::{
    ledger::{Kind, Ledger, Letter},
    stage::{AT_ONCE, CONSENT, ON_REQUEST, PRACTICE, ROLE, Stage},
};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/journeys/notices.seeds");
const RUNS: u64 = 3;
const STEPS: u64 = 100;
/// Half hours from nine to five.
const SLOTS: i64 = 16;
/// How long before the start something is booked or moved, in minutes: longer than any notice that is asked for.
const NOTICE: i64 = 240;
/// How long a practice has for an answer, in hours …
const ANSWER: i64 = 24;
/// … and how long before the start it has to give it.
const BEFORE_START: i64 = 2;
/// So many hours after its start a visit that nobody marked counts as over.
const UNMARKED: i64 = 14;

/// How an appointment stands, as far as letters go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// The practice is asked, and can answer until then.
    Asked(Timestamp),
    /// It takes place.
    Booked,
    /// It took place, or does not.
    Ended,
}

/// Somebody's appointment, and what they should be written of it.
struct Visit {
    address: String,
    id: AppointmentId,
    version: i32,
    start: Timestamp,
    stands: Stands,
    ledger: Ledger,
}

impl Visit {
    fn asks(&mut self, now: Timestamp) {
        self.stands = Stands::Asked((now + hours(ANSWER)).min(self.start - hours(BEFORE_START)));
        self.ledger.tell(now, Kind::Requested, self.start);
    }

    fn takes_place(&mut self, now: Timestamp, kind: Kind) {
        self.stands = Stands::Booked;
        self.ledger.tell(now, kind, self.start);
        self.ledger.plan(now, self.start);
    }

    /// It does not take place. For a late cancellation its patient, who has no account, may owe a fee.
    fn is_off(&mut self, now: Timestamp, kind: Kind, is_late: bool) {
        self.ends();
        self.ledger.call_off(is_late);
        self.ledger.tell(now, kind, self.start);
    }

    /// Nobody marked it, so it counts as having taken place.
    fn counts(&mut self, now: Timestamp) {
        self.ends();
        self.ledger.tell(now, Kind::Presumed, self.start);
    }

    fn ends(&mut self) {
        self.stands = Stands::Ended;
        self.ledger.drop_reminders();
    }
}

struct World {
    stage: Stage,
    chance: Chance,
    /// Books for everybody, each time with another name and address.
    guest: Person,
    owner: Person,
    visits: Vec<Visit>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let stage = Stage::set().await;
        let (guest, owner) = (stage.stranger(), stage.stranger());
        Self { stage, chance: Chance::seeded(seed), guest, owner, visits: Vec::new() }
    }

    fn pick(&self, below: usize) -> usize {
        usize::from(u16::from_be_bytes(self.chance.bytes())) % below
    }

    fn now(&self) -> Timestamp {
        self.stage.clock.now()
    }

    /// One that is to come and stands like that; half of the time one whose reminder is written and not sent, if there is any.
    fn any(&self, wanted: impl Fn(Stands) -> bool) -> Option<usize> {
        let now = self.now();
        let to_come = |nth: &usize| now < self.visits[*nth].start && wanted(self.visits[*nth].stands);
        let all: Vec<_> = (0..self.visits.len()).filter(to_come).collect();
        let pressing: Vec<_> =
            all.iter().copied().filter(|nth| self.visits[*nth].ledger.is_reminding()).collect();
        let among = if pressing.is_empty() || self.pick(2) == 0 { all } else { pressing };
        (!among.is_empty()).then(|| among[self.pick(among.len())])
    }

    /// A time of the next week that nobody has.
    fn free(&self) -> Timestamp {
        let now = self.now();
        let days = Zone::SYDNEY.date(now).series(1.day()).take(8);
        let open = days.filter(|day| day.weekday().to_monday_one_offset() <= 5);
        let starts = open.flat_map(|day| (0..SLOTS).map(move |nth| wall(day, 9, 0) + minutes(30 * nth)));
        let is_taken = |start: Timestamp| {
            self.visits.iter().any(|visit| visit.stands != Stands::Ended && visit.start == start)
        };
        let free: Vec<_> =
            starts.filter(|start| *start >= now + minutes(NOTICE) && !is_taken(*start)).collect();
        free[self.pick(free.len())]
    }

    /// The patient does something with an appointment, which must work.
    async fn patient_does(&self, nth: usize, act: &str, body: Value) -> Appointment {
        let path = format!("/api/v1/bookings/appointments/{}/{act}", self.visits[nth].id);
        self.guest.send(Method::POST, &path, Some(&body)).await.expect(200)
    }

    /// The practice does.
    async fn practice_does(&self, nth: usize, act: &str, body: Value) -> CalendarAppointment {
        self.stage.sign_in(&self.owner);
        let id = self.visits[nth].id;
        let path = format!("/api/v1/bookings/practices/{PRACTICE}/appointments/{id}/{act}");
        self.owner.send(Method::POST, &path, Some(&body)).await.expect(200)
    }

    async fn step(&mut self) -> String {
        match self.pick(10) {
            0..=2 => self.book().await,
            3 => self.r#move().await,
            4 => self.cancel().await,
            5 => self.answer().await,
            6 => self.come().await,
            7 => self.send().await,
            _ => self.wait().await,
        }
    }

    async fn book(&mut self) -> String {
        let (now, start, nth) = (self.now(), self.free(), self.visits.len());
        let asks = self.pick(3) == 0;
        let kind = if asks { ON_REQUEST } else { AT_ONCE };
        let wanted = json!({"practitioner_role_id": ROLE, "appointment_type_id": kind, "start": start});
        let held = self.guest.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await;
        let hold: Hold = held.expect(201);
        let address = format!("ada{nth}@example.org");
        let details = json!({
            "name": "Ada Nguyen",
            "date_of_birth": "1985-03-27",
            "email": address,
            "mobile": format!("0491{nth:06}"),
            "consent": {"text": CONSENT, "version": 1},
        });
        let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
        let made: Confirmation = self.guest.send(Method::POST, &path, Some(&details)).await.expect(200);
        let (id, stands, ledger) = (made.appointment_id, Stands::Booked, Ledger::default());
        let mut visit = Visit { address, id, version: 1, start, stands, ledger };
        if asks {
            visit.asks(now);
        } else {
            visit.takes_place(now, Kind::Confirmed);
        }
        self.visits.push(visit);
        format!("{nth} books {start}, and asks first: {asks}")
    }

    async fn r#move(&mut self) -> String {
        let (now, start, by_practice) = (self.now(), self.free(), self.pick(2) == 0);
        let Some(nth) = self.any(|stands| stands == Stands::Booked) else {
            return "nothing to move".to_owned();
        };
        let version = self.visits[nth].version;
        let (id, version) = if by_practice {
            let body = json!({"version": version, "start": start, "end": start + minutes(30)});
            let moved = self.practice_does(nth, "reschedule", body).await;
            (moved.appointment_id, moved.version)
        } else {
            let moved = self.patient_does(nth, "move", json!({"version": version, "start": start})).await;
            (moved.appointment_id, moved.version)
        };
        let visit = &mut self.visits[nth];
        (visit.id, visit.version, visit.start) = (id, version, start);
        visit.takes_place(now, Kind::Moved);
        format!("{nth} moves to {start}, by the practice: {by_practice}")
    }

    /// The patient cancels, or withdraws what they asked for.
    async fn cancel(&mut self) -> String {
        let Some(nth) = self.any(|stands| stands != Stands::Ended) else {
            return "nothing to cancel".to_owned();
        };
        let (now, version) = (self.now(), self.visits[nth].version);
        let off = self.patient_does(nth, "cancel", json!({"version": version})).await;
        self.visits[nth].is_off(now, Kind::Cancelled, off.status == AppointmentStatus::CancelledLate);
        format!("{nth} cancels")
    }

    /// The practice answers a request, or cancels.
    async fn answer(&mut self) -> String {
        let Some(nth) = self.any(|stands| stands != Stands::Ended) else {
            return "nothing to answer".to_owned();
        };
        let (now, version) = (self.now(), self.visits[nth].version);
        let (action, kind) = match (self.visits[nth].stands, self.pick(3) == 0) {
            (Stands::Asked(_), true) => ("decline", Kind::NotTaken),
            (Stands::Asked(_), false) => ("accept", Kind::Confirmed),
            (Stands::Booked | Stands::Ended, _) => ("cancel", Kind::Cancelled),
        };
        let body = json!({"version": version, "action": action, "reason": "other"});
        let stands = self.practice_does(nth, "transitions", body).await;
        let visit = &mut self.visits[nth];
        visit.version = stands.version;
        if kind == Kind::Confirmed {
            visit.takes_place(now, kind);
        } else {
            visit.is_off(now, kind, false);
        }
        format!("the practice: {action} {nth}")
    }

    /// The patient says that they will come, and needs no reminder any more.
    async fn come(&mut self) -> String {
        let Some(nth) = self.any(|stands| stands == Stands::Booked) else {
            return "nobody to come".to_owned();
        };
        let body = json!({"version": self.visits[nth].version});
        let said = self.patient_does(nth, "attendance", body).await;
        let visit = &mut self.visits[nth];
        visit.version = said.version;
        visit.ledger.drop_reminders();
        format!("{nth} will come")
    }

    /// Time passes, and what goes on by itself does; but half of the time nothing is sent yet, so that people can change what
    /// somebody is about to be reminded of.
    async fn wait(&mut self) -> String {
        self.stage.carry().await;
        self.sleep();
        let now = self.now();
        for job in ["bookings.expire_requests", "bookings.complete_unmarked"] {
            self.stage.run(job).await;
        }
        for visit in &mut self.visits {
            match visit.stands {
                Stands::Asked(until) if until <= now => visit.is_off(now, Kind::NotTaken, false),
                Stands::Booked if visit.start + hours(UNMARKED) <= now => visit.counts(now),
                Stands::Asked(_) | Stands::Booked | Stands::Ended => {}
            }
        }
        self.stage.carry().await;
        self.stage.run("notifications.write_reminders").await;
        for visit in &mut self.visits {
            visit.ledger.write(now);
        }
        if self.pick(2) == 0 {
            self.send().await;
        }
        format!("wait until {now}")
    }

    /// Some hours, or a day; and never into the night, in which nobody is reminded.
    fn sleep(&self) {
        let most = if self.pick(2) == 0 { 3 } else { 30 };
        let passed = 1 + self.pick(60 * most);
        let clock = &self.stage.clock;
        clock.advance(minutes(i64::try_from(passed).unwrap()));
        let (day, at) = (Zone::SYDNEY.date(clock.now()), Zone::SYDNEY.time(clock.now()));
        let morning = if at < time(8, 0, 0, 0) {
            Some(day)
        } else if at >= time(21, 0, 0, 0) {
            day.tomorrow().ok()
        } else {
            None
        };
        if let Some(day) = morning {
            clock.advance(wall(day, 8, 0).duration_since(clock.now()));
        }
    }

    /// Whatever there is to tell is told, what is written is sent, and what was sent is looked at.
    async fn send(&mut self) -> String {
        self.stage.carry().await;
        self.stage.run("notifications.send_messages").await;
        let now = self.now();
        for visit in &mut self.visits {
            visit.ledger.send(now);
        }
        self.check().await;
        "send".to_owned()
    }

    /// Everybody got what the ledger says, and nothing else.
    async fn check(&self) {
        let mut letters: BTreeMap<String, Vec<Letter>> = BTreeMap::new();
        for mail in self.stage.letters() {
            let (date, subject) = (mail.header("Date").to_owned(), mail.header("Subject").to_owned());
            letters.entry(mail.header("To").to_owned()).or_default().push(Letter { date, subject });
        }
        for visit in &self.visits {
            let mut theirs = letters.remove(&visit.address).unwrap_or_default();
            let mut expected = visit.ledger.sent.clone();
            // What was written in the same moment may lie in any order.
            theirs.sort_unstable();
            expected.sort_unstable();
            assert_eq!(theirs, expected, "to {}, whose appointment stands {:?}", visit.address, visit.stands);
        }
        assert!(letters.is_empty(), "nobody else is written to: {letters:?}");
        assert_eq!(self.stage.unsent_and_repeated().await, (0, 0), "everything is sent, and once");
    }
}

/// A time on the wall in Sydney.
fn wall(day: Date, hour: i8, minute: i8) -> Timestamp {
    day.at(hour, minute, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap().timestamp()
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// One order of things. Says how many reminders were sent in it.
async fn run(seed: u64) -> usize {
    let mut world = World::new(seed).await;
    for _ in 0..STEPS {
        let done = world.step().await;
        // What came before says how it came to this.
        println!("seed {seed}: {done}");
    }
    world.send().await;
    assert_eq!(world.stage.untold().await, 0, "everybody was told everything");
    let sent = world.visits.iter().map(|visit| visit.ledger.reminders()).sum();
    let taken_back: usize = world.visits.iter().map(|visit| visit.ledger.taken_back).sum();
    println!("seed {seed}: {sent} reminders went out, and {taken_back} were taken back in time");
    world.stage.discard().await;
    sent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_happens_each_patient_is_written_what_is_true_and_once() {
    let reminders: usize = with_seeds(SEEDS, RUNS, STEPS, run).await.into_iter().sum();
    assert!(reminders > 0, "some came to a reminder");
}
