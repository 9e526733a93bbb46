//! The processor is asked for what a try wants: a page, or a charge or hold of a card that is kept. No transaction is open meanwhile.

use jiff::SignedDuration;
use kernel::Reject;
use shared_types::{
    Problem,
    payments::{IntentKind, IntentStatus, PaymentFailure, rules::AWAITING_MINUTES},
};

use super::{
    Begun,
    following::{card_noted, failed, page_opened},
};
use crate::{
    applying,
    gateways::card_processor::{NewCharge, NewPage, PageMode, ProcessorError},
    state::State,
    store::{
        customer::{self, Customer},
        payment,
        saved_card::SavedCardRow,
    },
};

/// What the processor's page calls what is paid for: nothing clinical.
const TITLE: &str = "Appointment";

/// Asks the processor, and writes down what it says.
///
/// # Errors
/// 503 when it does not answer; nothing was charged then.
pub async fn go_on(state: &State, begun: Begun) -> Result<(), Reject> {
    let customer = known_customer(state, &begun.customer).await.map_err(unavailable)?;
    match &begun.card {
        Some(card) => with_card(state, &begun, customer, card).await,
        None if begun.it.status == IntentStatus::PageOpen => Ok(()),
        None => with_page(state, &begun, customer).await,
    }
}

async fn known_customer(state: &State, customer: &Customer) -> anyhow::Result<String> {
    if let Some(known) = &customer.processor_customer {
        return Ok(known.clone());
    }
    let id = customer.customer_id;
    let name = state.processor.create_customer(&format!("{id}:create_customer"), &id.to_string()).await?;
    let mut tx = state.core.begin().await?;
    customer::name(&mut tx, id, &name).await?;
    state.core.commit(tx).await?;
    Ok(name)
}

async fn with_page(state: &State, begun: &Begun, customer: String) -> Result<(), Reject> {
    let it = &begun.it;
    let address = format!("{}/booked/{}/payment", state.public_url, begun.payment.booking_id);
    let wanted = NewPage {
        reference: it.intent_id.to_string(),
        mode: match it.kind {
            IntentKind::Setup => PageMode::Setup,
            IntentKind::Authorise => PageMode::Hold,
            IntentKind::Charge => PageMode::Charge,
        },
        amount_cents: it.amount_cents.0,
        title: TITLE.to_owned(),
        customer,
        keeps_card: begun.keeps_card || it.keeps_card,
        share: begun.share.clone(),
        done_address: address.clone(),
        back_address: address,
        // The same every time it is asked for, or the key would stand for another request.
        expires_at: it.created_at + SignedDuration::from_mins(AWAITING_MINUTES),
    };
    let key = format!("{}:open_checkout", it.intent_id);
    match state.processor.open_page(&key, &wanted).await {
        Ok(page) => Ok(page_opened(state, begun, page).await?),
        Err(ProcessorError::Unavailable(why)) => Err(unavailable(anyhow::anyhow!(why))),
        Err(error) => {
            // It will never be opened by this key: the next request begins anew.
            let mut tx = state.core.begin().await?;
            payment::lock_by_id(&mut tx, begun.payment.payment_id).await?;
            applying::intent::expire(&mut tx, &state.core, it.intent_id).await?;
            state.core.commit(tx).await?;
            Err(unavailable(error.into()))
        }
    }
}

/// With a card that is kept no page is needed: it is charged, held, or only noted for later.
async fn with_card(
    state: &State,
    begun: &Begun,
    customer: String,
    card: &SavedCardRow,
) -> Result<(), Reject> {
    let (core, it) = (&state.core, &begun.it);
    let wanted = NewCharge {
        reference: it.intent_id.to_string(),
        takes: it.kind == IntentKind::Charge,
        amount_cents: it.amount_cents.0,
        customer,
        card: card.processor_card.clone(),
        share: begun.share.clone(),
    };
    if it.kind == IntentKind::Setup {
        return Ok(card_noted(state, begun).await?);
    }
    let operation = if wanted.takes { "charge" } else { "authorise" };
    match state.processor.charge_card(&format!("{}:{operation}", it.intent_id), &wanted).await {
        Ok(record) => {
            let mut tx = core.begin().await?;
            applying::intent::apply(&mut tx, core, &record).await?;
            core.commit(tx).await?;
            Ok(())
        }
        Err(ProcessorError::Declined { code, intent }) => {
            let failure = applying::intent::failure_of(&code);
            failed(state, begun, failure, intent.as_deref()).await
        }
        Err(ProcessorError::Unavailable(why)) => Err(unavailable(anyhow::anyhow!(why))),
        Err(error) => {
            failed(state, begun, PaymentFailure::Declined, None).await?;
            Err(unavailable(error.into()))
        }
    }
}

/// The processor cannot be reached. What was entered is kept, and nothing was charged.
fn unavailable(error: anyhow::Error) -> Reject {
    tracing::error!(error = format!("{error:#}"), "the card processor could not be asked");
    Problem::new("processor-unavailable", 503, "The payment page cannot be opened right now")
        .detail("Nothing was charged and your time is still held. Try again in a moment.")
        .into()
}
