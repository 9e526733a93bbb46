//! `GET /api/v1/payments/bookings/{booking_id}/payment`: where a booking's money stands. Whoever comes back from the processor's
//! page asks here, and need not wait for its webhook.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Reject,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use shared_types::{BookingId, Problem, payments::pay::PaymentStanding};
use sqlx::{Postgres, Transaction};

use crate::{
    payer::Payer,
    paying,
    state::State,
    store::{owner, payment},
};

/// Where it stands, after a look at the pages that are open.
pub async fn find_payment(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    payer: Payer,
) -> Result<Disclosed<PaymentStanding>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let actor = payer.at(&mut tx, core, booking_id, "find_payment").await?;
    core.commit(tx).await?;
    paying::look_at_pages(&state, booking_id).await?;
    disclose(&state, core.begin().await?, actor, booking_id, "find_payment").await
}

/// Shows where a booking's payment stands, once that is noted.
pub(super) async fn disclose(
    state: &State,
    mut tx: Transaction<'static, Postgres>,
    actor: Actor,
    booking_id: BookingId,
    action: &'static str,
) -> Result<Disclosed<PaymentStanding>, Reject> {
    let payment = payment::lock(&mut tx, booking_id).await?;
    let payment = payment.ok_or_else(|| Problem::not_found("This payment"))?;
    let view = paying::standing(&mut tx, &payment, state.core.now()).await?;
    let entry = Entry {
        actor,
        action,
        resource: booking_id.into(),
        whose: owner::patient(&mut tx, booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    let recorded = audit::record(&mut tx, &state.core, entry).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, view).await?)
}
