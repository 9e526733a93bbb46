//! Schedules and appointment types as a practice edits them. Each change is a compare-and-swap on the version.

mod appointment_types;

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, AppointmentTypeId, AudCents, BookingId, PatientId, PractitionerRoleId,
    bookings::{
        AppointmentStatus, AppointmentType, Audience, CancellationPolicy, Closure, ExtraHours, Rule,
        Weekdays,
        schedule::{OutsideAppointment, PutSchedule, ScheduleRule, ScheduleSettings},
    },
    personal::Personal,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

pub use self::appointment_types::{insert_type, put_type, questions, types};
use crate::domain::Seen;

/// How a schedule stands before anybody set one.
const UNSET: ScheduleSettings = ScheduleSettings {
    step_minutes: 15,
    notice_minutes: 120,
    horizon_days: 56,
    opens_on_holidays: false,
    policy: CancellationPolicy { free_until_hours: 24, late_fee_cents: AudCents::ZERO },
};

/// A role's schedule with what is not over on `today`; with version zero where nobody has set one.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn find(conn: &mut PgConnection, role: PractitionerRoleId, today: Date) -> Result<PutSchedule> {
    let row = sqlx::query!(
        "select version, step_minutes, notice_minutes, horizon_days, opens_on_holidays, free_until_hours, late_fee_cents \
         from bookings.schedule where practitioner_role_id = $1",
        role as PractitionerRoleId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else {
        let (rules, leave, extra_hours) = (Vec::new(), Vec::new(), Vec::new());
        return Ok(PutSchedule { version: 0, settings: UNSET, rules, leave, extra_hours });
    };
    let settings = ScheduleSettings {
        step_minutes: u16::try_from(row.step_minutes)?,
        notice_minutes: u32::try_from(row.notice_minutes)?,
        horizon_days: u16::try_from(row.horizon_days)?,
        opens_on_holidays: row.opens_on_holidays,
        policy: CancellationPolicy {
            free_until_hours: u16::try_from(row.free_until_hours)?,
            late_fee_cents: AudCents(row.late_fee_cents),
        },
    };
    let rules = rules(conn, role).await?;
    let (leave, extra_hours) = exceptions(conn, role, today).await?;
    Ok(PutSchedule { version: row.version, settings, rules, leave, extra_hours })
}

async fn rules(conn: &mut PgConnection, role: PractitionerRoleId) -> Result<Vec<ScheduleRule>> {
    let rows = sqlx::query!(
        "select weekdays, opens, closes, audience, effective_from, effective_until, appointment_types \
         from bookings.availability_rule where practitioner_role_id = $1 order by weekdays, opens, availability_rule_id",
        role as PractitionerRoleId,
    )
    .fetch_all(conn)
    .await?;
    let rules = rows.into_iter().map(|row| {
        let bits = u8::try_from(row.weekdays)?;
        let rule = Rule {
            weekdays: Weekdays::from_bits(bits).context("weekdays are seven bits")?,
            opens: row.opens.to_jiff(),
            closes: row.closes.to_jiff(),
            audience: audience(&row.audience)?,
            effective_from: row.effective_from.map(|day| day.to_jiff()),
            effective_until: row.effective_until.map(|day| day.to_jiff()),
        };
        Ok(ScheduleRule { rule, only: row.appointment_types.into_iter().map(Into::into).collect() })
    });
    rules.collect()
}

async fn exceptions(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    today: Date,
) -> Result<(Vec<Closure>, Vec<ExtraHours>)> {
    let rows = sqlx::query!(
        "select first_date, last_date, opens, closes, audience, off_from, off_until from bookings.availability_exception \
         where practitioner_role_id = $1 and last_date >= $2 order by first_date, availability_exception_id",
        role as PractitionerRoleId,
        today.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_all(conn)
    .await?;
    let (mut leave, mut extra_hours) = (Vec::new(), Vec::new());
    for row in rows {
        match (row.opens, row.closes) {
            (Some(opens), Some(closes)) => extra_hours.push(ExtraHours {
                date: row.first_date.to_jiff(),
                opens: opens.to_jiff(),
                closes: closes.to_jiff(),
                audience: audience(&row.audience)?,
            }),
            (None, _) | (_, None) => {
                leave.push(Closure {
                    first: row.first_date.to_jiff(),
                    last: row.last_date.to_jiff(),
                    from: row.off_from.map(|time| time.to_jiff()),
                    until: row.off_until.map(|time| time.to_jiff()),
                });
            }
        }
    }
    Ok((leave, extra_hours))
}

fn audience(code: &str) -> Result<Audience> {
    Audience::from_code(code).with_context(|| format!("the database holds an unknown audience {code:?}"))
}

/// Sets a role's schedule, if it is still as last seen. What is over on `today` stays as it was. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn put(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    wanted: &PutSchedule,
    new_id: &(dyn Fn() -> Uuid + Sync),
    today: Date,
) -> Result<bool> {
    if !put_settings(conn, role, wanted).await? {
        return Ok(false);
    }
    sqlx::query!(
        "delete from bookings.availability_rule where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .execute(&mut *conn)
    .await?;
    for ScheduleRule { rule, only } in &wanted.rules {
        let only: Vec<Uuid> = only.iter().map(|id| id.0).collect();
        sqlx::query!(
            "insert into bookings.availability_rule (availability_rule_id, practitioner_role_id, weekdays, opens, closes, \
             audience, effective_from, effective_until, appointment_types) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            new_id(),
            role as PractitionerRoleId,
            i16::from(rule.weekdays.bits()),
            rule.opens.to_sqlx() as jiff_sqlx::Time,
            rule.closes.to_sqlx() as jiff_sqlx::Time,
            rule.audience.code(),
            rule.effective_from.map(|day| day.to_sqlx()) as Option<jiff_sqlx::Date>,
            rule.effective_until.map(|day| day.to_sqlx()) as Option<jiff_sqlx::Date>,
            &only,
        )
        .execute(&mut *conn)
        .await?;
    }
    put_exceptions(conn, role, wanted, new_id, today).await?;
    Ok(true)
}

async fn put_settings(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    wanted: &PutSchedule,
) -> Result<bool> {
    let settings = wanted.settings;
    let done = sqlx::query!(
        "insert into bookings.schedule as old (practitioner_role_id, step_minutes, notice_minutes, horizon_days, \
         opens_on_holidays, free_until_hours, late_fee_cents) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (practitioner_role_id) do update set step_minutes = excluded.step_minutes, \
         notice_minutes = excluded.notice_minutes, horizon_days = excluded.horizon_days, \
         opens_on_holidays = excluded.opens_on_holidays, free_until_hours = excluded.free_until_hours, \
         late_fee_cents = excluded.late_fee_cents, version = old.version + 1 where old.version = $8",
        role as PractitionerRoleId,
        i16::try_from(settings.step_minutes)?,
        i32::try_from(settings.notice_minutes)?,
        i16::try_from(settings.horizon_days)?,
        settings.opens_on_holidays,
        i16::try_from(settings.policy.free_until_hours)?,
        settings.policy.late_fee_cents.0,
        wanted.version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn put_exceptions(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    wanted: &PutSchedule,
    new_id: &(dyn Fn() -> Uuid + Sync),
    today: Date,
) -> Result<()> {
    sqlx::query!(
        "delete from bookings.availability_exception where practitioner_role_id = $1 and last_date >= $2",
        role as PractitionerRoleId,
        today.to_sqlx() as jiff_sqlx::Date,
    )
    .execute(&mut *conn)
    .await?;
    for leave in &wanted.leave {
        sqlx::query!(
            "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, \
             last_date, off_from, off_until) values ($1, $2, 'leave', $3, $4, $5, $6)",
            new_id(),
            role as PractitionerRoleId,
            leave.first.to_sqlx() as jiff_sqlx::Date,
            leave.last.to_sqlx() as jiff_sqlx::Date,
            leave.from.map(|time| time.to_sqlx()) as Option<jiff_sqlx::Time>,
            leave.until.map(|time| time.to_sqlx()) as Option<jiff_sqlx::Time>,
        )
        .execute(&mut *conn)
        .await?;
    }
    for extra in &wanted.extra_hours {
        sqlx::query!(
            "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, \
             last_date, opens, closes, audience) values ($1, $2, 'extra_hours', $3, $3, $4, $5, $6)",
            new_id(),
            role as PractitionerRoleId,
            extra.date.to_sqlx() as jiff_sqlx::Date,
            extra.opens.to_sqlx() as jiff_sqlx::Time,
            extra.closes.to_sqlx() as jiff_sqlx::Time,
            extra.audience.code(),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// What is booked with a role and still to come, in order of time, with the type that it is of and where somebody is seen, as
/// it was booked.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn to_come(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> Result<Vec<(AppointmentTypeId, Seen, OutsideAppointment)>> {
    let rows = sqlx::query!(
        r#"select appointment_id as "appointment_id: AppointmentId", status, starts_at, ends_at,
               appointment_type as "appointment_type: Json<AppointmentType>"
           from bookings.appointment
           where practitioner_role_id = $1 and starts_at > $2
               and status in ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult')
           order by starts_at limit 5000"#,
        role as PractitionerRoleId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let booked = rows.into_iter().map(|row| {
        let of = row.appointment_type.0;
        let seen = Seen::by(&of);
        let appointment = OutsideAppointment {
            appointment_id: row.appointment_id,
            status: AppointmentStatus::from_code(&row.status).context("a known appointment status")?,
            appointment_type_name: of.name,
            start: row.starts_at.to_jiff(),
            end: row.ends_at.to_jiff(),
        };
        Ok((of.appointment_type_id, seen, appointment))
    });
    booked.collect()
}

/// Who comes to an appointment.
#[derive(Clone, Debug)]
pub struct WhoComes {
    pub booking_id: BookingId,
    pub name: Personal<String>,
    pub preferred_name: Option<Personal<String>>,
    /// Whose record it is.
    pub whose: Option<PatientId>,
}

/// Who comes to some appointments.
///
/// # Errors
/// When the database fails.
pub async fn who_come(
    conn: &mut PgConnection,
    appointments: &[AppointmentId],
) -> sqlx::Result<HashMap<AppointmentId, WhoComes>> {
    let ids: Vec<Uuid> = appointments.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select appointment.appointment_id as "appointment_id!: AppointmentId",
               appointment.booking_id as "booking_id!: BookingId", party.name as "name!",
               party.preferred_name as "preferred_name?", party.patient_id as "patient_id?: PatientId"
           from bookings.appointment
           join bookings.appointment_party party on party.booking_id = appointment.booking_id
           where appointment.appointment_id = any($1)"#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    let come = rows.into_iter().map(|row| {
        let who = WhoComes {
            booking_id: row.booking_id,
            name: row.name.into(),
            preferred_name: row.preferred_name.map(Into::into),
            whose: row.patient_id,
        };
        (row.appointment_id, who)
    });
    Ok(come.collect())
}

/// To whose account a role's schedule is given.
///
/// # Errors
/// When the database fails.
pub async fn keeper(conn: &mut PgConnection, role: PractitionerRoleId) -> sqlx::Result<Option<AccountId>> {
    sqlx::query_scalar!(
        r#"select account_id as "account_id: AccountId" from bookings.role_keeper where practitioner_role_id = $1"#,
        role as PractitionerRoleId,
    )
    .fetch_optional(conn)
    .await
}

/// Gives a role's schedule to an account, or to nobody.
///
/// # Errors
/// When the database fails.
pub async fn put_keeper(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    account: Option<AccountId>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.role_keeper where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .execute(&mut *conn)
    .await?;
    if let Some(account) = account {
        sqlx::query!(
            "insert into bookings.role_keeper (practitioner_role_id, account_id, given_at) values ($1, $2, $3)",
            role as PractitionerRoleId,
            account as AccountId,
            now.to_sqlx() as jiff_sqlx::Timestamp,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}
