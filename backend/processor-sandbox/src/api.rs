//! Every address of the API, on one screen.

pub mod accounts;
pub mod charges;
pub mod checkout;
pub mod customers;
pub mod disputes;
pub mod payment_intents;
pub mod payment_methods;
pub mod payouts;
pub mod refunds;
pub mod setup_intents;
pub mod transfers;

use crate::{
    call::{Call, Reply},
    object::Object,
    refusal::Refusal,
    world::World,
};

/// Does what is asked.
///
/// # Errors
/// As the processor says no.
pub fn answer(world: &mut World, call: &Call) -> Reply {
    if let Some(account) = call.account() {
        accounts::open(world, account).map_err(|_| Refusal::no_access(account))?;
    }
    let segments: Vec<&str> = call.path.split('/').collect();
    let mut reply = Object(match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["customers"]) => customers::create(world, call),
        ("GET", ["customers"]) => customers::list(world, call),
        ("GET", ["customers", id]) => customers::find(world, call, id),
        ("POST", ["customers", id]) => customers::update(world, call, id),
        ("DELETE", ["customers", id]) => customers::delete(world, call, id),
        ("GET", ["customers", id, "payment_methods"]) => customers::methods(world, call, id),
        ("POST", ["payment_methods"]) => payment_methods::create(world, call),
        ("GET", ["payment_methods"]) => payment_methods::list(world, call),
        ("GET", ["payment_methods", id]) => payment_methods::find(world, call, id),
        ("POST", ["payment_methods", id]) => payment_methods::update(world, call, id),
        ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(world, call, id),
        ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(world, call, id),
        ("POST", ["setup_intents"]) => setup_intents::create(world, call),
        ("GET", ["setup_intents"]) => setup_intents::list(world, call),
        ("GET", ["setup_intents", id]) => setup_intents::find(world, call, id),
        ("POST", ["setup_intents", id]) => setup_intents::update(world, call, id),
        ("POST", ["setup_intents", id, "confirm"]) => setup_intents::confirm(world, call, id),
        ("POST", ["setup_intents", id, "cancel"]) => setup_intents::cancel(world, call, id),
        ("POST", ["payment_intents"]) => payment_intents::create(world, call),
        ("GET", ["payment_intents"]) => payment_intents::list(world, call),
        ("GET", ["payment_intents", id]) => payment_intents::find(world, call, id),
        ("POST", ["payment_intents", id]) => payment_intents::update(world, call, id),
        ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(world, call, id),
        ("POST", ["payment_intents", id, "capture"]) => payment_intents::capture(world, call, id),
        ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(world, call, id),
        ("GET", ["charges"]) => charges::list(world, call),
        ("GET", ["charges", id]) => charges::find(world, call, id),
        ("POST", ["checkout", "sessions"]) => checkout::create(world, call),
        ("GET", ["checkout", "sessions"]) => checkout::list(world, call),
        ("GET", ["checkout", "sessions", id]) => checkout::find(world, call, id),
        ("POST", ["checkout", "sessions", id, "expire"]) => checkout::expire(world, call, id),
        ("POST", ["refunds"]) => refunds::create(world, call),
        ("GET", ["refunds"]) => refunds::list(world, call),
        ("GET", ["refunds", id]) => refunds::find(world, call, id),
        ("POST", ["refunds", id]) => refunds::update(world, call, id),
        ("POST", ["refunds", id, "cancel"]) => refunds::cancel(world, call, id),
        ("POST", ["accounts"]) => accounts::create(world, call),
        ("GET", ["accounts"]) => accounts::list(world, call),
        ("GET", ["accounts", id]) => accounts::find(world, id),
        ("POST", ["accounts", id]) => accounts::update(world, call, id),
        ("POST", ["account_links"]) => accounts::link(world, call),
        ("POST", ["transfers"]) => transfers::create(world, call),
        ("GET", ["transfers"]) => transfers::list(world, call),
        ("GET", ["transfers", id]) => transfers::find(world, id),
        ("POST", ["transfers", id]) => transfers::update(world, call, id),
        ("POST", ["transfers", id, "reversals"]) => transfers::create_reversal(world, call, id),
        ("GET", ["transfers", id, "reversals"]) => transfers::reversals(world, call, id),
        ("GET", ["application_fees"]) => transfers::fees(world, call),
        ("GET", ["application_fees", id]) => transfers::find_fee(world, id),
        ("POST", ["application_fees", id, "refunds"]) => transfers::create_fee_refund(world, call, id),
        ("GET", ["application_fees", id, "refunds"]) => transfers::fee_refunds(world, call, id),
        ("GET", ["balance"]) => payouts::balance(world, call),
        ("GET", ["balance_transactions"]) => payouts::transactions(world, call),
        ("GET", ["balance_transactions", id]) => payouts::find_transaction(world, call, id),
        ("POST", ["payouts"]) => payouts::create(world, call),
        ("GET", ["payouts"]) => payouts::list(world, call),
        ("GET", ["payouts", id]) => payouts::find(world, call, id),
        ("POST", ["payouts", id, "cancel"]) => payouts::cancel(world, call, id),
        ("GET", ["disputes"]) => disputes::list(world, call),
        ("GET", ["disputes", id]) => disputes::find(world, call, id),
        ("POST", ["disputes", id]) => disputes::update(world, call, id),
        ("POST", ["disputes", id, "close"]) => disputes::close(world, call, id),
        ("GET", ["events"]) => charges::events(world, call),
        ("GET", ["events", id]) => charges::find_event(world, call, id),
        (method, _) => Err(Refusal::no_address(method, &format!("/v1/{}", call.path))),
    }?)
    .told();
    call.expand(world, &mut reply);
    Ok(reply)
}
