//! Table `payments.claimant`: the patient of a bulk-billed booking, and the visit as it stands. It sees sealed identities only.

mod unclaimed;

use std::collections::HashMap;

use anyhow::Context as _;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentTypeId, BookingId, OrganizationId, PatientId, PractitionerRoleId,
    payments::{
        assignment::{BETWEEN_SORTS, SORTS_OF_SERVICE},
        claim::NoVisit,
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::unclaimed::{unclaimed, unclaimed_ending};
use super::role_setup::AskingAnew;

/// A row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which booking.
    pub booking_id: BookingId,
    /// Whose practice.
    pub organization_id: OrganizationId,
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// Of what, where the quote says so.
    pub appointment_type_id: Option<AppointmentTypeId>,
    /// The practitioner's name.
    pub professional_name: String,
    /// The practice's name.
    pub practice_name: String,
    /// The appointment type's name.
    pub service_name: String,
    /// The day of the visit, where it takes place.
    pub service_on: Date,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Which key sealed the identity.
    pub key_id: String,
    /// An identity, sealed.
    pub identity: Vec<u8>,
}

struct Stored {
    booking_id: Uuid,
    organization_id: Uuid,
    practitioner_role_id: Uuid,
    appointment_type_id: Option<Uuid>,
    professional_name: String,
    practice_name: String,
    service_name: String,
    service_on: jiff_sqlx::Date,
    ends_at: jiff_sqlx::Timestamp,
    key_id: String,
    identity: Vec<u8>,
}

impl Stored {
    fn read(self) -> Row {
        Row {
            booking_id: self.booking_id.into(),
            organization_id: self.organization_id.into(),
            practitioner_role_id: self.practitioner_role_id.into(),
            appointment_type_id: self.appointment_type_id.map(AppointmentTypeId::from),
            professional_name: self.professional_name,
            practice_name: self.practice_name,
            service_name: self.service_name,
            service_on: self.service_on.to_jiff(),
            ends_at: self.ends_at.to_jiff(),
            key_id: self.key_id,
            identity: self.identity,
        }
    }
}

/// A booking's claimant, locked until the transaction ends; none for what is not bulk billed. It is locked before the booking's assignments,
/// and these before its claims.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<Row>> {
    let row = sqlx::query_as!(
        Stored,
        "select booking_id, organization_id, practitioner_role_id, appointment_type_id, professional_name, practice_name, \
         service_name, service_on, ends_at, key_id, identity from payments.claimant where booking_id = $1 for update",
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Stored::read))
}

/// The claimants of some bookings, to be shown: nobody waits for who reads them. What is not bulk billed is left out.
///
/// # Errors
/// When the database fails.
pub async fn of_bookings(
    conn: &mut PgConnection,
    bookings: &[BookingId],
) -> sqlx::Result<HashMap<BookingId, Row>> {
    let bookings: Vec<_> = bookings.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Stored,
        "select booking_id, organization_id, practitioner_role_id, appointment_type_id, professional_name, practice_name, \
         service_name, service_on, ends_at, key_id, identity from payments.claimant where booking_id = any($1)",
        &bookings,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.booking_id.into(), row.read())).collect())
}

/// Keeps when a booking's visit was completed; none where it is not, or not any more. What took place was a visit after all. Says whether
/// it was completed before. Does nothing for what is not bulk billed.
///
/// # Errors
/// When the database fails.
pub async fn set_completed(
    conn: &mut PgConnection,
    booking_id: BookingId,
    completed_at: Option<Timestamp>,
) -> sqlx::Result<bool> {
    let was_over = sqlx::query_scalar!(
        r#"update payments.claimant set completed_at = $2,
               no_visit = case when $2::timestamptz is null then claimant.no_visit end
           from (select booking_id, completed_at from payments.claimant where booking_id = $1 for update) before
           where claimant.booking_id = before.booking_id
           returning before.completed_at is not null as "was_over!""#,
        booking_id.0,
        completed_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .fetch_optional(conn)
    .await?;
    Ok(was_over.unwrap_or(false))
}

/// Whether a booking's visit is over, and was on this day.
///
/// # Errors
/// When the database fails.
pub async fn is_over(conn: &mut PgConnection, booking_id: BookingId, on: Date) -> sqlx::Result<bool> {
    let over = sqlx::query_scalar!(
        r#"select completed_at is not null and service_on = $2 as "over!" from payments.claimant where booking_id = $1"#,
        booking_id.0,
        on.to_sqlx() as jiff_sqlx::Date,
    )
    .fetch_optional(conn)
    .await?;
    Ok(over.unwrap_or(false))
}

/// Keeps why a booking's visit was none after all; the latest counts. Does nothing for what is not bulk billed.
///
/// # Errors
/// When the database fails.
pub async fn set_no_visit(conn: &mut PgConnection, booking_id: BookingId, why: NoVisit) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claimant set no_visit = $2 where booking_id = $1",
        booking_id.0,
        why.code()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Why a booking's visit was none after all; `None` where it took place, or may.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn no_visit(conn: &mut PgConnection, booking_id: BookingId) -> anyhow::Result<Option<NoVisit>> {
    let code = sqlx::query_scalar!(
        r#"select no_visit as "no_visit!" from payments.claimant where booking_id = $1 and no_visit is not null"#,
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    let known = |code: String| NoVisit::from_code(&code).context("why there was no visit is one of ours");
    code.map(known).transpose()
}

/// The next visit of a role that is still to come and whose patient agreed, or is asked, to another provider number, or in words that name
/// no sort of service and so cover no item; locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn next_to_ask_anew(
    conn: &mut PgConnection,
    of: &AskingAnew,
    now: Timestamp,
) -> sqlx::Result<Option<BookingId>> {
    let sorts = SORTS_OF_SERVICE.map(str::to_owned);
    let id = sqlx::query_scalar!(
        "select booking_id from payments.claimant \
         where organization_id = $1 and practitioner_role_id = $2 and booking_id > $5 and ends_at > $4 \
             and completed_at is null and no_visit is null \
             and (exists (select from payments.assignment \
                     where assignment.booking_id = claimant.booking_id \
                         and assignment.status in ('offered', 'delivery_failed', 'assigned') \
                         and (assignment.provider_number <> $3 or (assignment.kind = 'pre' and exists ( \
                             select from unnest(string_to_array(assignment.service_category, $6)) named \
                             where named <> all($7))))) \
                 or exists (select from payments.assignment \
                     where assignment.kind = 'enduring' and assignment.organization_id = $1 \
                         and assignment.provider_number <> $3 and assignment.status in ('assigned', 'relied_on') \
                         and claimant.service_on between assignment.service_from and assignment.service_until \
                         and assignment.patient_id = (select owner.patient_id from payments.booking_owner owner \
                             where owner.booking_id = claimant.booking_id))) \
         order by booking_id limit 1 for update",
        of.organization_id.0,
        of.practitioner_role_id.0,
        of.provider_number,
        now.to_sqlx() as jiff_sqlx::Timestamp,
        of.after.0,
        BETWEEN_SORTS,
        &sorts[..],
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(BookingId::from))
}

/// A patient's latest visits at a practice, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn of_patient(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    patient_id: PatientId,
    at_most: i64,
) -> sqlx::Result<Vec<BookingId>> {
    let ids = sqlx::query_scalar!(
        "select claimant.booking_id from payments.claimant \
         join payments.booking_owner owner on owner.booking_id = claimant.booking_id \
         where claimant.organization_id = $1 and owner.patient_id = $2 \
         order by claimant.service_on desc, claimant.booking_id desc limit $3",
        organization_id.0,
        patient_id.0,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(BookingId::from).collect())
}

/// A patient's visits to come at a practice of which they were never asked, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn never_asked(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    patient_id: PatientId,
    now: Timestamp,
) -> sqlx::Result<Vec<BookingId>> {
    let ids = sqlx::query_scalar!(
        "select booking_id from payments.claimant \
         where organization_id = $1 and ends_at > $3 and completed_at is null and no_visit is null \
             and exists (select from payments.booking_owner owner \
                 where owner.booking_id = claimant.booking_id and owner.patient_id = $2) \
             and not exists (select from payments.assignment \
                 where assignment.booking_id = claimant.booking_id) \
         order by booking_id for update",
        organization_id.0,
        patient_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(BookingId::from).collect())
}

/// Writes a booking's claimant.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut PgConnection, row: &Row, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.claimant (booking_id, organization_id, practitioner_role_id, appointment_type_id, \
         professional_name, practice_name, service_name, service_on, ends_at, key_id, identity, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12) \
         on conflict on constraint claimant_pkey do update set organization_id = excluded.organization_id, \
         practitioner_role_id = excluded.practitioner_role_id, appointment_type_id = excluded.appointment_type_id, \
         professional_name = excluded.professional_name, practice_name = excluded.practice_name, \
         service_name = excluded.service_name, service_on = excluded.service_on, ends_at = excluded.ends_at, \
         key_id = excluded.key_id, identity = excluded.identity, updated_at = excluded.updated_at",
        row.booking_id.0,
        row.organization_id.0,
        row.practitioner_role_id.0,
        row.appointment_type_id.map(|id| id.0),
        row.professional_name,
        row.practice_name,
        row.service_name,
        row.service_on.to_sqlx() as jiff_sqlx::Date,
        row.ends_at.to_sqlx() as jiff_sqlx::Timestamp,
        row.key_id,
        row.identity,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Some bookings whose claimants one of these keys sealed, locked until the transaction ends; those that somebody else has are
/// passed over.
///
/// # Errors
/// When the database fails.
pub async fn claim_sealed_by(
    conn: &mut PgConnection,
    key_ids: &[String],
    at_most: i64,
) -> sqlx::Result<Vec<(BookingId, String, Vec<u8>)>> {
    let rows = sqlx::query!(
        "select booking_id, key_id, identity from payments.claimant where key_id = any($1) order by booking_id limit $2 \
         for update skip locked",
        key_ids,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.booking_id.into(), row.key_id, row.identity)).collect())
}

/// Replaces what is sealed by the same, sealed with another key. Its date stays.
///
/// # Errors
/// When the database fails.
pub async fn reseal(
    conn: &mut PgConnection,
    booking_id: BookingId,
    key_id: &str,
    identity: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.claimant set key_id = $2, identity = $3 where booking_id = $1",
        booking_id.0,
        key_id,
        identity,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a key that sealed some row and is none of these.
///
/// # Errors
/// When the database fails.
pub async fn find_other_key(conn: &mut PgConnection, known: &[String]) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select key_id from payments.claimant where not key_id = any($1) order by key_id limit 1",
        known
    )
    .fetch_optional(conn)
    .await
}
