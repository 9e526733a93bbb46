//! Tells providers the next eight free starts of each appointment type: soon after something changed them, and again
//! as time uses them up. Each role in a transaction of its own, fifty in a row; a failure leaves one due, and fails the job once the
//! others are told.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp, ToSpan};
use kernel::{Core, outbox};
use shared_types::{
    PractitionerRoleId,
    bookings::{
        BookingsEvent, NextFreeFact, NextFreeOfType,
        free_times::{first_free_times, with_open_sessions},
    },
};
use sqlx::PgConnection;

use super::one_by_one::OneByOne;
use crate::{
    state::State,
    store::{
        calendar::{self, Calendar},
        coverage, next_free,
    },
};

const BATCH: u64 = 50;
/// How many starts are told.
const TOLD: usize = 8;
/// When so few are left, they are told again.
const FEW: usize = 3;

/// One batch.
pub async fn publish_next_free(state: State) -> Result<u64> {
    let (core, now) = (&state.core, state.core.now());
    let mut run = OneByOne::new();
    while run.done < BATCH {
        let mut tx = core.begin().await?;
        let Some(role) = next_free::claim(&mut tx, &run.failed, now).await? else { break };
        let told = publish(&mut tx, core, role, now).await;
        run.settle(core, tx, role, told).await?;
    }
    run.end()
}

async fn publish(
    conn: &mut PgConnection,
    core: &Core,
    role: PractitionerRoleId,
    now: Timestamp,
) -> Result<()> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let furthest = today.saturating_add(366.days());
    let calendar = calendar::load(conn, role, today.saturating_sub(1.day()), furthest).await?;
    let calendar = calendar.context("the schedule's role is there")?;
    let fact = next_free_fact(conn, &calendar, now).await?;
    next_free::due_again(conn, role, due_again(&fact, now)).await?;
    let about = outbox::About { aggregate: "next_free", id: role.to_string(), version: now.as_microsecond() };
    outbox::tell(conn, core, about, &BookingsEvent::NextFreeChanged(fact)).await?;
    Ok(())
}

async fn next_free_fact(
    conn: &mut PgConnection,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<NextFreeFact> {
    let today = calendar.role.time_zone.date(now);
    let horizon = calendar.schedule.map_or(0, |schedule| schedule.horizon_days);
    let last = today.saturating_add(i64::from(horizon).days());
    let window = calendar.window(today, last);
    let taken = calendar::busy(conn, &calendar.takes_at_all(), &window, now).await?;
    let mut areas = coverage::of_role(conn, calendar.role.practitioner_role_id).await?;
    let types = calendar.types.iter().map(|row| {
        let offering = calendar.offering(row);
        let notice_minutes = offering.as_ref().map_or(0, |offering| offering.notice_minutes);
        let starts = offering.map(|offering| {
            let busy = calendar.busy_for(&calendar.takes(row), &taken, now);
            let hours = calendar.availability_for(row);
            let starts = first_free_times(&hours, &offering, &busy, window.clone(), now, TOLD);
            let open = calendar.open_sessions(row, &taken, &window, now);
            with_open_sessions(starts, &open, &window).into_iter().take(TOLD).collect()
        });
        NextFreeOfType {
            appointment_type_id: row.appointment_type_id,
            name: row.name.clone(),
            duration_minutes: row.duration_minutes,
            price_cents: row.price_cents,
            bulk_billed: row.bulk_billed,
            telehealth: row.telehealth,
            audience: row.audience,
            starts: starts.unwrap_or_default(),
            notice_minutes,
            valid_until: last,
            home_visit: areas.remove(&row.appointment_type_id),
        }
    });
    Ok(NextFreeFact {
        practitioner_role_id: calendar.role.practitioner_role_id,
        as_of: now,
        types: types.collect(),
    })
}

/// When a type will have fewer than three left to book; within a day in any case, since the horizon moves; never at once.
fn due_again(fact: &NextFreeFact, now: Timestamp) -> Timestamp {
    let soon = now.saturating_add(SignedDuration::from_mins(5)).unwrap_or(now);
    let late = now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(now);
    let run_low = fact.types.iter().filter_map(|of_type| {
        let index = of_type.starts.len().checked_sub(FEW)?;
        let notice = SignedDuration::from_mins(of_type.notice_minutes.into());
        of_type.starts.get(index)?.saturating_sub(notice).ok()
    });
    run_low.min().unwrap_or(late).clamp(soon, late)
}
