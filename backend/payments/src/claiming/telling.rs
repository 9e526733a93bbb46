//! What came of a claim of which no report comes any more, as Services Australia told staff who asked: it is booked as a report would have
//! been, once.

use anyhow::{Context as _, Result};
use kernel::Core;
use shared_types::{
    AudCents,
    payments::claim::{ClaimStatus, Told, ToldPayment},
};
use sqlx::PgConnection;

use super::{
    reporting::{adjusted, assessed, has_stopped, paid},
    take,
};
use crate::{
    domain::claim::{Assessment, Claim, PaymentRun, Service, ServiceAssessment, StepBy},
    store::claim,
};

/// Why that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotTell {
    /// Medicare is asked still, or all is known.
    NotStopped,
    /// Medicare has said before how it assessed the claim, so that it has had it.
    HadIt,
}

/// Books what came of a claim about which nobody asks Medicare any more. `payment` is there where a run paid it, and as long as the claim's
/// services.
///
/// # Errors
/// A [`StoreError`](crate::store::claim::StoreError) when another claim names what is paid after all, or somebody was quicker; else when the
/// database fails.
pub async fn told(
    conn: &mut PgConnection,
    core: &Core,
    before: &Claim,
    (told, payment): (Told, Option<&ToldPayment>),
) -> Result<Result<(), CannotTell>> {
    if !has_stopped(before) {
        return Ok(Err(CannotTell::NotStopped));
    }
    match told {
        Told::NeverReceived if is_assessed(before.status) => return Ok(Err(CannotTell::HadIt)),
        Told::NeverReceived => never_received(conn, core, before).await?,
        Told::NothingPaid => nothing_paid(conn, core, before).await?,
        Told::Paid => {
            let payment = payment.context("what was paid is said with its run")?;
            paid_by(conn, core, before, payment).await?;
        }
    }
    Ok(Ok(()))
}

/// Whether Medicare has said what it makes of a claim that stands here.
fn is_assessed(status: ClaimStatus) -> bool {
    match status {
        ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::Adjusted => true,
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn => false,
    }
}

/// Whether what Medicare owes for a claim that stands here is booked, so that only its payment is not known.
fn owes(status: ClaimStatus) -> bool {
    matches!(status, ClaimStatus::AssessedPaid | ClaimStatus::AssessedPart)
}

async fn never_received(conn: &mut PgConnection, core: &Core, before: &Claim) -> Result<()> {
    let after = before.step(ClaimStatus::Withdrawn, core.now())?;
    take(conn, core, before, &after, StepBy::Practice, None).await?;
    Ok(claim::release_services(conn, before.claim_id).await?)
}

async fn nothing_paid(conn: &mut PgConnection, core: &Core, before: &Claim) -> Result<()> {
    let services = claim::services(conn, before.claim_id).await?;
    let report = assessment(&services, &vec![AudCents::ZERO; services.len()]);
    if !owes(before.status) {
        return assessed(conn, core, before, &report, StepBy::Practice).await;
    }
    assess_anew(conn, &services, &report).await?;
    // What was to be paid is owed no more.
    let unpaid = Claim { paid_cents: AudCents::ZERO, due_at: None, ..before.clone() };
    adjusted(conn, core, &unpaid, StepBy::Practice).await?;
    Ok(())
}

async fn paid_by(conn: &mut PgConnection, core: &Core, before: &Claim, payment: &ToldPayment) -> Result<()> {
    let services = claim::services(conn, before.claim_id).await?;
    let report = assessment(&services, &payment.benefits);
    let run = PaymentRun {
        run_date: payment.run_date,
        run_number: payment.run_number.clone(),
        deposit_cents: payment.deposit_cents,
        masked_account: None,
        paid_cents: AudCents(payment.benefits.iter().map(|cents| cents.0).sum()),
    };
    if owes(before.status) {
        assess_anew(conn, &services, &report).await?;
        return paid(conn, core, before, &run, StepBy::Practice).await;
    }
    assessed(conn, core, before, &report, StepBy::Practice).await?;
    let owed = claim::lock(conn, before.claim_id).await?.context("a claim does not go away")?;
    paid(conn, core, &owed, &run, StepBy::Practice).await
}

/// What a report would say that pays so much for each service.
fn assessment(services: &[Service], benefits: &[AudCents]) -> Assessment {
    let said = services.iter().zip(benefits).enumerate().map(|(at, (service, cents))| ServiceAssessment {
        place: at + 1,
        item_number: service.item_number.clone(),
        benefit_cents: *cents,
        code: None,
    });
    Assessment { patient_status: None, services: said.collect() }
}

/// The services as they were paid, whatever the assessment had said. What was not paid can be claimed again.
async fn assess_anew(conn: &mut PgConnection, services: &[Service], report: &Assessment) -> Result<()> {
    let assessed = report.apply(services).context("what was told is of the claim's own services")?;
    Ok(claim::assess_services(conn, &assessed.services).await?)
}
