//! Payment pages that the processor hosts: checkout sessions in the modes `payment` and `setup`.

use serde_json::{Value, json};

use super::{customers, payment_intents, payment_methods, setup_intents};
use crate::{
    call::{Call, Reply},
    cards::Card,
    form::Form,
    object::Object,
    passing::{DAY, Plan, let_go},
    paying::{self, Presence},
    refusal::Refusal,
    world::World,
};

/// The shortest time that a page is open, in seconds.
const SHORTEST: i64 = 30 * 60;

/// Opens a page.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let mode = call.form.required("mode")?;
    call.form.required("success_url")?;
    let now = world.now();
    let until = call.form.number("expires_at")?.unwrap_or(now + DAY);
    // A minute of grace either way: clocks differ.
    if !(now + SHORTEST - 60..=now + DAY + 60).contains(&until) {
        let message = "The expires_at timestamp must be between 30 minutes and 24 hours from Checkout Session creation.";
        return Err(Refusal::invalid("expires_at", message));
    }
    if let Some(customer) = call.form.text("customer") {
        world.named(call.account(), "customer", "customer", customer)?;
    }
    let (total, setup) = match mode {
        "payment" => (Some(total(call)?), None),
        "setup" => (None, Some(setup_intents::new(world, call, "setup_intent_data."))),
        other => {
            return Err(Refusal::invalid("mode", format!("The sandbox has no Checkout in mode {other}.")));
        }
    };
    if let Some(total) = total {
        // What will be charged is looked at now, so that nobody stands before a page that cannot work.
        intended(world, call, total)?;
    }
    if let Some(setup) = &setup {
        world.add(call.account(), setup);
        world.tell("setup_intent.created", setup);
    }
    let session = new(world, call, mode, total, setup.as_ref(), until);
    world.add(call.account(), &session);
    world.plan(until, Plan::EndSession { session: session.id() });
    Ok(session.0)
}

fn new(
    world: &World,
    call: &Call,
    mode: &str,
    total: Option<i64>,
    setup: Option<&Object>,
    until: i64,
) -> Object {
    let id = world.id("cs_test_");
    Object(json!({
        "id": id,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": { "enabled": false, "status": null },
        "cancel_url": call.text_or_null("cancel_url"),
        "client_reference_id": call.text_or_null("client_reference_id"),
        "created": world.now(),
        "currency": "aud",
        "custom_fields": [],
        "custom_text": {},
        "customer": call.text_or_null("customer"),
        "customer_creation": call.text_or_null("customer_creation"),
        "customer_email": call.text_or_null("customer_email"),
        "expires_at": until,
        "livemode": false,
        "locale": call.text_or_null("locale"),
        "metadata": call.metadata("metadata"),
        "mode": mode,
        "payment_intent": null,
        "payment_method_types": ["card"],
        "payment_status": if mode == "setup" { "no_payment_required" } else { "unpaid" },
        "setup_intent": setup.map(Object::id),
        "shipping_options": [],
        "status": "open",
        "success_url": call.text_or_null("success_url"),
        "ui_mode": "hosted_page",
        "url": format!("{}/pay/{id}", world.address),
        // Not told: what is to be charged once a card is given.
        "sandbox_asked": call.form.json(),
    }))
}

/// The sum of the lines.
fn total(call: &Call) -> Result<i64, Refusal> {
    let lines = call.form.fields("line_items").ok_or_else(|| Refusal::missing("line_items"))?;
    lines.names().try_fold(0_i64, |sum, line| {
        let price = lines.number(&format!("{line}.price_data.unit_amount"))?;
        let price =
            price.ok_or_else(|| Refusal::missing(&format!("line_items.{line}.price_data.unit_amount")))?;
        lines.required(&format!("{line}.price_data.currency"))?;
        Ok(sum + price * lines.number(&format!("{line}.quantity"))?.unwrap_or(1))
    })
}

/// The payment intent that a page will make.
fn intended(world: &World, call: &Call, total: i64) -> Result<Object, Refusal> {
    let mut with_amount = call.clone();
    with_amount.form.add(&format!("amount={total}&currency=aud"));
    payment_intents::new(world, &with_amount, "payment_intent_data.")
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "checkout.session", id)?.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "checkout.session", &["customer", "payment_intent", "setup_intent", "status"])
}

/// Closes a page.
pub fn expire(world: &mut World, call: &Call, id: &str) -> Reply {
    let session = world.find(call.account(), "checkout.session", id)?;
    if !session.stands(&["open"]) {
        let status = session.text("status").unwrap_or_default();
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {status}."
        );
        return Err(Refusal::refused("resource_invalid_state", message));
    }
    end(world, id);
    find(world, call, id)
}

/// The time of a page is over.
pub fn end(world: &mut World, id: &str) {
    let Some(mut session) = world.get(id).filter(|session| session.stands(&["open"])).cloned() else {
        return;
    };
    session.set("status", "expired");
    session.set("url", Value::Null);
    world.put(&session);
    let intent = session.text("payment_intent").and_then(|id| world.get(id)).cloned();
    if let Some(intent) =
        intent.filter(|intent| !intent.stands(&["succeeded", "canceled", "requires_capture"]))
    {
        let_go(world, intent, "automatic");
    }
    world.tell("checkout.session.expired", &session);
}

/// Somebody gives a card on the page; gives the intent that it was tried for.
///
/// # Errors
/// When the page is closed, or the card says no.
pub fn give_card(world: &mut World, id: &str, card: &Card) -> Result<Object, Refusal> {
    let session = world.get(id).filter(|session| session.stands(&["open"])).cloned();
    let session = session.ok_or_else(|| Refusal::no_such("checkout.session", id))?;
    let account = world.owner(id);
    let method = payment_methods::new(world, account.as_deref(), card, (12, 2034), &json!({}));
    let mut intent = match session.text("setup_intent").or_else(|| session.text("payment_intent")) {
        Some(intent) => {
            world.get(intent).cloned().ok_or_else(|| Refusal::no_such("payment_intent", intent))?
        }
        None => begin(world, account.as_deref(), &session)?,
    };
    intent.set("payment_method", method.id());
    let tried = match session.text("mode") {
        Some("setup") => paying::keep(world, &mut intent, Presence::Here),
        Some(_) | None => paying::pay(world, &mut intent, Presence::Here),
    };
    tried?;
    complete(world, &intent);
    Ok(intent)
}

/// The payment intent of a page, made when the first card is given.
fn begin(world: &mut World, account: Option<&str>, session: &Object) -> Result<Object, Refusal> {
    let mut session = session.clone();
    let mut call = Call {
        method: "POST".to_owned(),
        path: "payment_intents".to_owned(),
        form: Form::of(session.at("sandbox_asked")),
        account: account.map(str::to_owned),
    };
    if session.at("customer").is_none() && session.text("customer_creation") == Some("always") {
        let id = world.id("cus_");
        customers::new(world, account, &id, &json!({}), |_| Value::Null);
        call.form.add(&format!("customer={id}"));
        session.set("customer", id);
    }
    let intent = intended(world, &call, session.cents("amount_total"))?;
    world.add(account, &intent);
    world.tell("payment_intent.created", &intent);
    session.set("payment_intent", intent.id());
    world.put(&session);
    Ok(intent)
}

/// The page of an intent is done, when the intent is.
pub fn complete(world: &mut World, intent: &Object) {
    if !intent.stands(&["succeeded", "requires_capture"]) {
        return;
    }
    let Some(mut session) = of_intent(world, intent) else { return };
    session.set("status", "complete");
    session.set("url", Value::Null);
    if intent.kind() == "payment_intent" && intent.stands(&["succeeded"]) {
        session.set("payment_status", "paid");
    }
    world.put(&session);
    world.tell("checkout.session.completed", &session);
}

/// The open page that an intent belongs to.
pub fn of_intent(world: &World, intent: &Object) -> Option<Object> {
    let account = world.owner(&intent.id());
    let id = intent.id();
    world
        .all(account.as_deref(), "checkout.session")
        .rev()
        .find(|session| session.text(intent.kind()) == Some(id.as_str()))
        .cloned()
}
