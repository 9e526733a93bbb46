//! Whose times are looked at for those who wait, and when nobody has to look any more.

use anyhow::Result;
use jiff::{SignedDuration, Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentTypeId, PatientId, PractitionerRoleId, ResourceId, WaitlistEntryId,
    bookings::waitlist::Choice,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Columns, EntryRow};

/// How long nobody looks again at who waits for a role, unless something frees up meanwhile.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// A resource with those of its roles that somebody may wait for and that are to be looked at, it and its schedules locked; one
/// that nobody else has at the moment, and none of those left out. Unless something frees up, nobody looks at them again for a while.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut PgConnection,
    left_out: &[ResourceId],
    now: Timestamp,
) -> sqlx::Result<Option<(ResourceId, Vec<PractitionerRoleId>)>> {
    let left_out: Vec<Uuid> = left_out.iter().map(|resource| resource.0).collect();
    let resource = sqlx::query_scalar!(
        r#"select role.resource_id as "resource_id: ResourceId"
           from bookings.schedule
               join bookings.role using (practitioner_role_id)
               join bookings.resource using (resource_id)
           where schedule.waitlist_due_at <= $1 and role.resource_id <> all($2)
           order by schedule.waitlist_due_at limit 1 for update of resource skip locked"#,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        &left_out,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(resource) = resource else { return Ok(None) };
    // Before anybody who waits is read: whoever joins from now on has it looked at again. Every row that an offer will change
    // is locked here, in order.
    let roles = sqlx::query_scalar!(
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
        resource as ResourceId,
        now.saturating_add(LOOK_AGAIN).unwrap_or(now).to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    Ok(Some((resource, roles)))
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

/// Who waits for any of these roles, in the order in which they are asked, locked: those first whose appointment the practice
/// did not keep, then by when they joined. Whoever is asked about a time of theirs already is not among them, in whichever place of
/// theirs that was and whichever accounts joined for them. Their resource is locked.
///
/// # Errors
/// As [`of`](super::of).
pub async fn waiting(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
) -> Result<Vec<(EntryRow, Vec<Choice>)>> {
    let roles: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select waitlist_entry_id as "waitlist_entry_id: WaitlistEntryId", account_id as "account_id: AccountId",
               patient_id as "patient_id: PatientId", weekdays, from_time, until_time, first_date, last_date, status,
               removed_reason, joined_at, priority_cause, priority_starts_at
           from bookings.waitlist_entry entry
           where status = 'waiting' and waitlist_entry_id in (
               select waitlist_entry_id from bookings.waitlist_choice where practitioner_role_id = any($1)
           ) and not exists (
               select from bookings.waitlist_entry asked
                   join bookings.waitlist_choice choice on choice.waitlist_entry_id = asked.waitlist_entry_id
               where asked.status = 'offered' and choice.practitioner_role_id = any($1)
                   and coalesce(asked.patient_id, asked.account_id) = coalesce(entry.patient_id, entry.account_id)
           )
           order by priority_booking_id is null, joined_at, waitlist_entry_id for update"#,
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
