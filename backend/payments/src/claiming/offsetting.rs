//! Medicare took back, out of a later run, what it had paid for a claim, or some of it: the claim is paid that much less, the ledger says
//! so to the cent, and the run adds up again.
//!
//! Staff say which claim it was. Public material gives no form for it: a payment report has the run, its deposit and the benefits of the
//! claims in it, and no public client knows of a benefit below zero or of a sort of report that speaks of an earlier claim (fields of
//! `BBSPaymentReportResponseType` in a generated public client, read on 2026-11-28). All that a report shows of an offset is a deposit
//! lower than the claims of its run, which is kept as it was told and shown.

use anyhow::Result;
use kernel::Core;
use shared_types::{
    AudCents, MedicarePaymentId, PostingId,
    payments::{
        claim::{ClaimInRun, ClaimStatus, RunPartKind},
        practice::PostingCause,
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{returning::is_paid, take};
use crate::{
    domain::{
        claim::{Claim, StepBy},
        ledger::{Account, Posting},
    },
    store::{
        benefit_return, claim, ledger, medicare_payment,
        medicare_payment_part::{self, NewPart},
    },
};

/// Why that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotOffset {
    /// The practice has no such run.
    NoRun,
    /// The run is no later than the one that paid the claim.
    NotLater,
    /// It is said already of the claim and this run.
    SaidBefore,
    /// Nothing is paid for the claim that could be taken back.
    NotPaid,
    /// More than is paid, or another amount than was said to have gone back: this much can be.
    OtherAmount(AudCents),
}

/// Books that Medicare took this much of a claim back out of a run. Where staff said before that Medicare took the benefit of a visit
/// that was none, that is in the ledger already, and is found in the run alone.
///
/// # Errors
/// A [`StoreError`](crate::store::claim::StoreError) when somebody was quicker; else when the database fails.
pub async fn offset(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    medicare_payment_id: MedicarePaymentId,
    amount_cents: AudCents,
) -> Result<Result<(), CannotOffset>> {
    let Some(run) = medicare_payment::find(conn, before.organization_id, medicare_payment_id).await? else {
        return Ok(Err(CannotOffset::NoRun));
    };
    let mut runs = medicare_payment_part::of_claims(conn, &[before.claim_id]).await?;
    let runs = runs.remove(&before.claim_id).unwrap_or_default();
    let is_same = |known: &ClaimInRun| known.medicare_payment_id == medicare_payment_id;
    if runs.iter().any(|known| known.kind == RunPartKind::Offset && is_same(known)) {
        return Ok(Err(CannotOffset::SaidBefore));
    }
    if runs.iter().any(|known| known.kind == RunPartKind::Paid && known.run_date >= run.run_date) {
        return Ok(Err(CannotOffset::NotLater));
    }
    let medicare_payment_part_id: Uuid = core.id();
    let posting_id = match benefit_return::taken_by_medicare(conn, before.claim_id).await? {
        Some((posting_id, taken_cents)) => {
            if medicare_payment_part::has_booked(conn, before.claim_id, posting_id).await? {
                return Ok(Err(CannotOffset::NotPaid));
            }
            if taken_cents != amount_cents {
                return Ok(Err(CannotOffset::OtherAmount(taken_cents)));
            }
            posting_id
        }
        None if !is_paid(before) => return Ok(Err(CannotOffset::NotPaid)),
        None if amount_cents > before.paid_cents => {
            return Ok(Err(CannotOffset::OtherAmount(before.paid_cents)));
        }
        None => book(conn, core, before, amount_cents, medicare_payment_part_id).await?,
    };
    let part = NewPart {
        medicare_payment_part_id,
        medicare_payment_id,
        claim_id: before.claim_id,
        kind: RunPartKind::Offset,
        amount_cents: AudCents(-amount_cents.0),
        posting_id: Some(posting_id),
    };
    medicare_payment_part::insert(conn, core, &part).await?;
    medicare_payment::match_offset(conn, core, medicare_payment_id, amount_cents).await?;
    Ok(Ok(()))
}

/// The claim as paid that much less, and its posting: at the moment in which it is said, since what a month came to is not changed
/// afterwards.
async fn book(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    amount_cents: AudCents,
    cause_id: Uuid,
) -> Result<PostingId> {
    let (now, practice) = (core.now(), before.organization_id);
    let mut posting = Posting::new(PostingCause::ClaimAdjusted, cause_id, now)
        .line(Account::medicare_benefits(practice), amount_cents)
        .line(Account::medicare_paid(practice), AudCents(-amount_cents.0));
    (posting.organization_id, posting.booking_id) = (Some(practice), Some(before.booking_id));
    let posting_id = ledger::post(conn, core, &posting).await?.posting_id;
    let left = AudCents(before.paid_cents.0 - amount_cents.0);
    let adjusted = Claim {
        benefit_cents: left,
        paid_cents: left,
        due_at: None,
        ..before.step(ClaimStatus::Adjusted, now)?
    };
    take(conn, core, before, &adjusted, StepBy::Practice, Some(posting_id.0)).await?;
    if left > AudCents::ZERO {
        // What is left is paid, to the cent, as before.
        let reconciled = adjusted.step(ClaimStatus::Reconciled, now)?;
        take(conn, core, &adjusted, &reconciled, StepBy::Practice, Some(posting_id.0)).await?;
    } else {
        // Nothing of it is paid: it can be claimed again.
        claim::reject_services(conn, before.claim_id).await?;
    }
    Ok(posting_id)
}
