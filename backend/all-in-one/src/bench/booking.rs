//! Hold and confirm through HTTP, beside the same transactions through pgbench and beside bare inserts under the
//! exclusion constraint. Each runs in a fresh copy of the database, which is dropped afterwards.

use std::{sync::Mutex, thread};

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use kernel::{Chance, Clock};
use serde::Serialize;
use serde_json::{Value, json};
use shared_types::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{AppointmentTypes, Confirmation, CreateHold, FreeTimes, Hold},
    users::ConsentText,
};
use uuid::Uuid;

use super::{
    Bench, booking_sql, data,
    http::Client,
    load::{CLIENTS, Measured, Target, closed},
    pgbench::{Bound, Pgbench, Raw, write_scripts},
    ratio,
    server::Served,
};
use crate::databases::Databases;

/// Times made ready for each second of measuring, warm-up included: more than a small machine books.
const TIMES_PER_SECOND: u64 = 1_500;
/// How far ahead times are looked for, in days.
const DAYS: i64 = 50;
/// One time a day for each role, so that no two overlap; about so many are found in that span.
const TIMES_PER_ROLE: usize = 20;

/// Booking at one size.
#[derive(Debug, Serialize)]
pub struct Booking {
    pub roles: u32,
    /// A booking is two requests.
    pub http: Measured,
    /// A transaction of pgbench is both of ours, and the choice of a time.
    pub same_sql: Raw,
    pub bare_inserts: Raw,
    pub hold_confirm_vs_same_sql: f64,
    /// Without an aim: a booking is much more than a range.
    pub hold_confirm_vs_bare_inserts: f64,
}

/// A free time.
#[derive(Clone, Copy, Debug)]
struct Slot {
    role: PractitionerRoleId,
    kind: AppointmentTypeId,
    start: Timestamp,
}

/// Measures. Nobody may be connected to the original.
///
/// # Errors
/// When there are too few free times, or a copy cannot be made.
pub async fn measure(bench: &Bench<'_>, original: &Databases, roles: u32) -> Result<Booking> {
    let name = format!("{}_booking", original.embedded()?.1);
    let copy = data::copy(original, &name).await?;
    let wanted = usize::try_from((bench.warm_up + bench.time).as_secs() * TIMES_PER_SECOND)?;
    let candidates = data::bookable(&copy, i64::try_from(wanted / TIMES_PER_ROLE * 2)?).await?;
    let served = Served::start(&copy, &bench.home)?;
    let target = bench.target(&served)?;
    let through_http = tokio::task::block_in_place(|| book_through_http(target, &candidates, wanted));
    served.stop()?;
    data::forget_mail(&bench.home);
    let (slots, http, sample) = through_http?;

    let copy = data::copy(original, &name).await?;
    prepare_slots(&copy, &slots).await?;
    let raw = tokio::task::block_in_place(|| book_through_pgbench(bench, &copy, &slots, &http, &sample));
    data::remove(original, &[name]).await?;
    let (same_sql, bare_inserts) = raw?;
    Ok(Booking {
        roles,
        hold_confirm_vs_same_sql: ratio(http.per_second, same_sql.per_second),
        hold_confirm_vs_bare_inserts: ratio(http.per_second, bare_inserts.per_second),
        http,
        same_sql,
        bare_inserts,
    })
}

/// Gathers free times, books them, and keeps one booking's replies as a sample.
fn book_through_http(
    target: Target,
    candidates: &[Uuid],
    wanted: usize,
) -> Result<(Vec<Slot>, Measured, Sample)> {
    let mut slots = gather(target, candidates, wanted)?;
    let for_sample = slots.pop().context("no role has a free time")?;
    let guests = Guests::new(target)?;
    let sample = guests.book(&mut Client::new(target.addr), slots.len(), for_sample)?;
    let http = closed(target, |client, index| {
        slots.get(index).map(|slot| guests.book(client, index, *slot).map(drop))
    })?;
    Ok((slots, http, sample))
}

/// Free times by the API's own word, of many roles in turn: the first of every role, then the second, …
fn gather(target: Target, candidates: &[Uuid], wanted: usize) -> Result<Vec<Slot>> {
    let by_role = Mutex::new(Vec::new());
    let each = candidates.len().div_ceil(CLIENTS).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = candidates
            .chunks(each)
            .map(|roles| {
                let by_role = &by_role;
                scope.spawn(move || -> Result<()> {
                    let mut client = Client::new(target.addr);
                    for role in roles {
                        let slots = slots_of(&mut client, *role)?;
                        by_role.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(slots);
                    }
                    Ok(())
                })
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    let by_role: Vec<Vec<Slot>> = by_role.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let most = by_role.iter().map(Vec::len).max().unwrap_or_default();
    let in_turn = (0..most).flat_map(|nth| by_role.iter().filter_map(move |slots| slots.get(nth).copied()));
    Ok(in_turn.take(wanted).collect())
}

/// One free time a day of a role's first appointment type, from the day after tomorrow.
fn slots_of(client: &mut Client, role: Uuid) -> Result<Vec<Slot>> {
    let path = format!("/api/v1/bookings/roles/{role}");
    let types: AppointmentTypes = client.get(&format!("{path}/appointment-types"))?.json()?;
    let Some(kind) = types.items.first().map(|kind| kind.appointment_type_id) else { return Ok(Vec::new()) };
    let first: FreeTimes = client.get(&format!("{path}/free-times?appointment_type={kind}"))?.json()?;
    let from = first.from.saturating_add(jiff::Span::new().days(2));
    let to = from.saturating_add(jiff::Span::new().days(DAYS));
    let free: FreeTimes =
        client.get(&format!("{path}/free-times?appointment_type={kind}&from={from}&to={to}"))?.json()?;
    let mut starts = free.starts;
    starts.dedup_by_key(|start| free.time_zone.date(*start));
    Ok(starts.into_iter().map(|start| Slot { role: role.into(), kind, start }).collect())
}

/// Guests who book once each.
struct Guests {
    chance: Chance,
    consent: ConsentText,
}

/// What a hold and its confirmation were answered with.
struct Sample {
    hold: Hold,
    confirmation: Confirmation,
    consent_version: i32,
}

impl Guests {
    fn new(target: Target) -> Result<Self> {
        let reply = Client::new(target.addr).get("/api/v1/bookings/consent-texts/booking-collection")?;
        Ok(Self { chance: Chance::system(), consent: reply.json()? })
    }

    /// Holds a time and confirms it, as a guest who was never here before.
    fn book(&self, client: &mut Client, guest: usize, slot: Slot) -> Result<Sample> {
        let key = || self.chance.id(&Clock::System);
        let wanted = CreateHold {
            practitioner_role_id: slot.role,
            appointment_type_id: slot.kind,
            start: slot.start,
            cohort: None,
        };
        let held =
            client.post("/api/v1/bookings/holds", key(), None, &serde_json::to_string(&wanted)?, 201)?;
        let hold: Hold = held.json()?;
        let cookie = held.cookie.context("a new guest is given a cookie")?;
        let details = json!({
            "name": "Bench Person",
            "date_of_birth": "1980-02-29",
            "email": format!("bench-{guest}@example.org"),
            "mobile": format!("04{guest:08}"),
            "consent": {"text": self.consent.text, "version": self.consent.version},
        });
        let path = format!("/api/v1/bookings/holds/{}/confirm", hold.hold_id);
        let confirmation = client.post(&path, key(), Some(&cookie), &details.to_string(), 200)?.json()?;
        Ok(Sample { hold, confirmation, consent_version: self.consent.version })
    }
}

/// The times with every id that a booking needs, as rows that pgbench's clients take one by one.
async fn prepare_slots(copy: &Databases, slots: &[Slot]) -> Result<()> {
    let (cluster, name) = copy.embedded()?;
    let mut admin = cluster.administrator(name).await?;
    sqlx::raw_sql(
        "create schema bench;
         create table bench.given (n bigint, role_id uuid, type_id uuid, starts_at timestamptz)",
    )
    .execute(&mut admin)
    .await?;
    sqlx::query(
        "insert into bench.given select n, role_id, type_id, starts_at::timestamptz
         from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as given (role_id, type_id, starts_at, n)",
    )
    .bind(slots.iter().map(|slot| slot.role.0).collect::<Vec<_>>())
    .bind(slots.iter().map(|slot| slot.kind.0).collect::<Vec<_>>())
    .bind(slots.iter().map(|slot| slot.start.to_string()).collect::<Vec<_>>())
    .execute(&mut admin)
    .await?;
    sqlx::raw_sql(include_str!("slots.sql"))
        .execute(&mut admin)
        .await
        .context("preparing times for pgbench")?;
    sqlx::Connection::close(admin).await?;
    Ok(())
}

fn book_through_pgbench(
    bench: &Bench<'_>,
    copy: &Databases,
    slots: &[Slot],
    http: &Measured,
    sample: &Sample,
) -> Result<(Raw, Raw)> {
    // About as long as the measurement through HTTP if the database alone were four times as fast; each time once.
    let fourfold = http.done.saturating_mul(4).max(CLIENTS * 100);
    let each = fourfold.min(slots.len()) / CLIENTS;
    ensure!(each > 0, "there are only {} free times to book", slots.len());
    let folder = bench.home.join("scripts").join("booking");
    let scripts = write_scripts(&folder, [booking_sql::script(), booking_sql::bare_script()])?;
    let (same, bare) = scripts.split_first().context("two scripts were written")?;
    let variables = variables(sample)?;
    let pgbench = Pgbench {
        databases: copy,
        watched: bench.watched(None)?,
        service: "bookings",
        scripts: std::slice::from_ref(same),
        protocol: "prepared",
        variables: &variables,
    };
    let same_sql = pgbench.run(Bound::Each(each))?;
    tokio::runtime::Handle::current()
        .block_on(data::administer(copy, "select setval('bench.next_slot', 1, false)".to_owned()))?;
    let bare_inserts =
        Pgbench { scripts: bare, variables: &[], ..pgbench }.run(Bound::Each(slots.len() / CLIENTS))?;
    Ok((same_sql, bare_inserts))
}

/// What is the same in every booking: the JSON that a real one wrote.
fn variables(sample: &Sample) -> Result<Vec<(&'static str, String)>> {
    let hold = &sample.hold;
    Ok(vec![
        ("hold_reply", serde_json::to_string(hold)?),
        ("appointment_type", serde_json::to_string(&hold.appointment_type)?),
        ("policy", serde_json::to_string(&hold.policy)?),
        ("quote", serde_json::to_string(&hold.quote)?),
        ("confirmation", serde_json::to_string(&sample.confirmation)?),
        ("consent_version", sample.consent_version.to_string()),
        ("fact", fact(sample)?.to_string()),
    ])
}

/// The event that a confirmation tells; its size counts, not its every word.
fn fact(sample: &Sample) -> Result<Value> {
    let hold = &sample.hold;
    Ok(json!({
        "booking_id": hold.booking_id,
        "appointment_id": sample.confirmation.appointment_id,
        "sequence": 0,
        "status": "confirmed",
        "role": serde_json::to_value(&hold.role)?,
        "discreet": false,
        "appointment_type_name": hold.appointment_type.name,
        "start": hold.start,
        "end": hold.end,
        "quote_id": hold.quote.quote_id,
        "price_cents": hold.appointment_type.price_cents,
        "bulk_billed": hold.appointment_type.bulk_billed,
        "policy": hold.policy,
        "patient_name": "Bench Person",
        "email": "bench-0@example.org",
        "manage_token": "0123456789abcdef0123456789abcdef",
    }))
}
