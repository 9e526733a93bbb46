//! Payment intents (<https://docs.stripe.com/payments/paymentintents/lifecycle>, read 2026-11-26).

use serde_json::{Value, json};

use super::payment_methods;
use crate::{
    call::{Call, Reply},
    object::Object,
    passing::let_go,
    paying::{self, Presence},
    refusal::Refusal,
    world::World,
};

/// The least that a card is charged, in cents.
const LEAST: i64 = 50;
/// The most.
const MOST: i64 = 99_999_999;

/// A new payment intent; confirmed at once, where that is asked for.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let mut intent = new(world, call, "")?;
    if let Some(method) = payment_methods::of(world, call)? {
        intent.set("payment_method", method.id());
        intent.set("status", "requires_confirmation");
    }
    let (is_confirmed, off_session) = (call.form.flag("confirm")?, is_off_session(call)?);
    if off_session && !is_confirmed {
        return Err(Refusal::invalid("off_session", "off_session can only be used with confirm=true."));
    }
    intent.set("sandbox_refuses_action", call.form.flag("error_on_requires_action")?);
    world.add(call.account(), &intent);
    world.tell("payment_intent.created", &intent);
    if is_confirmed {
        try_it(world, &mut intent, off_session)?;
    }
    Ok(intent.0)
}

/// A payment intent of the fields within a form, neither kept nor told of.
///
/// # Errors
/// What of the form cannot be.
pub fn new(world: &World, call: &Call, within: &str) -> Result<Object, Refusal> {
    let at = |name: &str| format!("{within}{name}");
    let amount = amount(call, "amount")?;
    let capture = call.form.text(&at("capture_method")).unwrap_or("automatic_async");
    if !["automatic", "automatic_async", "manual"].contains(&capture) {
        return Err(Refusal::invalid(&at("capture_method"), format!("Invalid capture_method: {capture}")));
    }
    if let Some(customer) = call.form.text("customer") {
        world.named(call.account(), "customer", "customer", customer)?;
    }
    let fee = call.form.number(&at("application_fee_amount"))?;
    let transfer = match call.form.text(&at("transfer_data.destination")) {
        Some(destination) => {
            let account = world.named(None, "account", &at("transfer_data.destination"), destination)?;
            if account.text("capabilities.transfers") != Some("active") {
                let message = "Your destination account needs to have at least one of the following capabilities \
                               enabled: transfers, crypto_transfers, legacy_payments";
                return Err(Refusal::refused("insufficient_capabilities_for_transfer", message));
            }
            json!({ "destination": destination, "amount": call.form.number(&at("transfer_data.amount"))? })
        }
        None if fee.is_some() && call.account.is_none() => {
            let message = "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment \
                           (using an OAuth key or Stripe-Account header) or destination payment.";
            return Err(Refusal::invalid(&at("application_fee_amount"), message));
        }
        None => Value::Null,
    };
    if fee.is_some_and(|fee| !(0..=amount).contains(&fee)) {
        let message = "Your application fee cannot be larger than the amount you are collecting.";
        return Err(Refusal::invalid(&at("application_fee_amount"), message));
    }
    let id = world.id("pi_");
    Ok(Object(json!({
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "application_fee_amount": fee,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": capture,
        "client_secret": format!("{id}_secret_{}", world.id("")),
        "confirmation_method": "automatic",
        "created": world.now(),
        "currency": "aud",
        "customer": call.text_or_null("customer"),
        "description": call.text_or_null(&at("description")),
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": false,
        "metadata": call.metadata(&at("metadata")),
        "next_action": null,
        "on_behalf_of": call.text_or_null(&at("on_behalf_of")),
        "payment_method": null,
        "payment_method_types": ["card"],
        "return_url": call.text_or_null("return_url"),
        "setup_future_usage": call.text_or_null(&at("setup_future_usage")),
        "status": "requires_payment_method",
        "transfer_data": transfer,
        "transfer_group": call.text_or_null(&at("transfer_group")),
    })))
}

/// An amount in Australian cents that can be charged.
///
/// # Errors
/// When it is missing, too small, too large or in another currency.
fn amount(call: &Call, param: &str) -> Result<i64, Refusal> {
    let amount = call.form.number(param)?.ok_or_else(|| Refusal::missing(param))?;
    let currency = call.form.required("currency")?;
    if !currency.eq_ignore_ascii_case("aud") {
        return Err(Refusal::invalid("currency", format!("The sandbox takes aud, not {currency}.")));
    }
    match amount {
        ..LEAST => {
            Err(Refusal::refused("amount_too_small", "Amount must be at least $0.50 aud")
                .with("param", param))
        }
        LEAST..=MOST => Ok(amount),
        _ => Err(Refusal::refused("amount_too_large", "Amount must be no more than $999,999.99")
            .with("param", param)),
    }
}

fn is_off_session(call: &Call) -> Result<bool, Refusal> {
    match call.form.text("off_session") {
        // Why nobody is there may be said instead.
        Some("one_off" | "recurring") => Ok(true),
        Some(_) | None => call.form.flag("off_session"),
    }
}

fn try_it(world: &mut World, intent: &mut Object, off_session: bool) -> Result<(), Refusal> {
    if intent.at("payment_method").is_none() {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method.";
        return Err(Refusal::refused("payment_intent_unexpected_state", message));
    }
    let presence = if off_session { Presence::Away } else { Presence::Here };
    paying::pay(world, intent, presence)
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "payment_intent", id)?.0)
}

/// Changes what is given, while nothing was charged.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "payment_intent", id)?;
    if call.form.has("amount") {
        expects(
            &intent,
            &["requires_payment_method", "requires_confirmation", "requires_action"],
            "updated",
        )?;
        intent.set("amount", call.form.number("amount")?.ok_or_else(|| Refusal::missing("amount"))?);
    }
    if let Some(method) = payment_methods::of(world, call)? {
        expects(
            &intent,
            &["requires_payment_method", "requires_confirmation", "requires_action"],
            "updated",
        )?;
        intent.set("payment_method", method.id());
        intent.set("status", "requires_confirmation");
    }
    for name in ["description", "customer", "transfer_group", "setup_future_usage"] {
        if call.form.has(name) {
            intent.set(name, call.text_or_null(name));
        }
    }
    if let Some(fee) = call.form.number("application_fee_amount")? {
        intent.set("application_fee_amount", fee);
    }
    intent.lay_over("metadata", &call.metadata("metadata"));
    world.put(&intent);
    Ok(intent.0)
}

/// Tries the card.
pub fn confirm(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "payment_intent", id)?;
    expects(&intent, &["requires_payment_method", "requires_confirmation", "requires_action"], "confirmed")?;
    if let Some(method) = payment_methods::of(world, call)? {
        intent.set("payment_method", method.id());
    }
    if let Some(return_url) = call.form.text("return_url") {
        intent.set("return_url", return_url);
    }
    intent.set("sandbox_refuses_action", call.form.flag("error_on_requires_action")?);
    try_it(world, &mut intent, is_off_session(call)?)?;
    Ok(intent.0)
}

/// Takes the money that is held, or part of it.
pub fn capture(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "payment_intent", id)?;
    expects(&intent, &["requires_capture"], "captured")?;
    let refusals = intent.cents("sandbox_refuses_captures");
    if refusals > 0 {
        intent.set("sandbox_refuses_captures", refusals - 1);
        world.put(&intent);
        let message = "The bank does not let the held money be taken now.";
        return Err(Refusal::refused("payment_intent_unexpected_state", message));
    }
    let held = intent.cents("amount_capturable");
    let amount = call.form.number("amount_to_capture")?.unwrap_or(held);
    if !(1..=held).contains(&amount) {
        let message = "The amount_to_capture has to be above nought and at most the amount that is held.";
        return Err(Refusal::refused("amount_too_large", message).with("param", "amount_to_capture"));
    }
    let charge = intent.text("latest_charge").and_then(|id| world.get(id)).cloned();
    let mut charge = charge.ok_or_else(|| Refusal::no_such("charge", id))?;
    let fee = call
        .form
        .number("application_fee_amount")?
        .or_else(|| intent.at("application_fee_amount").and_then(Value::as_i64));
    if let Some(fee) = fee {
        if fee > amount {
            let message = "Your application fee cannot be larger than the amount you are collecting.";
            return Err(Refusal::invalid("application_fee_amount", message));
        }
        intent.set("application_fee_amount", fee);
        charge.set("application_fee_amount", fee);
    }
    if let Some(share) = call.form.number("transfer_data.amount")? {
        charge.0["transfer_data"]["amount"] = Value::from(share);
        intent.0["transfer_data"]["amount"] = Value::from(share);
    }
    if call.form.has("metadata") {
        intent.lay_over("metadata", &call.metadata("metadata"));
    }
    paying::take(world, &mut intent, &mut charge, amount);
    world.tell("charge.captured", &charge);
    world.tell("payment_intent.succeeded", &intent);
    Ok(intent.0)
}

/// Lets a payment go before its money is taken.
pub fn cancel(world: &mut World, call: &Call, id: &str) -> Reply {
    let intent = world.find(call.account(), "payment_intent", id)?;
    let open = [
        "requires_payment_method",
        "requires_confirmation",
        "requires_action",
        "requires_capture",
        "processing",
    ];
    expects(&intent, &open, "canceled")?;
    let reason = call.form.text("cancellation_reason").unwrap_or("requested_by_customer");
    Ok(let_go(world, intent, reason).0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "payment_intent", &["customer"])
}

fn expects(intent: &Object, statuses: &[&str], what: &str) -> Result<(), Refusal> {
    if intent.stands(statuses) {
        return Ok(());
    }
    let status = intent.text("status").unwrap_or_default();
    let message = format!("This PaymentIntent could not be {what} because it has a status of {status}.");
    let refusal = Refusal::refused("payment_intent_unexpected_state", message);
    Err(refusal.with("payment_intent", intent.told()))
}
