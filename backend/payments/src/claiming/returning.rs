//! What Medicare paid for a visit that was none has gone back: the claim pays nothing any more, and the ledger says so to the cent.

use anyhow::Result;
use jiff::civil::Date;
use kernel::Core;
use shared_types::{
    AudCents,
    payments::{
        claim::{ClaimStatus, ReturnWay},
        practice::PostingCause,
    },
    personal::Personal,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::take;
use crate::{
    domain::{
        claim::{Claim, StepBy},
        ledger::{Account, Posting},
    },
    store::{
        benefit_return::{self, NewReturn},
        claim, claimant, ledger,
    },
};

/// What a practice says of a benefit that went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WentBack {
    /// How.
    pub way: ReturnWay,
    /// On which day.
    pub returned_on: Date,
    /// Why.
    pub reason: Personal<String>,
}

/// Why that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotReturn {
    /// Medicare has paid nothing for the claim, or nothing that is still there.
    NotPaid,
    /// The visit took place, or may.
    TookPlace,
}

/// Books that the benefit of a claim went back, all of it, as if Medicare had never assessed and paid it. It is booked at the moment in
/// which it is said, since what a month came to is not changed afterwards; the day stands beside it.
///
/// # Errors
/// A [`StoreError`](crate::store::claim::StoreError) when somebody was quicker; else when the database fails.
pub async fn give_back(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    went_back: &WentBack,
) -> Result<Result<Claim, CannotReturn>> {
    if !is_paid(before) {
        return Ok(Err(CannotReturn::NotPaid));
    }
    if claimant::no_visit(conn, before.booking_id).await?.is_none() {
        return Ok(Err(CannotReturn::TookPlace));
    }
    let now = core.now();
    let (practice, amount_cents) = (before.organization_id, before.paid_cents);
    let benefit_return_id: Uuid = core.id();
    let mut posting = Posting::new(PostingCause::ClaimAdjusted, benefit_return_id, now)
        .line(Account::medicare_benefits(practice), amount_cents)
        .line(Account::medicare_paid(practice), AudCents(-amount_cents.0));
    (posting.organization_id, posting.booking_id) = (Some(practice), Some(before.booking_id));
    let posting_id = ledger::post(conn, core, &posting).await?.posting_id;
    let after = Claim {
        benefit_cents: AudCents::ZERO,
        paid_cents: AudCents::ZERO,
        due_at: None,
        ..before.step(ClaimStatus::Adjusted, now)?
    };
    take(conn, core, before, &after, StepBy::Practice, Some(posting_id.0)).await?;
    // Should it come out that the visit took place, it can be claimed again.
    claim::reject_services(conn, before.claim_id).await?;
    let new = NewReturn {
        benefit_return_id,
        claim_id: before.claim_id,
        booking_id: before.booking_id,
        way: went_back.way,
        returned_on: went_back.returned_on,
        reason: went_back.reason.clone(),
        amount_cents,
        posting_id,
    };
    benefit_return::insert(conn, &new, now).await?;
    Ok(Ok(after))
}

/// Whether Medicare has paid a claim and the ledger has it.
pub(super) fn is_paid(claim: &Claim) -> bool {
    match claim.status {
        ClaimStatus::Reconciled => claim.paid_cents > AudCents::ZERO,
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::PaymentReported
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn
        | ClaimStatus::Adjusted => false,
    }
}
