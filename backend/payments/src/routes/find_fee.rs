//! `GET /api/v1/payments/practices/{organization_id}/bookings/{booking_id}/fee`: what became of the fee for cancelling late or not coming.
//! Bookings knows that there is one, and not whether a card was charged for it.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn,
    audit::{Actor, Purpose},
};
use shared_types::{AudCents, BookingId, OrganizationId, Problem, payments::unpaid::FeeStanding};

use super::money::note_payment;
use crate::{
    domain::payment::Due,
    state::State,
    store::{payment, unpaid},
};

/// What of it was taken and what is owed. 404 for another practice's, and where nothing is paid through us.
pub async fn find_fee(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, booking_id)): Path<(OrganizationId, BookingId)>,
) -> Result<Disclosed<FeeStanding>, Reject> {
    let (core, action) = (&state.core, "find_fee");
    let mut tx = core.begin().await?;
    let found = payment::lock(&mut tx, booking_id).await?;
    let ours = found.filter(|payment| payment.organization_id == Some(organization_id));
    let payment = ours.ok_or_else(|| Problem::not_found("This visit’s payment"))?;
    let is_owed = payment.fee_owed_cents > AudCents::ZERO;
    let charged_at = match payment.due {
        Some((Due::ChargeFee, at)) => Some(at),
        Some((Due::Authorise | Due::Capture | Due::GiveUp | Due::Void, _)) | None => None,
    };
    let fee = FeeStanding {
        booking_id,
        charged_cents: payment.fee_cents,
        taken_at: unpaid::taken_at(&mut tx, payment.payment_id).await?,
        owed_cents: payment.fee_owed_cents,
        charged_at: charged_at.filter(|_| is_owed),
        repair_until: payment.repair_until.filter(|until| is_owed && core.now() < *until),
    };
    let actor = Actor::for_practice(&caller, organization_id);
    let recorded = note_payment(&mut tx, core, actor, action, &payment, Purpose::Practice).await?;
    Ok(Disclosed::commit(core, tx, recorded, fee).await?)
}
