//! Payment methods: cards, here.

use serde_json::{Value, json};

use crate::{
    call::{Call, Reply},
    cards::{self, Card},
    object::Object,
    paying,
    refusal::Refusal,
    world::{KeptCard, World},
};

/// The last month in which a card without one is good.
const GOOD_UNTIL: (i64, i64) = (12, 2034);

/// A new card.
pub fn create(world: &mut World, call: &Call) -> Reply {
    Ok(from_form(world, call, "")?.0)
}

/// The payment method of a request: one there is, one that stands for a test card, or a new card in `payment_method_data`.
///
/// # Errors
/// When there is no such payment method, or the number is no test card's.
pub fn of(world: &mut World, call: &Call) -> Result<Option<Object>, Refusal> {
    match call.form.text("payment_method") {
        Some(named) => match cards::by_method(named) {
            Some(card) => Ok(Some(new(world, call.account(), card, GOOD_UNTIL, &json!({})))),
            None => world.named(call.account(), "payment_method", "payment_method", named).map(Some),
        },
        None if call.form.has("payment_method_data") => {
            from_form(world, call, "payment_method_data.").map(Some)
        }
        None => Ok(None),
    }
}

fn from_form(world: &mut World, call: &Call, within: &str) -> Result<Object, Refusal> {
    let at = |name: &str| format!("{within}{name}");
    let kind = call.form.required(&at("type"))?;
    if kind != "card" {
        return Err(Refusal::invalid(&at("type"), "The sandbox knows no payment method but card."));
    }
    let card = match call.form.text(&at("card.token")) {
        Some(token) => cards::by_method(&token.replacen("tok_", "pm_card_", 1)),
        None => cards::by_number(call.form.required(&at("card.number"))?),
    };
    let card = card.ok_or_else(|| {
        Refusal::card(
            "incorrect_number",
            None,
            "Your card number is incorrect: the sandbox takes test cards only.",
        )
        .with("param", "number")
    })?;
    let month = call.form.number(&at("card.exp_month"))?.unwrap_or(GOOD_UNTIL.0);
    let year = call.form.number(&at("card.exp_year"))?.unwrap_or(GOOD_UNTIL.1);
    let year = if year < 100 { 2000 + year } else { year };
    if !(1..=12).contains(&month) {
        return Err(Refusal::card("invalid_expiry_month", None, "Your card's expiration month is invalid."));
    }
    // 31,556,952 seconds are a year of the Gregorian calendar.
    let this_year = 1970 + world.now() / 31_556_952;
    if !(this_year..2100).contains(&year) {
        return Err(Refusal::card("invalid_expiry_year", None, "Your card's expiration year is invalid."));
    }
    let details = call.form.fields(&at("billing_details")).map_or_else(|| json!({}), |fields| fields.json());
    Ok(new(world, call.account(), card, (month, year), &details))
}

/// A card, kept for nobody yet.
pub fn new(
    world: &mut World,
    account: Option<&str>,
    card: &Card,
    (month, year): (i64, i64),
    details: &Value,
) -> Object {
    let id = world.id("pm_");
    let method = Object(json!({
        "id": id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": details,
        "card": {
            "brand": card.brand,
            "country": "AU",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": format!("sandbox{}", &card.number[card.number.len() - 8..]),
            "funding": "credit",
            "last4": &card.number[card.number.len() - 4..],
            "three_d_secure_usage": { "supported": true },
        },
        "created": world.now(),
        "customer": null,
        "livemode": false,
        "metadata": {},
        "type": "card",
    }));
    world.book.cards.insert(id, KeptCard { number: card.number.to_owned(), is_proven: false });
    world.add(account, &method);
    method
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "payment_method", id)?.0)
}

/// Changes what is given.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut method = world.find(call.account(), "payment_method", id)?;
    method.lay_over("metadata", &call.metadata("metadata"));
    if let Some(details) = call.form.fields("billing_details") {
        method.lay_over("billing_details", &details.json());
    }
    world.put(&method);
    world.tell("payment_method.updated", &method);
    Ok(method.0)
}

/// Keeps a card for a customer.
pub fn attach(world: &mut World, call: &Call, id: &str) -> Reply {
    let id = match cards::by_method(id) {
        Some(card) => new(world, call.account(), card, GOOD_UNTIL, &json!({})).id(),
        None => world.find(call.account(), "payment_method", id)?.id(),
    };
    let customer = call.form.required("customer")?;
    world.named(call.account(), "customer", "customer", customer)?;
    paying::try_to_attach(world, &id)?;
    paying::attach(world, &id, customer);
    find(world, call, &id)
}

/// Lets a card go.
pub fn detach(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut method = world.find(call.account(), "payment_method", id)?;
    if method.at("customer").is_none() {
        let message =
            "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(Refusal::invalid("payment_method", message));
    }
    method.set("customer", Value::Null);
    world.put(&method);
    world.tell("payment_method.detached", &method);
    Ok(method.0)
}

/// All that are kept.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "payment_method", &["customer", "type"])
}
