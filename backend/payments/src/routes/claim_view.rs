//! Claims as staff see them, and what is said when one cannot be changed.

use std::slice;

use anyhow::{Context as _, Result};
use kernel::{
    Core, Disclosed, SignedIn,
    audit::{self, Actor, Entry, Outcome, Purpose, Recorded},
};
use shared_types::{
    ClaimId, OrganizationId, Problem,
    payments::claim::{self as wire, ClaimCase, ClaimService, ReportStopped},
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{
    assigning,
    claiming::{CLAIM_ZONE, CannotLodge, has_stopped, refused},
    domain::{
        claim::{Claim, Report},
        claim_codes::reason,
    },
    state::State,
    store::{
        benefit_return,
        claim::{self, StoreError},
        claimant, medicare_payment_part,
    },
};

/// A claim of a practice, locked until the transaction ends, and its visit's claimant with it.
///
/// # Errors
/// 404 for another practice's; else when the database fails.
pub async fn own(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    claim_id: ClaimId,
) -> Result<Claim, kernel::Reject> {
    let claim = claim::lock_after_claimant(conn, claim_id).await?;
    let own = claim.filter(|claim| claim.organization_id == organization_id);
    Ok(own.ok_or_else(|| Problem::not_found("This claim"))?)
}

/// A line of the queue.
///
/// # Errors
/// When the database fails, or what is kept of the patient does not open.
pub async fn line(conn: &mut PgConnection, state: &State, claim: &Claim) -> Result<wire::Claim> {
    let line = lines(conn, state, slice::from_ref(claim)).await?.pop();
    line.context("each claim has a line")
}

/// Lines of the queue, one for each claim. Nothing is locked for them.
///
/// # Errors
/// As [`line`].
pub async fn lines(conn: &mut PgConnection, state: &State, claims: &[Claim]) -> Result<Vec<wire::Claim>> {
    let ids: Vec<_> = claims.iter().map(|claim| claim.claim_id).collect();
    let bookings: Vec<_> = claims.iter().map(|claim| claim.booking_id).collect();
    let visits = claimant::of_bookings(conn, &bookings).await?;
    let mut beside = claim::beside(conn, &ids).await?;
    let mut returned = benefit_return::of_claims(conn, &ids).await?;
    let mut runs = medicare_payment_part::of_claims(conn, &ids).await?;
    let today = CLAIM_ZONE.date(state.core.now());
    let lines = claims.iter().map(|claim| {
        let beside = beside.remove(&claim.claim_id).context("a claim does not go away")?;
        let visit = visits.get(&claim.booking_id);
        let identity = visit.map(|visit| assigning::open(&state.cipher, visit)).transpose()?;
        Ok(wire::Claim {
            claim_id: claim.claim_id,
            booking_id: claim.booking_id,
            status: claim.status,
            medicare_claim_id: claim.medicare_claim_id.clone(),
            patient_name: identity.map(|identity| identity.name),
            professional_name: claim.professional_name.clone(),
            service_date: claim.service_date,
            claimed_cents: claim.claimed_cents,
            benefit_cents: claim.benefit_cents,
            paid_cents: claim.paid_cents,
            lodge_until: claim.lodge_until,
            lapsed: claim.is_lapsed(today),
            stopped: has_stopped(claim).then(|| stopped(beside.last_report.as_deref())),
            reasons: claim.codes.iter().map(|code| reason(code)).collect(),
            has_unpaid: beside.has_unpaid,
            relodged_as: beside.relodged_as,
            no_visit: beside.no_visit,
            owed_back: beside.no_visit.is_some() && claim.is_paid_or_may_be(),
            returned: returned.remove(&claim.claim_id),
            runs: runs.remove(&claim.claim_id).unwrap_or_default(),
            version: claim.version,
            updated_at: claim.updated_at,
        })
    });
    lines.collect()
}

/// Why nobody asks any more what came of a claim, by what Medicare last said.
fn stopped(said: Option<&str>) -> ReportStopped {
    if said == Some(Report::<()>::Expired.code()) {
        ReportStopped::Expired
    } else if said == Some(Report::<()>::NotAvailable.code()) {
        ReportStopped::NotAvailable
    } else if said == Some(Report::<()>::NotFound.code()) {
        ReportStopped::NotFound
    } else {
        ReportStopped::Other
    }
}

/// A claim whole.
///
/// # Errors
/// As [`line`].
pub async fn case(conn: &mut PgConnection, state: &State, claim: &Claim) -> Result<ClaimCase> {
    let services = claim::services(conn, claim.claim_id).await?.into_iter().map(|service| ClaimService {
        claim_service_id: service.claim_service_id,
        item_number: service.item_number,
        occurrence: service.occurrence,
        charge_cents: service.charge_cents,
        incentive: service.is_incentive,
        outcome: service.outcome,
        benefit_cents: service.benefit_cents,
        reason: service.reason_code.as_deref().map(reason),
    });
    let services = services.collect();
    Ok(ClaimCase {
        claim: line(conn, state, claim).await?,
        assignment_id: claim.assignment_id,
        service_type: claim.service_type,
        provider_number: claim.provider_number.clone().unwrap_or_default(),
        payee_provider_number: claim.payee_provider_number.clone(),
        referral: claim.referral.clone(),
        referral_override: claim.referral_override,
        services,
        history: claim::history(conn, claim.claim_id).await?,
        relodges: claim.relodges,
    })
}

/// Shows a claim as a line of the queue, as it stands by now, once it is noted what staff did with it.
///
/// # Errors
/// As [`own`] and [`line`], or when the entry cannot be written.
pub(super) async fn disclose(
    state: &State,
    mut tx: Transaction<'static, Postgres>,
    caller: &SignedIn,
    (organization_id, claim_id): (OrganizationId, ClaimId),
    action: &'static str,
) -> Result<Disclosed<wire::Claim>, kernel::Reject> {
    let claim = own(&mut tx, organization_id, claim_id).await?;
    let shown = line(&mut tx, state, &claim).await?;
    let recorded = note(&mut tx, &state.core, caller, &claim, action).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, shown).await?)
}

/// Writes down what staff did with a claim, or that they saw it.
///
/// # Errors
/// When the entry cannot be written.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    claim: &Claim,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    audit::record(conn, core, entry(caller, claim, action)).await
}

/// The same, to be written with others.
pub fn entry(caller: &SignedIn, claim: &Claim, action: &'static str) -> Entry {
    Entry {
        actor: Actor::for_practice(caller, claim.organization_id),
        action,
        resource: claim.booking_id.into(),
        whose: claim.patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    }
}

/// What the tables refused, as staff are told; anything else is our own fault.
pub fn refusal(error: anyhow::Error) -> kernel::Reject {
    match refused(&error) {
        Some(StoreError::AlreadyClaimed) => already_claimed().into(),
        Some(StoreError::HasCharge) => has_charge().into(),
        Some(StoreError::Stale) => stale().into(),
        Some(StoreError::Database(_)) | None => error.into(),
    }
}

/// 409: an item of the visit is claimed already.
fn already_claimed() -> Problem {
    Problem::new("already-claimed", 409, "One of these services is claimed already").detail(
        "Nothing was changed. A service is claimed once: look at the visit's other claims, and claim what they leave out.",
    )
}

/// 409: C-52.
fn has_charge() -> Problem {
    Problem::new("has-charge", 409, "The patient is charged for this visit").detail(
        "Nothing was changed. What is bulk billed costs the patient nothing: refund the charge first, then claim.",
    )
}

/// 412.
pub fn stale() -> Problem {
    Problem::new("stale-version", 412, "This claim has changed since you opened it")
        .detail("Nothing was changed. Look at it again, then decide.")
}

/// 409 with what can be done.
pub fn wrong_state(detail: &str) -> Problem {
    Problem::new("wrong-state", 409, "This cannot be done with the claim as it stands")
        .detail(format!("Nothing was changed. {detail}"))
}

/// Why a claim cannot be lodged.
pub fn cannot_lodge(why: CannotLodge) -> Problem {
    match why {
        CannotLodge::NotReady => wrong_state("Load it again to see where it stands."),
        CannotLodge::NoLocation => {
            wrong_state("The practice has no location id yet: enter it where the practice's Medicare details are.")
        }
        CannotLodge::NoCard => wrong_state(
            "Nobody knows the patient's Medicare card: ask for it, and record the assignment of benefit with it.",
        ),
        CannotLodge::NoAssignment => {
            Problem::new("no-assignment", 409, "The patient has not assigned the benefit").detail(
                "Nothing was sent. Ask the patient for the assignment, or record the one they signed; then lodge the claim.",
            )
        }
        CannotLodge::NotOver => {
            wrong_state("Its visit is not over, not any more, or on another day: lodge a claim for its day once it is completed.")
        }
        CannotLodge::TooOld => Problem::new("too-old", 410, "This visit can no longer be claimed")
            .detail("Nothing was sent. A claim has to reach Medicare within a year of the visit."),
    }
}
