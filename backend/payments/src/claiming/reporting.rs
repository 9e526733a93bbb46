//! Asks Medicare what came of claims, and books what it says: the benefit once a claim is assessed, the payment once a run has it.

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use kernel::Core;
use shared_types::{
    AudCents, ClaimId,
    payments::{
        claim::{ClaimStatus, RunPartKind},
        practice::PostingCause,
    },
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{asking, refused, take};
use crate::{
    domain::{
        claim::{Assessment, Claim, PaymentRun, Report, StepBy},
        ledger::{Account, Posting},
    },
    gateways::medicare::{MedicareError, MedicareGateway, Received},
    store::{
        claim::{self, StoreError},
        claim_report::{self, Kind},
        ledger, medicare_payment,
        medicare_payment_part::{self, NewPart},
        role_setup,
    },
};

/// How long a question may take before another worker asks.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long until the next question, where the answer is not there yet or nobody answered.
const AGAIN: SignedDuration = SignedDuration::from_hours(6);
/// How long after its last step a claim is asked about of which Medicare finds no report: what it has, it finds within days.
const FOUND_WITHIN: SignedDuration = SignedDuration::from_hours(28 * 24);
/// How long until the first question about a payment.
const FIRST_PAYMENT: SignedDuration = SignedDuration::from_hours(12);

/// What is asked about a claim that stands somewhere; nothing where all is known.
fn question(status: ClaimStatus) -> Option<Kind> {
    match status {
        ClaimStatus::Submitted | ClaimStatus::Processing | ClaimStatus::AssessedManual => {
            Some(Kind::Processing)
        }
        ClaimStatus::AssessedPaid | ClaimStatus::AssessedPart => Some(Kind::Payment),
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::AssessedRejected
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn
        | ClaimStatus::Adjusted => None,
    }
}

/// Whether something about a claim is not known yet that a report would say.
pub fn awaits_report(claim: &Claim) -> bool {
    question(claim.status).is_some()
}

/// Whether nobody asks any more, though it is not known: somebody has to find out.
pub fn has_stopped(claim: &Claim) -> bool {
    awaits_report(claim) && claim.due_at.is_none()
}

/// Asks about the next claim that is due. Says how many there were: none or one. One of which what was said cannot be booked waits its
/// turn like one of which nothing was said, and stops none of the others.
///
/// # Errors
/// When the database fails.
pub async fn ask_next(core: &Core, medicare: &dyn MedicareGateway) -> Result<u64> {
    let mut tx = core.begin().await?;
    let Some(claim_id) = claim::take_due(&mut tx, core.now(), LEASE).await? else { return Ok(0) };
    // Committed first: one that this build cannot read is in nobody's way.
    core.commit(tx).await?;
    if let Err(error) = ask(core, medicare, claim_id).await {
        tracing::error!(
            claim.id = %claim_id,
            error = format!("{error:#}"),
            "what came of a claim was not booked"
        );
        // What another claim names by now is for staff to see: asking again changes nothing of it.
        let may_come = !matches!(refused(&error), Some(StoreError::AlreadyClaimed));
        let mut tx = core.begin().await?;
        claim::ask_again(&mut tx, claim_id, may_come.then(|| core.now() + AGAIN)).await?;
        core.commit(tx).await?;
    }
    Ok(1)
}

async fn ask(core: &Core, medicare: &dyn MedicareGateway, claim_id: ClaimId) -> Result<()> {
    let mut tx = core.begin().await?;
    let claim = claim::lock(&mut tx, claim_id).await?.context("a claim that is due is there")?;
    let (location_id, _) = role_setup::location(&mut tx, claim.organization_id).await?;
    let asked = (question(claim.status), location_id, claim.medicare_claim_id.clone());
    let (Some(kind), Some(location_id), Some(name)) = asked else {
        claim::ask_again(&mut tx, claim_id, None).await?;
        core.commit(tx).await?;
        return Ok(());
    };
    core.commit(tx).await?;
    // No transaction is open while Medicare is waited for.
    let asking = asking(core, location_id);
    let answer = match kind {
        Kind::Processing => {
            let answer = medicare.processing_report(&asking, &name).await;
            answer.map(|(report, sha256)| (report.map(Said::Assessed), sha256))
        }
        Kind::Payment => {
            let answer = medicare.payment_report(&asking, &name).await;
            answer.map(|(report, sha256)| (report.map(Said::Paid), sha256))
        }
    };
    apply(core, &claim, kind, answer).await
}

/// What a whole report says.
enum Said {
    Assessed(Assessment),
    Paid(PaymentRun),
}

/// Applies an answer to the claim as it was when it was asked about; one that has changed since is asked about again.
async fn apply(
    core: &Core,
    asked: &Claim,
    kind: Kind,
    answer: Result<Received<Said>, MedicareError>,
) -> Result<()> {
    let again = Some(core.now() + AGAIN);
    let mut tx = core.begin().await?;
    let claim = claim::lock(&mut tx, asked.claim_id).await?.context("a claim does not go away")?;
    let is_same = claim.version == asked.version;
    match answer {
        Ok((report, sha256)) if is_same => {
            claim_report::note(&mut tx, core, claim.claim_id, kind, report.code(), &sha256).await?;
            match report {
                Report::Complete(Said::Assessed(report)) => {
                    assessed(&mut tx, core, &claim, &report, StepBy::Medicare).await?;
                }
                Report::Complete(Said::Paid(run)) => {
                    paid(&mut tx, core, &claim, &run, StepBy::Medicare).await?;
                }
                Report::NotReady => not_ready(&mut tx, core, &claim).await?,
                Report::NotFound => {
                    let may_come = core.now() < claim.updated_at + FOUND_WITHIN;
                    claim::ask_again(&mut tx, claim.claim_id, again.filter(|_| may_come)).await?;
                }
                // Nothing more will come by itself: staff see that, and can have it asked once more.
                Report::Expired | Report::NotAvailable => {
                    claim::ask_again(&mut tx, claim.claim_id, None).await?;
                }
            }
        }
        Ok(_) => {}
        Err(error) => {
            tracing::warn!(claim.id = %claim.claim_id, %error, "Medicare did not say what came of a claim");
            claim::ask_again(&mut tx, claim.claim_id, again).await?;
        }
    }
    core.commit(tx).await?;
    Ok(())
}

async fn not_ready(conn: &mut PgConnection, core: &Core, claim: &Claim) -> Result<()> {
    let (now, again) = (core.now(), core.now() + AGAIN);
    if claim.status == ClaimStatus::Submitted {
        let after = Claim { due_at: Some(again), ..claim.step(ClaimStatus::Processing, now)? };
        return take(conn, core, claim, &after, StepBy::Medicare, None).await;
    }
    Ok(claim::ask_again(conn, claim.claim_id, Some(again)).await?)
}

/// A claim is assessed: what Medicare will pay is owed to the practice from now on.
pub(super) async fn assessed(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    report: &Assessment,
    by: StepBy,
) -> Result<()> {
    let now = core.now();
    let services = claim::services(conn, before.claim_id).await?;
    let Some(assessed) = report.apply(&services) else {
        tracing::error!(claim.id = %before.claim_id, "a report speaks of other services than the claim");
        return Ok(claim::ask_again(conn, before.claim_id, None).await?);
    };
    claim::assess_services(conn, &assessed.services).await?;
    if assessed.status == before.status {
        return Ok(claim::ask_again(conn, before.claim_id, Some(now + AGAIN)).await?);
    }
    let is_decided = assessed.status != ClaimStatus::AssessedManual;
    let is_paid = is_decided && assessed.benefit_cents > AudCents::ZERO;
    let due_at = match (is_decided, is_paid) {
        (false, _) => Some(now + AGAIN),
        (true, true) => Some(now + FIRST_PAYMENT),
        (true, false) => None,
    };
    let after = Claim {
        benefit_cents: if is_decided { assessed.benefit_cents } else { AudCents::ZERO },
        codes: assessed.codes,
        due_at,
        ..before.step(assessed.status, now)?
    };
    let posting_id = if is_paid {
        let (practice, booking) = (before.organization_id, before.booking_id);
        let posting = Posting::claim_assessed(practice, booking, before.claim_id, after.benefit_cents, now);
        Some(ledger::post(conn, core, &posting).await?.posting_id.0)
    } else {
        None
    };
    take(conn, core, before, &after, by, posting_id).await
}

/// A run has paid a claim. What differs from the assessment is adjusted first, so that nothing is owed any more after.
pub(super) async fn paid(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    run: &PaymentRun,
    by: StepBy,
) -> Result<()> {
    let now = core.now();
    let medicare_payment_id = medicare_payment::match_run(conn, core, before.organization_id, run).await?;
    let part = NewPart {
        medicare_payment_part_id: core.id(),
        medicare_payment_id,
        claim_id: before.claim_id,
        kind: RunPartKind::Paid,
        amount_cents: run.paid_cents,
        posting_id: None,
    };
    let reported =
        Claim { paid_cents: run.paid_cents, due_at: None, ..before.step(ClaimStatus::PaymentReported, now)? };
    take(conn, core, before, &reported, by, None).await?;
    let adjusted = adjusted(conn, core, &reported, by).await?;
    if run.paid_cents == AudCents::ZERO {
        // Whatever the assessment had said: it can be claimed again.
        claim::reject_services(conn, before.claim_id).await?;
        return Ok(medicare_payment_part::insert(conn, core, &part).await?);
    }
    let (practice, booking) = (before.organization_id, before.booking_id);
    let posting = Posting::claim_paid(practice, booking, before.claim_id, run.paid_cents, now);
    let posting_id = ledger::post(conn, core, &posting).await?.posting_id;
    medicare_payment_part::insert(conn, core, &NewPart { posting_id: Some(posting_id), ..part }).await?;
    let reconciled = adjusted.step(ClaimStatus::Reconciled, now)?;
    take(conn, core, &adjusted, &reconciled, by, Some(posting_id.0)).await
}

/// The same with what Medicare paid as what it owed; a step of its own where the two differ.
pub(super) async fn adjusted(
    conn: &mut PgConnection,
    core: &Core,
    reported: &Claim,
    by: StepBy,
) -> Result<Claim> {
    let difference = AudCents(reported.paid_cents.0 - reported.benefit_cents.0);
    if difference == AudCents::ZERO {
        return Ok(reported.clone());
    }
    let now = core.now();
    let cause: Uuid = reported.claim_id.0;
    let practice = reported.organization_id;
    let mut posting = Posting::new(PostingCause::ClaimAdjusted, cause, now)
        .line(Account::medicare_due(practice), difference)
        .line(Account::medicare_benefits(practice), AudCents(-difference.0));
    (posting.organization_id, posting.booking_id) = (Some(practice), Some(reported.booking_id));
    let posting_id = ledger::post(conn, core, &posting).await?.posting_id.0;
    let after = Claim { benefit_cents: reported.paid_cents, ..reported.step(ClaimStatus::Adjusted, now)? };
    take(conn, core, reported, &after, by, Some(posting_id)).await?;
    Ok(after)
}
