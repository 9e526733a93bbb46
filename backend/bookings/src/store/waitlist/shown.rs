//! Places as the people see them who took them, and the practices that they are with.

use anyhow::Result;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AppointmentTypeId, OrganizationId, PatientId, PractitionerRoleId, WaitlistEntryId,
    bookings::waitlist::WaitedFor, personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Columns, EntryRow};

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
               removed_reason, joined_at, priority_cause, priority_starts_at
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
               role.address, role.time_zone, coalesce(type.telehealth, false) as "telehealth!",
               type.travel_minutes is not null as "home_visit!"
           from bookings.waitlist_choice choice join bookings.role using (practitioner_role_id)
               left join bookings.appointment_type type on type.appointment_type_id = choice.appointment_type_id
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
            telehealth: row.telehealth,
            home_visit: row.home_visit,
            time_zone: row.time_zone.parse()?,
        };
        Ok((row.waitlist_entry_id, row.organization_id, waited_for))
    });
    with.collect()
}

/// How many others wait for one of the same practitioners and are asked before them, whoever waits in two places counted once,
/// whichever accounts joined for them.
///
/// # Errors
/// When the database fails.
pub async fn ahead(conn: &mut PgConnection, entry: &EntryRow) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(distinct coalesce(other.patient_id, other.account_id)) as "count!"
           from bookings.waitlist_entry other
           where other.status in ('waiting', 'offered')
               and coalesce(other.patient_id, other.account_id) <> $4
               and (other.priority_booking_id is null, other.joined_at, other.waitlist_entry_id) < ($3, $2, $1)
               and exists (
                   select from bookings.waitlist_choice theirs
                       join bookings.waitlist_choice ours using (practitioner_role_id)
                   where theirs.waitlist_entry_id = other.waitlist_entry_id and ours.waitlist_entry_id = $1
               )"#,
        entry.waitlist_entry_id as WaitlistEntryId,
        entry.joined_at.to_sqlx() as jiff_sqlx::Timestamp,
        entry.priority.is_none(),
        entry.person(),
    )
    .fetch_one(conn)
    .await
}

/// Who waits for a practice's people, in the order in which they are asked, each with their name where the practice has it.
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
               entry.joined_at, entry.priority_cause, entry.priority_starts_at, known.name as "name?"
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
           order by entry.priority_booking_id is null, entry.joined_at, entry.waitlist_entry_id limit 500"#,
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
            priority_cause: row.priority_cause,
            priority_starts_at: row.priority_starts_at,
        };
        Ok((columns.read()?, row.name.map(Personal::new)))
    });
    rows.collect()
}
