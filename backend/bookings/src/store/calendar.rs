//! A role's calendar: what can be booked, when it is open, and what is taken.

use std::ops::Range;

use anyhow::{Context as _, Result};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use jiff_sqlx::ToSqlx;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId, ResourceId, Zone,
    bookings::{
        AppointmentType, Audience, Availability, BookedRole, Busy, CancellationPolicy, Closure, ExtraHours,
        Offering, Rule, Weekdays,
    },
};
use sqlx::PgConnection;

/// The text that loads a calendar; the benchmark runs the same.
pub const LOAD: &str = include_str!("calendar/load.sql");

/// Everything about a role's calendar but what is taken.
#[derive(Clone, Debug)]
pub struct Calendar {
    pub role: BookedRole,
    pub resource_id: ResourceId,
    pub discreet: bool,
    pub schedule: Option<Schedule>,
    pub types: Vec<TypeRow>,
    pub availability: Availability,
}

/// How a role's times are cut and sold.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    pub step_minutes: u16,
    pub notice_minutes: u32,
    pub horizon_days: u16,
    pub policy: CancellationPolicy,
}

/// An appointment type with its buffers.
#[derive(Clone, Debug, Deserialize)]
pub struct TypeRow {
    pub appointment_type_id: AppointmentTypeId,
    pub name: String,
    pub duration_minutes: u16,
    pub buffer_before_minutes: u16,
    pub buffer_after_minutes: u16,
    pub price_cents: AudCents,
    pub bulk_billed: bool,
    pub telehealth: bool,
    pub audience: Audience,
}

impl TypeRow {
    /// As others see it.
    pub fn appointment_type(&self) -> AppointmentType {
        AppointmentType {
            appointment_type_id: self.appointment_type_id,
            name: self.name.clone(),
            duration_minutes: self.duration_minutes,
            price_cents: self.price_cents,
            bulk_billed: self.bulk_billed,
            telehealth: self.telehealth,
            audience: self.audience,
        }
    }
}

impl Calendar {
    /// The appointment type, when this role offers it.
    pub fn find_type(&self, id: AppointmentTypeId) -> Option<&TypeRow> {
        self.types.iter().find(|row| row.appointment_type_id == id)
    }

    /// How times of a type are found; `None` when the role cannot be booked.
    pub fn offering(&self, row: &TypeRow) -> Option<Offering> {
        let schedule = self.schedule.filter(|_| self.role.bookable)?;
        Some(Offering {
            duration_minutes: row.duration_minutes,
            buffer_before_minutes: row.buffer_before_minutes,
            buffer_after_minutes: row.buffer_after_minutes,
            step_minutes: schedule.step_minutes,
            notice_minutes: schedule.notice_minutes,
            horizon_days: schedule.horizon_days,
            audience: row.audience,
        })
    }

    /// From the first instant of `from` to the last of `to`, on the wall of the place.
    pub fn window(&self, from: Date, to: Date) -> Range<Timestamp> {
        self.role.time_zone.days(from, to)
    }
}

#[derive(Deserialize)]
struct RuleRow {
    weekdays: u8,
    opens: Time,
    closes: Time,
    audience: Audience,
    effective_from: Option<Date>,
    effective_until: Option<Date>,
}

#[derive(Deserialize)]
struct ExceptionRow {
    first_date: Date,
    last_date: Date,
    opens: Option<Time>,
    closes: Option<Time>,
}

/// Loads a calendar in one statement; rules, exceptions and holidays as they concern the days asked about.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn load(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    from: Date,
    to: Date,
) -> Result<Option<Calendar>> {
    let row = sqlx::query_file!(
        "src/store/calendar/load.sql",
        role as PractitionerRoleId,
        from.to_sqlx() as jiff_sqlx::Date,
        to.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let zone: Zone = row.time_zone.parse()?;
    let schedule = match (
        row.step_minutes,
        row.notice_minutes,
        row.horizon_days,
        row.free_until_hours,
        row.late_fee_cents,
    ) {
        (Some(step), Some(notice), Some(horizon), Some(free_until), Some(late_fee)) => Some(Schedule {
            step_minutes: u16::try_from(step)?,
            notice_minutes: u32::try_from(notice)?,
            horizon_days: u16::try_from(horizon)?,
            policy: CancellationPolicy {
                free_until_hours: u16::try_from(free_until)?,
                late_fee_cents: AudCents(late_fee),
            },
        }),
        _ => None,
    };
    let rules: Vec<RuleRow> = serde_json::from_value(row.rules)?;
    let exceptions: Vec<ExceptionRow> = serde_json::from_value(row.exceptions)?;
    let holidays: Vec<Date> = serde_json::from_value(row.holidays)?;
    Ok(Some(Calendar {
        role: BookedRole {
            practitioner_role_id: role,
            slug: row.slug,
            name: row.name,
            profession_name: row.profession_name,
            organization_id: row.organization_id.map(Into::into),
            organization_name: row.organization_name,
            phone: row.phone,
            address: row.address,
            time_zone: zone,
            bookable: row.bookable,
        },
        resource_id: row.resource_id.into(),
        discreet: row.discreet,
        schedule,
        types: serde_json::from_value(row.types)?,
        availability: availability(zone, rules, &exceptions, &holidays)?,
    }))
}

fn availability(
    zone: Zone,
    rules: Vec<RuleRow>,
    exceptions: &[ExceptionRow],
    holidays: &[Date],
) -> Result<Availability> {
    let rules = rules.into_iter().map(|row| {
        Ok(Rule {
            weekdays: Weekdays::from_bits(row.weekdays).context("weekdays are seven bits")?,
            opens: row.opens,
            closes: row.closes,
            audience: row.audience,
            effective_from: row.effective_from,
            effective_until: row.effective_until,
        })
    });
    let mut closures: Vec<Closure> = holidays.iter().map(|day| Closure { first: *day, last: *day }).collect();
    let mut extra_hours = Vec::new();
    for row in exceptions {
        match (row.opens, row.closes) {
            (Some(opens), Some(closes)) => {
                extra_hours.push(ExtraHours { date: row.first_date, opens, closes, audience: Audience::All });
            }
            _ => closures.push(Closure { first: row.first_date, last: row.last_date }),
        }
    }
    Ok(Availability { zone, rules: rules.collect::<Result<_>>()?, closures, extra_hours })
}

/// What is taken of a resource within a window, holds that have lapsed left out.
///
/// # Errors
/// When the database fails.
pub async fn busy(
    conn: &mut PgConnection,
    resource: ResourceId,
    window: &Range<Timestamp>,
    now: Timestamp,
) -> Result<Vec<Busy>> {
    let rows = sqlx::query!(
        r#"select lower(reservation.during) as "start!", upper(reservation.during) as "end!"
           from bookings.reservation
           left join bookings.hold using (hold_id)
           where reservation.resource_id = $1 and reservation.lane = 0
               -- Buffers reach out of the window by at most eight hours.
               and reservation.during && tstzrange($2::timestamptz - interval '8 hours', $3::timestamptz + interval '8 hours')
               and (hold.hold_id is null or hold.expires_at > $4)"#,
        resource as ResourceId,
        window.start.to_sqlx() as jiff_sqlx::Timestamp,
        window.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Busy { start: row.start.to_jiff(), end: row.end.to_jiff() }).collect())
}
