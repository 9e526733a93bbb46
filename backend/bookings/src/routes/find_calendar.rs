//! `GET /api/v1/bookings/practices/{organization_id}/calendar?from=&to=&roles=&unless=`: what a practice's days look like.

use std::{collections::HashMap, ops::Range};

use axum::{
    extract::{Path, Query, State as Extract},
    response::NoContent,
};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::{
    Disclosed, Either, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Resource},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    OrganizationId, PatientId, PractitionerRoleId, Problem, Zone,
    bookings::{
        Availability, Busy, Closure,
        practice::{
            CALENDAR_DAYS, CalendarAppointment, ClosedDays, OpenSpan, PracticeCalendar, RoleCalendar,
            TakenSpan,
        },
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{practice::for_reader, tag::tag};
use crate::{
    state::State,
    store::{calendar::hours, diary, running_late},
};

/// Years that the database can reckon with and somebody may mean.
const YEARS: Range<i16> = 2000..2200;

/// Days on the places' calendars, both included, and roles with commas between; all of the practice's unless told. Where what
/// they look like still has the tag `unless`, the reader has it.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    from: Date,
    to: Date,
    roles: Option<String>,
    unless: Option<String>,
}

impl Wanted {
    fn days(&self) -> Result<(Date, Date), Problem> {
        let wrong = |detail: &str| Err(Problem::invalid(vec![FieldError::new("to", detail)]));
        if !YEARS.contains(&self.from.year()) || !YEARS.contains(&self.to.year()) {
            return wrong("give days between 2000 and 2199");
        }
        if self.to < self.from {
            return wrong("give a day that is not before `from`");
        }
        if (self.to - self.from).get_days() >= CALENDAR_DAYS {
            return wrong("ask about at most 42 days at once");
        }
        Ok((self.from, self.to))
    }

    /// The roles that are asked for, out of the practice's.
    fn roles(&self, all: Vec<PractitionerRoleId>) -> Result<Vec<PractitionerRoleId>, Problem> {
        let Some(roles) = &self.roles else { return Ok(all) };
        let wanted: Result<Vec<PractitionerRoleId>, _> = roles.split(',').map(str::parse).collect();
        let wrong = || Problem::invalid(vec![FieldError::new("roles", "give ids with commas between")]);
        let wanted = wanted.map_err(|_| wrong())?;
        if wanted.iter().any(|role| !all.contains(role)) {
            return Err(Problem::not_found("This practitioner"));
        }
        Ok(all.into_iter().filter(|role| wanted.contains(role)).collect())
    }
}

/// Finds what some days look like. Each booking that is read is written down with the practice as the reason; where there is
/// none, that the calendar was read. A page that lies open asks twice a minute: where nothing has changed, nothing is told, and
/// patients do not find each asking in their record.
pub async fn find_calendar(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Query(wanted): Query<Wanted>,
) -> Result<Either<Disclosed<PracticeCalendar>, NoContent>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let (from, to) = wanted.days()?;
    let mut tx = core.begin().await?;
    let all = diary::roles(&mut tx, organization_id).await?.into_iter().map(|(role, _)| role).collect();
    let ids = wanted.roles(all)?;
    let mut roles = empty_days(&mut tx, &ids, (from, to), now).await?;
    let window = widest(&roles, from, to);
    let read = |resource: Resource, whose: Option<PatientId>| audit::Entry {
        actor: Actor::for_practice(&caller, organization_id),
        action: "find_calendar",
        resource,
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    let mut appointments: HashMap<PractitionerRoleId, Vec<CalendarAppointment>> = HashMap::new();
    let mut seen = Vec::new();
    for entry in diary::entries(&mut tx, &ids, &window).await? {
        let (appointment, whose) = for_reader(entry, organization_id, &caller, now);
        seen.push(read(appointment.booking_id.into(), whose));
        appointments.entry(appointment.practitioner_role_id).or_default().push(appointment);
    }
    let mut taken: HashMap<PractitionerRoleId, Vec<TakenSpan>> = HashMap::new();
    for (role, span) in diary::taken(&mut tx, &ids, &window, now).await? {
        taken.entry(role).or_default().push(span);
    }
    for role in &mut roles {
        role.appointments = appointments.remove(&role.practitioner_role_id).unwrap_or_default();
        role.taken = taken.remove(&role.practitioner_role_id).unwrap_or_default();
    }
    let tag = tag_of((from, to), &roles)?;
    if wanted.unless.as_ref() == Some(&tag) {
        return Ok(Either::Other(NoContent));
    }
    let receipt = match audit::record_all(&mut tx, core, &seen).await? {
        Some(receipt) => receipt,
        None => audit::record(&mut tx, core, read(organization_id.into(), None)).await?,
    };
    let calendar = PracticeCalendar { from, to, as_of: now, roles, tag };
    Ok(Either::One(Disclosed::commit(core, tx, receipt, calendar).await?))
}

/// The same days have the same tag. It is of everything that would be told, so it changes with what the reader may do by now, too.
fn tag_of(days: (Date, Date), roles: &[RoleCalendar]) -> Result<String, Reject> {
    let text = serde_json::to_string(&(days, roles)).map_err(|error| Reject::internal(&error))?;
    Ok(tag(&text))
}

/// Roles' days with nothing in them yet.
async fn empty_days(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    days: (Date, Date),
    now: Timestamp,
) -> Result<Vec<RoleCalendar>, Reject> {
    let holidays = diary::holidays_of(conn, roles, days).await?;
    let said = running_late::of_roles(conn, roles, days).await?;
    let found = hours::of_roles(conn, roles, days).await?;
    let columns = found.into_iter().map(|hours| {
        let (role, zone) = (hours.practitioner_role_id, hours.availability.zone);
        let named = |closure: &Closure| {
            let mut its_own = holidays.iter().filter(|(of, _)| *of == role).map(|(_, day)| day);
            its_own.find(|day| closure.first == day.date && closure.last == day.date)
        };
        let closures = hours.availability.closures.iter().filter(|closure| closure.part().is_none());
        let mut closed: Vec<_> = closures
            .map(|closure| ClosedDays {
                first: closure.first,
                last: closure.last,
                holiday: named(closure).map(|day| day.name.clone()),
            })
            .collect();
        closed.sort_by_key(|days| (days.first, days.last));
        let today = zone.date(now);
        let late = said.iter().find(|(of, late)| *of == role && late.date == today);
        RoleCalendar {
            practitioner_role_id: role,
            open: open_spans(&hours.availability, days.0, days.1),
            name: hours.name,
            time_zone: zone,
            closed,
            away: parts_away(&hours.availability, days.0, days.1),
            appointments: Vec::new(),
            taken: Vec::new(),
            running_late: late.map(|(_, late)| *late),
        }
    });
    Ok(columns.collect())
}

/// The open hours of some days as instants. A wall time that the clock skips is the one after it.
fn open_spans(availability: &Availability, from: Date, to: Date) -> Vec<OpenSpan> {
    let time_zone = availability.zone.time_zone();
    let days = from.series(1.day()).take_while(|day| *day <= to);
    let mut spans: Vec<OpenSpan> = days
        .flat_map(|day| availability.hours(day).map(move |hours| (day, hours)))
        .filter_map(|(day, (opens, closes, audience))| {
            let instant = |time| time_zone.to_timestamp(day.to_datetime(time)).ok();
            Some(OpenSpan { start: instant(opens)?, end: instant(closes)?, audience })
        })
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    spans
}

/// The parts of some days on which nobody is there.
fn parts_away(availability: &Availability, from: Date, to: Date) -> Vec<Busy> {
    let days = from.series(1.day()).take_while(|day| *day <= to);
    days.flat_map(|day| availability.off(day)).collect()
}

/// The days as instants, wide enough for every place.
fn widest(roles: &[RoleCalendar], from: Date, to: Date) -> Range<Timestamp> {
    let windows = roles.iter().map(|role| role.time_zone.days(from, to));
    windows
        .reduce(|one, other| one.start.min(other.start)..one.end.max(other.end))
        .unwrap_or_else(|| Zone::SYDNEY.days(from, to))
}
