//! A role's calendar around the times that somebody asks for, and what is free there.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use kernel::Reject;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId, Problem, bookings::free_times, problem::FieldError,
};
use sqlx::PgConnection;

use crate::store::calendar::{self, Calendar, TypeRow};

/// How long somebody may look at a free time whose notice begins meanwhile and still get it.
const LOOKED_AT: SignedDuration = SignedDuration::from_mins(5);

/// How many other times a loser is shown.
pub const ALTERNATIVES: usize = 6;
/// How far around the wanted time they are looked for, in days.
const ALTERNATIVE_DAYS: i32 = 14;

/// Furthest ahead that any calendar reaches, in days.
const FURTHEST_DAYS: i64 = 366;

/// Where to look for a start that somebody asked for: what is sent may lie thousands of years away.
pub fn within_reach(wanted: Timestamp, now: Timestamp) -> Timestamp {
    let furthest = now.saturating_add(SignedDuration::from_hours(24 * FURTHEST_DAYS)).unwrap_or(now);
    wanted.clamp(now, furthest)
}

/// A role's calendar with the days around an instant within reach, and one of its types.
pub async fn calendar_around(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    appointment_type: AppointmentTypeId,
    around: Timestamp,
) -> Result<(Calendar, TypeRow), Reject> {
    let calendar = days_around(conn, role, around).await?;
    let row = calendar.find_type(appointment_type).cloned();
    let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
    if calendar.offering(&row).is_none() {
        return Err(Problem::new("not-bookable", 409, "This provider cannot be booked here")
            .detail("Call the practice instead.")
            .into());
    }
    Ok((calendar, row))
}

/// A role's calendar with the days in which alternatives to an instant are looked for.
pub async fn days_around(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    around: Timestamp,
) -> Result<Calendar, Reject> {
    let day = around.to_zoned(jiff::tz::TimeZone::UTC).date();
    let (from, to) = (plus_days(day, -ALTERNATIVE_DAYS - 1), plus_days(day, ALTERNATIVE_DAYS + 1));
    load_calendar(conn, role, from, to).await
}

/// A role's calendar, or 404.
pub async fn load_calendar(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    from: Date,
    to: Date,
) -> Result<Calendar, Reject> {
    let calendar = calendar::load(conn, role, from, to).await?;
    calendar.ok_or_else(|| Problem::not_found("This provider").into())
}

pub fn plus_days(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

/// Whether a start is one that the rules and the practitioner's other calendar offer, or did when it was shown, whoever may
/// have it.
pub fn is_offered(calendar: &Calendar, row: &TypeRow, start: Timestamp, now: Timestamp) -> bool {
    let Some(offering) = calendar.offering(row) else { return false };
    let just_it = start..start.saturating_add(SignedDuration::from_micros(1)).unwrap_or(start);
    let (availability, elsewhere) = (calendar.availability_for(row), calendar.elsewhere(now));
    let offered_at =
        |then| !free_times(&availability, &offering, &elsewhere, just_it.clone(), then).is_empty();
    let shown = now.saturating_sub(LOOKED_AT).unwrap_or(now);
    offered_at(now) || (start > now && offered_at(shown))
}

/// The time is gone: 409 with the nearest other ones.
pub async fn time_taken(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    wanted: Timestamp,
    now: Timestamp,
) -> Result<Problem, Reject> {
    let alternatives = alternatives(conn, calendar, row, wanted, now).await?;
    Ok(Problem::new("time-taken", 409, "That time is no longer free")
        .detail("Nothing was booked. What you entered is kept: choose another time.")
        .alternatives(alternatives))
}

/// The group that meets then meets for less time: what was sent at `field` does not fit.
pub fn session_shorter(field: &str) -> Problem {
    let detail = "A group meets at this time, and for less long: choose its length or another time";
    Problem::invalid(vec![FieldError::new(field, detail)])
}

/// The free times nearest to one, in order of time.
pub async fn alternatives(
    conn: &mut PgConnection,
    calendar: &Calendar,
    row: &TypeRow,
    wanted: Timestamp,
    now: Timestamp,
) -> Result<Vec<Timestamp>, Reject> {
    let wanted = within_reach(wanted, now);
    let day = calendar.role.time_zone.date(wanted);
    let window = calendar.window(plus_days(day, -ALTERNATIVE_DAYS), plus_days(day, ALTERNATIVE_DAYS));
    let taken = calendar::busy(conn, &calendar.takes(row), &window, now).await?;
    let mut starts = calendar.free_times(row, &taken, &window, now);
    starts.sort_by_key(|start| start.duration_since(wanted).abs());
    starts.truncate(ALTERNATIVES);
    starts.sort_unstable();
    Ok(starts)
}
