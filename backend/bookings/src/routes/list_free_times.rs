//! `GET /api/v1/bookings/roles/{practitioner_role_id}/free-times?appointment_type=&from=&to=`.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use jiff::civil::Date;
use kernel::Reject;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Problem,
    bookings::{FreeTimes, free_times, free_times::first_free_times},
    problem::FieldError,
};

use super::views::{load_calendar, plus_days};
use crate::{state::State, store::calendar::busy};

/// The most days one request may ask about.
const MAX_DAYS: i32 = 56;
/// The furthest that any horizon reaches, in days.
const FURTHEST: i32 = 366;

#[derive(Deserialize)]
pub struct Span {
    appointment_type: AppointmentTypeId,
    from: Option<Date>,
    to: Option<Date>,
}

/// Lists the free times of an appointment type, by default of the next two weeks.
pub async fn list_free_times(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
    Query(span): Query<Span>,
) -> Result<Json<FreeTimes>, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let utc_today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar =
        load_calendar(&mut conn, role, plus_days(utc_today, -1), plus_days(utc_today, FURTHEST)).await?;
    let today = calendar.role.time_zone.date(now);
    let from = span.from.unwrap_or(today).max(today);
    let to = span.to.unwrap_or_else(|| plus_days(from, 13));
    if to < from {
        return Err(Problem::invalid(vec![FieldError::new(
            "to",
            "give a day that is not before `from` and not in the past",
        )])
        .into());
    }
    if (to - from).get_days() >= MAX_DAYS {
        return Err(Problem::invalid(vec![FieldError::new(
            "to",
            format!("ask about at most {MAX_DAYS} days at once"),
        )])
        .into());
    }
    let row = calendar
        .find_type(span.appointment_type)
        .ok_or_else(|| Problem::not_found("This appointment type"))?;
    let (mut starts, mut next) = (Vec::new(), None);
    if let Some(offering) = calendar.offering(row) {
        let window = calendar.window(from, to);
        let last_day = plus_days(today, i32::from(offering.horizon_days));
        let after = window.end..calendar.window(today, last_day).end.max(window.end);
        let everything = window.start..after.end;
        let busy = busy(&mut conn, calendar.resource_id, &everything, now).await?;
        starts = free_times(&calendar.availability, &offering, &busy, window, now);
        next = first_free_times(&calendar.availability, &offering, &busy, after, now, 1).first().copied();
    }
    Ok(Json(FreeTimes {
        practitioner_role_id: role,
        appointment_type_id: span.appointment_type,
        time_zone: calendar.role.time_zone,
        as_of: now,
        from,
        to,
        starts,
        next,
    }))
}
