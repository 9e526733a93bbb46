//! Holds.

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use shared_types::{
    AccountId, AppointmentTypeId, BookingId, HoldId, PractitionerRoleId, ResourceId,
    bookings::{AppointmentType, CancellationPolicy, CreateHold, HoldStatus, Quote},
    payments::funding::Cohort,
};
use sqlx::{PgConnection, types::Json};

use super::offered::Offered;
use crate::visitor::Keeper;

/// A hold with what was snapshotted when it was made.
#[derive(Clone, Debug)]
pub struct HoldRow {
    pub hold_id: HoldId,
    pub booking_id: BookingId,
    pub practitioner_role_id: PractitionerRoleId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub status: HoldStatus,
    pub expires_at: Timestamp,
    pub appointment_type: AppointmentType,
    pub policy: CancellationPolicy,
    pub quote: Quote,
    /// For which sort of patient it is priced.
    pub cohort: Option<Cohort>,
    /// On whose clocks and by which rules it was offered.
    pub offered: Offered,
}

impl HoldRow {
    /// Whether it still keeps the time at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.status == HoldStatus::Active && self.expires_at > now
    }

    /// Whether it keeps the very time that is wanted.
    pub fn keeps(&self, wanted: &CreateHold) -> bool {
        self.practitioner_role_id == wanted.practitioner_role_id
            && self.appointment_type.appointment_type_id == wanted.appointment_type_id
            && self.starts_at == wanted.start
    }

    /// Where it stands at `now`: the expiry job may be a moment behind the clock.
    pub fn status_at(&self, now: Timestamp) -> HoldStatus {
        if self.status == HoldStatus::Active && self.expires_at <= now {
            HoldStatus::Expired
        } else {
            self.status
        }
    }
}

/// Writes a new hold.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    hold: &HoldRow,
    guest_hash: &[u8; 32],
    account: Option<AccountId>,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.hold (hold_id, booking_id, practitioner_role_id, appointment_type_id, guest_hash, \
         starts_at, ends_at, status, expires_at, appointment_type, policy, quote, created_at, account_id, cohort, \
         time_zone, rule_version, type_version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        hold.hold_id as HoldId,
        hold.booking_id as BookingId,
        hold.practitioner_role_id as PractitionerRoleId,
        hold.appointment_type.appointment_type_id as AppointmentTypeId,
        guest_hash.as_slice(),
        hold.starts_at.to_sqlx() as jiff_sqlx::Timestamp,
        hold.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        hold.status.code(),
        hold.expires_at.to_sqlx() as jiff_sqlx::Timestamp,
        Json(&hold.appointment_type) as Json<&AppointmentType>,
        Json(&hold.policy) as Json<&CancellationPolicy>,
        Json(&hold.quote) as Json<&Quote>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        account.map(|account| account.0),
        hold.cohort.map(Cohort::code),
        hold.offered.time_zone.name(),
        hold.offered.rule_version,
        hold.offered.type_version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Prices a hold anew, for another booking: an offer that was made before is good for nothing. False when it is no longer held.
///
/// # Errors
/// When the database fails.
pub async fn price_anew(conn: &mut PgConnection, hold: &HoldRow) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.hold set appointment_type = $2, policy = $3, quote = $4, cohort = $5, booking_id = $6, \
         type_version = $7 where hold_id = $1 and status = 'active'",
        hold.hold_id as HoldId,
        Json(&hold.appointment_type) as Json<&AppointmentType>,
        Json(&hold.policy) as Json<&CancellationPolicy>,
        Json(&hold.quote) as Json<&Quote>,
        hold.cohort.map(Cohort::code),
        hold.booking_id as BookingId,
        hold.offered.type_version,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whose time a hold keeps; `None` when its keeper has no such hold.
///
/// # Errors
/// When the database fails.
pub async fn resource_of(
    conn: &mut PgConnection,
    hold: HoldId,
    keeper: &Keeper,
) -> sqlx::Result<Option<ResourceId>> {
    sqlx::query_scalar!(
        r#"select role.resource_id as "resource_id: ResourceId" from bookings.hold join bookings.role using (practitioner_role_id)
           where hold.hold_id = $1 and (hold.guest_hash = $2 or hold.account_id = $3)"#,
        hold as HoldId,
        keeper.guest_hash(),
        keeper.account_id(),
    )
    .fetch_optional(conn)
    .await
}

/// By what the time of a hold was offered, whosever it is.
///
/// # Errors
/// When the database fails, has no such hold, or a zone that this build does not know.
pub async fn offered(conn: &mut PgConnection, hold: HoldId) -> Result<Offered> {
    let row = sqlx::query!(
        "select time_zone, rule_version, type_version from bookings.hold where hold_id = $1",
        hold as HoldId,
    )
    .fetch_one(conn)
    .await?;
    Offered::read(&row.time_zone, row.rule_version, row.type_version)
}

/// A keeper's hold, locked. Lock its resource first.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut PgConnection, hold: HoldId, keeper: &Keeper) -> Result<Option<HoldRow>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select hold_id as "hold_id: HoldId", booking_id as "booking_id: BookingId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId", starts_at, ends_at, status, expires_at,
               appointment_type as "appointment_type: Json<AppointmentType>", policy as "policy: Json<CancellationPolicy>",
               quote as "quote: Json<Quote>", cohort, time_zone, rule_version, type_version
           from bookings.hold where hold_id = $1 and (guest_hash = $2 or account_id = $3) for update"#,
        hold as HoldId,
        keeper.guest_hash(),
        keeper.account_id(),
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// What somebody keeps at the moment, with this browser or this account, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn live_of(conn: &mut PgConnection, keeper: &Keeper, now: Timestamp) -> Result<Vec<HoldRow>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select hold_id as "hold_id: HoldId", booking_id as "booking_id: BookingId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId", starts_at, ends_at, status, expires_at,
               appointment_type as "appointment_type: Json<AppointmentType>", policy as "policy: Json<CancellationPolicy>",
               quote as "quote: Json<Quote>", cohort, time_zone, rule_version, type_version
           from bookings.hold
           where (guest_hash = $1 or account_id = $3) and status = 'active' and expires_at > $2 order by hold_id"#,
        keeper.guest_hash(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        keeper.account_id(),
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// A row as the database has it.
struct Columns {
    hold_id: HoldId,
    booking_id: BookingId,
    practitioner_role_id: PractitionerRoleId,
    starts_at: jiff_sqlx::Timestamp,
    ends_at: jiff_sqlx::Timestamp,
    status: String,
    expires_at: jiff_sqlx::Timestamp,
    appointment_type: Json<AppointmentType>,
    policy: Json<CancellationPolicy>,
    quote: Json<Quote>,
    cohort: Option<String>,
    time_zone: String,
    rule_version: i32,
    type_version: i32,
}

impl Columns {
    fn read(self) -> Result<HoldRow> {
        Ok(HoldRow {
            hold_id: self.hold_id,
            booking_id: self.booking_id,
            practitioner_role_id: self.practitioner_role_id,
            starts_at: self.starts_at.to_jiff(),
            ends_at: self.ends_at.to_jiff(),
            status: status(&self.status)?,
            expires_at: self.expires_at.to_jiff(),
            appointment_type: self.appointment_type.0,
            policy: self.policy.0,
            quote: self.quote.0,
            cohort: self.cohort.map(|code| cohort(&code)).transpose()?,
            offered: Offered::read(&self.time_zone, self.rule_version, self.type_version)?,
        })
    }
}

fn status(code: &str) -> Result<HoldStatus> {
    HoldStatus::from_code(code)
        .ok_or_else(|| anyhow::anyhow!("the database holds an unknown hold status {code:?}"))
}

/// Reads a sort of patient as the database has it.
///
/// # Errors
/// When this build does not know it.
pub fn cohort(code: &str) -> Result<Cohort> {
    Cohort::from_code(code).ok_or_else(|| anyhow::anyhow!("the database holds an unknown cohort {code:?}"))
}

/// Has requests of one browser or one account wait for each other until the transaction ends, so that a count stays
/// true. A guest has no row to lock. Take this before a resource, never after.
///
/// # Errors
/// When the database fails.
pub async fn lock_keeper(conn: &mut PgConnection, keeper: &Keeper) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(keeper.key) from (
             select distinct hashtextextended('hold of ' || text, 0) as key
             from unnest(array['guest ' || encode($1::bytea, 'hex'), 'account ' || $2::uuid::text]) text
             where text is not null order by key
         ) keeper",
        keeper.guest_hash(),
        keeper.account_id(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets holds that ended a day ago or earlier: what became of them is in the appointment. One that was offered to somebody who
/// waited stays while that waits for its payment or its practice: they may have to wait again. Says how many.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from bookings.hold where status <> 'active' and expires_at <= $1::timestamptz - interval '1 day'
             and not exists (
                 select from bookings.waitlist_offer offer, bookings.appointment
                 where offer.hold_id = hold.hold_id and appointment.booking_id = hold.booking_id
                     and appointment.status in ('awaiting_payment', 'requested')
             )",
        now.to_sqlx() as jiff_sqlx::Timestamp
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Gives an active hold to the guest who repeats its request without a cookie.
///
/// # Errors
/// When the database fails.
pub async fn adopt(conn: &mut PgConnection, hold: HoldId, guest_hash: &[u8; 32]) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.hold set guest_hash = $2 where hold_id = $1 and status = 'active'",
        hold as HoldId,
        guest_hash.as_slice(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a hold that is active. False when it no longer was.
///
/// # Errors
/// When the database fails.
pub async fn end(conn: &mut PgConnection, hold: HoldId, status: HoldStatus) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.hold set status = $2 where hold_id = $1 and status = 'active'",
        hold as HoldId,
        status.code(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a batch of holds whose time is up and frees what they kept. Says whose next free times changed.
///
/// # Errors
/// When the database fails.
pub async fn expire(
    conn: &mut PgConnection,
    now: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<PractitionerRoleId>> {
    sqlx::query_scalar!(
        r#"with due as (
               select hold_id from bookings.hold where status = 'active' and expires_at <= $1
               order by expires_at limit $2 for update skip locked
           ), expired as (
               update bookings.hold set status = 'expired' where hold_id in (select hold_id from due)
               returning hold_id, practitioner_role_id
           ), freed as (
               delete from bookings.reservation where hold_id in (select hold_id from expired)
           ), left_behind as (
               delete from bookings.group_seat where hold_id in (select hold_id from expired)
           )
           select practitioner_role_id as "practitioner_role_id: PractitionerRoleId" from expired"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await
}
