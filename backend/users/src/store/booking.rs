//! Table `users.booking`: whose each booking is, as the service that owns them told it.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, BookingId, OrganizationId, PatientId,
    bookings::{AppointmentFact, BookingClaim},
    users::{Claims, DelegationScope},
};
use sqlx::PgConnection;

use super::mailbox::read_epoch;

/// A booking, as far as its notes go.
#[derive(Clone, Copy, Debug)]
pub struct BookingRow {
    /// Which.
    pub booking_id: BookingId,
    /// The practice it was made with.
    pub organization_id: OrganizationId,
    /// The account that made or claimed it.
    pub account_id: Option<AccountId>,
    /// The patient.
    pub patient_id: Option<PatientId>,
    /// The practice's epoch when the booking or its first note came, whichever was first.
    pub minimum_epoch: u32,
}

impl BookingRow {
    /// Whether somebody signed in may read and write its notes: the patient, who acts for them in this, and the account that
    /// made it while it may act for them at all.
    pub fn is_open_to(&self, claims: &Claims) -> bool {
        let made = self.account_id == Some(claims.account_id);
        match self.patient_id {
            None => made,
            Some(patient_id) => {
                let acts = claims.acts_for.iter().any(|one| one.patient_id == patient_id);
                claims.may_act_for(patient_id, DelegationScope::Intake) || (made && acts)
            }
        }
    }
}

/// Keeps what was told of a booking, unless newer news came before. One without a practice is not kept: there is nobody to
/// write to.
///
/// # Errors
/// When the table cannot be changed.
pub async fn keep(conn: &mut PgConnection, fact: &AppointmentFact, version: i64) -> sqlx::Result<()> {
    let Some(organization_id) = fact.role.organization_id else { return Ok(()) };
    sqlx::query!(
        "insert into users.booking as old (booking_id, organization_id, account_id, patient_id, starts_at, status, epoch, \
         version) \
         values ($1, $2, $3, $4, $5, $6, (select max(epoch) from users.mailbox_epoch where organization_id = $2), $7) \
         on conflict on constraint booking_pkey do update \
         set account_id = coalesce(excluded.account_id, old.account_id), \
         patient_id = coalesce(excluded.patient_id, old.patient_id), starts_at = excluded.starts_at, \
         status = excluded.status, version = excluded.version where old.version < excluded.version",
        fact.booking_id.0,
        organization_id.0,
        fact.account_id.map(|account_id| account_id.0),
        fact.patient_id.map(|patient_id| patient_id.0),
        fact.start.to_sqlx() as jiff_sqlx::Timestamp,
        fact.status.code(),
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A guest's booking is a member's from now on.
///
/// # Errors
/// When the table cannot be changed.
pub async fn claim(conn: &mut PgConnection, claim: &BookingClaim) -> sqlx::Result<()> {
    sqlx::query!(
        "update users.booking set account_id = $2, patient_id = $3 \
         where booking_id = $1 and account_id is null and patient_id is null",
        claim.booking_id.0,
        claim.account_id.0,
        claim.patient_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A booking that was told.
///
/// # Errors
/// When a table cannot be read.
pub async fn find(conn: &mut PgConnection, booking_id: BookingId) -> sqlx::Result<Option<BookingRow>> {
    let row = sqlx::query!(
        r#"select booking.organization_id as "organization_id: OrganizationId",
               booking.account_id as "account_id: AccountId", booking.patient_id as "patient_id: PatientId",
               coalesce(least(booking.epoch, thread.epoch), 1) as "minimum_epoch!"
           from users.booking left join users.note_thread thread on thread.booking_id = booking.booking_id
           where booking.booking_id = $1"#,
        booking_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| BookingRow {
        booking_id,
        organization_id: row.organization_id,
        account_id: row.account_id,
        patient_id: row.patient_id,
        minimum_epoch: read_epoch(row.minimum_epoch),
    }))
}

/// An account on the patient's side of a booking.
#[derive(Clone, Copy, Debug)]
pub struct SideRow {
    /// Which.
    pub account_id: AccountId,
    /// Whether it may read the notes now.
    pub reads: bool,
}

/// The accounts on the patient's side: the one that made the booking, the patient's own, and whoever wrote for the patient.
/// Which of them may read now, the tables of patients and delegations say, as [`BookingRow::is_open_to`] says of tokens.
///
/// # Errors
/// When a table cannot be read.
pub async fn patients_side(
    conn: &mut PgConnection,
    booking_id: BookingId,
    now: Timestamp,
) -> sqlx::Result<Vec<SideRow>> {
    sqlx::query_as!(
        SideRow,
        r#"with side as (
               select account_id from users.booking where booking_id = $1 and account_id is not null
               union
               select patient.account_id from users.booking join users.patient using (patient_id)
               where booking.booking_id = $1 and patient.account_id is not null
               union
               select account_id from users.sealed_note where booking_id = $1 and author_side = 'patient'
           )
           select side.account_id as "account_id!: AccountId",
               case when booking.patient_id is null then coalesce(side.account_id = booking.account_id, false)
                   else exists (
                       select from users.patient
                       where patient.patient_id = booking.patient_id and patient.account_id = side.account_id
                   ) or exists (
                       select from users.delegation given
                       where given.patient_id = booking.patient_id and given.account_id = side.account_id
                           and given.ended_at is null and given.expires_at > $2
                           and (side.account_id = booking.account_id or 'intake' = any(given.scopes))
                   )
               end as "reads!"
           from side cross join users.booking where booking.booking_id = $1 order by side.account_id"#,
        booking_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await
}
