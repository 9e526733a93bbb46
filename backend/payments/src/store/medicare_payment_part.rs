//! Table `payments.medicare_payment_part`: which claims a run pays, and what was taken back out of it for which claims.

use std::collections::HashMap;

use anyhow::Context as _;
use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{
    AudCents, BookingId, ClaimId, MedicarePaymentId, PatientId, PostingId,
    payments::claim::{ClaimInRun, RunPart, RunPartKind},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// A claim's part of a run, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart {
    /// Which; what an offset is booked for.
    pub medicare_payment_part_id: Uuid,
    /// Of which run.
    pub medicare_payment_id: MedicarePaymentId,
    /// Of which claim.
    pub claim_id: ClaimId,
    /// Whether it is paid or taken back.
    pub kind: RunPartKind,
    /// What it brings to the bank: below zero where it is taken back.
    pub amount_cents: AudCents,
    /// What it is in the ledger; none where it is nothing.
    pub posting_id: Option<PostingId>,
}

/// A claim's part of a run, with what is needed to name it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub medicare_payment_part_id: Uuid,
    /// For which booking.
    pub booking_id: BookingId,
    /// Whose, where they are known.
    pub patient_id: Option<PatientId>,
    /// The part, without the patient's name.
    pub part: RunPart,
}

/// Writes a claim's part of a run.
///
/// # Errors
/// When the run has one of its kind of the claim, or the database fails.
pub async fn insert(conn: &mut PgConnection, core: &Core, new: &NewPart) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.medicare_payment_part (medicare_payment_part_id, medicare_payment_id, claim_id, kind, \
         amount_cents, posting_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)",
        new.medicare_payment_part_id,
        new.medicare_payment_id.0,
        new.claim_id.0,
        new.kind.code(),
        new.amount_cents.0,
        new.posting_id.map(|id| id.0),
        core.now().to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The runs of each of some claims, the earliest first. Claims that are in none are left out.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn of_claims(
    conn: &mut PgConnection,
    claims: &[ClaimId],
) -> anyhow::Result<HashMap<ClaimId, Vec<ClaimInRun>>> {
    let claims: Vec<_> = claims.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select part.claim_id, run.medicare_payment_id, run.run_date, run.run_number, part.kind, part.amount_cents \
         from payments.medicare_payment_part part join payments.medicare_payment run using (medicare_payment_id) \
         where part.claim_id = any($1) order by run.run_date, part.medicare_payment_part_id",
        &claims,
    )
    .fetch_all(conn)
    .await?;
    let mut runs: HashMap<ClaimId, Vec<ClaimInRun>> = HashMap::new();
    for row in rows {
        let run = ClaimInRun {
            medicare_payment_id: row.medicare_payment_id.into(),
            run_date: row.run_date.to_jiff(),
            run_number: row.run_number,
            kind: RunPartKind::from_code(&row.kind).context("a part of a run is of a known kind")?,
            amount_cents: AudCents(row.amount_cents),
        };
        runs.entry(row.claim_id.into()).or_default().push(run);
    }
    Ok(runs)
}

/// Whether what a posting books of a claim was taken back out of a run.
///
/// # Errors
/// When the database fails.
pub async fn has_booked(
    conn: &mut PgConnection,
    claim_id: ClaimId,
    posting_id: PostingId,
) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar!(
        "select medicare_payment_part_id from payments.medicare_payment_part \
         where claim_id = $1 and posting_id = $2 limit 1",
        claim_id.0,
        posting_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// The parts of a run in the order in which they became known; after one, those behind it.
///
/// # Errors
/// When the database fails, or holds what this build does not know.
pub async fn list(
    conn: &mut PgConnection,
    medicare_payment_id: MedicarePaymentId,
    after: Option<Uuid>,
    at_most: i64,
) -> anyhow::Result<Vec<Listed>> {
    let rows = sqlx::query!(
        "select part.medicare_payment_part_id, part.kind, part.amount_cents, claim.claim_id, claim.booking_id, \
         claim.patient_id, claim.medicare_claim_id, claim.service_date, claim.claimed_cents \
         from payments.medicare_payment_part part join payments.claim using (claim_id) \
         where part.medicare_payment_id = $1 and ($2::uuid is null or part.medicare_payment_part_id > $2) \
         order by part.medicare_payment_part_id limit $3",
        medicare_payment_id.0,
        after,
        at_most,
    )
    .fetch_all(conn)
    .await?;
    let parts = rows.into_iter().map(|row| {
        Ok(Listed {
            medicare_payment_part_id: row.medicare_payment_part_id,
            booking_id: row.booking_id.into(),
            patient_id: row.patient_id.map(Into::into),
            part: RunPart {
                claim_id: row.claim_id.into(),
                medicare_claim_id: row.medicare_claim_id,
                patient_name: None,
                service_date: row.service_date.to_jiff(),
                kind: RunPartKind::from_code(&row.kind).context("a part of a run is of a known kind")?,
                claimed_cents: AudCents(row.claimed_cents),
                amount_cents: AudCents(row.amount_cents),
            },
        })
    });
    parts.collect()
}
