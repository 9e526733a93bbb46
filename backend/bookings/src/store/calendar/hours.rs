//! When many roles are open at once, whatever they offer, as a practice's calendar shows it.

use anyhow::Result;
use jiff::civil::Date;
use jiff_sqlx::ToSqlx as _;
use shared_types::{PractitionerRoleId, Zone, bookings::Availability};
use sqlx::PgConnection;
use uuid::Uuid;

use super::loading::{ExceptionRow, RuleRow, availability};

/// When a role is open.
#[derive(Clone, Debug)]
pub struct Hours {
    pub practitioner_role_id: PractitionerRoleId,
    pub name: String,
    pub availability: Availability,
}

/// The hours of some roles, in order of their names; exceptions and holidays as they concern the days asked about, both
/// included. The same hours come in the same order.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn of_roles(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    (from, to): (Date, Date),
) -> Result<Vec<Hours>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id!: PractitionerRoleId", role.name as "name!",
               role.time_zone as "time_zone!",
               (
                   select coalesce(jsonb_agg(jsonb_build_object(
                       'weekdays', rule.weekdays, 'opens', rule.opens, 'closes', rule.closes, 'audience', rule.audience,
                       'effective_from', rule.effective_from, 'effective_until', rule.effective_until,
                       'only', rule.appointment_types
                   ) order by rule.availability_rule_id), '[]')
                   from bookings.availability_rule rule where rule.practitioner_role_id = role.practitioner_role_id
               ) as "rules!",
               (
                   select coalesce(jsonb_agg(jsonb_build_object(
                       'first_date', kept.first_date, 'last_date', kept.last_date, 'opens', kept.opens,
                       'closes', kept.closes, 'audience', kept.audience,
                       'off_from', kept.off_from, 'off_until', kept.off_until
                   ) order by kept.availability_exception_id), '[]')
                   from bookings.availability_exception kept
                   where kept.practitioner_role_id = role.practitioner_role_id
                       and kept.last_date >= $2 and kept.first_date <= $3
               ) as "exceptions!",
               (
                   select coalesce(jsonb_agg(distinct holiday.date), '[]')
                   from bookings.holiday
                   where holiday.scope = any(role.holiday_scopes) and holiday.date between $2 and $3
                       and not schedule.opens_on_holidays
               ) as "holidays!"
           from bookings.role left join bookings.schedule using (practitioner_role_id)
           where role.practitioner_role_id = any($1) order by role.name, role.practitioner_role_id"#,
        &roles,
        from.to_sqlx() as jiff_sqlx::Date,
        to.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    let hours = rows.into_iter().map(|row| {
        let zone: Zone = row.time_zone.parse()?;
        let rules: Vec<RuleRow> = serde_json::from_value(row.rules)?;
        let exceptions: Vec<ExceptionRow> = serde_json::from_value(row.exceptions)?;
        let holidays: Vec<Date> = serde_json::from_value(row.holidays)?;
        let availability = availability(zone, rules, &exceptions, &holidays)?;
        Ok(Hours { practitioner_role_id: row.practitioner_role_id, name: row.name, availability })
    });
    hours.collect()
}
