//! The steps of an assignment, and what is noted beside them.

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{
    AssignmentId,
    bookings::BookingClaim,
    payments::{
        assignment::{AssignmentDocument, AssignmentStatus, VerbalReason},
        rules,
    },
    users::LeaveEnded,
};
use sqlx::{PgConnection, types::Json};

use super::{Agreement, Row, find, hash_of, note};
use crate::domain::assignment::StepBy;

/// Notes that a claim is lodged on an assignment, in the transaction that lodges it. An enduring one is relied on again and again, and for
/// visits that were over before it was taken back, after that too.
///
/// # Errors
/// When the database fails, or it is not one that was agreed to.
pub async fn rely_on(conn: &mut PgConnection, core: &Core, id: AssignmentId) -> Result<()> {
    let row = find(conn, id).await?.context("a claim rests on an assignment that is there")?;
    match row.assignment.status {
        AssignmentStatus::ReliedOn => Ok(()),
        AssignmentStatus::Assigned => {
            step(conn, core, row, AssignmentStatus::ReliedOn, StepBy::System).await?;
            Ok(())
        }
        AssignmentStatus::Withdrawn if row.assignment.booking_id.is_none() => Ok(()),
        AssignmentStatus::Offered
        | AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Withdrawn
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void => bail!("no claim can rest on assignment {id}"),
    }
}

/// Takes a step that changes nothing but where it stands.
///
/// # Errors
/// When the database fails, the step is not in the table of steps, or the row has changed meanwhile.
pub async fn step(
    conn: &mut PgConnection,
    core: &Core,
    row: Row,
    to: AssignmentStatus,
    by: StepBy,
) -> Result<Row> {
    let (from, now) = (row.assignment.status, core.now());
    if !from.next().contains(&to) {
        bail!("an assignment that is {} does not become {}", from.code(), to.code());
    }
    let mut row = row;
    row.assignment.status = to;
    row.assignment.version += 1;
    row.assignment.withdrawn_at = (to == AssignmentStatus::Withdrawn).then_some(now);
    let done = sqlx::query!(
        "update payments.assignment set status = $2, version = $3, withdrawn_at = $4, updated_at = $5 \
         where assignment_id = $1 and version = $3 - 1",
        row.assignment.assignment_id.0,
        to.code(),
        row.assignment.version,
        row.assignment.withdrawn_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        bail!("assignment {} has changed meanwhile", row.assignment.assignment_id);
    }
    note(conn, &row, Some(from), by, now).await?;
    Ok(row)
}

/// Takes the step to `assigned`, with what was agreed to and how.
///
/// # Errors
/// As [`step`], or when the database refuses the agreement.
pub async fn assign(
    conn: &mut PgConnection,
    core: &Core,
    row: Row,
    agreement: &Agreement,
    by: StepBy,
) -> Result<Row> {
    let (from, now) = (row.assignment.status, core.now());
    if !from.next().contains(&AssignmentStatus::Assigned) {
        bail!("an assignment that is {} cannot be agreed to", from.code());
    }
    let last = row.assignment.expires_on.map_or(agreement.on, |last| last.max(agreement.on));
    let mut row = row;
    row.assignment.status = AssignmentStatus::Assigned;
    row.assignment.version += 1;
    row.assignment.method = agreement.method;
    row.assignment.assigned_at = Some(now);
    let text = agreement.document.to_text();
    row.assignment.document_sha256 = hash_of(&text);
    row.assignment.document = agreement.document.clone();
    let done = sqlx::query!(
        "update payments.assignment set status = 'assigned', version = $2, method = $3, verbal_reason = $4, relation = $5, \
         document = $6, document_text = $7, document_sha256 = decode($8, 'hex'), evidence = $9, device = $10, \
         recorded_by = $11, assigned_at = $12, assigned_on = $13, keep_until = $14, updated_at = $12 \
         where assignment_id = $1 and version = $2 - 1",
        row.assignment.assignment_id.0,
        row.assignment.version,
        agreement.method.code(),
        agreement.verbal_reason.map(VerbalReason::code),
        agreement.document.relation.code(),
        Json(&agreement.document) as Json<&AssignmentDocument>,
        text,
        row.assignment.document_sha256,
        agreement.evidence.code(),
        agreement.device,
        agreement.recorded_by.map(|id| id.0),
        now.to_sqlx() as jiff_sqlx::Timestamp,
        agreement.on.to_sqlx() as jiff_sqlx::Date,
        rules::assignment_kept_until(last).to_sqlx() as jiff_sqlx::Date,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        bail!("assignment {} has changed meanwhile", row.assignment.assignment_id);
    }
    note(conn, &row, Some(from), by, now).await?;
    Ok(row)
}

/// Says which one took the place of another.
///
/// # Errors
/// When the database fails.
pub async fn point_to(conn: &mut PgConnection, old: AssignmentId, new: AssignmentId) -> sqlx::Result<()> {
    sqlx::query!("update payments.assignment set superseded_by = $2 where assignment_id = $1", old.0, new.0,)
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves the time to answer with the visit.
///
/// # Errors
/// When the database fails.
pub async fn set_answer_by(conn: &mut PgConnection, id: AssignmentId, until: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set answer_by = $2 \
         where assignment_id = $1 and status in ('offered', 'delivery_failed')",
        id.0,
        until.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Has the letters that an account was sent about a patient open nothing any more. What they ask is the patient's own account's, where
/// there is one.
///
/// # Errors
/// When the database fails.
pub async fn end_letters(conn: &mut PgConnection, ended: &LeaveEnded) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set token_hash = null, account_id = $3 where account_id = $1 and patient_id = $2",
        ended.account_id.0,
        ended.patient_id.0,
        ended.own.as_ref().map(|own| own.account_id.0),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps whose a booking's assignments are that were nobody's: a guest's, who has an account since.
///
/// # Errors
/// When the database fails.
pub async fn keep_owner(conn: &mut PgConnection, claim: &BookingClaim) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set account_id = $2, patient_id = $3 \
         where booking_id = $1 and account_id is null and patient_id is null",
        claim.booking_id.0,
        claim.account_id.0,
        claim.patient_id.0,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the three points were right just now, or that they were wrong once more.
///
/// # Errors
/// When the database fails.
pub async fn note_proof(
    conn: &mut PgConnection,
    id: AssignmentId,
    proved_at: Option<Timestamp>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.assignment set proved_at = coalesce($2, proved_at), \
         wrong_proofs = wrong_proofs + case when $2::timestamptz is null then 1 else 0 end where assignment_id = $1",
        id.0,
        proved_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(())
}
