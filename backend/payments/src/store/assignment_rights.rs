//! What a person may ask of their assignments of benefit, and how long these are kept: two years from the day on which they were made,
//! whatever becomes of the booking. What nobody agreed to is no record of anything, and goes with the person or after two years. Details
//! that a claim needs stay while it can be lodged or is not over, though the person is erased: the practice gave the service, and what
//! Medicare pays for it is a record of money.

use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use kernel::export::{Whose, part};
use shared_types::{AccountId, PatientId, export::ExportPart, payments::rules::ONE_YEAR_FROM};
use sqlx::PgConnection;

/// What was there of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Gone {
    /// Assignments that were deleted, since nobody had agreed to them.
    pub assignments: u64,
    /// Sealed details for claims that will not be made.
    pub claimants: u64,
    /// The last change of any of those details that stay.
    pub last_claimant: Option<Timestamp>,
    /// Until when those are kept that somebody agreed to.
    pub kept_until: Option<Date>,
}

/// The parts of an export.
///
/// # Errors
/// When a table cannot be read.
pub async fn parts(conn: &mut PgConnection, whose: &Whose) -> sqlx::Result<Vec<ExportPart>> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let assignments = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select assignment_id, booking_id, organization_id, status, kind, method, ground, verbal_reason, relation, document,
                   encode(document_sha256, 'hex') as document_sha256, evidence, device, offered_at, answer_by, assigned_at,
                   expires_on, withdrawn_at, superseded_by, keep_until, updated_at
               from payments.assignment
               where patient_id = $2 or (patient_id is null and account_id = $1)
               order by offered_at) held"#,
        account,
        patient,
    )
    .fetch_all(&mut *conn)
    .await?;
    let claimants = sqlx::query_scalar!(
        r#"select to_jsonb(held) as "row!" from (
               select booking_id, organization_id, professional_name, practice_name, service_name, service_on, created_at,
                   updated_at
               from payments.claimant join payments.booking_owner owner using (booking_id)
               where owner.patient_id = $2 or (owner.patient_id is null and owner.account_id = $1)
               order by created_at) held"#,
        account,
        patient,
    )
    .fetch_all(conn)
    .await?;
    let two_years = "Agreements: two years from the day on which they were made.";
    let sealed = "For claims, encrypted: name, day of birth, the last digits of the mobile, the Medicare card. Seven years.";
    Ok(vec![
        part("assignment", "Your bulk-bill agreements", two_years, assignments),
        part("claimant", "Bulk-billed visits for which your details are kept", sealed, claimants),
    ])
}

/// Deletes what nobody agreed to and what no claim needs, on this day, and cuts the tie of the rest.
///
/// # Errors
/// When a table cannot be changed.
pub async fn erase(
    conn: &mut PgConnection,
    account_id: AccountId,
    patients: &[PatientId],
    today: Date,
) -> sqlx::Result<Gone> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    // Before the ties are cut: they say which bookings these are.
    let claimants = sqlx::query!(
        "delete from payments.claimant using payments.booking_owner owner \
         where owner.booking_id = claimant.booking_id \
             and (owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)) \
             and not exists (select from payments.assignment \
                 where assignment.booking_id = claimant.booking_id and assignment.assigned_at is not null) \
             and (claimant.completed_at is null or (claimant.service_on \
                 + case when claimant.service_on >= $4 then interval '1 year' else interval '2 years' end)::date < $3) \
             and not exists (select from payments.claim \
                 where claim.booking_id = claimant.booking_id and claim.status in ('sending', 'gateway_error', 'submitted', \
                     'processing', 'assessed_manual', 'assessed_paid', 'assessed_part', 'payment_reported'))",
        account_id.0,
        &patients,
        today.to_sqlx() as jiff_sqlx::Date,
        ONE_YEAR_FROM.to_sqlx() as jiff_sqlx::Date,
    )
    .execute(&mut *conn)
    .await?
    .rows_affected();
    let last_claimant = sqlx::query_scalar!(
        "select max(claimant.updated_at) from payments.claimant join payments.booking_owner owner using (booking_id) \
         where owner.patient_id = any($2) or (owner.patient_id is null and owner.account_id = $1)",
        account_id.0,
        &patients,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "update payments.assignment set superseded_by = null where superseded_by in ( \
             select assignment_id from payments.assignment where assigned_at is null \
                 and (patient_id = any($2) or (patient_id is null and account_id = $1)))",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?;
    let assignments = sqlx::query!(
        "delete from payments.assignment where assigned_at is null \
             and (patient_id = any($2) or (patient_id is null and account_id = $1))",
        account_id.0,
        &patients,
    )
    .execute(&mut *conn)
    .await?
    .rows_affected();
    let kept = sqlx::query_scalar!(
        "update payments.assignment set patient_id = null, account_id = null, token_hash = null \
         where patient_id = any($2) or (patient_id is null and account_id = $1) returning keep_until",
        account_id.0,
        &patients,
    )
    .fetch_all(&mut *conn)
    .await?;
    // What they were asked for others stays those others'.
    sqlx::query!("update payments.assignment set account_id = null where account_id = $1", account_id.0)
        .execute(conn)
        .await?;
    let kept_until = kept.into_iter().flatten().map(jiff_sqlx::Date::to_jiff).max();
    let last_claimant = last_claimant.map(jiff_sqlx::Timestamp::to_jiff);
    Ok(Gone { assignments, claimants, last_claimant, kept_until })
}

/// Destroys a batch of those whose two years are over; none on which another points. Says when each was last changed.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_assignments(
    conn: &mut PgConnection,
    today: Date,
    unanswered_before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select assignment_id from payments.assignment \
             where (keep_until < $1 or (keep_until is null and updated_at < $2)) \
                 and not exists (select from payments.assignment earlier \
                     where earlier.superseded_by = assignment.assignment_id) \
                 and not exists (select from payments.claim where claim.assignment_id = assignment.assignment_id) \
             order by assignment_id limit $3 for update skip locked \
         ) \
         delete from payments.assignment using old where assignment.assignment_id = old.assignment_id \
         returning assignment.updated_at",
        today.to_sqlx() as jiff_sqlx::Date,
        unanswered_before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}

/// Destroys a batch of sealed details that nobody touched since then. Says when each was last changed.
///
/// # Errors
/// When a table cannot be changed.
pub async fn destroy_claimants(
    conn: &mut PgConnection,
    before: Timestamp,
    batch: i64,
) -> sqlx::Result<Vec<Timestamp>> {
    let gone = sqlx::query_scalar!(
        "with old as materialized ( \
             select booking_id from payments.claimant where updated_at < $1 order by updated_at limit $2 \
             for update skip locked \
         ) \
         delete from payments.claimant using old where claimant.booking_id = old.booking_id \
         returning claimant.updated_at",
        before.to_sqlx() as jiff_sqlx::Timestamp,
        batch,
    )
    .fetch_all(conn)
    .await?;
    Ok(gone.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect())
}
