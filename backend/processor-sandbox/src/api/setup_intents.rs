//! Setup intents: a card is kept and no money moves.

use serde_json::{Value, json};

use super::payment_methods;
use crate::{
    call::{Call, Reply},
    object::Object,
    paying::{self, Presence},
    refusal::Refusal,
    world::World,
};

const OPEN: [&str; 3] = ["requires_payment_method", "requires_confirmation", "requires_action"];

/// A new setup intent; confirmed at once, where that is asked for.
pub fn create(world: &mut World, call: &Call) -> Reply {
    if let Some(customer) = call.form.text("customer") {
        world.named(call.account(), "customer", "customer", customer)?;
    }
    let mut intent = new(world, call, "");
    if let Some(method) = payment_methods::of(world, call)? {
        intent.set("payment_method", method.id());
        intent.set("status", "requires_confirmation");
    }
    let is_confirmed = call.form.flag("confirm")?;
    world.add(call.account(), &intent);
    world.tell("setup_intent.created", &intent);
    if is_confirmed {
        try_it(world, &mut intent)?;
    }
    Ok(intent.0)
}

/// A setup intent of the fields within a form, neither kept nor told of.
pub fn new(world: &World, call: &Call, within: &str) -> Object {
    let at = |name: &str| format!("{within}{name}");
    let id = world.id("seti_");
    Object(json!({
        "id": id,
        "object": "setup_intent",
        "cancellation_reason": null,
        "client_secret": format!("{id}_secret_{}", world.id("")),
        "created": world.now(),
        "customer": call.text_or_null("customer"),
        "description": call.text_or_null(&at("description")),
        "last_setup_error": null,
        "livemode": false,
        "metadata": call.metadata(&at("metadata")),
        "next_action": null,
        "on_behalf_of": call.text_or_null(&at("on_behalf_of")),
        "payment_method": null,
        "payment_method_types": ["card"],
        "return_url": call.text_or_null("return_url"),
        "status": "requires_payment_method",
        "usage": call.form.text(&at("usage")).unwrap_or("off_session"),
    }))
}

fn try_it(world: &mut World, intent: &mut Object) -> Result<(), Refusal> {
    if intent.at("payment_method").is_none() {
        let message = "You cannot confirm this SetupIntent because it's missing a payment method.";
        return Err(Refusal::refused("setup_intent_unexpected_state", message));
    }
    paying::keep(world, intent, Presence::Here)
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "setup_intent", id)?.0)
}

/// Changes what is given.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "setup_intent", id)?;
    if let Some(method) = payment_methods::of(world, call)? {
        expects(&intent, "updated")?;
        intent.set("payment_method", method.id());
        intent.set("status", "requires_confirmation");
    }
    for name in ["description", "customer"] {
        if call.form.has(name) {
            intent.set(name, call.text_or_null(name));
        }
    }
    intent.lay_over("metadata", &call.metadata("metadata"));
    world.put(&intent);
    Ok(intent.0)
}

/// Tries the card.
pub fn confirm(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "setup_intent", id)?;
    expects(&intent, "confirmed")?;
    if let Some(method) = payment_methods::of(world, call)? {
        intent.set("payment_method", method.id());
    }
    if let Some(return_url) = call.form.text("return_url") {
        intent.set("return_url", return_url);
    }
    try_it(world, &mut intent)?;
    Ok(intent.0)
}

/// Lets it be.
pub fn cancel(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut intent = world.find(call.account(), "setup_intent", id)?;
    expects(&intent, "canceled")?;
    intent.set("status", "canceled");
    intent
        .set("cancellation_reason", call.form.text("cancellation_reason").unwrap_or("requested_by_customer"));
    intent.set("next_action", Value::Null);
    world.put(&intent);
    world.tell("setup_intent.canceled", &intent);
    Ok(intent.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "setup_intent", &["customer", "payment_method"])
}

fn expects(intent: &Object, what: &str) -> Result<(), Refusal> {
    if intent.stands(&OPEN) {
        return Ok(());
    }
    let status = intent.text("status").unwrap_or_default();
    let message = format!("You cannot have this SetupIntent {what} because it has a status of {status}.");
    Err(Refusal::refused("setup_intent_unexpected_state", message).with("setup_intent", intent.told()))
}
