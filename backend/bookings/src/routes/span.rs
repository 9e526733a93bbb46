//! The days that somebody asks about, and what free times in them are worked out from: for the endpoint that lists
//! them and for the one that lets a browser do so itself.

use std::ops::Range;

use jiff::{Timestamp, civil::Date};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Problem,
    bookings::{
        Availability, Busy, Offering,
        free_times::{first_free_times, with_open_sessions},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::views::{load_calendar, plus_days};
use crate::{
    state::State,
    store::calendar::{Calendar, TypeRow, busy},
};

/// The most days one request may ask about.
const MAX_DAYS: i32 = 56;
/// The furthest that any horizon reaches, in days.
const FURTHEST: i32 = 366;

/// A type and some days, both included; from today at the place unless told.
#[derive(Deserialize, JsonSchema)]
pub struct Span {
    pub appointment_type: AppointmentTypeId,
    from: Option<Date>,
    to: Option<Date>,
}

impl Span {
    /// Days of a type.
    pub fn of(appointment_type: AppointmentTypeId, from: Option<Date>, to: Option<Date>) -> Self {
        Self { appointment_type, from, to }
    }

    /// The days on the calendar of the place. Days that are over are left out.
    fn days(&self, today: Date, unless_told: i32) -> Result<(Date, Date), Problem> {
        let from = self.from.unwrap_or(today).max(today);
        let to = self.to.unwrap_or_else(|| plus_days(from, unless_told - 1));
        let wrong = |detail: String| Err(Problem::invalid(vec![FieldError::new("to", detail)]));
        if to < from {
            return wrong("give a day that is not before `from` and not in the past".to_owned());
        }
        if (to - from).get_days() >= MAX_DAYS {
            return wrong(format!("ask about at most {MAX_DAYS} days at once"));
        }
        Ok((from, to))
    }
}

/// What was asked about.
pub struct Asked {
    pub now: Timestamp,
    pub calendar: Calendar,
    /// The first day and the last, included.
    pub from: Date,
    pub to: Date,
    /// The type with what can be booked of it; nothing when the role cannot be booked.
    pub offered: Option<Offered>,
}

/// A type that can be booked.
pub struct Offered {
    pub offering: Offering,
    /// The hours in which it can be booked.
    pub availability: Availability,
    /// What is taken, to the minute, from the first day to the horizon.
    pub busy: Vec<Busy>,
    /// Sessions in it that have a seat left.
    pub sessions: Vec<Timestamp>,
    /// The first start after the days, when there is one within the horizon.
    pub next: Option<Timestamp>,
}

impl Asked {
    /// The days as instants.
    pub fn window(&self) -> Range<Timestamp> {
        self.calendar.window(self.from, self.to)
    }

    async fn offered(
        &self,
        conn: &mut PgConnection,
        row: &TypeRow,
        offering: Offering,
    ) -> Result<Offered, Reject> {
        let (window, now) = (self.window(), self.now);
        let last_day = plus_days(self.calendar.role.time_zone.date(now), i32::from(offering.horizon_days));
        let after = window.end..self.calendar.window(self.from, last_day).end.max(window.end);
        let everything = window.start..after.end;
        let (calendar, availability) = (&self.calendar, self.calendar.availability_for(row));
        let takes = calendar.takes(row);
        let taken = busy(conn, &takes, &everything, now).await?;
        let busy = calendar.busy_for(&takes, &taken, now);
        let sessions = calendar.open_sessions(row, &taken, &everything, now);
        let next = first_free_times(&availability, &offering, &busy, after.clone(), now, 1);
        let next = with_open_sessions(next, &sessions, &after).first().copied();
        Ok(Offered { offering, availability, busy, sessions, next })
    }
}

/// Loads what was asked about; so many days unless told.
///
/// # Errors
/// 404 for a role or a type that is not there, 422 for days that make no sense.
pub async fn load(
    state: &State,
    role: PractitionerRoleId,
    span: &Span,
    unless_told: i32,
) -> Result<Asked, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let utc_today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar =
        load_calendar(&mut conn, role, plus_days(utc_today, -1), plus_days(utc_today, FURTHEST)).await?;
    let (from, to) = span.days(calendar.role.time_zone.date(now), unless_told)?;
    let row = calendar
        .find_type(span.appointment_type)
        .ok_or_else(|| Problem::not_found("This appointment type"))?;
    let (offering, row) = (calendar.offering(row), row.clone());
    let mut asked = Asked { now, calendar, from, to, offered: None };
    if let Some(offering) = offering {
        asked.offered = Some(asked.offered(&mut conn, &row, offering).await?);
    }
    Ok(asked)
}
