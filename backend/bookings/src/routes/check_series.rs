//! `POST /api/v1/bookings/practices/{organization_id}/series/check`: how each visit of a series would stand. It changes nothing
//! and keeps no time.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{Json, Reject};
use shared_types::{
    OrganizationId, Problem,
    bookings::series::{CheckSeries, Finding, SERIES_VISITS, SeriesReport, SeriesVisit},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    create_appointment::visit,
    practice::refuse_suspended,
    views::{load_calendar, plus_days},
};
use crate::{
    domain::{Around, Seen, finding, starts},
    holding,
    state::State,
    store::{
        calendar::{self, Calendar, Taken, TypeRow},
        diary,
    },
};

/// How far around a visit other times are looked for, in days: less than half a week, so that no time is offered for two.
const AROUND_DAYS: i32 = 3;
/// How many of them are shown.
const ALTERNATIVES: usize = 3;
/// How far ahead a series may begin, in days.
const FURTHEST_DAYS: i32 = 366;

/// Looks at each visit.
pub async fn check_series(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
    Json(body): Json<CheckSeries>,
) -> Result<axum::Json<SeriesReport>, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    Ok(axum::Json(report(&mut conn, organization_id, &body, now).await?))
}

async fn report(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    body: &CheckSeries,
    now: Timestamp,
) -> Result<SeriesReport, Reject> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    check(body, today)?;
    let last = plus_days(body.date, i32::from(body.visits) * body.every.days());
    let (from, to) = (plus_days(body.date, -AROUND_DAYS - 1), plus_days(last, AROUND_DAYS + 1));
    let calendar = load_calendar(conn, body.practitioner_role_id, from, to).await?;
    if calendar.role.organization_id != Some(organization_id) {
        return Err(Problem::not_found("This practitioner").into());
    }
    // Nobody asks the patient about visits that cannot be booked.
    refuse_suspended(&calendar)?;
    let row = calendar.find_type(body.appointment_type_id).cloned();
    let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
    let holidays = diary::holidays(conn, body.practitioner_role_id, (from, to)).await?;
    let window = calendar.window(from, to);
    let taken = calendar::busy(conn, &calendar.takes(&row), &window, now).await?;
    let (busy, elsewhere) = (taken.of(&calendar.takes(&row)), calendar.elsewhere(now));
    let sessions = calendar.open_sessions(&row, &taken, &window, now);
    let hours = calendar.hours_of(&row);
    let zone = calendar.role.time_zone;
    let horizon = row.horizon_days.or(calendar.schedule.map(|schedule| schedule.horizon_days));
    let around = Around {
        hours: &hours,
        seen: Seen { telehealth: row.telehealth, home_visit: row.home_visit },
        holidays: &holidays,
        taken: &busy,
        elsewhere: &elsewhere,
        last_day: plus_days(zone.date(now), i32::from(horizon.unwrap_or_default())),
    };
    let mut visits = Vec::with_capacity(body.visits.into());
    for start in starts(body.date, body.time, body.every, body.visits, zone) {
        let at = visit(start, None, row.duration_minutes, now).map_err(|_| wrong_day())?;
        let found = if sessions.contains(&start) {
            Finding::Free
        } else {
            finding(&around, &at, &holding::during(&row, &at))
        };
        let alternatives = match &found {
            Finding::Free => Vec::new(),
            Finding::Taken
            | Finding::Closed { .. }
            | Finding::OutsideHours
            | Finding::BusyElsewhere
            | Finding::TooFar => nearest(&calendar, &row, &taken, start, now),
        };
        visits.push(SeriesVisit { start: at.start, end: at.end, finding: found, alternatives });
    }
    Ok(SeriesReport { time_zone: zone, as_of: now, visits })
}

/// What is sent may lie thousands of years away.
fn check(body: &CheckSeries, today: jiff::civil::Date) -> Result<(), Problem> {
    if !SERIES_VISITS.contains(&body.visits) {
        return Err(Problem::invalid(vec![FieldError::new("/visits", "Give 2 to 26 visits")]));
    }
    if body.date < plus_days(today, -1) || body.date > plus_days(today, FURTHEST_DAYS) {
        return Err(wrong_day());
    }
    Ok(())
}

fn wrong_day() -> Problem {
    Problem::invalid(vec![FieldError::new("/date", "Begin within the next year, and not in the past")])
}

/// The free times nearest to one, in order of time.
fn nearest(
    calendar: &Calendar,
    row: &TypeRow,
    taken: &Taken,
    start: Timestamp,
    now: Timestamp,
) -> Vec<Timestamp> {
    let day = calendar.role.time_zone.date(start);
    let window = calendar.window(plus_days(day, -AROUND_DAYS), plus_days(day, AROUND_DAYS));
    let mut starts = calendar.free_times(row, taken, &window, now);
    starts.sort_by_key(|other| other.duration_since(start).abs());
    starts.truncate(ALTERNATIVES);
    starts.sort_unstable();
    starts
}
