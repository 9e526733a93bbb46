//! A card is tried: for a payment, or to be kept.

use serde_json::{Value, json};

use crate::{
    cards::{self, AUTHENTICATION_REQUIRED, Bank, Card, Decline},
    money::collect,
    object::Object,
    passing::Plan,
    refusal::Refusal,
    world::World,
};

/// How long money is held that the cardholder was there for, in seconds: seven days.
const HELD_BY_HOLDER: i64 = 7 * 24 * 60 * 60;
/// How long money is held that was asked for without them: four days and eighteen hours
/// (<https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>, read 2026-11-26).
const HELD_BY_MERCHANT: i64 = (4 * 24 + 18) * 60 * 60;

/// Who is there while a card is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The cardholder looks at a page.
    Here,
    /// The cardholder has just proved who they are.
    Proven,
    /// Nobody: the card is kept and charged without them.
    Away,
}

/// What came of a try.
pub enum Tried {
    /// The bank agreed.
    Agreed,
    /// The bank wants the cardholder to prove who they are.
    Asked,
    /// The bank said no.
    Declined(Decline),
}

/// What a card's bank says.
fn ask(card: &Card, is_proven: bool, presence: Presence, is_payment: bool) -> Tried {
    match card.bank {
        Bank::Declines(decline) => Tried::Declined(decline),
        Bank::DeclinesPayments(decline) if is_payment => Tried::Declined(decline),
        Bank::AsksOnce if is_proven => Tried::Agreed,
        Bank::AsksOnce | Bank::AsksAlways => match presence {
            Presence::Proven => Tried::Agreed,
            Presence::Here => Tried::Asked,
            Presence::Away => Tried::Declined(AUTHENTICATION_REQUIRED),
        },
        Bank::Agrees
        | Bank::DeclinesPayments(_)
        | Bank::WantsItBack(_)
        | Bank::RefundsSlowly
        | Bank::RefusesRefunds
        | Bank::PaysAtOnce => Tried::Agreed,
    }
}

/// The card behind a payment method, and whether its holder proved who they are when it was kept.
fn behind(world: &World, method: &str) -> Option<(&'static Card, bool)> {
    let kept = world.book.cards.get(method)?;
    Some((cards::by_number(&kept.number)?, kept.is_proven))
}

/// Tries the card of a payment intent. The intent is left in the state that came of it, and kept.
///
/// # Errors
/// A card's refusal, with the intent in it.
pub fn pay(world: &mut World, intent: &mut Object, presence: Presence) -> Result<(), Refusal> {
    let method = intent.owned("payment_method").unwrap_or_default();
    let Some((card, is_proven)) = behind(world, &method) else {
        return Err(Refusal::refused("payment_method_unexpected_state", "The payment method has no card."));
    };
    intent.set("next_action", Value::Null);
    match ask(card, is_proven, presence, true) {
        Tried::Agreed => {
            let kept = intent.at("setup_future_usage").is_some();
            if presence == Presence::Proven && kept {
                prove(world, &method);
            }
            intent.set("last_payment_error", Value::Null);
            charge(world, intent, card, presence);
            if kept && let Some(customer) = intent.owned("customer") {
                attach(world, &method, &customer);
            }
            Ok(())
        }
        Tried::Asked if intent.is("sandbox_refuses_action") => {
            decline(world, intent, card, &AUTHENTICATION_REQUIRED)
        }
        Tried::Asked => {
            ask_for_action(world, intent);
            world.put(intent);
            world.tell("payment_intent.requires_action", intent);
            Ok(())
        }
        Tried::Declined(reason) => decline(world, intent, card, &reason),
    }
}

/// Tries the card of a setup intent. The intent is left in the state that came of it, and kept.
///
/// # Errors
/// A card's refusal, with the intent in it.
pub fn keep(world: &mut World, intent: &mut Object, presence: Presence) -> Result<(), Refusal> {
    let method = intent.owned("payment_method").unwrap_or_default();
    let Some((card, is_proven)) = behind(world, &method) else {
        return Err(Refusal::refused("payment_method_unexpected_state", "The payment method has no card."));
    };
    intent.set("next_action", Value::Null);
    match ask(card, is_proven, presence, false) {
        Tried::Agreed => {
            if presence == Presence::Proven {
                prove(world, &method);
            }
            intent.set("status", "succeeded");
            intent.set("last_setup_error", Value::Null);
            if let Some(customer) = intent.owned("customer") {
                attach(world, &method, &customer);
            }
            world.put(intent);
            world.tell("setup_intent.succeeded", intent);
            Ok(())
        }
        Tried::Asked => {
            ask_for_action(world, intent);
            world.put(intent);
            world.tell("setup_intent.requires_action", intent);
            Ok(())
        }
        Tried::Declined(reason) => {
            let error = error_of(world, &reason, &method);
            intent.set("status", "requires_payment_method");
            intent.set("payment_method", Value::Null);
            intent.set("last_setup_error", error);
            world.put(intent);
            world.tell("setup_intent.setup_failed", intent);
            Err(Refusal::card(reason.code, reason.decline_code, reason.message)
                .with("setup_intent", intent.told()))
        }
    }
}

/// The cardholder did not prove who they are.
pub fn not_proven(world: &mut World, intent: &mut Object) {
    let (error, code, event) = match intent.kind() {
        "setup_intent" => {
            ("last_setup_error", "setup_intent_authentication_failure", "setup_intent.setup_failed")
        }
        _ => ("last_payment_error", "payment_intent_authentication_failure", "payment_intent.payment_failed"),
    };
    let message =
        "The provided PaymentMethod has failed authentication. You can provide another payment method.";
    intent.set("next_action", Value::Null);
    intent.set("status", "requires_payment_method");
    intent.set("payment_method", Value::Null);
    intent.set(error, json!({ "type": "invalid_request_error", "code": code, "message": message }));
    world.put(intent);
    world.tell(event, intent);
}

/// Asks a card's bank whether the card may be kept.
///
/// # Errors
/// A card's refusal.
pub fn try_to_attach(world: &World, method: &str) -> Result<(), Refusal> {
    let Some((card, is_proven)) = behind(world, method) else { return Ok(()) };
    match ask(card, is_proven, Presence::Proven, false) {
        Tried::Agreed | Tried::Asked => Ok(()),
        Tried::Declined(reason) => Err(Refusal::card(reason.code, reason.decline_code, reason.message)),
    }
}

/// Ties a payment method to a customer, unless it is tied.
pub fn attach(world: &mut World, method: &str, customer: &str) {
    let Some(mut method) = world.get(method).cloned() else { return };
    if method.at("customer").is_none() {
        method.set("customer", customer);
        world.put(&method);
        world.tell("payment_method.attached", &method);
    }
}

fn prove(world: &mut World, method: &str) {
    if let Some(kept) = world.book.cards.get_mut(method) {
        kept.is_proven = true;
    }
}

fn ask_for_action(world: &World, intent: &mut Object) {
    let url = format!("{}/authenticate/{}", world.address, intent.id());
    let return_url = intent.owned("return_url");
    intent.set("status", "requires_action");
    intent.set(
        "next_action",
        json!({ "type": "redirect_to_url", "redirect_to_url": { "url": url, "return_url": return_url } }),
    );
}

fn error_of(world: &World, decline: &Decline, method: &str) -> Value {
    json!({
        "type": "card_error",
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": decline.message,
        "payment_method": world.get(method),
    })
}

/// A charge of an intent, in no state yet.
fn new_charge(world: &World, intent: &Object, card: &Card) -> Object {
    let (id, method) = (world.id("ch_"), intent.owned("payment_method").unwrap_or_default());
    let details = world.get(&method).and_then(|method| method.at("card")).cloned();
    let mut details = details.unwrap_or_else(|| json!({ "brand": card.brand }));
    details["network"] = Value::from(card.brand);
    Object(json!({
        "id": id,
        "object": "charge",
        "amount": intent.cents("amount"),
        "amount_captured": 0,
        "amount_refunded": 0,
        "application_fee": null,
        "application_fee_amount": intent.at("application_fee_amount"),
        "balance_transaction": null,
        "billing_details": {},
        "captured": false,
        "created": world.now(),
        "currency": "aud",
        "customer": intent.at("customer"),
        "description": intent.at("description"),
        "disputed": false,
        "failure_code": null,
        "failure_message": null,
        "livemode": false,
        "metadata": intent.at("metadata"),
        "on_behalf_of": intent.at("on_behalf_of"),
        "outcome": { "network_status": "approved_by_network", "type": "authorized", "risk_level": "normal" },
        "paid": true,
        "payment_intent": intent.id(),
        "payment_method": method,
        "payment_method_details": { "type": "card", "card": details },
        "refunded": false,
        "status": "succeeded",
        "transfer_data": intent.at("transfer_data"),
        "transfer_group": format!("group_{}", intent.id()),
    }))
}

/// The bank agreed: the money is held, or taken.
fn charge(world: &mut World, intent: &mut Object, card: &Card, presence: Presence) {
    let mut charge = new_charge(world, intent, card);
    let owner = world.owner(&intent.id());
    intent.set("latest_charge", charge.id());
    world.add(owner.as_deref(), &charge);
    if intent.text("capture_method") == Some("manual") {
        let held = if presence == Presence::Away { HELD_BY_MERCHANT } else { HELD_BY_HOLDER };
        let until = world.now() + held;
        charge.0["payment_method_details"]["card"]["capture_before"] = Value::from(until);
        intent.set("status", "requires_capture");
        intent.set("amount_capturable", intent.cents("amount"));
        world.put(&charge);
        world.put(intent);
        world.plan(until, Plan::EndHold { intent: intent.id() });
        world.tell("charge.succeeded", &charge);
        world.tell("payment_intent.amount_capturable_updated", intent);
    } else {
        let amount = intent.cents("amount");
        take(world, intent, &mut charge, amount);
        world.tell("charge.succeeded", &charge);
        world.tell("payment_intent.succeeded", intent);
    }
}

/// Takes money that the bank agreed to; what is left of a hold is let go.
pub fn take(world: &mut World, intent: &mut Object, charge: &mut Object, amount: i64) {
    charge.set("captured", true);
    charge.set("amount_captured", amount);
    charge.set("amount_refunded", charge.cents("amount") - amount);
    intent.set("status", "succeeded");
    intent.set("amount_capturable", 0);
    intent.set("amount_received", amount);
    let method = charge.owned("payment_method").unwrap_or_default();
    if let Some((card, _)) = behind(world, &method) {
        collect(world, charge, card);
    }
    world.put(charge);
    world.put(intent);
}

/// The bank said no: the intent takes another card.
fn decline(world: &mut World, intent: &mut Object, card: &Card, reason: &Decline) -> Result<(), Refusal> {
    let method = intent.owned("payment_method").unwrap_or_default();
    let mut charge = new_charge(world, intent, card);
    charge.set("status", "failed");
    charge.set("paid", false);
    charge.set("failure_code", reason.code);
    charge.set("failure_message", reason.message);
    charge.set(
        "outcome",
        json!({ "network_status": "declined_by_network", "type": "issuer_declined", "reason": reason.decline_code }),
    );
    let owner = world.owner(&intent.id());
    world.add(owner.as_deref(), &charge);
    let mut error = error_of(world, reason, &method);
    error["charge"] = Value::from(charge.id());
    intent.set("status", "requires_payment_method");
    intent.set("payment_method", Value::Null);
    intent.set("latest_charge", charge.id());
    intent.set("last_payment_error", error);
    world.put(intent);
    world.tell("charge.failed", &charge);
    world.tell("payment_intent.payment_failed", intent);
    Err(Refusal::card(reason.code, reason.decline_code, reason.message)
        .with("charge", charge.id())
        .with("payment_intent", intent.told()))
}
