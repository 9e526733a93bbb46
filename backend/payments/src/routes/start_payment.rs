//! `POST /api/v1/payments/bookings/{booking_id}/payment`: begins to pay for what bookings quoted. The quote's signature is the
//! authority: only who held the time has it.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Caller, Created, Disclosed, Json, Reject,
    audit::{self, Actor, Entry, Outcome, Purpose},
    consent,
    idempotency::{self, Begun, IdempotencyKey},
    keys,
};
use serde::Serialize;
use shared_types::{
    AudCents, BookingId, Problem, Zone,
    bookings::Quote,
    payments::{
        funding::FundingMode,
        pay::{CARD_TEXT, Checkout, StartPayment},
        quote::{QuoteTerms, quote_message},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::repair_payment::what_is_left;
use crate::{
    charging,
    domain::payment::Payment,
    paying::{self, With},
    state::State,
    store::{
        consent::is_given,
        invoice, owner,
        payment::{self, StoreError},
        platform_fee, signing_key,
    },
};

const OPERATION: &str = "start_payment";

/// Writes the payment down, and opens the processor's page for it. Asked again, it shows the page that is open.
pub async fn start_payment(
    Extract(state): Extract<State>,
    Path(booking_id): Path<BookingId>,
    Caller(claims): Caller,
    key: IdempotencyKey,
    Json(body): Json<StartPayment>,
) -> Result<Created<Disclosed<Checkout>>, Reject> {
    let core = &state.core;
    let actor = claims.as_ref().map_or(Actor::Anonymous, |claims| Actor::of(claims));
    let caller = booking_id.to_string();
    let mut tx = core.begin().await?;
    let terms = honoured(&mut tx, booking_id, &body.quote).await?;
    if let Begun::Replay(reply) = idempotency::begin(&mut tx, core, OPERATION, &caller, key, &body).await? {
        return disclose(&state, tx, (actor, OPERATION), booking_id, reply).await;
    }
    // The key is taken with the reply: until there is one, what is asked again goes on where it was.
    tx.rollback().await?;
    let with = With {
        account_id: claims.as_ref().map(|claims| claims.account_id),
        saved_card_id: body.saved_card_id,
        keep_card: Some(body.keep_card),
    };
    // Who has paid on a page is not led to another.
    paying::look_at_pages(&state, booking_id).await?;
    let mut tx = core.begin().await?;
    let payment = known_or_new(&mut tx, &state, &body, terms, with).await?;
    paying::can_be_paid(&payment, core.now())?;
    let step = what_is_left(&payment, core.now())?;
    let begun = paying::begin(&mut tx, &state, payment, step, with).await?;
    core.commit(tx).await?;
    paying::go_on(&state, begun).await?;
    finish(&state, (actor, OPERATION), booking_id, key, &body).await
}

/// Takes the key with the reply, which says where to go on. Of two who ask at once with the same key, both are told the same.
pub(super) async fn finish(
    state: &State,
    (actor, action): (Actor, &'static str),
    booking_id: BookingId,
    key: IdempotencyKey,
    body: &impl Serialize,
) -> Result<Created<Disclosed<Checkout>>, Reject> {
    let core = &state.core;
    let caller = booking_id.to_string();
    let mut tx = core.begin().await?;
    let ticket = match idempotency::begin(&mut tx, core, action, &caller, key, body).await? {
        Begun::Replay(reply) => return disclose(state, tx, (actor, action), booking_id, reply).await,
        Begun::New(ticket) => ticket,
    };
    let payment =
        payment::lock(&mut tx, booking_id).await?.ok_or_else(|| Problem::not_found("This payment"))?;
    let reply = paying::checkout(&mut tx, &payment).await?;
    ticket.finish(&mut tx, 201, &reply).await?;
    disclose(state, tx, (actor, action), booking_id, reply).await
}

/// Shows where to go on, once that is noted.
pub(super) async fn disclose(
    state: &State,
    mut tx: sqlx::Transaction<'static, sqlx::Postgres>,
    (actor, action): (Actor, &'static str),
    booking_id: BookingId,
    reply: Checkout,
) -> Result<Created<Disclosed<Checkout>>, Reject> {
    let entry = Entry {
        actor,
        action,
        resource: booking_id.into(),
        whose: owner::patient(&mut tx, booking_id).await?,
        purpose: Purpose::Payment,
        outcome: Outcome::Allowed,
    };
    let recorded = audit::record(&mut tx, &state.core, entry).await?;
    Ok(Created(Disclosed::commit(&state.core, tx, recorded, reply).await?))
}

/// Insists that bookings signed the quote, for this booking, and that it asks for a step here.
async fn honoured<'a>(
    conn: &mut PgConnection,
    booking_id: BookingId,
    quote: &'a Quote,
) -> Result<&'a QuoteTerms, Reject> {
    let key = signing_key::find_of_bookings(conn, &quote.kid).await?;
    let message = quote_message(quote);
    let is_signed = key.is_some_and(|key| keys::verify(&key, message.as_bytes(), &quote.signature));
    if !is_signed || quote.booking_id != booking_id {
        return Err(Problem::new("quote-signature", 403, "This quote is not ours")
            .detail("Nothing was charged. Hold the time again to get a quote.")
            .into());
    }
    let nothing_due = || {
        Problem::new("nothing-due", 409, "Nothing is to be paid here")
            .detail("Nothing was charged. What is due is paid at the practice.")
    };
    let terms = quote.terms.as_ref().ok_or_else(nothing_due)?;
    if terms.funding == FundingMode::BulkBilled {
        return Err(paying::bulk_billed().into());
    }
    if !terms.needs_payment_step() {
        return Err(nothing_due().into());
    }
    Ok(terms)
}

/// The booking's payment, made of the quote when there is none.
async fn known_or_new(
    conn: &mut PgConnection,
    state: &State,
    body: &StartPayment,
    terms: &QuoteTerms,
    with: With,
) -> Result<Payment, Reject> {
    let (core, quote) = (&state.core, &body.quote);
    if let Some(known) = payment::lock(conn, quote.booking_id).await? {
        if known.quote_id != quote.quote_id {
            return Err(quote_used().into());
        }
        let lacks_leave =
            terms.fee_beyond() > AudCents::ZERO && !charging::has_leave(conn, quote.booking_id).await?;
        if body.keep_card || lacks_leave {
            // That may be wished for with a later try only.
            require_consent(conn, state, body).await?;
        }
        return Ok(known);
    }
    still_good(quote, core.now())?;
    if terms.keeps_card() || body.keep_card {
        require_consent(conn, state, body).await?;
    }
    let day = Zone::SYDNEY.date(core.now());
    let fee = platform_fee::on(conn, terms.organization_id, day).await?;
    // It may have been moved since it was quoted.
    let starts_at = invoice::starts_at(conn, quote.booking_id).await?.or(Some(terms.start));
    let new = Payment { starts_at, ..Payment::awaiting(core.id(), quote, terms, fee, with.account_id) };
    let created = payment::create_payment(conn, &new, core.now()).await.map_err(|error| match error {
        StoreError::QuoteUsed => Reject::from(quote_used()),
        StoreError::BulkBilledCharge => paying::bulk_billed().into(),
        StoreError::Database(error) => error.into(),
        // Nothing was taken of what is new, and its quote was checked: that is a fault of ours.
        error @ (StoreError::CardAsked | StoreError::Amounts) => anyhow::Error::from(error).into(),
    })?;
    if created {
        owner::keep(conn, quote.booking_id, with.account_id, None).await?;
    }
    let stored = payment::lock(conn, quote.booking_id).await?;
    Ok(stored.ok_or_else(|| Problem::not_found("This payment"))?)
}

/// Insists on leave to keep the card, and keeps the receipt. What was agreed to for the booking while it applied stays agreed to. A page
/// that was loaded before the text changed, or before there was one to agree to, cannot show what is missing.
async fn require_consent(conn: &mut PgConnection, state: &State, body: &StartPayment) -> Result<(), Reject> {
    let (core, booking_id) = (&state.core, body.quote.booking_id);
    let missing = |detail: &str| Problem::invalid(vec![FieldError::new("/consent", detail)]);
    let Some(given) = &body.consent else {
        let detail = "agree to the card being kept: it is charged when you are not there. Load this page anew where it \
                      does not ask";
        return Err(missing(detail).into());
    };
    let version = Some(given.version);
    if given.text == CARD_TEXT && is_given(conn, CARD_TEXT, version, booking_id).await? {
        return Ok(());
    }
    let current = consent::current_text(conn, core, CARD_TEXT).await?;
    if current.is_none_or(|current| given.text != current.text || given.version != current.version) {
        return Err(missing("what you agree to has changed: load this page anew and read it again").into());
    }
    consent::store_receipt(conn, core, CARD_TEXT, given.version, "booking", booking_id.0).await?;
    Ok(())
}

fn still_good(quote: &Quote, now: Timestamp) -> Result<(), Problem> {
    if now < quote.expires_at {
        return Ok(());
    }
    Err(Problem::new("quote-expired", 410, "This offer has ended")
        .detail("Nothing was charged. Hold the time again to see whether it is still free."))
}

fn quote_used() -> Problem {
    Problem::new("quote-used", 409, "This offer was used already")
        .detail("Nothing was charged. Hold the time again to get a quote of its own.")
}
