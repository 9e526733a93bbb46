//! Who waits for whose times. What is offered to them is in [`super::waitlist_offer`].
//!
//! Locks go in one order: resources by their ids, then places in the order in which people are asked. Who offers the times of
//! one resource may meet, at a place, somebody who offers another's; whoever comes second finds it taken.

mod looking;
mod priority;
mod shown;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, OrganizationId, PatientId, PractitionerRoleId, WaitlistEntryId,
    bookings::{
        Weekdays,
        waitlist::{JoinWaitlist, Priority, RemovalReason, WaitlistOffer, WaitlistStatus, Wishes},
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::{
    looking::{claim, rest, tidy, waiting},
    priority::{Lost, lock_patient, lost, of_appointment},
    shown::{ahead, of, of_practice, with},
};

/// A place on a waitlist.
#[derive(Clone, Debug)]
pub struct EntryRow {
    pub waitlist_entry_id: WaitlistEntryId,
    pub account_id: AccountId,
    pub patient_id: Option<PatientId>,
    pub wishes: Wishes,
    pub status: WaitlistStatus,
    pub removed_reason: Option<RemovalReason>,
    pub joined_at: Timestamp,
    /// Why they are asked before those who joined earlier, if they are.
    pub priority: Option<Priority>,
}

impl EntryRow {
    /// Who waits: a patient is the same one whichever accounts joined for them. Whoever joined for nobody in particular is known by
    /// their account.
    pub fn person(&self) -> Uuid {
        self.patient_id.map_or(self.account_id.0, |patient| patient.0)
    }

    /// Where it stands with what is offered at the moment: the job that has people wait again may be a moment behind the clock.
    pub fn status_with(&self, offer: Option<&WaitlistOffer>) -> WaitlistStatus {
        if self.status == WaitlistStatus::Offered && offer.is_none() {
            WaitlistStatus::Waiting
        } else {
            self.status
        }
    }
}

/// Writes a new place, first in line where the practice did not keep an appointment, and has the times of everybody it is with
/// looked at soon.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    id: WaitlistEntryId,
    account: AccountId,
    patient: Option<PatientId>,
    wanted: &JoinWaitlist,
    lost: Option<Lost>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let wishes = &wanted.wishes;
    sqlx::query!(
        "insert into bookings.waitlist_entry (waitlist_entry_id, account_id, patient_id, weekdays, from_time, until_time, \
         first_date, last_date, joined_at, priority_booking_id, priority_cause, priority_starts_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        id as WaitlistEntryId,
        account as AccountId,
        patient as Option<PatientId>,
        i16::from(wishes.weekdays.bits()),
        wishes.from.to_sqlx() as jiff_sqlx::Time,
        wishes.until.to_sqlx() as jiff_sqlx::Time,
        wishes.first.to_sqlx() as jiff_sqlx::Date,
        wishes.last.to_sqlx() as jiff_sqlx::Date,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        lost.map(|lost| lost.booking_id) as Option<BookingId>,
        lost.map(|lost| lost.priority.cause.code()),
        lost.map(|lost| lost.priority.start.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(&mut *conn)
    .await?;
    let choices = wanted.choices();
    let roles: Vec<Uuid> = choices.iter().map(|choice| choice.practitioner_role_id.0).collect();
    let types: Vec<Uuid> = choices.iter().map(|choice| choice.appointment_type_id.0).collect();
    sqlx::query!(
        "insert into bookings.waitlist_choice (waitlist_entry_id, practitioner_role_id, appointment_type_id, position) \
         select $1, role, type, position - 1 \
         from unnest($2::uuid[], $3::uuid[]) with ordinality as wanted (role, type, position)",
        id as WaitlistEntryId,
        &roles,
        &types,
    )
    .execute(&mut *conn)
    .await?;
    look_soon(conn, &roles, now).await
}

/// Has some roles' free times looked at again for those who wait: something kept them from being looked at now.
///
/// # Errors
/// When the database fails.
pub async fn look_again(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    at: Timestamp,
) -> sqlx::Result<()> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    look_soon(conn, &roles, at).await
}

/// Has these roles' free times looked at for those who wait. The rows are locked in order, so that nobody deadlocks.
async fn look_soon(conn: &mut PgConnection, roles: &[Uuid], at: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "with wanted as materialized (
             select practitioner_role_id from bookings.schedule where practitioner_role_id = any($1)
             order by practitioner_role_id for no key update
         )
         update bookings.schedule set waitlist_due_at = $2
         where practitioner_role_id in (select practitioner_role_id from wanted)",
        roles,
        at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has requests of one account to join wait for each other until the transaction ends, so that [`count`] stays true.
///
/// # Errors
/// When the database fails.
pub async fn lock_account(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('waitlists of ' || $1::uuid::text, 0))",
        account as AccountId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// On how many waitlists an account is.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut PgConnection, account: AccountId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from bookings.waitlist_entry
           where account_id = $1 and status in ('waiting', 'offered')"#,
        account as AccountId,
    )
    .fetch_one(conn)
    .await
}

/// Takes a patient off the waitlists that an account joined for them.
///
/// # Errors
/// When the database fails.
pub async fn leave_all(conn: &mut PgConnection, account: AccountId, patient: PatientId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.waitlist_entry where account_id = $1 and patient_id = $2",
        account as AccountId,
        patient as PatientId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One place, locked. Lock the resources of its choices first, where one of its offers may be let go.
///
/// # Errors
/// As [`of`].
pub async fn find(conn: &mut PgConnection, id: WaitlistEntryId) -> Result<Option<EntryRow>> {
    let row = sqlx::query_as!(
        Columns,
        r#"select waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId", weekdays, from_time, until_time, first_date, last_date, status,
               removed_reason, joined_at, priority_cause, priority_starts_at
           from bookings.waitlist_entry where waitlist_entry_id = $1 for update"#,
        id as WaitlistEntryId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Columns::read).transpose()
}

/// Locks the resources of everybody whom a place is with, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn lock_resources(conn: &mut PgConnection, id: WaitlistEntryId) -> sqlx::Result<()> {
    sqlx::query!(
        "select resource_id from bookings.resource where resource_id in (
             select role.resource_id from bookings.waitlist_choice join bookings.role using (practitioner_role_id)
             where waitlist_choice.waitlist_entry_id = $1
         )
         order by resource_id for update",
        id as WaitlistEntryId,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

/// Ends a place that is waiting or offered, or whose time was taken: should nothing come of that, nobody waits there again. False when
/// it has ended otherwise.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(conn: &mut PgConnection, entry: WaitlistEntryId, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.waitlist_entry set status = 'withdrawn', ended_at = $2 \
         where waitlist_entry_id = $1 and status in ('waiting', 'offered', 'booked')",
        entry as WaitlistEntryId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a practice's people out of a place, which ends with the last of them; then the practice's people stay in it, so that
/// it says what it was. False when it has ended already.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    conn: &mut PgConnection,
    entry: WaitlistEntryId,
    organization: OrganizationId,
    reason: RemovalReason,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update bookings.waitlist_entry set status = 'removed', removed_reason = $3, ended_at = $4
         where waitlist_entry_id = $1 and status in ('waiting', 'offered') and not exists (
             select from bookings.waitlist_choice choice join bookings.role using (practitioner_role_id)
             where choice.waitlist_entry_id = $1 and role.organization_id is distinct from $2
         )",
        entry as WaitlistEntryId,
        organization as OrganizationId,
        reason.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if ended.rows_affected() == 1 {
        return Ok(true);
    }
    let left = sqlx::query!(
        "delete from bookings.waitlist_choice choice using bookings.role, bookings.waitlist_entry entry
         where choice.waitlist_entry_id = $1 and entry.waitlist_entry_id = choice.waitlist_entry_id
             and entry.status in ('waiting', 'offered')
             and role.practitioner_role_id = choice.practitioner_role_id and role.organization_id = $2",
        entry as WaitlistEntryId,
        organization as OrganizationId,
    )
    .execute(conn)
    .await?;
    Ok(left.rows_affected() > 0)
}

/// A row as the database has it.
struct Columns {
    waitlist_entry_id: WaitlistEntryId,
    account_id: AccountId,
    patient_id: Option<PatientId>,
    weekdays: i16,
    from_time: jiff_sqlx::Time,
    until_time: jiff_sqlx::Time,
    first_date: jiff_sqlx::Date,
    last_date: jiff_sqlx::Date,
    status: String,
    removed_reason: Option<String>,
    joined_at: jiff_sqlx::Timestamp,
    priority_cause: Option<String>,
    priority_starts_at: Option<jiff_sqlx::Timestamp>,
}

impl Columns {
    fn read(self) -> Result<EntryRow> {
        let weekdays = Weekdays::from_bits(u8::try_from(self.weekdays)?);
        let removed = |code: String| RemovalReason::from_code(&code).context("a known reason");
        let lost = self.priority_cause.zip(self.priority_starts_at);
        let priority = lost.map(|(code, start)| {
            anyhow::Ok(Priority { cause: priority::cause(&code)?, start: start.to_jiff() })
        });
        Ok(EntryRow {
            waitlist_entry_id: self.waitlist_entry_id,
            account_id: self.account_id,
            patient_id: self.patient_id,
            wishes: Wishes {
                weekdays: weekdays.context("weekdays are seven bits")?,
                from: self.from_time.to_jiff(),
                until: self.until_time.to_jiff(),
                first: self.first_date.to_jiff(),
                last: self.last_date.to_jiff(),
            },
            status: WaitlistStatus::from_code(&self.status).context("a known waitlist status")?,
            removed_reason: self.removed_reason.map(removed).transpose()?,
            joined_at: self.joined_at.to_jiff(),
            priority: priority.transpose()?,
        })
    }
}
