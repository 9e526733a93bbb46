//! A practice's calendar: what its patients and its desk ask for, through HTTP; and what works behind it, called in this process:
//! next free times, and reminders. All of it in a copy of a database, which is dropped afterwards.

mod cost;

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Weekday};
use kernel::{Chance, Clock, Service, config::Settings, inbox, keys::Signer, outbox::Envelope, session};
use serde::Serialize;
use serde_json::{Value, json};
use shared_types::{
    AppointmentId, AppointmentTypeId, OrganizationId, Zone,
    bookings::{
        AppointmentTypes,
        practice::{CalendarAppointment, PracticeCalendar},
    },
    users::{Claims, Membership, StaffRole, Strength},
};
use tokio::task::block_in_place;
use uuid::Uuid;

use self::cost::Cost;
use super::{
    Bench, data,
    http::Client,
    load::{Measured, Target, closed},
    server::Served,
    worked::{Worked, work_off},
};
use crate::{assemble, databases::Databases};

/// Who works at the practice.
const PRACTITIONERS: usize = 20;
/// The days whose free times are asked for, the first and the last included.
const DAYS: i64 = 28;
/// What is booked in its week, beside what people there had anyway.
const ENTRIES: usize = 500;
/// Appointments that go to and fro.
const VISITS: usize = 64;
/// Roles whose next free times are found anew.
const ROLES: u64 = 1_000;
/// Appointments that are told of, unless more are asked for; they stand for a day.
pub const TOLD: u64 = 5_000;
/// Visits to general practitioners on one day, all over Australia: about 165 million in a year.
pub const A_DAY: u64 = 450_000;

/// All of it.
#[derive(Debug, Serialize)]
pub struct Calendar {
    pub roles: u32,
    pub practitioners: usize,
    /// Four weeks of everybody there: twenty requests, one after the other, count as one.
    pub practice_free_times: Measured,
    /// A week of everybody there.
    pub week: Measured,
    /// What that shows: appointments, and times taken otherwise.
    pub entries_in_week: usize,
    /// Steps of appointments, each with its history, audit entry and event.
    pub transitions: Measured,
    /// Of these three, for each of what they are made of.
    pub cpu_us_each: Cost,
    /// One for each role, with all of its types.
    pub next_free: Worked,
    /// Appointments whose confirmation was received: each plans two reminders and queues its news.
    pub reminders_planned: Worked,
    /// Reminders that were due and were written.
    pub reminders_written: Worked,
    /// What a day of visits to general practitioners takes at that pace.
    pub planned_for_a_day_seconds: f64,
    /// Two reminders for each.
    pub written_for_a_day_seconds: f64,
}

/// What was asked for through HTTP.
struct Asked {
    practice_free_times: Measured,
    week: Measured,
    entries_in_week: usize,
    transitions: Measured,
}

/// Measures. Nobody may be connected to the original.
///
/// # Errors
/// When a copy cannot be made, or something cannot be measured in it.
pub async fn measure(
    bench: &Bench<'_>,
    original: &Databases,
    settings: &Settings,
    roles: u32,
) -> Result<Calendar> {
    let name = format!("{}_calendar", original.embedded()?.1);
    let copy = data::copy(original, &name).await?;
    let organization_id: OrganizationId = Chance::system().id(&Clock::System);
    let staffed = employ(&copy, organization_id).await?;
    let served = Served::start(&copy, &bench.home)?;
    let target = bench.target(&served)?;
    let measured = block_in_place(|| through_http(bench, target, organization_id, &staffed));
    served.stop()?;
    let asked = measured?;
    let worked = works(bench, &copy, settings).await;
    data::forget_mail(&bench.home);
    data::remove(original, &[name]).await?;
    let (next_free, reminders_planned, reminders_written) = worked?;
    Ok(Calendar {
        roles,
        practitioners: staffed.len(),
        cpu_us_each: Cost::of(&asked, staffed.len()),
        practice_free_times: asked.practice_free_times,
        week: asked.week,
        entries_in_week: asked.entries_in_week,
        transitions: asked.transitions,
        planned_for_a_day_seconds: reminders_planned.seconds_for(A_DAY),
        written_for_a_day_seconds: reminders_written.seconds_for(A_DAY * 2),
        next_free,
        reminders_planned,
        reminders_written,
    })
}

/// Has people work at one practice, no two roles the same person. Invented practices are smaller.
async fn employ(copy: &Databases, organization_id: OrganizationId) -> Result<Vec<Uuid>> {
    let staffed = data::bookable(copy, i64::try_from(PRACTITIONERS)?).await?;
    ensure!(staffed.len() == PRACTITIONERS, "only {} people can be booked", staffed.len());
    let (cluster, name) = copy.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    sqlx::query("update bookings.role set organization_id = $1 where practitioner_role_id = any($2)")
        .bind(organization_id.0)
        .bind(&staffed)
        .execute(&mut admin)
        .await?;
    sqlx::Connection::close(admin).await?;
    Ok(staffed)
}

/// Free times, a week, and steps.
fn through_http(
    bench: &Bench<'_>,
    target: Target,
    organization_id: OrganizationId,
    staffed: &[Uuid],
) -> Result<Asked> {
    let mut client = Client::new(target.addr);
    let today = Clock::System.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.saturating_add((DAYS - 1).days());
    let mut people = Vec::new();
    for role in staffed {
        let path = format!("/api/v1/bookings/roles/{role}");
        let types: AppointmentTypes = client.get(&format!("{path}/appointment-types"))?.json()?;
        let first = types.items.first().context("who can be booked has a type")?;
        people.push((*role, first.appointment_type_id));
    }
    let paths: Vec<_> = people
        .iter()
        .map(|(role, kind)| {
            format!("/api/v1/bookings/roles/{role}/free-times?appointment_type={kind}&from={today}&to={last}")
        })
        .collect();
    let practice_free_times =
        closed(target, |client, _| Some(paths.iter().try_for_each(|path| client.get(path).map(drop))))?;

    let desk = Desk::open(bench, organization_id, people)?;
    let monday = today.nth_weekday(1, Weekday::Monday)?;
    for nth in 0..ENTRIES {
        // A hundred on each of five days, for each of the twenty one in each of five hours.
        let day = monday.saturating_add(i64::try_from(nth / 100)?.days());
        let hour = i8::try_from(9 + nth / PRACTITIONERS % 5)?;
        let start = day.at(hour, 0, 0, 0).to_zoned(Zone::SYDNEY.time_zone())?.timestamp();
        desk.book(&mut client, nth, start)?;
    }
    let week = format!("{}/calendar?from={monday}&to={}", desk.path, monday.saturating_add(6.days()));
    let shown: PracticeCalendar = client.get_as(&week, Some(&desk.cookie))?.json()?;
    let entries_in_week = shown.roles.iter().map(|role| role.appointments.len() + role.taken.len()).sum();
    let week = closed(target, |client, _| Some(client.get_as(&week, Some(&desk.cookie)).map(drop)))?;
    let transitions = desk.take_steps(target, &mut client)?;
    Ok(Asked { practice_free_times, week, entries_in_week, transitions })
}

/// Somebody signed in who works at the practice.
struct Desk {
    path: String,
    cookie: String,
    people: Vec<(Uuid, AppointmentTypeId)>,
    chance: Chance,
}

/// An appointment of somebody who is there.
struct Visit {
    id: AppointmentId,
    version: i32,
    stands: Stands,
}

/// Where it stands.
#[derive(Clone, Copy)]
enum Stands {
    CheckedIn,
    InConsult,
    Completed,
}

impl Stands {
    /// What is done next, and where that leads: round and round.
    fn next(self) -> (&'static str, Self) {
        match self {
            Self::CheckedIn => ("start", Self::InConsult),
            Self::InConsult => ("complete", Self::Completed),
            Self::Completed => ("undo_completion", Self::CheckedIn),
        }
    }
}

impl Desk {
    fn open(
        bench: &Bench<'_>,
        organization_id: OrganizationId,
        people: Vec<(Uuid, AppointmentTypeId)>,
    ) -> Result<Self> {
        let chance = Chance::system();
        // The key that the server has made, and published.
        let signer = Signer::in_file(&bench.home.join("keys").join("users-signing-key"), &chance)?;
        let now = Clock::System.now();
        let claims = Claims {
            session_id: chance.id(&Clock::System),
            account_id: chance.id(&Clock::System),
            patient_id: None,
            strength: Strength::Passkey,
            acts_for: Vec::new(),
            memberships: vec![Membership { organization_id, roles: vec![StaffRole::Owner] }],
            platform: Vec::new(),
            issued_at: now,
            expires_at: now + SignedDuration::from_hours(1),
        };
        Ok(Self {
            path: format!("/api/v1/bookings/practices/{organization_id}"),
            cookie: format!("{}={}", session::COOKIE, session::sign(&signer, &claims)),
            people,
            chance,
        })
    }

    fn send(
        &self,
        client: &mut Client,
        rest: &str,
        body: &Value,
        status: u16,
    ) -> Result<CalendarAppointment> {
        let key = self.chance.id(&Clock::System);
        let path = format!("{}/{rest}", self.path);
        client.post(&path, key, Some(&self.cookie), &body.to_string(), status)?.json()
    }

    /// Books somebody with the nth in turn, whatever is there already.
    fn book(&self, client: &mut Client, nth: usize, start: Timestamp) -> Result<CalendarAppointment> {
        let (role, kind) = self.people.get(nth % self.people.len().max(1)).context("somebody works here")?;
        let body = json!({
            "practitioner_role_id": role,
            "appointment_type_id": kind,
            "start": start,
            "fit_in": true,
            "patient": {"name": "Bench Person", "date_of_birth": "1980-02-29"},
        });
        self.send(client, "appointments", &body, 201)
    }

    fn step(&self, client: &mut Client, visit: &mut Visit, act: &str) -> Result<()> {
        let rest = format!("appointments/{}/transitions", visit.id);
        let body = json!({"action": act, "version": visit.version, "reason": "mistake"});
        let after = self.send(client, &rest, &body, 200)?;
        visit.version = after.version;
        Ok(())
    }

    /// Visits begin, end, and have that taken back, again and again.
    fn take_steps(&self, target: Target, client: &mut Client) -> Result<Measured> {
        let mut visits = Vec::new();
        for nth in 0..VISITS {
            let began = Clock::System.now() - SignedDuration::from_mins(1);
            let booked = self.book(client, nth, began)?;
            let (id, version) = (booked.appointment_id, booked.version);
            let mut visit = Visit { id, version, stands: Stands::CheckedIn };
            self.step(client, &mut visit, "check_in")?;
            visits.push(Mutex::new(visit));
        }
        closed(target, |client, index| {
            let visit = visits.get(index % VISITS)?;
            let mut visit = visit.lock().unwrap_or_else(PoisonError::into_inner);
            let (act, stands) = visit.stands.next();
            let stepped = self.step(client, &mut visit, act);
            visit.stands = stands;
            Some(stepped)
        })
    }
}

/// Next free times, plans and reminders, by the services' own jobs and inbox, with a clock that is moved by hand.
async fn works(bench: &Bench<'_>, copy: &Databases, settings: &Settings) -> Result<(Worked, Worked, Worked)> {
    let settings = Settings { home: bench.home.clone(), smtp_url: None, ..settings.clone() };
    let (pools, clock) = (copy.pools().await?, Clock::manual(Clock::System.now()));
    let services = assemble(&settings, &pools, &clock, &Chance::system()).await?;
    let found = works_with(bench, copy, &services, &clock).await;
    drop(services);
    data::close(pools).await;
    found
}

async fn works_with(
    bench: &Bench<'_>,
    copy: &Databases,
    services: &[Service],
    clock: &Clock,
) -> Result<(Worked, Worked, Worked)> {
    let watched = bench.watched(None)?;
    let due = format!(
        "update bookings.schedule set next_free_due_at = case when practitioner_role_id in ( \
             select practitioner_role_id from bookings.role where bookable limit {ROLES}) \
         then now() - interval '1 hour' else now() + interval '1 day' end; \
         delete from notifications.message_plan"
    );
    data::administer(copy, due).await?;
    let next_free = work_off(watched, services, "bookings.publish_next_free").await?;

    // At noon in ten days; all of them are reminded two days before.
    let day = Zone::SYDNEY.date(clock.now()).saturating_add(10.days());
    let noon = day.at(12, 0, 0, 0).to_zoned(Zone::SYDNEY.time_zone())?.timestamp();
    let service = services.iter().find(|service| service.name == "notifications").context("it is there")?;
    let (begun, before) = (Instant::now(), watched.read()?);
    // Each event is made when its turn comes, which is nothing beside what it leads to: a whole day of them fills the memory.
    stream::iter(0..bench.told)
        .map(|_| async move {
            let envelope = confirmed(clock, noon);
            inbox::receive(&service.core, &*service.subscriber, &envelope).await
        })
        .buffer_unordered(super::load::CLIENTS)
        .try_collect::<Vec<()>>()
        .await?;
    let planned = Worked::since(watched, begun, before, bench.told)?;
    clock.advance(noon.duration_since(clock.now()) - SignedDuration::from_hours(47));
    let written = work_off(watched, services, "notifications.write_reminders").await?;
    Ok((next_free, planned, written))
}

/// Somebody's appointment is confirmed, as bookings tells it.
fn confirmed(clock: &Clock, start: Timestamp) -> Envelope {
    let id = || -> Uuid { Chance::system().id(clock) };
    let booking_id = id();
    Envelope {
        event_id: id().into(),
        producer: "bookings".to_owned(),
        name: "appointment_confirmed".to_owned(),
        version: 1,
        aggregate: "booking".to_owned(),
        aggregate_id: booking_id.to_string(),
        aggregate_version: 1,
        occurred_at: clock.now(),
        request_id: None,
        body: json!({
            "booking_id": booking_id,
            "appointment_id": id(),
            "sequence": 0,
            "status": "confirmed",
            "role": {
                "practitioner_role_id": id(),
                "slug": "kim-lee-parramatta",
                "name": "Kim Lee",
                "profession_name": "General practitioner",
                "organization_id": null,
                "organization_name": "Harbour Practice",
                "phone": "(02) 5550 1234",
                "address": "1 Example Street, Parramatta NSW 2150",
                "time_zone": "Australia/Sydney",
                "bookable": true,
            },
            "discreet": false,
            "appointment_type_name": "Standard consultation",
            "start": start,
            "end": start + SignedDuration::from_mins(15),
            "quote_id": id(),
            "price_cents": 0,
            "bulk_billed": true,
            "policy": {"free_until_hours": 24, "late_fee_cents": 0},
            "patient_name": "Bench Person",
            "email": format!("bench-{booking_id}@example.org"),
            "manage_token": "0123456789abcdef0123456789abcdef",
        }),
    }
}
