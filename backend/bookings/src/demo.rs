//! Loads the bookings' part of the demo data: calendars, what can be booked, and a busy fortnight.
//!
//! Goes through the plan once, sends what has gathered table by table, and commits the whole or nothing. Nobody holds
//! a link or a cookie to these bookings: their guest hash is all zeros, which no cookie hashes to.

use anyhow::{Context, Result, ensure};
pub use demo::Loaded;
use demo::{Plan, Practice, Role};
use jiff::SignedDuration;
use kernel::bulk::Copies;
use shared_types::{GeoPoint, OrganizationId, bookings::home_visit::VisitArea};
use sqlx::{Connection, PgConnection, PgPool};

/// From this many roles on, building the indexes afterwards is quicker.
const MANY: u32 = 50_000;
/// What may wait in memory before it is sent.
const WAITING: usize = 8 << 20;

/// 32 zero bytes as `bytea` reads them.
const NO_GUEST: &str = "\\x0000000000000000000000000000000000000000000000000000000000000000";

/// Tables with their columns, in the order in which they refer to each other.
const TABLES: [(&str, &str); 10] = [
    ("bookings.resource", "resource_id"),
    (
        "bookings.role",
        "practitioner_role_id, resource_id, organization_id, slug, name, profession_name, discreet, \
         organization_name, phone, address, time_zone, holiday_scopes, bookable, aggregate_version, lat, lon",
    ),
    (
        "bookings.schedule",
        "practitioner_role_id, step_minutes, notice_minutes, horizon_days, opens_on_holidays, \
         free_until_hours, late_fee_cents, next_free_due_at",
    ),
    (
        "bookings.availability_rule",
        "availability_rule_id, practitioner_role_id, weekdays, opens, closes, audience, \
         effective_from, effective_until",
    ),
    (
        "bookings.availability_exception",
        "availability_exception_id, practitioner_role_id, kind, first_date, last_date, opens, closes",
    ),
    (
        "bookings.appointment_type",
        "appointment_type_id, practitioner_role_id, position, name, duration_minutes, \
         buffer_before_minutes, buffer_after_minutes, price_cents, bulk_billed, telehealth, audience, \
         travel_minutes",
    ),
    ("bookings.coverage_area", "appointment_type_id, given, area"),
    (
        "bookings.appointment",
        "appointment_id, booking_id, practitioner_role_id, appointment_type_id, starts_at, ends_at, \
         status, appointment_type, policy, quote_id, price_cents, bulk_billed, created_at, updated_at, \
         time_zone, rule_version, type_version",
    ),
    (
        "bookings.appointment_party",
        "booking_id, organization_id, guest_hash, name, date_of_birth, email, mobile, \
         email_verified_at, created_at, updated_at",
    ),
    ("bookings.reservation", "reservation_id, resource_id, during, appointment_id"),
];

/// Loads the plan. `progress` is told how many roles have gone to the database.
///
/// `conn` belongs to the role that migrates: loading many roles sets indexes, foreign keys and the exclusion
/// constraint aside and puts them back at the end, which checks every row.
///
/// # Errors
/// When another plan's data is there, and what the database says.
pub async fn load(conn: &mut PgConnection, plan: &Plan, progress: &(dyn Fn(u64) + Sync)) -> Result<Loaded> {
    load_either_way(conn, plan, plan.roles() > MANY, progress).await
}

async fn load_either_way(
    conn: &mut PgConnection,
    plan: &Plan,
    many: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Loaded> {
    let mut tx = conn.begin().await?;
    if same_plan_is_there(&mut tx, plan).await? {
        return Ok(Loaded { already_there: true, rows: Vec::new() });
    }
    let mut rows = Rows(Copies::new(TABLES));
    let alone = many && is_empty(&mut tx).await?;
    let set_aside = if alone { Some(rows.0.set_aside(&mut tx).await?) } else { None };

    let mut roles = 0;
    for practice in plan.practices() {
        rows.practice(plan, &practice)?;
        roles += practice.roles.len() as u64;
        if rows.0.waiting() > WAITING {
            rows.0.flush(&mut tx).await.context("copying the demo calendars")?;
            progress(roles);
        }
    }
    rows.0.flush(&mut tx).await.context("copying the demo calendars")?;
    progress(roles);
    if let Some(set_aside) = set_aside {
        set_aside.put_back(&mut tx).await.context("building the indexes of the demo calendars")?;
    }
    sqlx::raw_sql(
        "analyze bookings.resource, bookings.role, bookings.schedule, bookings.availability_rule,
         bookings.availability_exception, bookings.appointment_type, bookings.coverage_area,
         bookings.appointment, bookings.appointment_party, bookings.reservation",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Loaded { already_there: false, rows: rows.0.sent() })
}

/// Whether this plan's roles are there; an error when another plan's are. Demo roles are known by their ids.
async fn same_plan_is_there(conn: &mut PgConnection, plan: &Plan) -> Result<bool> {
    let there = sqlx::query_scalar!(
        r#"select count(*) as "count!" from bookings.role where practitioner_role_id < $1"#,
        demo::FIRST_REAL_ID
    )
    .fetch_one(&mut *conn)
    .await?;
    if there == 0 {
        return Ok(false);
    }
    let first =
        plan.practices().next().and_then(|practice| Some(practice.roles.first()?.practitioner_role_id.0));
    let same_seed = sqlx::query_scalar!(
        r#"select exists (select from bookings.role where practitioner_role_id = $1) as "exists!""#,
        first
    )
    .fetch_one(conn)
    .await?;
    let wanted = plan.roles();
    ensure!(
        same_seed && there == i64::from(wanted),
        "there are {there} demo roles already and {wanted} with seed {} were asked for; \
         demo data is loaded once, into a database without any",
        plan.input().seed
    );
    Ok(true)
}

async fn is_empty(conn: &mut PgConnection) -> Result<bool> {
    let any = sqlx::query_scalar!(r#"select exists (select from bookings.role) as "exists!""#);
    Ok(!any.fetch_one(conn).await?)
}

/// Of some practices those with appointments, the busiest first, each with its name.
///
/// # Errors
/// When the database fails.
pub async fn busiest(pool: &PgPool, among: &[OrganizationId]) -> sqlx::Result<Vec<(OrganizationId, String)>> {
    let ids: Vec<_> = among.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select role.organization_id as "organization_id!: OrganizationId", min(role.organization_name) as "name!"
           from bookings.role join bookings.appointment using (practitioner_role_id)
           where role.organization_id = any($1) and role.organization_name is not null
           group by role.organization_id order by count(*) desc, role.organization_id"#,
        &ids,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.organization_id, row.name)).collect())
}

/// Rows under way.
struct Rows(Copies<10>);

impl Rows {
    fn practice(&mut self, plan: &Plan, practice: &Practice) -> Result<()> {
        for role in &practice.roles {
            self.role(plan, practice, role);
            self.schedule(plan, role);
            self.hours(role);
            self.appointment_types(role);
            self.coverage(role)?;
            self.appointments(practice, role)?;
        }
        Ok(())
    }

    fn role(&mut self, plan: &Plan, practice: &Practice, role: &Role) {
        let [resources, roles, ..] = &mut self.0.0;
        if role.first_of_practitioner {
            resources.row(|row| {
                row.value(role.resource_id());
            });
        }
        let profession = plan.profession(role);
        roles.row(|row| {
            row.value(role.practitioner_role_id)
                .value(role.resource_id())
                .value(practice.organization_id)
                .value(&role.slug)
                .value(&role.practitioner.name)
                .value(&profession.name)
                .value(profession.discreet)
                .value(&practice.name)
                .value(&practice.phone)
                .value(practice.location.address())
                .value(practice.location.zone)
                .list(&practice.location.holiday_scopes)
                .value(true)
                // As providers has it.
                .value(1)
                .value(practice.location.point.lat())
                .value(practice.location.point.lon());
        });
    }

    fn schedule(&mut self, plan: &Plan, role: &Role) {
        let [_, _, schedules, ..] = &mut self.0.0;
        let calendar = &role.calendar;
        // The plan has told providers eight starts. They are told anew when three are left, or tomorrow.
        let tomorrow = plan.input().now + SignedDuration::from_hours(24);
        let due = role.next_free.get(5).copied().unwrap_or(tomorrow);
        schedules.row(|row| {
            row.value(role.practitioner_role_id)
                .value(calendar.step_minutes)
                .value(calendar.notice_minutes)
                .value(calendar.horizon_days)
                .value(calendar.opens_on_holidays)
                .value(calendar.policy.free_until_hours)
                .value(calendar.policy.late_fee_cents.0)
                .value(due);
        });
    }

    fn hours(&mut self, role: &Role) {
        let [_, _, _, rules, exceptions, ..] = &mut self.0.0;
        let id = role.practitioner_role_id;
        for planned in &role.calendar.rules {
            let rule = &planned.rule;
            rules.row(|row| {
                row.value(planned.availability_rule_id)
                    .value(id)
                    .value(rule.weekdays.bits())
                    .value(rule.opens)
                    .value(rule.closes)
                    .value(rule.audience.code())
                    .optional(rule.effective_from)
                    .optional(rule.effective_until);
            });
        }
        for leave in &role.calendar.leave {
            exceptions.row(|row| {
                row.value(leave.availability_exception_id)
                    .value(id)
                    .value("leave")
                    .value(leave.days.first)
                    .value(leave.days.last)
                    .optional(None::<&str>)
                    .optional(None::<&str>);
            });
        }
        for extra in &role.calendar.extra_hours {
            exceptions.row(|row| {
                row.value(extra.availability_exception_id)
                    .value(id)
                    .value("extra_hours")
                    .value(extra.hours.date)
                    .value(extra.hours.date)
                    .value(extra.hours.opens)
                    .value(extra.hours.closes);
            });
        }
    }

    fn appointment_types(&mut self, role: &Role) {
        let [_, _, _, _, _, types, ..] = &mut self.0.0;
        for (position, planned) in role.calendar.types.iter().enumerate() {
            let shown = &planned.shown;
            types.row(|row| {
                row.value(shown.appointment_type_id)
                    .value(role.practitioner_role_id)
                    .value(position)
                    .value(&shown.name)
                    .value(shown.duration_minutes)
                    .value(planned.buffer_before_minutes)
                    .value(planned.buffer_after_minutes)
                    .value(shown.price_cents.0)
                    .value(shown.bulk_billed)
                    .value(shown.telehealth)
                    .value(shown.audience.code())
                    .optional(planned.travel_minutes);
            });
        }
    }

    /// Where home visits are made.
    fn coverage(&mut self, role: &Role) -> Result<()> {
        let Some((ring, of)) = role.home_visits.as_ref().zip(role.home_visit()) else { return Ok(()) };
        let corners: Vec<GeoPoint> = ring.iter().chain(ring.first()).copied().collect();
        let drawn: Vec<_> =
            corners.iter().map(|corner| format!("{} {}", corner.lon(), corner.lat())).collect();
        let given = serde_json::to_string(&VisitArea::Polygon { corners })?;
        let [_, _, _, _, _, _, areas, ..] = &mut self.0.0;
        areas.row(|row| {
            row.value(of.id()).value(given).value(format_args!("SRID=4326;POLYGON(({}))", drawn.join(",")));
        });
        Ok(())
    }

    fn appointments(&mut self, practice: &Practice, role: &Role) -> Result<()> {
        if role.appointments.is_empty() {
            return Ok(());
        }
        let [.., appointments, parties, reservations] = &mut self.0.0;
        // The same few snapshots stand in all of a role's appointments.
        let mut snapshots = Vec::new();
        for planned in &role.calendar.types {
            let policy = planned.policy(&role.calendar);
            snapshots.push((serde_json::to_string(&planned.shown)?, serde_json::to_string(&policy)?));
        }
        for appointment in &role.appointments {
            let shown = &role.calendar.types[appointment.appointment_type].shown;
            let (shown_json, policy_json) = &snapshots[appointment.appointment_type];
            appointments.row(|row| {
                row.value(appointment.appointment_id)
                    .value(appointment.booking_id)
                    .value(role.practitioner_role_id)
                    .value(shown.appointment_type_id)
                    .value(appointment.start)
                    .value(appointment.end)
                    .value("confirmed")
                    .value(shown_json)
                    .value(policy_json)
                    .value(appointment.quote_id)
                    .value(shown.price_cents.0)
                    .value(shown.bulk_billed)
                    .value(appointment.booked_at)
                    .value(appointment.booked_at)
                    .value(practice.location.zone)
                    // As the schedule and the type are written down above.
                    .value(1)
                    .value(1);
            });
            let party = &appointment.party;
            parties.row(|row| {
                row.value(appointment.booking_id)
                    .value(practice.organization_id)
                    .value(NO_GUEST)
                    .value(&party.name)
                    .value(party.date_of_birth)
                    .value(&party.email)
                    .value(party.mobile)
                    .value(appointment.booked_at)
                    .value(appointment.booked_at)
                    .value(appointment.booked_at);
            });
            reservations.row(|row| {
                row.value(appointment.reservation_id)
                    .value(role.resource_id())
                    .value(format_args!("[{},{})", appointment.taken_from, appointment.taken_until))
                    .value(appointment.appointment_id);
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
