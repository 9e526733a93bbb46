//! Calendars that people subscribe to. Of their addresses only hashes are stored.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, CalendarFeedId, OrganizationId, PatientId, PractitionerRoleId,
    bookings::{
        AppointmentStatus, AppointmentType,
        calendar_feed::{CalendarFeed, FeedDetail},
    },
};
use sqlx::{PgConnection, types::Json};

use crate::domain::{FeedAppointment, FeedOf, other_place};

/// How many appointments a feed has at most: years of them.
const MOST: i64 = 2_000;

/// A feed as kept.
#[derive(Clone, Copy, Debug)]
pub struct FeedRow {
    pub calendar_feed_id: CalendarFeedId,
    pub of: FeedOf,
    pub detail: FeedDetail,
}

/// An account's own feed.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_account(conn: &mut PgConnection, account: AccountId) -> Result<Option<CalendarFeed>> {
    let row = sqlx::query_as!(
        Shown,
        "select detail, created_at, last_read_at from bookings.calendar_feed \
         where account_id = $1 and practitioner_role_id is null",
        account as AccountId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Shown::read).transpose()
}

/// A role's feed.
///
/// # Errors
/// As [`of_account`].
pub async fn of_role(conn: &mut PgConnection, role: PractitionerRoleId) -> Result<Option<CalendarFeed>> {
    let row = sqlx::query_as!(
        Shown,
        "select detail, created_at, last_read_at from bookings.calendar_feed where practitioner_role_id = $1",
        role as PractitionerRoleId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Shown::read).transpose()
}

/// What its owner sees of a feed.
struct Shown {
    detail: String,
    created_at: jiff_sqlx::Timestamp,
    last_read_at: Option<jiff_sqlx::Timestamp>,
}

impl Shown {
    fn read(self) -> Result<CalendarFeed> {
        Ok(CalendarFeed {
            detail: detail(&self.detail)?,
            created_at: self.created_at.to_jiff(),
            last_read_at: self.last_read_at.map(|at| at.to_jiff()),
        })
    }
}

/// Puts a feed instead of the one there was, whose address is dead from then on. `made_by` is who asked for it.
///
/// # Errors
/// When the database fails.
pub async fn put(
    conn: &mut PgConnection,
    feed: &FeedRow,
    made_by: AccountId,
    token_hash: &[u8; 32],
    now: Timestamp,
) -> sqlx::Result<()> {
    remove(conn, feed.of).await?;
    let (patient, role) = match feed.of {
        FeedOf::Account(_, patient) => (patient, None),
        FeedOf::Role(role) => (None, Some(role)),
    };
    sqlx::query!(
        "insert into bookings.calendar_feed \
         (calendar_feed_id, account_id, patient_id, practitioner_role_id, token_hash, detail, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        feed.calendar_feed_id as CalendarFeedId,
        made_by as AccountId,
        patient.map(|patient| patient.0),
        role.map(|role| role.0),
        token_hash.as_slice(),
        feed.detail.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Switches a feed off, when there is one. Whoever else wants to change it waits for the end of the transaction.
///
/// # Errors
/// When the database fails.
pub async fn remove(conn: &mut PgConnection, of: FeedOf) -> sqlx::Result<()> {
    let (account, role) = match of {
        FeedOf::Account(account, _) => (Some(account.0), None),
        FeedOf::Role(role) => (None, Some(role.0)),
    };
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('calendar feed of ' || coalesce($1::uuid, $2::uuid)::text, 0))",
        account,
        role,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from bookings.calendar_feed \
         where practitioner_role_id = $2 or (account_id = $1 and practitioner_role_id is null)",
        account,
        role,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Switches off the feeds of a practice's roles whose address somebody has who works there no longer: they made it, or the role was
/// theirs to keep. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_staff(
    conn: &mut PgConnection,
    organization: OrganizationId,
    account: AccountId,
) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "delete from bookings.calendar_feed feed using bookings.role \
         where role.practitioner_role_id = feed.practitioner_role_id and role.organization_id = $1 \
         and (feed.account_id = $2 or exists ( \
             select from bookings.role_keeper keeper \
             where keeper.practitioner_role_id = feed.practitioner_role_id and keeper.account_id = $2))",
        organization as OrganizationId,
        account as AccountId,
    )
    .execute(conn)
    .await?;
    Ok(gone.rows_affected())
}

/// The feed at an address.
///
/// # Errors
/// As [`of_account`].
pub async fn by_token(conn: &mut PgConnection, token_hash: &[u8; 32]) -> Result<Option<FeedRow>> {
    let row = sqlx::query!(
        r#"select calendar_feed_id as "calendar_feed_id: CalendarFeedId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId", practitioner_role_id as "practitioner_role_id: PractitionerRoleId", detail
           from bookings.calendar_feed where token_hash = $1"#,
        token_hash.as_slice(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(FeedRow {
            calendar_feed_id: row.calendar_feed_id,
            of: match row.practitioner_role_id {
                Some(role) => FeedOf::Role(role),
                None => FeedOf::Account(row.account_id, row.patient_id),
            },
            detail: detail(&row.detail)?,
        })
    })
    .transpose()
}

/// Notes that a calendar asked for a feed; to the nearest five minutes, since many ask often.
///
/// # Errors
/// When the database fails.
pub async fn was_read(conn: &mut PgConnection, feed: CalendarFeedId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.calendar_feed set last_read_at = $2 \
         where calendar_feed_id = $1 \
             and (last_read_at is null or last_read_at <= $2::timestamptz - interval '5 minutes')",
        feed as CalendarFeedId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a feed has from an instant on, in order of time.
///
/// # Errors
/// As [`of_account`].
pub async fn appointments(
    conn: &mut PgConnection,
    of: FeedOf,
    since: Timestamp,
) -> Result<Vec<FeedAppointment>> {
    let rows = match of {
        FeedOf::Account(account, patient) => {
            sqlx::query_as!(
                Columns,
                r#"select appointment.booking_id as "booking_id: BookingId", appointment.sequence, appointment.updated_at,
                       appointment.status, appointment.starts_at, appointment.ends_at, party.name as patient_name,
                       role.name as role_name, role.organization_name, role.address, role.phone, appointment.time_zone, role.discreet,
                       appointment.appointment_type as "appointment_type: Json<AppointmentType>"
                   from bookings.appointment_party party
                       join bookings.appointment using (booking_id)
                       join bookings.role using (practitioner_role_id)
                   where (party.patient_id = $2 or (party.patient_id is null and party.account_id = $1))
                       and appointment.status <> 'rescheduled' and appointment.starts_at >= $3
                   order by appointment.starts_at, appointment.appointment_id limit $4"#,
                account as AccountId,
                patient.map(|patient| patient.0),
                since.to_sqlx() as jiff_sqlx::Timestamp,
                MOST,
            )
            .fetch_all(conn)
            .await?
        }
        FeedOf::Role(role) => {
            sqlx::query_as!(
                Columns,
                r#"select appointment.booking_id as "booking_id: BookingId", appointment.sequence, appointment.updated_at,
                       appointment.status, appointment.starts_at, appointment.ends_at, party.name as patient_name,
                       role.name as role_name, role.organization_name, role.address, role.phone, appointment.time_zone, role.discreet,
                       appointment.appointment_type as "appointment_type: Json<AppointmentType>"
                   from bookings.role
                       join bookings.appointment using (practitioner_role_id)
                       join bookings.appointment_party party using (booking_id)
                   where role.practitioner_role_id = $1 and appointment.status <> 'rescheduled'
                       and appointment.starts_at >= $2
                   order by appointment.starts_at, appointment.appointment_id limit $3"#,
                role as PractitionerRoleId,
                since.to_sqlx() as jiff_sqlx::Timestamp,
                MOST,
            )
            .fetch_all(conn)
            .await?
        }
    };
    rows.into_iter().map(Columns::read).collect()
}

/// A row as the database has it.
struct Columns {
    booking_id: BookingId,
    sequence: i32,
    updated_at: jiff_sqlx::Timestamp,
    status: String,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    patient_name: String,
    role_name: String,
    organization_name: Option<String>,
    address: String,
    phone: Option<String>,
    time_zone: String,
    discreet: bool,
    appointment_type: Json<AppointmentType>,
}

impl Columns {
    fn read(self) -> Result<FeedAppointment> {
        Ok(FeedAppointment {
            booking_id: self.booking_id,
            sequence: self.sequence,
            changed_at: self.updated_at.to_jiff(),
            status: AppointmentStatus::from_code(&self.status).context("a known appointment status")?,
            start: self.starts_at.to_jiff(),
            end: self.ends_at.to_jiff(),
            patient_name: self.patient_name.into(),
            role_name: self.role_name,
            organization_name: self.organization_name,
            address: other_place(&self.appointment_type.0).map_or(self.address, str::to_owned),
            phone: self.phone,
            time_zone: self.time_zone.parse()?,
            discreet: self.discreet,
        })
    }
}

fn detail(code: &str) -> Result<FeedDetail> {
    FeedDetail::from_code(code).context("a known detail of a calendar feed")
}
