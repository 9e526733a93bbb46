//! What patients are written, whatever they, the desk and the clock do, in orders drawn from a seed: each piece of news once and
//! in its order, reminders of the appointment as it stands alone, and nothing after it has ended.

use hellomapper_tests::{Person, mail, still::Still};
use jiff::{SignedDuration, Timestamp};
use kernel::{Chance, testing::with_seeds};
use reqwest::Method;
use serde_json::json;
use shared_types::{
    AppointmentId, AppointmentTypeId, BookingId, OrganizationId, PractitionerRoleId, Zone,
    bookings::{Appointment, AppointmentTypes, Confirmation, FreeTimes, Hold, practice::CalendarAppointment},
    providers::SearchReply,
    users::{Claims, ConsentText, Membership, StaffRole, Strength},
};

/// The seeds that failed once.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/journeys/messages.seeds");
const RUNS: u64 = 2;
const STEPS: u64 = 60;
/// What goes on by itself.
const JOBS: [&str; 4] = [
    "bookings.expire_holds",
    "bookings.complete_unmarked",
    "notifications.write_reminders",
    "notifications.send_messages",
];

/// Somebody's appointment, and what they should have been written of it.
struct Booked {
    patient: Person,
    booking: BookingId,
    id: AppointmentId,
    version: i32,
    start: Timestamp,
    /// The news, in order.
    news: Vec<&'static str>,
    /// How many messages there were when it had ended and that was told: there are never more.
    ended: Option<usize>,
}

struct World {
    still: Still,
    chance: Chance,
    role: PractitionerRoleId,
    practice: OrganizationId,
    kind: AppointmentTypeId,
    consent: ConsentText,
    booked: Vec<Booked>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let still = Still::start().await;
        // Tomorrow at nine: a day of its own, whenever this runs.
        let tomorrow = Zone::SYDNEY.date(still.clock.now()).tomorrow().unwrap();
        let nine = tomorrow.at(9, 0, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap().timestamp();
        still.clock.advance(nine.duration_since(still.clock.now()));
        let person = still.stranger();
        let near = "/api/v1/providers/search?near=Sydney+NSW+2000&radius_m=50000&new_patients=true";
        let found: SearchReply = person.get(near).await;
        let free = found
            .items
            .into_iter()
            .find(|found| found.bookable && found.organization.is_some() && !found.next_free.is_empty());
        let found = free.expect("the invented Australia has somebody to book near Sydney");
        let role = found.practitioner_role_id;
        let types: AppointmentTypes =
            person.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
        Self {
            kind: types.items[0].appointment_type_id,
            consent: person.get("/api/v1/bookings/consent-texts/booking-collection").await,
            practice: found.organization.unwrap().organization_id,
            chance: Chance::seeded(seed),
            booked: Vec::new(),
            still,
            role,
        }
    }

    fn pick(&self, below: usize) -> usize {
        usize::from(u16::from_be_bytes(self.chance.bytes())) % below
    }

    /// One that has not ended.
    fn any(&self) -> Option<usize> {
        let open: Vec<_> = (0..self.booked.len()).filter(|nth| self.booked[*nth].ended.is_none()).collect();
        (!open.is_empty()).then(|| open[self.pick(open.len())])
    }

    /// A free time of the next weeks.
    async fn free(&self) -> Option<Timestamp> {
        let path = format!("/api/v1/bookings/roles/{}/free-times?appointment_type={}", self.role, self.kind);
        let free: FreeTimes = self.still.stranger().get(&path).await;
        (!free.starts.is_empty()).then(|| free.starts[self.pick(free.starts.len())])
    }

    async fn step(&mut self) {
        match self.pick(10) {
            0 | 1 => self.book().await,
            2 | 3 => self.r#move().await,
            4 => self.cancel().await,
            5 => self.desk_cancels().await,
            _ => {
                let hours = i64::try_from(self.pick(30)).unwrap();
                self.still.clock.advance(SignedDuration::from_hours(hours));
            }
        }
    }

    async fn book(&mut self) {
        let Some(start) = self.free().await else { return };
        let (patient, number) = (self.still.stranger(), self.booked.len());
        let wanted = json!({
            "practitioner_role_id": self.role, "appointment_type_id": self.kind, "start": start,
        });
        let held = patient.send(Method::POST, "/api/v1/bookings/holds", Some(&wanted)).await;
        let hold: Hold = held.expect(201);
        let details = json!({
            "name": format!("Ada Nguyen {number}"),
            "date_of_birth": "1985-03-27",
            "email": format!("ada{number}@example.org"),
            "mobile": format!("0491{number:06}"),
            "consent": {"text": self.consent.text, "version": self.consent.version},
        });
        let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
        let made: Confirmation = patient.send(Method::POST, &path, Some(&details)).await.expect(200);
        let (id, booking) = (made.appointment_id, hold.booking_id);
        let news = vec!["appointment_confirmed"];
        self.booked.push(Booked { patient, booking, id, version: 1, start, news, ended: None });
    }

    async fn r#move(&mut self) {
        let (Some(nth), Some(start)) = (self.any(), self.free().await) else { return };
        let one = &mut self.booked[nth];
        if one.start <= self.still.clock.now() {
            return;
        }
        let path = format!("/api/v1/bookings/appointments/{}/move", one.id);
        let body = json!({"version": one.version, "start": start});
        let moved: Appointment = one.patient.send(Method::POST, &path, Some(&body)).await.expect(200);
        (one.id, one.version, one.start) = (moved.appointment_id, moved.version, moved.start);
        one.news.push("appointment_moved");
    }

    async fn cancel(&mut self) {
        let Some(nth) = self.any() else { return };
        let one = &mut self.booked[nth];
        if one.start <= self.still.clock.now() {
            return;
        }
        let path = format!("/api/v1/bookings/appointments/{}/cancel", one.id);
        let body = json!({"version": one.version});
        let _: Appointment = one.patient.send(Method::POST, &path, Some(&body)).await.expect(200);
        self.ends(nth).await;
    }

    async fn desk_cancels(&mut self) {
        let Some(nth) = self.any() else { return };
        let (now, one) = (self.still.clock.now(), &self.booked[nth]);
        if one.start <= now {
            return;
        }
        let roles = vec![StaffRole::Reception];
        let claims = Claims {
            session_id: self.chance.id(&self.still.clock),
            account_id: self.chance.id(&self.still.clock),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: vec![Membership { organization_id: self.practice, roles }],
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_mins(10),
        };
        let desk = self.still.signed_in(&claims).await;
        let practice = format!("/api/v1/bookings/practices/{}", self.practice);
        let path = format!("{practice}/appointments/{}/transitions", one.id);
        let body = json!({"action": "cancel", "reason": "practitioner_unwell", "version": one.version});
        let _: CalendarAppointment = desk.send(Method::POST, &path, Some(&body)).await.expect(200);
        self.ends(nth).await;
    }

    /// It was cancelled: that is the last message of it, whatever else was on its way.
    async fn ends(&mut self, nth: usize) {
        self.booked[nth].news.push("appointment_cancelled");
        self.still.settle(&JOBS).await;
        self.booked[nth].ended = Some(self.sent(self.booked[nth].booking).await.len());
    }

    /// What was sent of a booking, in the order in which it was written.
    async fn sent(&self, booking: BookingId) -> Vec<String> {
        sqlx::query_scalar(
            "select template from notifications.message where booking_id = $1 and status = 'sent' \
             order by created_at, message_id",
        )
        .bind(booking.0)
        .fetch_all(&mut self.still.database.administrator().await)
        .await
        .unwrap()
    }

    async fn check(&self) {
        for one in &self.booked {
            let sent = self.sent(one.booking).await;
            let news: Vec<_> = sent.iter().filter(|kind| !kind.starts_with("reminder")).collect();
            assert_eq!(news, one.news, "of {:?}", one.booking);
            if let Some(ended) = one.ended {
                assert_eq!(sent.len(), ended, "something was sent after the end: {sent:?}");
                assert_eq!(sent.last().map(String::as_str), Some("appointment_cancelled"));
            }
            // At most one of each kind for each time that it had.
            for kind in ["reminder_two_days", "reminder_three_hours"] {
                let times = sent.iter().filter(|sent| *sent == kind).count();
                assert!(times <= one.news.len(), "{kind} {times} times: {sent:?}");
            }
        }
        let (waiting, sent): (i64, i64) = sqlx::query_as(
            "select count(*) filter (where status = 'queued'), count(*) filter (where status = 'sent') \
             from notifications.message",
        )
        .fetch_one(&mut self.still.database.administrator().await)
        .await
        .unwrap();
        let letters = mail::all(&self.still.settings.home.join("mail")).len();
        assert_eq!((waiting, sent), (0, i64::try_from(letters).unwrap()), "each message is one letter");
    }
}

async fn run(seed: u64) {
    let mut world = World::new(seed).await;
    for step in 0..STEPS {
        world.step().await;
        world.still.settle(&JOBS).await;
        world.check().await;
        println!("seed {seed}: step {step}, {} bookings", world.booked.len());
    }
    let sent: i64 = sqlx::query_scalar(
        "select count(*) from notifications.message where template like 'reminder%' and status = 'sent'",
    )
    .fetch_one(&mut world.still.database.administrator().await)
    .await
    .unwrap();
    let ended = world.booked.iter().filter(|one| one.ended.is_some()).count();
    println!("seed {seed}: {sent} reminders, {ended} of {} bookings ended", world.booked.len());
    assert!(!world.booked.is_empty(), "somebody should have booked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_happens_everybody_is_written_what_is_true_once() {
    with_seeds(SEEDS, RUNS, STEPS, run).await;
}
