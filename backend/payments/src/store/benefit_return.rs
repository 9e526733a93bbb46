//! Table `payments.benefit_return`: what Medicare paid for visits that were none, and that went back.

use std::collections::HashMap;

use anyhow::Context as _;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AudCents, BookingId, ClaimId, PatientId, PostingId,
    payments::claim::{BenefitReturned, ReturnWay},
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A benefit that went back, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReturn {
    /// Which; also what it is booked for.
    pub benefit_return_id: Uuid,
    /// Of which claim.
    pub claim_id: ClaimId,
    /// For which booking.
    pub booking_id: BookingId,
    /// How.
    pub way: ReturnWay,
    /// On which day.
    pub returned_on: Date,
    /// Why.
    pub reason: Personal<String>,
    /// How much.
    pub amount_cents: AudCents,
    /// What it is in the ledger.
    pub posting_id: PostingId,
}

/// Writes that a benefit went back.
///
/// # Errors
/// When that of the claim did before, or the database fails.
pub async fn insert(conn: &mut PgConnection, new: &NewReturn, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.benefit_return (benefit_return_id, claim_id, booking_id, way, returned_on, reason, \
         amount_cents, posting_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.benefit_return_id,
        new.claim_id.0,
        new.booking_id.0,
        new.way.code(),
        new.returned_on.to_sqlx() as jiff_sqlx::Date,
        new.reason.expose(),
        new.amount_cents.0,
        new.posting_id.0,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of some claims. Claims whose benefit did not go back are left out.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_claims(
    conn: &mut PgConnection,
    claims: &[ClaimId],
) -> anyhow::Result<HashMap<ClaimId, BenefitReturned>> {
    let claims: Vec<_> = claims.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select claim_id, way, returned_on, reason, amount_cents from payments.benefit_return where claim_id = any($1)",
        &claims,
    )
    .fetch_all(conn)
    .await?;
    let returned = rows.into_iter().map(|row| {
        let returned = BenefitReturned {
            way: ReturnWay::from_code(&row.way).context("how a benefit went back is one of ours")?,
            returned_on: row.returned_on.to_jiff(),
            amount_cents: AudCents(row.amount_cents),
            reason: row.reason.map(Personal::new),
        };
        Ok((row.claim_id.into(), returned))
    });
    returned.collect()
}

/// What Medicare took back of a claim for a visit that was none, and what booked it, if it did.
///
/// # Errors
/// When the database fails.
pub async fn taken_by_medicare(
    conn: &mut PgConnection,
    claim_id: ClaimId,
) -> sqlx::Result<Option<(PostingId, AudCents)>> {
    let row = sqlx::query!(
        "select posting_id, amount_cents from payments.benefit_return where claim_id = $1 and way = $2",
        claim_id.0,
        ReturnWay::TakenByMedicare.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (PostingId(row.posting_id), AudCents(row.amount_cents))))
}

/// Forgets why the benefits of patients went back: a practice's words may be about the patient. That they did stays.
///
/// # Errors
/// When the table cannot be changed.
pub async fn forget_reasons(conn: &mut PgConnection, patients: &[PatientId]) -> sqlx::Result<()> {
    let patients: Vec<_> = patients.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update payments.benefit_return set reason = null from payments.claim \
         where claim.claim_id = benefit_return.claim_id and claim.patient_id = any($1)",
        &patients,
    )
    .execute(conn)
    .await?;
    Ok(())
}
