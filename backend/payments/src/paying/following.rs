//! What follows from what the processor says to a try, written down.

use anyhow::Context as _;
use kernel::Reject;
use shared_types::payments::{IntentStatus, PaymentFailure};

use super::Begun;
use crate::{
    applying,
    domain::payment::{Change, TakenBy},
    gateways::card_processor::{IntentRecord, Page},
    settle::settle,
    state::State,
    store::{
        intent::{self, Intent},
        payment,
    },
};

pub(super) async fn page_opened(state: &State, begun: &Begun, page: Page) -> anyhow::Result<()> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let payment = payment::lock_by_id(&mut tx, begun.payment.payment_id).await?.context("the payment")?;
    let it = intent::lock(&mut tx, begun.it.intent_id).await?.context("the try")?;
    if it.status == IntentStatus::Created {
        let open = Intent {
            status: IntentStatus::PageOpen,
            checkout_session: Some(page.id),
            page_address: page.address,
            page_expires_at: Some(page.expires_at),
            ..it
        };
        intent::update(&mut tx, &open, IntentStatus::Created, core.now()).await?;
        settle(&mut tx, core, payment, Change::PageOpened, TakenBy::Patient).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

/// The card said no, or the processor does not do it.
pub(super) async fn failed(
    state: &State,
    begun: &Begun,
    failure: PaymentFailure,
    record: Option<&IntentRecord>,
) -> Result<(), Reject> {
    let mut tx = state.core.begin().await?;
    let (payment_id, intent_id) = (begun.payment.payment_id, begun.it.intent_id);
    applying::intent::fail(&mut tx, &state.core, payment_id, intent_id, failure, record).await?;
    state.core.commit(tx).await?;
    Ok(())
}

/// A card that was kept before is noted for later.
pub(super) async fn card_noted(state: &State, begun: &Begun) -> anyhow::Result<()> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let payment = payment::lock_by_id(&mut tx, begun.payment.payment_id).await?.context("the payment")?;
    let it = intent::lock(&mut tx, begun.it.intent_id).await?.context("the try")?;
    if it.status == IntentStatus::Created {
        let saved = Intent { status: IntentStatus::Saved, ..it };
        intent::update(&mut tx, &saved, IntentStatus::Created, core.now()).await?;
        settle(&mut tx, core, payment, Change::CardSaved, TakenBy::Patient).await?;
    }
    core.commit(tx).await?;
    Ok(())
}
