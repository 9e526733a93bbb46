//! Patients, those who wait, the desk and the clock in orders drawn from a seed, compared after each step with a small model of
//! what should have come of it: who may do what, whose time is taken, who is asked about it, and where everything stands.

use std::collections::BTreeMap;

use axum::{body::Body, http::Request};
use jiff::{SignedDuration, Timestamp};
use kernel::{Chance, testing::with_seeds};
use serde_json::json;
use shared_types::{
    AppointmentId, HoldId, PatientId, PractitionerRoleId, WaitlistEntryId, Zone,
    bookings::{
        Appointment,
        AppointmentStatus::{self, *},
        Confirmation, Hold,
        practice::{ActName, CalendarAppointment},
        waitlist::WaitlistEntry,
    },
    users::{Claims, StaffRole},
};
use uuid::Uuid;

use super::{act_as, at_practice, staff};
use crate::{
    app::{App, BORN, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, MONDAY, ROLE, minutes, monday},
    members::{claims, signed_in},
};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/practice/model.seeds");
const RUNS: u64 = 4;
const STEPS: u64 = 200;
/// Half hours from nine to five.
const SLOTS: usize = 16;

/// An appointment as it should be.
struct Link {
    id: AppointmentId,
    role: PractitionerRoleId,
    version: i32,
    status: AppointmentStatus,
    start: Timestamp,
    end: Timestamp,
    /// The time that it takes.
    takes: Option<(Timestamp, Timestamp)>,
    /// Whether cancelling it late would cost, or costs still.
    owes: bool,
    /// Whose it is, where a patient booked it.
    patient: Option<Browser>,
}

/// From the beginning of time, in minutes after the start.
const ANY: i64 = -100_000;
/// What staff can do: from which states it leads where, and from how many minutes after the start on.
const ACTS: &[(ActName, &[AppointmentStatus], AppointmentStatus, i64)] = &[
    (ActName::Accept, &[Requested], Confirmed, ANY),
    (ActName::Decline, &[Requested], Declined, ANY),
    (ActName::Cancel, &[Confirmed, Arrived, CheckedIn], CancelledByProvider, ANY),
    (ActName::CancelForPatient, &[Requested], CancelledByPatient, ANY),
    // Everything here is within the day before, so it is late.
    (ActName::CancelForPatient, &[Confirmed], CancelledLate, ANY),
    (ActName::Arrive, &[Confirmed], Arrived, -60),
    (ActName::CheckIn, &[Confirmed, Arrived], CheckedIn, -60),
    (ActName::Start, &[CheckedIn], InConsult, ANY),
    (ActName::Complete, &[InConsult], Completed, ANY),
    (ActName::UndoCompletion, &[Completed], CheckedIn, ANY),
    (ActName::NoShow, &[Confirmed, Arrived], NoShowPatient, 15),
    (ActName::PractitionerAbsent, &[Confirmed, Arrived, CheckedIn], NoShowProvider, 30),
];

/// Where an act leads from a state, and from how many minutes after the start on.
fn leads(act: ActName, from: AppointmentStatus) -> Option<(AppointmentStatus, i64)> {
    if act == ActName::EnterInError {
        return (from != EnteredInError).then_some((EnteredInError, ANY));
    }
    let row = ACTS.iter().find(|(name, states, ..)| *name == act && states.contains(&from));
    row.map(|(_, _, to, minutes)| (*to, *minutes))
}

/// Somebody who waits for one half hour with [`ROLE`].
struct Waiting {
    account: u128,
    entry: WaitlistEntryId,
    slot: Timestamp,
    /// The hold of the offer that is open, and until when it is.
    open: Option<(HoldId, Timestamp)>,
    /// Whether they were asked: nobody is asked twice about a time.
    asked: bool,
}

struct World {
    app: App,
    chance: Chance,
    links: Vec<Link>,
    /// In the order in which they joined.
    waiting: Vec<Waiting>,
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

    async fn book(&mut self) -> String {
        let (role, of) = if self.pick(3) == 0 { (COLLEAGUE, LONG_COLLEAGUE) } else { (ROLE, LONG) };
        let (start, mut browser) = (self.slot(), self.app.browser());
        let end = start + minutes(30);
        let expected = self.is_offered(role, start, end) && self.is_clear(role, start, end, None);
        let reply = browser.hold(self.app.key(), role, of, start).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            let hold: Hold = reply.read();
            let made: Confirmation = self.app.confirm(&mut browser, &hold).await;
            let status = if role == COLLEAGUE { Requested } else { Confirmed };
            assert_eq!(made.status, status);
            if status == Confirmed {
                self.let_off(role, start, end);
            }
            self.links.push(link(made.appointment_id, role, status, (start, end), Some(browser)));
        }
        format!("book {start}: {expected}")
    }

    async fn desk(&mut self) -> String {
        let (start, end) = (self.slot(), self.slot() + minutes(45));
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": start, "end": end,
            "patient": {"name": "Bo Lee", "date_of_birth": BORN},
        });
        let lasts = end.duration_since(start);
        let sane = lasts >= minutes(5) && lasts <= SignedDuration::from_hours(12);
        let expected = sane && self.is_clear(ROLE, start, end, None);
        let mut owner = staff(&self.app, StaffRole::Owner).await;
        let reply = owner.post(&at_practice("appointments"), Some(self.app.key()), &body).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            let made: CalendarAppointment = reply.read();
            self.let_off(ROLE, start, end);
            self.links.push(link(made.appointment_id, ROLE, Confirmed, (start, end), None));
        }
        format!("desk {start} to {end}: {expected}")
    }

    /// A link that a patient has in their browser.
    fn patients(&self) -> Option<usize> {
        let theirs: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].patient.is_some()).collect();
        (!theirs.is_empty()).then(|| theirs[self.pick(theirs.len())])
    }

    async fn cancel(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody cancels".to_owned() };
        let (now, it) = (self.now(), &mut self.links[nth]);
        let late = (it.status == Confirmed && now < it.start).then_some(CancelledLate);
        let to = if it.status == Requested { Some(CancelledByPatient) } else { late };
        let reply = it.patient.as_mut().unwrap().cancel(it.id, it.version).await;
        assert_eq!(reply.status == 200, to.is_some(), "from {:?}: {}", it.status, reply.body);
        if let Some(to) = to {
            it.stand(to, now);
        }
        format!("cancel {nth}: {to:?}")
    }

    async fn r#move(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody moves".to_owned() };
        let (now, start, key) = (self.now(), self.slot(), self.app.key());
        let it = &self.links[nth];
        let end = start + it.end.duration_since(it.start);
        let expected = it.status == Confirmed
            && now < it.start
            && self.is_offered(it.role, start, end)
            && self.is_clear(it.role, start, end, Some(nth));
        let it = &mut self.links[nth];
        let (id, version) = (it.id, it.version);
        let reply = it.patient.as_mut().unwrap().r#move(key, id, version, start).await;
        assert_eq!(reply.status == 200, expected, "from {:?}: {}", it.status, reply.body);
        if expected {
            it.replaced(reply.read::<Appointment>().appointment_id, start, end);
        }
        format!("move {nth} to {start}: {expected}")
    }

    async fn reschedule(&mut self) -> String {
        if self.links.is_empty() {
            return "nothing to reschedule".to_owned();
        }
        let (nth, start) = (self.pick(self.links.len()), self.slot());
        let it = &self.links[nth];
        let end = start + minutes([30, 45, 60][self.pick(3)]);
        let expected = matches!(it.status, Confirmed | Arrived | CheckedIn | InConsult)
            && self.is_clear(it.role, start, end, Some(nth));
        let body = json!({"version": it.version, "start": start, "end": end});
        let path = at_practice(&format!("appointments/{}/reschedule", it.id));
        let mut owner = staff(&self.app, StaffRole::Owner).await;
        let reply = owner.post(&path, Some(self.app.key()), &body).await;
        assert_eq!(reply.status == 200, expected, "from {:?}: {}", it.status, reply.body);
        if expected {
            let moved: CalendarAppointment = reply.read();
            self.links[nth].replaced(moved.appointment_id, start, end);
        }
        format!("reschedule {nth} to {start}: {expected}")
    }

    async fn act(&mut self) -> String {
        if self.links.is_empty() {
            return "nothing to act on".to_owned();
        }
        let (nth, act) = (self.pick(self.links.len()), ActName::ALL[self.pick(ActName::ALL.len())]);
        let now = self.now();
        let it = &self.links[nth];
        let to = leads(act, it.status).filter(|(_, from)| now >= it.start + minutes(*from)).map(|(to, _)| to);
        let over = act == ActName::CancelForPatient && it.status == Confirmed && now >= it.start;
        let to = to.filter(|_| !over);
        let body = json!({"action": act, "reason": "other", "attested": true, "waive_fee": false});
        let mut owner = staff(&self.app, StaffRole::Owner).await;
        let reply = act_as(&mut owner, it.id, it.version, body).await;
        assert_eq!(reply.status == 200, to.is_some(), "{act:?} from {:?}: {}", it.status, reply.body);
        if let Some(to) = to {
            let it = &mut self.links[nth];
            it.stand(to, now);
            let (role, start, end) = (it.role, it.start, it.end);
            if act == ActName::Accept {
                self.let_off(role, start, end);
            }
        }
        format!("{act:?} {nth}: {to:?}")
    }

    /// A browser of somebody who waits: time passes, and sessions end.
    async fn member(&self, account: u128) -> Browser {
        let patient_id = Some(PatientId(Uuid::from_u128(0xF0_0000 + account)));
        signed_in(&self.app, &Claims { patient_id, ..claims(&self.app, account) }).await
    }

    async fn join(&mut self) -> String {
        let (slot, account) = (self.slot(), 1_000 + self.waiting.len() as u128);
        let at = Zone::SYDNEY.time(slot);
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG,
            "wishes": {"weekdays": 1, "from": at, "until": at, "first": MONDAY, "last": MONDAY},
        });
        if Zone::SYDNEY.date(self.now()) > MONDAY {
            return "too late to wait".to_owned();
        }
        let path = "/api/v1/bookings/me/waitlist";
        let reply = self.member(account).await.post(path, Some(self.app.key()), &body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let entry = reply.read::<WaitlistEntry>().waitlist_entry_id;
        self.waiting.push(Waiting { account, entry, slot, open: None, asked: false });
        format!("join for {slot}")
    }

    /// Somebody takes what is kept for them, or lets it go.
    async fn answer(&mut self) -> String {
        let asked: Vec<_> = (0..self.waiting.len()).filter(|nth| self.waiting[*nth].open.is_some()).collect();
        if asked.is_empty() {
            return "nobody is asked".to_owned();
        }
        let (nth, takes) = (asked[self.pick(asked.len())], self.pick(2) == 0);
        let slot = self.waiting[nth].slot;
        let (hold, _) = self.waiting[nth].open.take().unwrap();
        let mut member = self.member(self.waiting[nth].account).await;
        let path = format!("/api/v1/bookings/holds/{hold}");
        if takes {
            let details = self.app.details();
            let reply = member.post(&format!("{path}/confirm"), Some(self.app.key()), &details).await;
            assert_eq!(reply.status, 200, "{}", reply.body);
            let id = reply.read::<Confirmation>().appointment_id;
            self.let_off(ROLE, slot, slot + minutes(30));
            self.links.push(link(id, ROLE, Confirmed, (slot, slot + minutes(30)), None));
        } else {
            let reply = member.send(Request::delete(path).body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, 204, "{}", reply.body);
        }
        format!("{nth} takes {slot}: {takes}")
    }

    /// What was offered since, against who was to be asked.
    async fn offers(&mut self) {
        let now = self.now();
        let open: Vec<(Uuid, Uuid, i64)> = sqlx::query_as(
            "select waitlist_entry_id, hold_id, extract(epoch from expires_at)::bigint \
             from bookings.waitlist_offer where status = 'open'",
        )
        .fetch_all(&mut self.app.administrator().await)
        .await
        .unwrap();
        let open = open.into_iter().map(|(entry, hold, until)| (entry, (hold, until)));
        let open: BTreeMap<_, _> = open.collect();
        for one in &mut self.waiting {
            if let Some((_, until)) = one.open {
                let stays = open.contains_key(&one.entry.0);
                assert_eq!(stays, now < until, "an offer is open until {until}");
                one.open = one.open.filter(|_| stays);
            }
        }
        for nth in 0..self.waiting.len() {
            let one = &self.waiting[nth];
            let (slot, new) = (one.slot, open.get(&one.entry.0).filter(|_| one.open.is_none()));
            let may = self.is_clear(ROLE, slot, slot + minutes(30), None);
            if let Some((hold, until)) = new {
                assert!(!one.asked && may && slot >= now + minutes(60), "{nth} is asked about {slot}");
                let before = self.waiting[..nth].iter().find(|other| other.slot == slot && !other.asked);
                assert!(before.is_none(), "{nth} is asked before somebody who joined earlier");
                let until = Timestamp::from_second(*until).unwrap();
                self.waiting[nth].open = Some((HoldId(*hold), until));
                self.waiting[nth].asked = true;
            } else {
                let awake = (8..20).contains(&Zone::SYDNEY.time(now).hour());
                let could = may && !one.asked && awake && slot >= now + minutes(120);
                assert!(!could, "{nth} was not asked about {slot}");
            }
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
            {
                it.stand(Completed, now);
            }
        }
        self.offers().await;
        format!("wait until {now}")
    }

    /// The database has what the model has, and nothing else.
    async fn check(&self) {
        let mut conn = self.app.administrator().await;
        let stored: Vec<(uuid::Uuid, String, i32, i64, i64)> = sqlx::query_as(
            "select appointment_id, status, version, extract(epoch from starts_at)::bigint, \
             extract(epoch from ends_at)::bigint \
             from bookings.appointment where status <> 'rescheduled' order by appointment_id",
        )
        .fetch_all(&mut conn)
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
        .fetch_all(&mut conn)
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
        .fetch_one(&mut conn)
        .await
        .unwrap();
        assert_eq!(wrong, 0, "a step that nobody wrote down");
        let disordered: i64 = sqlx::query_scalar(
            "select count(*) from (select aggregate_version, lag(aggregate_version) over ( \
                 partition by aggregate_id order by position) as before \
             from bookings.outbox where aggregate = 'booking') told where before >= aggregate_version",
        )
        .fetch_one(&mut conn)
        .await
        .unwrap();
        assert_eq!(disordered, 0, "a later event with a lower version");
        // What is kept for those who wait is kept, and nothing else is.
        let kept: i64 = sqlx::query_scalar(
            "select count(*) from bookings.hold join bookings.reservation using (hold_id) where status = 'active'",
        )
        .fetch_one(&mut conn)
        .await
        .unwrap();
        let asked = self.waiting.iter().filter(|one| one.open.is_some()).count();
        assert_eq!(kept, i64::try_from(asked).unwrap());
    }
}

impl Link {
    /// It stands elsewhere at the same time.
    fn stand(&mut self, to: AppointmentStatus, now: Timestamp) {
        self.status = to;
        self.version += 1;
        if to == Completed {
            self.takes =
                self.takes.filter(|(from, _)| *from < now).map(|(from, until)| (from, until.min(now)));
        } else if !to.is_upcoming() {
            self.takes = None;
        }
    }

    /// A later link of its chain takes its place and stands where it stood.
    fn replaced(&mut self, by: AppointmentId, start: Timestamp, end: Timestamp) {
        self.id = by;
        self.version = 1;
        (self.start, self.end) = (start, end);
        self.takes = Some((start, end));
    }
}

fn link(
    id: AppointmentId,
    role: PractitionerRoleId,
    status: AppointmentStatus,
    (start, end): (Timestamp, Timestamp),
    patient: Option<Browser>,
) -> Link {
    let takes = Some((start, end));
    Link { id, role, version: 1, status, start, end, takes, owes: true, patient }
}

async fn run(seed: u64) {
    let app = App::new().await;
    app.change(
        "update bookings.appointment_type set needs_acceptance = true \
         where appointment_type_id = '00000000-0000-0000-0000-000000000024'",
    )
    .await;
    app.advance_to(monday(6, 0));
    let mut world = World { app, chance: Chance::seeded(seed), links: Vec::new(), waiting: Vec::new() };
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
