//! `/api/v1/payments/me/cards`: the cards that somebody has the processor keep. No number of a card ever comes here (C-60).

use anyhow::Context as _;
use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Recorded},
    consent,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AudCents, BookingId, Problem, SavedCardId,
    payments::{
        IntentKind, IntentPurpose, IntentStatus, PaymentStatus,
        pay::{AddCard, CARD_TEXT, Checkout, SavedCard, SavedCards},
        rules::AWAITING_MINUTES,
    },
    personal::Personal,
};
use sqlx::PgConnection;

use super::money::unavailable;
use crate::{
    applying,
    gateways::card_processor::{NewPage, PageMode},
    state::State,
    store::{
        added_card,
        customer::{self, Customer, Payer},
        intent::{self, Intent},
        processor_call::{NewCall, Operation, enqueue},
        saved_card::{self, SavedCardRow},
    },
};

/// The cards, the latest first, after a look at the pages that are open.
pub async fn list_cards(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<SavedCards>, Reject> {
    let core = &state.core;
    let mut conn = core.pool.acquire().await?;
    let open = added_card::open_pages(&mut conn, caller.account_id).await?;
    drop(conn);
    for page in open {
        if let Err(error) = applying::apply_object(&state, &page).await {
            // The webhook brings it; what we have is shown meanwhile.
            tracing::warn!(error = format!("{error:#}"), "a page for a card could not be looked at");
        }
    }
    let mut tx = core.begin().await?;
    let rows = saved_card::of_account(&mut tx, caller.account_id).await?;
    let recorded = note(&mut tx, core, &caller, "list_cards").await?;
    let cards = SavedCards { items: rows.into_iter().map(view).collect() };
    Ok(Disclosed::commit(core, tx, recorded, cards).await?)
}

/// Opens the processor's page on which a card is given. What is tried is written down before the processor is asked, and the key is
/// taken with the reply.
pub async fn add_card(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<AddCard>,
) -> Result<Created<Disclosed<Checkout>>, Reject> {
    let (core, action) = (&state.core, "add_card");
    let holder = caller.account_id.to_string();
    let mut tx = core.begin().await?;
    if let Begun::Replay(reply) = idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        let recorded = note(&mut tx, core, &caller, action).await?;
        return Ok(Created(Disclosed::commit(core, tx, recorded, reply).await?));
    }
    // Until there is a reply, what is asked again is tried anew; a page where nobody gave a card runs out.
    tx.rollback().await?;
    let mut tx = core.begin().await?;
    consent::require_current(&mut tx, core, CARD_TEXT, &body.consent).await?;
    let account_id = caller.account_id;
    consent::store_receipt(&mut tx, core, CARD_TEXT, body.consent.version, "account", account_id.0).await?;
    let (it, customer) = begin(&mut tx, core, Payer::Account(account_id)).await?;
    core.commit(tx).await?;
    let page = open(&state, &it, &customer).await?;
    let mut tx = core.begin().await?;
    let reply = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(reply) => reply,
        Begun::New(ticket) => {
            ticket.finish(&mut tx, 201, &page).await?;
            page
        }
    };
    let recorded = note(&mut tx, core, &caller, action).await?;
    Ok(Created(Disclosed::commit(core, tx, recorded, reply).await?))
}

/// Has the processor forget a card. Not while a booking is to be paid with it, nor while the fees of one that is to come rest on it.
pub async fn delete_card(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(saved_card_id): Path<SavedCardId>,
) -> Result<NoContent, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let mine = saved_card::of_account(&mut tx, caller.account_id).await?;
    if !mine.iter().any(|card| card.saved_card_id == saved_card_id) {
        return Err(Problem::not_found("This card").into());
    }
    // Whoever is about to charge it comes first, and whoever comes later finds no card.
    if !saved_card::lock(&mut tx, saved_card_id).await? {
        return Err(Problem::not_found("This card").into());
    }
    if let Some(booking_id) = saved_card::needed_for(&mut tx, saved_card_id, now).await? {
        return Err(in_use(booking_id).into());
    }
    saved_card::remove(&mut tx, saved_card_id, now).await?;
    enqueue(&mut tx, core, NewCall::about(Operation::DetachCard, saved_card_id.0)).await?;
    note(&mut tx, core, &caller, "delete_card").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

fn in_use(booking_id: BookingId) -> Problem {
    Problem::new("card-in-use", 409, "A booking is to be paid with this card").detail(format!(
        "Nothing was changed. Booking {booking_id} is paid with it, or its fee for cancelling late or not coming would be. Once that \
         booking is over and paid, or is cancelled, the card can be removed."
    ))
}

async fn begin(conn: &mut PgConnection, core: &Core, whose: Payer) -> Result<(Intent, Customer), Reject> {
    let now = core.now();
    let customer = customer::find_or_make(conn, whose, core.id(), now).await?;
    let number = added_card::count(conn, customer.customer_id).await?;
    let number = i16::try_from(number + 1).context("fewer cards than a small number holds")?;
    let of = (IntentPurpose::Visit, IntentKind::Setup);
    let mut it = Intent::new(core.id(), None, customer.customer_id, of, number, AudCents::ZERO, now);
    it.keeps_card = true;
    intent::insert(conn, &it).await.map_err(anyhow::Error::from)?;
    Ok((it, customer))
}

async fn open(state: &State, it: &Intent, customer: &Customer) -> Result<Checkout, Reject> {
    let id = customer.customer_id;
    let known = match &customer.processor_customer {
        Some(known) => known.clone(),
        None => {
            let key = format!("{id}:create_customer");
            let made = state.processor.create_customer(&key, &id.to_string()).await;
            made.map_err(|error| unanswered(&error.into()))?
        }
    };
    let address = format!("{}/account/cards", state.public_url);
    let wanted = NewPage {
        reference: it.intent_id.to_string(),
        mode: PageMode::Setup,
        amount_cents: 0,
        title: "Card".to_owned(),
        customer: known.clone(),
        keeps_card: true,
        share: None,
        done_address: address.clone(),
        back_address: address,
        expires_at: runs_out(it.created_at),
    };
    let opened = state.processor.open_page(&format!("{}:open_checkout", it.intent_id), &wanted).await;
    let page = opened.map_err(|error| unanswered(&error.into()))?;
    let mut tx = state.core.begin().await?;
    customer::name(&mut tx, id, &known).await?;
    let open = Intent {
        status: IntentStatus::PageOpen,
        checkout_session: Some(page.id),
        page_address: page.address.clone(),
        page_expires_at: Some(page.expires_at),
        ..it.clone()
    };
    intent::update(&mut tx, &open, IntentStatus::Created, state.core.now()).await?;
    state.core.commit(tx).await?;
    Ok(Checkout {
        payment_id: None,
        status: PaymentStatus::Awaiting,
        address: page.address,
        expires_at: Some(page.expires_at),
    })
}

/// The same every time it is asked, or the key would stand for another request.
fn runs_out(created_at: Timestamp) -> Timestamp {
    created_at.saturating_add(SignedDuration::from_mins(AWAITING_MINUTES)).unwrap_or(created_at)
}

fn unanswered(error: &anyhow::Error) -> Reject {
    tracing::warn!(error = format!("{error:#}"), "the processor did not open a page for a card");
    unavailable().into()
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    action: &'static str,
) -> sqlx::Result<Recorded> {
    let entry = audit::Entry {
        actor: Actor::of(caller),
        action,
        resource: caller.account_id.into(),
        whose: caller.patient_id,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}

fn view(row: SavedCardRow) -> SavedCard {
    SavedCard {
        saved_card_id: row.saved_card_id,
        brand: row.brand,
        last_four: Personal::new(row.last_four),
        good_until: row.good_until,
        created_at: row.created_at,
    }
}
