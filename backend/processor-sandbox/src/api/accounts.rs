//! Connected accounts and the pages where they are set up.

use serde_json::{Value, json};

use crate::{
    call::{Call, Reply},
    form::Form,
    object::Object,
    passing::{Plan, next_midnight},
    refusal::Refusal,
    world::World,
};

/// What an account has to say of itself before it is paid.
const NEEDED: [&str; 4] = ["business_type", "external_account", "representative", "tos_acceptance.date"];
/// How long the address of a set-up page is good, in seconds.
const LINK_LASTS: i64 = 5 * 60;

/// A new connected account.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let account = begun(world, &world.id("acct_"), call);
    world.add(None, &account);
    world.tell("account.updated", &account);
    Ok(account.0)
}

/// An account of that name is there and has said all that was wanted, whoever made it. Nobody is told.
pub fn know(world: &mut World, id: &str, reference: &str) {
    if world.get(id).is_some() {
        return;
    }
    let form = format!("capabilities[card_payments][requested]=true&metadata[reference]={reference}");
    let call = Call {
        method: "POST".to_owned(),
        path: "accounts".to_owned(),
        form: Form::parse(&form),
        account: None,
    };
    let mut account = begun(world, id, &call);
    says_all(&mut account);
    world.add(None, &account);
    world.plan(next_midnight(world.now()), Plan::PayOut { account: id.to_owned() });
}

/// An account of which nothing is known but what a request says.
fn begun(world: &World, id: &str, call: &Call) -> Object {
    let asked = |name: &str| call.form.text(&format!("capabilities.{name}.requested")).map(|_| "inactive");
    let interval = call.form.text("settings.payouts.schedule.interval").unwrap_or("daily");
    Object(json!({
        "id": id,
        "object": "account",
        "business_profile": call.metadata("business_profile"),
        "business_type": call.text_or_null("business_type"),
        "capabilities": { "card_payments": asked("card_payments"), "transfers": asked("transfers").unwrap_or("inactive") },
        "charges_enabled": false,
        "controller": {
            "type": "application",
            "is_controller": true,
            "fees": { "payer": "application" },
            "losses": { "payments": "application" },
            "requirement_collection": "stripe",
            "stripe_dashboard": { "type": "express" },
        },
        "country": call.form.text("country").unwrap_or("AU"),
        "created": world.now(),
        "default_currency": "aud",
        "details_submitted": false,
        "email": call.text_or_null("email"),
        "external_accounts": { "object": "list", "data": [], "has_more": false, "url": "/v1/accounts" },
        "metadata": call.metadata("metadata"),
        "payouts_enabled": false,
        "requirements": requirements(&NEEDED),
        "settings": {
            "branding": {},
            "card_payments": {},
            "dashboard": { "display_name": null, "timezone": "Australia/Sydney" },
            "payments": {},
            "payouts": { "debit_negative_balances": true, "schedule": { "interval": interval, "delay_days": 2 } },
        },
        "type": call.form.text("type").unwrap_or("express"),
    }))
}

fn requirements(needed: &[&str]) -> Value {
    json!({
        "alternatives": [],
        "current_deadline": null,
        "currently_due": needed,
        "disabled_reason": if needed.is_empty() { Value::Null } else { json!("requirements.past_due") },
        "errors": [],
        "eventually_due": needed,
        "past_due": needed,
        "pending_verification": [],
    })
}

/// One of them.
pub fn find(world: &World, id: &str) -> Reply {
    Ok(open(world, id)?.0)
}

/// An account that the platform may act for.
///
/// # Errors
/// When there is no such account, or it has taken the platform's access away.
pub fn open(world: &World, id: &str) -> Result<Object, Refusal> {
    let account = world.find(None, "account", id)?;
    if account.is("sandbox_left") {
        return Err(Refusal::no_access(id));
    }
    Ok(account)
}

/// Changes what is given: what it says of itself, and when it is paid.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut account = open(world, id)?;
    for name in ["email", "business_type"] {
        if call.form.has(name) {
            account.set(name, call.text_or_null(name));
        }
    }
    for name in ["metadata", "business_profile"] {
        account.lay_over(name, &call.metadata(name));
    }
    if let Some(interval) = call.form.text("settings.payouts.schedule.interval") {
        if !["manual", "daily", "weekly", "monthly"].contains(&interval) {
            return Err(Refusal::invalid(
                "settings.payouts.schedule.interval",
                format!("Invalid interval: {interval}"),
            ));
        }
        account.0["settings"]["payouts"]["schedule"]["interval"] = Value::from(interval);
    }
    world.put(&account);
    world.tell("account.updated", &account);
    Ok(account.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "account", &[])
}

/// Opens the page where an account is set up.
pub fn link(world: &mut World, call: &Call) -> Reply {
    let id = call.form.required("account")?;
    let mut account = world.named(None, "account", "account", id)?;
    let (return_url, kind) = (call.form.required("return_url")?, call.form.required("type")?);
    call.form.required("refresh_url")?;
    if !["account_onboarding", "account_update"].contains(&kind) {
        return Err(Refusal::invalid("type", format!("Invalid type: {kind}")));
    }
    account.set("sandbox_return_url", return_url);
    world.put(&account);
    let now = world.now();
    Ok(json!({
        "object": "account_link",
        "created": now,
        "expires_at": now + LINK_LASTS,
        "url": format!("{}/onboard/{id}", world.address),
    }))
}

/// An account has said all that was wanted.
///
/// # Errors
/// When there is no such account.
pub fn onboard(world: &mut World, id: &str) -> Result<Object, Refusal> {
    let mut account = world.find(None, "account", id)?;
    if account.is("details_submitted") {
        return Ok(account);
    }
    says_all(&mut account);
    world.put(&account);
    world.tell("account.updated", &account);
    world.plan(next_midnight(world.now()), Plan::PayOut { account: id.to_owned() });
    Ok(account)
}

fn says_all(account: &mut Object) {
    for name in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        account.set(name, true);
    }
    account.set("capabilities", json!({ "card_payments": "active", "transfers": "active" }));
    account.set("requirements", requirements(&[]));
}

/// The processor wants to know more, and pays nothing until it does.
///
/// # Errors
/// When there is no such account.
pub fn restrict(world: &mut World, id: &str) -> Result<Object, Refusal> {
    let mut account = world.find(None, "account", id)?;
    account.set("charges_enabled", false);
    account.set("payouts_enabled", false);
    account.set("details_submitted", false);
    account.set("capabilities", json!({ "card_payments": "inactive", "transfers": "inactive" }));
    account.set("requirements", requirements(&["representative"]));
    world.put(&account);
    world.tell("account.updated", &account);
    Ok(account)
}

/// A practice takes the platform's access to its account away. What it has stays its own, and the platform reads nothing of it any more.
///
/// # Errors
/// When there is no such account.
pub fn leave(world: &mut World, id: &str) -> Result<Object, Refusal> {
    let mut account = world.find(None, "account", id)?;
    account.set("sandbox_left", true);
    world.put(&account);
    world.tell("account.application.deauthorized", &account);
    Ok(account)
}
