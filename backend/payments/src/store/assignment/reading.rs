//! Which assignments there are, and what can rest on them.

use anyhow::{Context as _, Result};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AccountId, AssignmentId, BookingId, OrganizationId, PatientId,
    payments::assignment::{AssignmentDocument, AssignmentKind, AssignmentStatus},
};
use sqlx::{PgConnection, types::Json};

use super::{Columns, Row};
use crate::domain::assignment::StepBy;

/// What an assignment that was agreed to is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// Which.
    pub assignment_id: AssignmentId,
    /// When it was made, and for how much.
    pub kind: AssignmentKind,
    /// The sorts of service, before the visit.
    pub service_category: Option<String>,
    /// The items, after it.
    pub item_numbers: Vec<String>,
}

/// Whose letter has this secret.
///
/// # Errors
/// When the database fails.
pub async fn by_token(conn: &mut PgConnection, hash: &[u8; 32]) -> sqlx::Result<Option<AssignmentId>> {
    let id = sqlx::query_scalar!(
        "select assignment_id from payments.assignment where token_hash = $1",
        hash.as_slice(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map(AssignmentId::from))
}

/// Whether this is the hash of an assignment's letter.
///
/// # Errors
/// When the database fails.
pub async fn has_token(conn: &mut PgConnection, id: AssignmentId, hash: &[u8; 32]) -> sqlx::Result<bool> {
    Ok(by_token(conn, hash).await? == Some(id))
}

/// The assignments of a booking and the enduring ones of its patient at its practice, the latest first.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_booking(conn: &mut PgConnection, booking_id: BookingId) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment
           where booking_id = $1 or (kind = 'enduring'
               and patient_id = (select owner.patient_id from payments.booking_owner owner where owner.booking_id = $1)
               and organization_id = (select claimant.organization_id from payments.claimant where claimant.booking_id = $1))
           order by offered_at desc, assignment_id desc"#,
        booking_id.0,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// The enduring assignments of some patients, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn enduring_of(
    conn: &mut PgConnection,
    patients: &[PatientId],
    after: Option<AssignmentId>,
    at_most: i64,
) -> Result<Vec<Row>> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment
           where kind = 'enduring' and patient_id = any($1)
               and ($2::uuid is null or (offered_at, assignment_id) < (
                   select earlier.offered_at, earlier.assignment_id from payments.assignment earlier
                   where earlier.assignment_id = $2 and earlier.kind = 'enduring' and earlier.patient_id = any($1)))
           order by offered_at desc, assignment_id desc limit $3"#,
        &patients,
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// A practice's assignments in a state, or all of them, the latest first; after one, those before it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_practice(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    status: Option<AssignmentStatus>,
    after: Option<AssignmentId>,
    at_most: i64,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Columns,
        r#"select assignment_id as "assignment_id: AssignmentId", booking_id as "booking_id: BookingId",
               patient_id as "patient_id: PatientId", account_id as "account_id: AccountId",
               organization_id as "organization_id: OrganizationId", status, kind, method,
               document as "document: Json<AssignmentDocument>", encode(document_sha256, 'hex') as "document_sha256!",
               wrong_proofs, proved_at, offered_at, answer_by, assigned_at, expires_on, withdrawn_at,
               superseded_by as "superseded_by: AssignmentId", version
           from payments.assignment
           where organization_id = $1 and ($2::text is null or status = $2)
               and ($3::uuid is null or (offered_at, assignment_id) < (
                   select earlier.offered_at, earlier.assignment_id from payments.assignment earlier
                   where earlier.assignment_id = $3 and earlier.organization_id = $1))
           order by offered_at desc, assignment_id desc limit $4"#,
        organization_id.0,
        status.map(AssignmentStatus::code),
        after.map(|id| id.0),
        at_most,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Columns::read).collect()
}

/// Some that nobody answered in time, locked until the transaction ends; those that somebody else has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn unanswered(
    conn: &mut PgConnection,
    now: Timestamp,
    at_most: i64,
) -> sqlx::Result<Vec<AssignmentId>> {
    let ids = sqlx::query_scalar!(
        "select assignment_id from payments.assignment \
         where status in ('offered', 'delivery_failed') and answer_by < $1 order by answer_by limit $2 \
         for update skip locked",
        now.to_sqlx() as jiff_sqlx::Timestamp,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(AssignmentId::from).collect())
}

/// Those that were agreed to for a booking's day, to a provider number: the booking's own first, then enduring ones of its patient at its
/// practice, or on which a claim of the booking rests already, whoever is known to be its patient since. An enduring one is for no day before
/// it was made, and ends for what is still to come once it is taken back: visits that were over by then are covered. What each is for, the
/// caller compares.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn agreed_for(
    conn: &mut PgConnection,
    booking_id: BookingId,
    on: Date,
    provider_number: &str,
) -> Result<Vec<Agreed>> {
    let rows = sqlx::query!(
        "select assignment.assignment_id, assignment.kind, assignment.service_category, assignment.item_numbers \
         from payments.assignment \
         where assignment.provider_number = $3 \
             and $2::date between assignment.service_from and assignment.service_until \
             and ((assignment.booking_id = $1 and assignment.status in ('assigned', 'relied_on')) \
                 or (assignment.kind = 'enduring' \
                     and (assignment.patient_id = ( \
                             select owner.patient_id from payments.booking_owner owner where owner.booking_id = $1) \
                         or exists (select from payments.claim \
                             where claim.booking_id = $1 and claim.assignment_id = assignment.assignment_id)) \
                     and assignment.organization_id = ( \
                         select claimant.organization_id from payments.claimant where claimant.booking_id = $1) \
                     and $2::date >= assignment.assigned_on \
                     and (assignment.status in ('assigned', 'relied_on') \
                         or (assignment.status = 'withdrawn' and assignment.withdrawn_at >= ( \
                             select claimant.ends_at from payments.claimant where claimant.booking_id = $1))))) \
         order by assignment.booking_id nulls last, assignment.withdrawn_at nulls first, assignment.assignment_id",
        booking_id.0,
        on.to_sqlx() as jiff_sqlx::Date,
        provider_number,
    )
    .fetch_all(conn)
    .await?;
    let agreed = rows.into_iter().map(|row| {
        Ok(Agreed {
            assignment_id: row.assignment_id.into(),
            kind: AssignmentKind::from_code(&row.kind).context("an assignment's kind is one of ours")?,
            service_category: row.service_category,
            item_numbers: row.item_numbers,
        })
    });
    agreed.collect()
}

/// Whether staff asked for an assignment, so that what it is for are their words.
///
/// # Errors
/// When the database fails.
pub async fn is_asked_by_staff(conn: &mut PgConnection, id: AssignmentId) -> sqlx::Result<bool> {
    let by = sqlx::query_scalar!(
        "select taken_by from payments.assignment_transition where assignment_id = $1 and from_status is null",
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(by.as_deref() == Some(StepBy::Practice.code()))
}
