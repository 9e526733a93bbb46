//! What staff do with claims: draft, put right, lodge, take back, and claim again what was not paid.

use axum::extract::{Path, State as Extract};
use jiff::civil::Date;
use kernel::{
    Accepted, Core, Created, Disclosed, Json, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    BookingId, ClaimId, OrganizationId, Problem,
    payments::claim::{self as wire, ClaimCase, ClaimStatus, MAX_SERVICES, PutClaim},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::claim_view::{cannot_lodge, case, disclose, note, own, refusal, stale, wrong_state};
use crate::{
    claiming::{self, CannotLodge, Wanted},
    domain::{
        claim::{Claim, StepBy, has_what_its_sort_needs, wrong_with_referral},
        provider_number,
    },
    state::State,
    store::{claim, claimant, role_setup},
};

type OfClaim = Path<(OrganizationId, ClaimId)>;

/// Drafts a claim for a booking by hand.
pub async fn draft_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
    key: IdempotencyKey,
    Json(body): Json<PutClaim>,
) -> Result<Created<Disclosed<ClaimCase>>, Reject> {
    let (core, action) = (&state.core, "draft_claim");
    let asked = (booking_id, &body);
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let claim_id = match idempotency::begin(&mut tx, core, action, &holder, key, &asked).await? {
        Begun::Replay(claim_id) => claim_id,
        Begun::New(ticket) => {
            let claim = create(&mut tx, &state, organization_id, booking_id, &body, None).await?;
            ticket.finish(&mut tx, 201, &claim.claim_id).await?;
            claim.claim_id
        }
    };
    let claim = own(&mut tx, organization_id, claim_id).await?;
    let case = case(&mut tx, &state, &claim).await?;
    let recorded = note(&mut tx, core, &caller, &claim, action).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, case).await?))
}

/// Puts a claim right that is not with Medicare.
pub async fn put_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): OfClaim,
    Json(body): Json<PutClaim>,
) -> Result<Disclosed<ClaimCase>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let before = own(&mut tx, organization_id, claim_id).await?;
    if before.version != body.version {
        return Err(stale().into());
    }
    let claim = put(&mut tx, &state, before, &body).await?;
    let case = case(&mut tx, &state, &claim).await?;
    let recorded = note(&mut tx, core, &caller, &claim, "put_claim").await?;
    Ok(Disclosed::commit(core, tx, recorded, case).await?)
}

/// Lodges a claim: it is sent at once, and once.
pub async fn submit_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): OfClaim,
    key: IdempotencyKey,
) -> Result<Accepted<Disclosed<wire::Claim>>, Reject> {
    let (core, action) = (&state.core, "submit_claim");
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ClaimId>(&mut tx, core, action, &holder, key, &claim_id).await?
    {
        let before = own(&mut tx, organization_id, claim_id).await?;
        let begun = claiming::begin_lodging(&mut tx, core, &state.cipher, &before).await.map_err(refusal)?;
        if let Err(why) = begun {
            tx.rollback().await?;
            if why == CannotLodge::NoAssignment {
                wait_for_assignment(core, before.booking_id).await?;
            }
            return Err(cannot_lodge(why).into());
        }
        ticket.finish(&mut tx, 202, &claim_id).await?;
    }
    Ok(Accepted(disclose(&state, tx, &caller, (organization_id, claim_id), action).await?))
}

/// What a claim rested on may have ended, or never been for its items, without anybody looking: then it waits for another one from now on,
/// though nothing else comes of the request.
async fn wait_for_assignment(core: &Core, booking_id: BookingId) -> Result<(), Reject> {
    let mut tx = core.begin().await?;
    // Locked first, as everywhere.
    claimant::find(&mut tx, booking_id).await?;
    claiming::assignment_changed(&mut tx, core, booking_id).await?;
    core.commit(tx).await?;
    Ok(())
}

/// Claims again what Medicare did not pay, as a claim of its own.
pub async fn relodge_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): OfClaim,
    key: IdempotencyKey,
    Json(body): Json<PutClaim>,
) -> Result<Created<Disclosed<wire::Claim>>, Reject> {
    let (core, action) = (&state.core, "relodge_claim");
    let asked = (claim_id, &body);
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let new_id = match idempotency::begin(&mut tx, core, action, &holder, key, &asked).await? {
        Begun::Replay(new_id) => new_id,
        Begun::New(ticket) => {
            let old = own(&mut tx, organization_id, claim_id).await?;
            if !leaves_something(old.status) {
                return Err(wrong_state("Only what Medicare did not pay is claimed again.").into());
            }
            if old.version != body.version {
                return Err(stale().into());
            }
            let new = create(&mut tx, &state, organization_id, old.booking_id, &body, Some(claim_id)).await?;
            ticket.finish(&mut tx, 201, &new.claim_id).await?;
            new.claim_id
        }
    };
    Ok(Created(disclose(&state, tx, &caller, (organization_id, new_id), action).await?))
}

/// Takes a claim back that is not with Medicare. Its services can be claimed anew.
pub async fn withdraw_claim(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, claim_id)): OfClaim,
    key: IdempotencyKey,
) -> Result<Disclosed<wire::Claim>, Reject> {
    let (core, action) = (&state.core, "withdraw_claim");
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    if let Begun::New(ticket) =
        idempotency::begin::<_, ClaimId>(&mut tx, core, action, &holder, key, &claim_id).await?
    {
        let before = own(&mut tx, organization_id, claim_id).await?;
        withdraw(&mut tx, core, &before).await?;
        ticket.finish(&mut tx, 200, &claim_id).await?;
    }
    disclose(&state, tx, &caller, (organization_id, claim_id), action).await
}

/// One that was taken back already stays so.
async fn withdraw(conn: &mut PgConnection, core: &Core, before: &Claim) -> Result<(), Reject> {
    if before.status == ClaimStatus::Withdrawn {
        return Ok(());
    }
    if !may_be_changed(before.status) {
        return Err(wrong_state("Medicare has it: ask Medicare to call it off.").into());
    }
    let after = before.step(ClaimStatus::Withdrawn, core.now()).map_err(anyhow::Error::from)?;
    claiming::take(conn, core, before, &after, StepBy::Practice, None).await.map_err(refusal)?;
    claim::release_services(conn, before.claim_id).await?;
    Ok(())
}

/// Whether a claim that stands here can be put right or taken back.
fn may_be_changed(status: ClaimStatus) -> bool {
    match status {
        ClaimStatus::Draft | ClaimStatus::AssignmentPending | ClaimStatus::Ready | ClaimStatus::Refused => {
            true
        }
        ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::AssessedManual
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn
        | ClaimStatus::Adjusted => false,
    }
}

/// Whether Medicare may have left something of a claim that stands here unpaid. Which services, the database knows.
fn leaves_something(status: ClaimStatus) -> bool {
    match status {
        ClaimStatus::AssessedPart
        | ClaimStatus::AssessedRejected
        | ClaimStatus::PaymentReported
        | ClaimStatus::Reconciled
        | ClaimStatus::Adjusted => true,
        ClaimStatus::Draft
        | ClaimStatus::AssignmentPending
        | ClaimStatus::Ready
        | ClaimStatus::Sending
        | ClaimStatus::Submitted
        | ClaimStatus::Processing
        | ClaimStatus::AssessedPaid
        | ClaimStatus::AssessedManual
        | ClaimStatus::Refused
        | ClaimStatus::GatewayError
        | ClaimStatus::Withdrawn => false,
    }
}

async fn create(
    conn: &mut PgConnection,
    state: &State,
    organization_id: OrganizationId,
    booking_id: BookingId,
    body: &PutClaim,
    relodges: Option<ClaimId>,
) -> Result<Claim, Reject> {
    let visit = claimant::find(conn, booking_id).await?;
    let visit = visit.filter(|visit| visit.organization_id == organization_id);
    let visit = visit.ok_or_else(|| Problem::not_found("This bulk-billed booking"))?;
    if claimant::no_visit(conn, booking_id).await?.is_some() {
        return Err(wrong_state("There was no visit after all, so there is nothing to claim.").into());
    }
    check(body, visit.service_on)?;
    let wanted = Wanted {
        service_type: body.service_type,
        item_numbers: body.item_numbers.clone(),
        payee_provider_number: body.payee_provider_number.as_deref().and_then(provider_number::read),
        referral: body.referral.clone(),
        referral_override: body.referral_override,
        relodges,
    };
    let created = claiming::create(conn, &state.core, &visit, &wanted, StepBy::Practice).await;
    Ok(created.map_err(refusal)?.map_err(Problem::invalid)?)
}

async fn put(
    conn: &mut PgConnection,
    state: &State,
    before: Claim,
    body: &PutClaim,
) -> Result<Claim, Reject> {
    let core = &state.core;
    if !may_be_changed(before.status) {
        return Err(wrong_state("Medicare has it, or it was taken back.").into());
    }
    check(body, before.service_date)?;
    let visit = claimant::find(conn, before.booking_id).await?;
    let visit = visit.ok_or_else(|| {
        wrong_state("Who the benefit is for is not kept any more: it can be taken back, and not put right.")
    })?;
    let setup = role_setup::find(conn, visit.organization_id, visit.practitioner_role_id).await?;
    let (sort, area) = (body.service_type, setup.modified_monash);
    let services = claiming::compose(conn, core, sort, &body.item_numbers, area, before.service_date).await?;
    let services = services.map_err(Problem::invalid)?;
    // What was refused is a draft again first.
    let before = if before.status == ClaimStatus::Refused {
        let after = before.step(ClaimStatus::Draft, core.now()).map_err(anyhow::Error::from)?;
        claiming::take(conn, core, &before, &after, StepBy::Practice, None).await.map_err(refusal)?;
        after
    } else {
        before
    };
    claim::put_services(conn, &before, &services).await.map_err(|error| refusal(error.into()))?;
    let number = setup.provider_number.as_deref();
    let assignment_id =
        claiming::rests_on(conn, before.booking_id, before.service_date, number, &services).await?;
    let after = Claim {
        service_type: sort,
        provider_number: setup.provider_number,
        payee_provider_number: body.payee_provider_number.as_deref().and_then(provider_number::read),
        referral: body.referral.clone(),
        referral_override: body.referral_override,
        assignment_id,
        claimed_cents: claiming::claimed(&services),
        codes: Vec::new(),
        ..before.clone()
    };
    claiming::rest(conn, core, &before, after, &services, StepBy::Practice).await.map_err(refusal)
}

/// What is wrong with a claim, field by field; the items are looked at with the schedule.
fn check(body: &PutClaim, service_date: Date) -> Result<(), Problem> {
    let mut errors = Vec::new();
    if !(1..=MAX_SERVICES).contains(&body.item_numbers.len()) {
        errors.push(FieldError::new("/item_numbers", "Give one to fourteen items"));
    }
    let payee = body.payee_provider_number.as_deref();
    if payee.is_some_and(|number| provider_number::read(number).is_none()) {
        let detail = "This is not a Medicare provider number: compare each character";
        errors.push(FieldError::new("/payee_provider_number", detail));
    }
    if let Some(referral) = &body.referral {
        errors.extend(wrong_with_referral(referral, service_date));
    }
    if !has_what_its_sort_needs(body.service_type, body.referral.as_ref(), body.referral_override) {
        let detail = "A general claim has no referral; the others have one of their sort, or a reason why there is none";
        errors.push(FieldError::new("/referral", detail));
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}
