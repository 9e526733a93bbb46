//! Who waits for whose times. What is offered to them is in [`super::waitlist_offer`].
//!
//! Locks go in one order: resources by their ids, then places in the order in which people joined. Who offers the times of one
//! resource may meet, at a place, somebody who offers another's; whoever comes second finds it taken.

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentTypeId, OrganizationId, PatientId, PractitionerRoleId, WaitlistEntryId,
    bookings::{
        Weekdays,
        waitlist::{Choice, JoinWaitlist, RemovalReason, WaitedFor, WaitlistStatus, Wishes},
    },
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// How long nobody looks again at who waits for a role, unless something frees up meanwhile.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

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
}

/// Writes a new place, and has the times of everybody it is with looked at soon.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    id: WaitlistEntryId,
    account: AccountId,
    patient: Option<PatientId>,
    wanted: &JoinWaitlist,
    now: Timestamp,
) -> sqlx::Result<()> {
    let wishes = &wanted.wishes;
    sqlx::query!(
        "insert into bookings.waitlist_entry (waitlist_entry_id, account_id, patient_id, weekdays, from_time, until_time, \
         first_date, last_date, joined_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id as WaitlistEntryId,
        account as AccountId,
        patient as Option<PatientId>,
        i16::from(wishes.weekdays.bits()),
        wishes.from.to_sqlx() as jiff_sqlx::Time,
        wishes.until.to_sqlx() as jiff_sqlx::Time,
        wishes.first.to_sqlx() as jiff_sqlx::Date,
        wishes.last.to_sqlx() as jiff_sqlx::Date,
        now.to_sqlx() as jiff_sqlx::Timestamp,
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

/// The places of some patients, or that an account took for nobody in particular, the latest first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of(
    conn: &mut PgConnection,
    account: AccountId,
    patients: &[PatientId],
) -> Result<Vec<EntryRow>> {
    let patients: Vec<Uuid> = patients.iter().map(|patient| patient.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId", weekdays, from_time, until_time, first_date, last_date, status,
               removed_reason, joined_at
           from bookings.waitlist_entry
           where patient_id = any($2) or (patient_id is null and account_id = $1)
           order by joined_at desc, waitlist_entry_id limit 100"#,
        account as AccountId,
        &patients,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
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
               removed_reason, joined_at
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

/// Whom some places are with, each place's first one first.
///
/// # Errors
/// When the database fails, or holds a zone that this build does not know.
pub async fn with(
    conn: &mut PgConnection,
    entries: &[WaitlistEntryId],
) -> Result<Vec<(WaitlistEntryId, Option<OrganizationId>, WaitedFor)>> {
    let entries: Vec<Uuid> = entries.iter().map(|entry| entry.0).collect();
    let rows = sqlx::query!(
        r#"select choice.waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId",
               choice.practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               choice.appointment_type_id as "appointment_type_id: AppointmentTypeId",
               role.organization_id as "organization_id: OrganizationId", role.name, role.organization_name, role.slug,
               role.address, role.time_zone
           from bookings.waitlist_choice choice join bookings.role using (practitioner_role_id)
           where choice.waitlist_entry_id = any($1)
           order by choice.waitlist_entry_id, choice.position"#,
        &entries,
    )
    .fetch_all(conn)
    .await?;
    let with = rows.into_iter().map(|row| {
        let waited_for = WaitedFor {
            practitioner_role_id: row.practitioner_role_id,
            appointment_type_id: row.appointment_type_id,
            name: row.name,
            organization_name: row.organization_name,
            slug: row.slug,
            address: row.address,
            time_zone: row.time_zone.parse()?,
        };
        Ok((row.waitlist_entry_id, row.organization_id, waited_for))
    });
    with.collect()
}

/// How many wait for one of the same practitioners and joined earlier.
///
/// # Errors
/// When the database fails.
pub async fn ahead(conn: &mut PgConnection, entry: &EntryRow) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from bookings.waitlist_entry other
           where other.status in ('waiting', 'offered') and (other.joined_at, other.waitlist_entry_id) < ($2, $1)
               and exists (
                   select from bookings.waitlist_choice theirs
                       join bookings.waitlist_choice ours using (practitioner_role_id)
                   where theirs.waitlist_entry_id = other.waitlist_entry_id and ours.waitlist_entry_id = $1
               )"#,
        entry.waitlist_entry_id as WaitlistEntryId,
        entry.joined_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_one(conn)
    .await
}

/// Who waits for a practice's people, in the order in which they joined, each with their name where the practice has it.
///
/// # Errors
/// As [`of`].
pub async fn of_practice(
    conn: &mut PgConnection,
    organization: OrganizationId,
) -> Result<Vec<(EntryRow, Option<Personal<String>>)>> {
    let rows = sqlx::query!(
        r#"select entry.waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId",
               entry.account_id as "account_id: AccountId", entry.patient_id as "patient_id: PatientId", entry.weekdays,
               entry.from_time, entry.until_time, entry.first_date, entry.last_date, entry.status, entry.removed_reason,
               entry.joined_at, known.name as "name?"
           from bookings.waitlist_entry entry
               left join lateral (
                   select party.name from bookings.appointment_party party
                   where party.organization_id = $1 and case
                       when entry.patient_id is null then party.patient_id is null and party.account_id = entry.account_id
                       else party.patient_id = entry.patient_id
                   end
                   order by party.created_at desc limit 1
               ) known on true
           where entry.status in ('waiting', 'offered') and exists (
               select from bookings.waitlist_choice choice join bookings.role using (practitioner_role_id)
               where choice.waitlist_entry_id = entry.waitlist_entry_id and role.organization_id = $1
           )
           order by entry.joined_at, entry.waitlist_entry_id limit 500"#,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| {
        let columns = Columns {
            waitlist_entry_id: row.waitlist_entry_id,
            account_id: row.account_id,
            patient_id: row.patient_id,
            weekdays: row.weekdays,
            from_time: row.from_time,
            until_time: row.until_time,
            first_date: row.first_date,
            last_date: row.last_date,
            status: row.status,
            removed_reason: row.removed_reason,
            joined_at: row.joined_at,
        };
        Ok((columns.read()?, row.name.map(Personal::new)))
    });
    rows.collect()
}

/// The roles of a resource that somebody may wait for and that is to be looked at, the resource and its schedules locked; one
/// that nobody else has at the moment. Unless something frees up, nobody looks at them again for a while.
///
/// # Errors
/// When the database fails.
pub async fn claim(conn: &mut PgConnection, now: Timestamp) -> sqlx::Result<Vec<PractitionerRoleId>> {
    let resource = sqlx::query_scalar!(
        "select role.resource_id
         from bookings.schedule
             join bookings.role using (practitioner_role_id)
             join bookings.resource using (resource_id)
         where schedule.waitlist_due_at <= $1
         order by schedule.waitlist_due_at limit 1 for update of resource skip locked",
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(resource) = resource else { return Ok(Vec::new()) };
    // Before anybody who waits is read: whoever joins from now on has it looked at again. Every row that an offer will change
    // is locked here, in order.
    sqlx::query_scalar!(
        r#"with shared as materialized (
               select practitioner_role_id from bookings.schedule where practitioner_role_id in (
                   select practitioner_role_id from bookings.role where resource_id = $1
                   union all
                   select other.practitioner_role_id
                   from bookings.role
                       join bookings.appointment_type own using (practitioner_role_id)
                       join bookings.appointment_type_resource needed using (appointment_type_id)
                       join bookings.appointment_type_resource shared on shared.resource_id = needed.resource_id
                       join bookings.appointment_type other on other.appointment_type_id = shared.appointment_type_id
                   where role.resource_id = $1
               )
               order by practitioner_role_id for no key update
           )
           update bookings.schedule set waitlist_due_at = $2
           where practitioner_role_id in (select practitioner_role_id from shared)
               and practitioner_role_id in (select practitioner_role_id from bookings.role where resource_id = $1)
               and waitlist_due_at is not null
           returning practitioner_role_id as "practitioner_role_id: PractitionerRoleId""#,
        resource,
        now.saturating_add(LOOK_AGAIN).unwrap_or(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}

/// Has nobody look at these roles any more until somebody joins.
///
/// # Errors
/// When the database fails.
pub async fn rest(conn: &mut PgConnection, roles: &[PractitionerRoleId]) -> sqlx::Result<()> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    sqlx::query!(
        "update bookings.schedule set waitlist_due_at = null
         where practitioner_role_id = any($1) and not exists (
             select from bookings.waitlist_choice choice join bookings.waitlist_entry using (waitlist_entry_id)
             where choice.practitioner_role_id = schedule.practitioner_role_id
                 and waitlist_entry.status in ('waiting', 'offered')
         )",
        &roles,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Who waits for any of these roles, in the order in which they joined, locked. Their resource is locked.
///
/// # Errors
/// As [`of`].
pub async fn waiting(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
) -> Result<Vec<(EntryRow, Vec<Choice>)>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId", weekdays, from_time, until_time, first_date, last_date, status,
               removed_reason, joined_at
           from bookings.waitlist_entry
           where status = 'waiting' and waitlist_entry_id in (
               select waitlist_entry_id from bookings.waitlist_choice where practitioner_role_id = any($1)
           )
           order by joined_at, waitlist_entry_id for update"#,
        &roles,
    )
    .fetch_all(&mut *conn)
    .await?;
    let choices = sqlx::query!(
        r#"select waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               appointment_type_id as "appointment_type_id: AppointmentTypeId"
           from bookings.waitlist_choice where practitioner_role_id = any($1) order by position, practitioner_role_id"#,
        &roles,
    )
    .fetch_all(conn)
    .await?;
    let entries = rows.into_iter().map(|row| {
        let entry = row.read()?;
        let own = choices.iter().filter(|choice| choice.waitlist_entry_id == entry.waitlist_entry_id);
        let own = own.map(|choice| Choice {
            practitioner_role_id: choice.practitioner_role_id,
            appointment_type_id: choice.appointment_type_id,
        });
        let own: Vec<_> = own.collect();
        Ok((entry, own))
    });
    entries.collect()
}

/// Ends a place that is waiting or offered. False when it has ended already.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(conn: &mut PgConnection, entry: WaitlistEntryId, now: Timestamp) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.waitlist_entry set status = 'withdrawn', ended_at = $2 \
         where waitlist_entry_id = $1 and status in ('waiting', 'offered')",
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

/// Closes places whose last day is over, and forgets those that ended three months ago.
///
/// # Errors
/// When the database fails.
pub async fn tidy(conn: &mut PgConnection, today: Date, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.waitlist_entry set status = 'closed', ended_at = $2 where waitlist_entry_id in (
             select waitlist_entry_id from bookings.waitlist_entry where status = 'waiting' and last_date < $1
             order by joined_at, waitlist_entry_id limit 500 for update skip locked
         )",
        today.to_sqlx() as jiff_sqlx::Date,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from bookings.waitlist_entry where ended_at < $1::timestamptz - interval '90 days'",
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
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
}

impl Columns {
    fn read(self) -> Result<EntryRow> {
        let weekdays = Weekdays::from_bits(u8::try_from(self.weekdays)?);
        let removed = |code: String| RemovalReason::from_code(&code).context("a known reason");
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
        })
    }
}
