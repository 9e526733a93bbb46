//! Practitioners' other calendars: where they are read, and when they say that somebody is busy.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentId, PractitionerRoleId, Zone,
    bookings::{
        AppointmentStatus, AppointmentType, Busy,
        external_calendar::{ExternalCalendar, ReadFailure},
        schedule::OutsideAppointment,
    },
};
use sqlx::{PgConnection, types::Json};

use crate::sealed::{Address, Kept};

/// A calendar that is to be read.
#[derive(Clone, Debug)]
pub struct Due {
    pub practitioner_role_id: PractitionerRoleId,
    pub address: Kept,
    /// When the address was set: what is read of it counts only while it is the same.
    pub set_at: Timestamp,
    pub time_zone: Zone,
    pub fresh_until: Option<Timestamp>,
    /// By which its server says that nothing has changed; none once it is to be read as a whole.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// How often in a row it could not be read.
    pub failures: i32,
}

/// What came of reading a calendar as a whole.
#[derive(Clone, Debug)]
pub struct Whole {
    pub busy: Vec<Busy>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// When a calendar was read, until when that is good for, and when it is read next.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub read_at: Timestamp,
    pub fresh_until: Timestamp,
    pub due_at: Timestamp,
}

/// A role's other calendar, without its address.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn find(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> Result<Option<ExternalCalendar>> {
    let row = sqlx::query!(
        r#"select coalesce(host, substring(address from '^[a-z]+://([^/?#]+)')) as "host!", set_at, read_at, fresh_until,
               failure,
               (select count(*) from bookings.external_busy busy
                where busy.practitioner_role_id = $1 and upper(busy.during) > $2) as "busy_spans!"
           from bookings.external_calendar where practitioner_role_id = $1"#,
        role as PractitionerRoleId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let known = |code: &str| ReadFailure::from_code(code).context("a known failure to read a calendar");
        Ok(ExternalCalendar {
            host: row.host,
            set_at: row.set_at.to_jiff(),
            read_at: row.read_at.map(|at| at.to_jiff()),
            fresh_until: row.fresh_until.map(|at| at.to_jiff()),
            failure: row.failure.as_deref().map(known).transpose()?,
            busy_spans: row.busy_spans,
        })
    })
    .transpose()
}

/// What is booked with a role from now on and overlaps its other calendar, in order of time.
///
/// # Errors
/// As [`find`].
pub async fn overlaps(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> Result<Vec<OutsideAppointment>> {
    let rows = sqlx::query!(
        r#"select appointment_id as "appointment_id: AppointmentId", status, starts_at, ends_at,
               appointment_type as "appointment_type: Json<AppointmentType>"
           from bookings.appointment
           where practitioner_role_id = $1 and ends_at > $2
               and status in ('requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult')
               and exists (
                   select from bookings.external_busy busy
                   where busy.practitioner_role_id = $1 and busy.during && tstzrange(starts_at, ends_at)
               )
           order by starts_at, appointment_id limit 200"#,
        role as PractitionerRoleId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let overlaps = rows.into_iter().map(|row| {
        Ok(OutsideAppointment {
            appointment_id: row.appointment_id,
            status: AppointmentStatus::from_code(&row.status).context("a known appointment status")?,
            appointment_type_name: row.appointment_type.0.name,
            start: row.starts_at.to_jiff(),
            end: row.ends_at.to_jiff(),
        })
    });
    overlaps.collect()
}

/// Has a calendar read from now on, instead of another one: what that one said is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn put(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    address: &Address,
    set_by: AccountId,
    now: Timestamp,
) -> sqlx::Result<()> {
    remove(&mut *conn, role).await?;
    sqlx::query!(
        "insert into bookings.external_calendar (practitioner_role_id, host, key_id, sealed_address, account_id, set_at, \
         due_at) values ($1, $5, $6, $2, $3, $4, $4) \
         on conflict (practitioner_role_id) do update set address = null, host = excluded.host, key_id = excluded.key_id, \
         sealed_address = excluded.sealed_address, account_id = excluded.account_id, set_at = excluded.set_at, \
         due_at = excluded.due_at, read_at = null, fresh_until = null, whole_at = null, \
         etag = null, last_modified = null, failure = null, failures = 0",
        role as PractitionerRoleId,
        address.sealed,
        set_by as AccountId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        address.host,
        address.key_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Reads a role's other calendar no more and forgets what it said. False when there was none.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut PgConnection, role: PractitionerRoleId) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "delete from bookings.external_calendar where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected() > 0)
}

/// Takes calendars that are due, for as long as the lease.
///
/// # Errors
/// As [`find`].
pub async fn claim(
    conn: &mut PgConnection,
    now: Timestamp,
    lease: SignedDuration,
    batch: i64,
) -> Result<Vec<Due>> {
    let rows = sqlx::query!(
        r#"with due as (
               select practitioner_role_id from bookings.external_calendar where due_at <= $1
               order by due_at limit $3 for update skip locked
           )
           update bookings.external_calendar calendar set due_at = $2
           from due join bookings.role using (practitioner_role_id)
           where calendar.practitioner_role_id = due.practitioner_role_id
           returning calendar.practitioner_role_id as "practitioner_role_id: PractitionerRoleId", calendar.address,
               calendar.sealed_address, calendar.key_id, calendar.set_at, calendar.fresh_until, calendar.failures, role.time_zone,
               -- Now and then it is read as a whole, whatever its server says: the days to come have moved on.
               case when calendar.whole_at > $1::timestamptz - interval '1 day' then calendar.etag end as etag,
               case when calendar.whole_at > $1::timestamptz - interval '1 day' then calendar.last_modified end
                   as last_modified"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        now.saturating_add(lease).unwrap_or(now).to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| {
        Ok(Due {
            practitioner_role_id: row.practitioner_role_id,
            address: kept(row.address, row.sealed_address, row.key_id)?,
            set_at: row.set_at.to_jiff(),
            time_zone: row.time_zone.parse()?,
            fresh_until: row.fresh_until.map(|at| at.to_jiff()),
            etag: row.etag,
            last_modified: row.last_modified,
            failures: row.failures,
        })
    });
    due.collect()
}

/// Notes that a calendar was read and is as it was. False when another one is read by now.
///
/// # Errors
/// When the database fails.
pub async fn was_unchanged(conn: &mut PgConnection, due: &Due, times: Times) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.external_calendar set read_at = $3, fresh_until = $4, due_at = $5, failure = null, failures = 0 \
         where practitioner_role_id = $1 and set_at = $2",
        due.practitioner_role_id as PractitionerRoleId,
        due.set_at.to_sqlx() as jiff_sqlx::Timestamp,
        times.read_at.to_sqlx() as jiff_sqlx::Timestamp,
        times.fresh_until.to_sqlx() as jiff_sqlx::Timestamp,
        times.due_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps what a calendar says. False when it says what it said, or another one is read by now.
///
/// # Errors
/// As [`find`].
pub async fn was_read(conn: &mut PgConnection, due: &Due, whole: &Whole, times: Times) -> Result<bool> {
    if !was_unchanged(conn, due, times).await? {
        return Ok(false);
    }
    let role = due.practitioner_role_id;
    sqlx::query!(
        "update bookings.external_calendar set whole_at = $2, etag = $3, last_modified = $4 where practitioner_role_id = $1",
        role as PractitionerRoleId,
        times.read_at.to_sqlx() as jiff_sqlx::Timestamp,
        whole.etag,
        whole.last_modified,
    )
    .execute(&mut *conn)
    .await?;
    let known = sqlx::query!(
        r#"select lower(during) as "start!", upper(during) as "end!" from bookings.external_busy
           where practitioner_role_id = $1 order by 1"#,
        role as PractitionerRoleId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let known = known.into_iter().map(|row| Busy { start: row.start.to_jiff(), end: row.end.to_jiff() });
    if known.eq(whole.busy.iter().copied()) {
        return Ok(false);
    }
    sqlx::query!(
        "delete from bookings.external_busy where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .execute(&mut *conn)
    .await?;
    let starts: Vec<_> = whole.busy.iter().map(|busy| busy.start.to_string()).collect();
    let ends: Vec<_> = whole.busy.iter().map(|busy| busy.end.to_string()).collect();
    sqlx::query!(
        "insert into bookings.external_busy (practitioner_role_id, during) \
         select $1, tstzrange(starts::timestamptz, ends::timestamptz) \
         from unnest($2::text[], $3::text[]) as span (starts, ends)",
        role as PractitionerRoleId,
        &starts,
        &ends,
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Notes that a calendar could not be read, and when that is tried again.
///
/// # Errors
/// When the database fails.
pub async fn failed(
    conn: &mut PgConnection,
    due: &Due,
    failure: ReadFailure,
    due_at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.external_calendar set failure = $3, failures = failures + 1, due_at = $4 \
         where practitioner_role_id = $1 and set_at = $2",
        due.practitioner_role_id as PractitionerRoleId,
        due.set_at.to_sqlx() as jiff_sqlx::Timestamp,
        failure.code(),
        due_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Calendars whose address is kept as it was given or was sealed by one of these keys, locked until the transaction ends; those that
/// somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn claim_to_seal(
    conn: &mut PgConnection,
    older: &[String],
    at_most: i64,
) -> Result<Vec<(PractitionerRoleId, Kept)>> {
    let rows = sqlx::query!(
        r#"select practitioner_role_id as "role: PractitionerRoleId", address, sealed_address, key_id
           from bookings.external_calendar where sealed_address is null or key_id = any($1)
           order by practitioner_role_id limit $2 for update skip locked"#,
        older,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok((row.role, kept(row.address, row.sealed_address, row.key_id)?))).collect()
}

/// Writes the same address down sealed with the newest key. To be called with the row locked.
///
/// # Errors
/// When the database fails.
pub async fn seal(conn: &mut PgConnection, role: PractitionerRoleId, address: &Address) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.external_calendar set address = null, host = $2, key_id = $3, sealed_address = $4 \
         where practitioner_role_id = $1",
        role as PractitionerRoleId,
        address.host,
        address.key_id,
        address.sealed,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a key that sealed some address and is none of these.
///
/// # Errors
/// When the database fails.
pub async fn find_other_key(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        r#"select key_id as "key_id!" from bookings.external_calendar where not key_id = any($1) order by key_id limit 1"#,
        known,
    )
    .fetch_optional(conn)
    .await
}

fn kept(address: Option<String>, sealed: Option<Vec<u8>>, key_id: Option<String>) -> Result<Kept> {
    Kept::of(address.map(String::into_bytes), sealed, key_id.as_deref()).context("a calendar has an address")
}
