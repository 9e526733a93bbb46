//! A role's calendar in one statement.

use anyhow::{Context as _, Result};
use jiff::civil::{Date, Time};
use jiff_sqlx::ToSqlx;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, AudCents, PractitionerRoleId, Zone,
    bookings::{Audience, Availability, BookedRole, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays},
    providers::Unlisted,
};
use sqlx::PgConnection;

use super::{Calendar, Schedule};

/// The text that loads a calendar; the benchmark runs the same.
pub const LOAD: &str = include_str!("load.sql");

#[derive(Deserialize)]
pub(super) struct RuleRow {
    weekdays: u8,
    opens: Time,
    closes: Time,
    audience: Audience,
    effective_from: Option<Date>,
    effective_until: Option<Date>,
    only: Vec<AppointmentTypeId>,
}

#[derive(Deserialize)]
pub(super) struct ExceptionRow {
    first_date: Date,
    last_date: Date,
    opens: Option<Time>,
    closes: Option<Time>,
    audience: Audience,
    off_from: Option<Time>,
    off_until: Option<Time>,
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
        row.schedule_version,
        row.step_minutes,
        row.notice_minutes,
        row.horizon_days,
        row.free_until_hours,
        row.late_fee_cents,
    ) {
        (Some(version), Some(step), Some(notice), Some(horizon), Some(free_until), Some(late_fee)) => {
            Some(Schedule {
                version,
                step_minutes: u16::try_from(step)?,
                notice_minutes: u32::try_from(notice)?,
                horizon_days: u16::try_from(horizon)?,
                policy: CancellationPolicy {
                    free_until_hours: u16::try_from(free_until)?,
                    late_fee_cents: AudCents(late_fee),
                },
            })
        }
        _ => None,
    };
    let rules: Vec<RuleRow> = serde_json::from_value(row.rules)?;
    let exceptions: Vec<ExceptionRow> = serde_json::from_value(row.exceptions)?;
    let holidays: Vec<Date> = serde_json::from_value(row.holidays)?;
    let only = rules.iter().map(|rule| rule.only.clone()).collect();
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
        unlisted: row.unlisted.as_deref().map(known_unlisted).transpose()?,
        schedule,
        types: serde_json::from_value(row.types)?,
        availability: availability(zone, rules, &exceptions, &holidays)?,
        only,
        full_days: serde_json::from_value(row.full_days)?,
        external: row.external.map(serde_json::from_value).transpose()?,
    }))
}

fn known_unlisted(code: &str) -> Result<Unlisted> {
    Unlisted::from_code(code).context("a known reason why it is not listed")
}

pub(super) fn availability(
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
    let mut closures: Vec<Closure> = holidays.iter().map(|day| Closure::days(*day, *day)).collect();
    let mut extra_hours = Vec::new();
    for row in exceptions {
        match (row.opens, row.closes) {
            (Some(opens), Some(closes)) => {
                extra_hours.push(ExtraHours { date: row.first_date, opens, closes, audience: row.audience });
            }
            _ => closures.push(Closure {
                first: row.first_date,
                last: row.last_date,
                from: row.off_from,
                until: row.off_until,
            }),
        }
    }
    Ok(Availability { zone, rules: rules.collect::<Result<_>>()?, closures, extra_hours })
}
