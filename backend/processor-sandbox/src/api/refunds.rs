//! Refunds (<https://docs.stripe.com/refunds>, read 2026-11-26), with what goes back of the transfer and of the platform's fee.

use serde_json::json;

use crate::{
    call::{Call, Reply},
    cards::{self, Bank},
    form::Form,
    money::{Movement, SOON, give_fee_back, in_proportion, moved, reverse},
    object::Object,
    passing::Plan,
    refusal::Refusal,
    world::World,
};

/// Gives money back.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let mut charge = of(world, call)?;
    let left = charge.cents("amount") - charge.cents("amount_refunded");
    if !charge.is("captured") {
        let message = "This charge was not captured yet: cancel its PaymentIntent instead.";
        return Err(Refusal::refused("charge_not_refundable", message));
    }
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", charge.id());
        return Err(Refusal::refused("charge_already_refunded", message));
    }
    if charge.is("disputed") {
        let message = format!("Charge {} has been charged back; cannot issue a refund.", charge.id());
        return Err(Refusal::refused("charge_disputed", message));
    }
    let amount = call.form.number("amount")?.unwrap_or(left);
    if amount < 1 {
        return Err(Refusal::invalid("amount", "This value must be greater than or equal to 1."));
    }
    if amount > left {
        let message =
            format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(Refusal::invalid("amount", message));
    }
    let bank = charge
        .text("payment_method")
        .and_then(|method| world.book.cards.get(method))
        .and_then(|kept| cards::by_number(&kept.number))
        .map_or(Bank::Agrees, |card| card.bank);
    let mut refund = new(world, call, &charge, amount, bank);
    let gone = moved(world, None, &Movement::of("refund", &refund.id(), -amount));
    refund.set("balance_transaction", gone.id());
    if call.form.flag("reverse_transfer")? {
        take_back(world, &charge, &mut refund, amount)?;
    }
    if call.form.flag("refund_application_fee")? {
        fee_back(world, &charge, amount)?;
    }
    let refunded = charge.cents("amount_refunded") + amount;
    charge.set("amount_refunded", refunded);
    charge.set("refunded", refunded == charge.cents("amount"));
    world.put(&charge);
    world.add(call.account(), &refund);
    world.tell("refund.created", &refund);
    world.tell("charge.refunded", &charge);
    match bank {
        Bank::RefundsSlowly => world.plan(world.now() + SOON, Plan::SettleRefund { refund: refund.id() }),
        Bank::RefusesRefunds => world.plan(world.now() + SOON, Plan::FailRefund { refund: refund.id() }),
        Bank::Agrees
        | Bank::Declines(_)
        | Bank::DeclinesPayments(_)
        | Bank::AsksOnce
        | Bank::AsksAlways
        | Bank::WantsItBack(_)
        | Bank::PaysAtOnce => {}
    }
    Ok(refund.0)
}

/// Somebody gives back what a charge took, or part of it, on the processor's own page. It has no name of the seller's, and takes the
/// share of it back only where they say so.
///
/// # Errors
/// What of the charge cannot be given back.
pub fn by_hand(world: &mut World, charge: &str, form: &Form) -> Reply {
    let mut asked = vec![format!("charge={charge}")];
    if let Some(amount) = form.number("amount")? {
        asked.push(format!("amount={amount}"));
    }
    for name in ["reverse_transfer", "refund_application_fee"] {
        if form.flag(name)? {
            asked.push(format!("{name}=true"));
        }
    }
    let call = Call {
        method: "POST".to_owned(),
        path: "refunds".to_owned(),
        form: Form::parse(&asked.join("&")),
        account: None,
    };
    create(world, &call)
}

/// The charge that is to be given back.
fn of(world: &World, call: &Call) -> Result<Object, Refusal> {
    if let Some(charge) = call.form.text("charge") {
        return world.named(call.account(), "charge", "charge", charge);
    }
    let id = call.form.required("payment_intent")?;
    let intent = world.named(call.account(), "payment_intent", "payment_intent", id)?;
    let charge = intent.text("latest_charge").and_then(|id| world.get(id)).cloned();
    charge.filter(|charge| charge.is("paid")).ok_or_else(|| {
        let message = format!("This PaymentIntent ({id}) does not have a successful charge to refund.");
        Refusal::refused("payment_intent_unexpected_state", message)
    })
}

fn new(world: &World, call: &Call, charge: &Object, amount: i64, bank: Bank) -> Object {
    let status = if bank == Bank::RefundsSlowly { "pending" } else { "succeeded" };
    Object(json!({
        "id": world.id("re_"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": null,
        "charge": charge.id(),
        "created": world.now(),
        "currency": "aud",
        "destination_details": { "type": "card", "card": { "type": "refund", "reference_status": "pending" } },
        "failure_reason": null,
        "metadata": call.metadata("metadata"),
        "payment_intent": charge.at("payment_intent"),
        "reason": call.text_or_null("reason"),
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": status,
        "transfer_reversal": null,
    }))
}

/// Takes the connected account's share of a refund back, in proportion; the last of it is all that is left.
fn take_back(world: &mut World, charge: &Object, refund: &mut Object, amount: i64) -> Result<(), Refusal> {
    let transfer = charge.text("transfer").and_then(|id| world.get(id)).cloned();
    let mut transfer = transfer.ok_or_else(|| {
        Refusal::invalid(
            "reverse_transfer",
            "Cannot reverse transfer: the charge has no associated transfer.",
        )
    })?;
    let left = transfer.cents("amount") - transfer.cents("amount_reversed");
    let share = in_proportion(transfer.cents("amount"), amount, charge.cents("amount_captured")).min(left);
    if share > 0 {
        let reversal = reverse(world, &mut transfer, share, Some(&refund.id()));
        refund.set("transfer_reversal", reversal.id());
    }
    Ok(())
}

fn fee_back(world: &mut World, charge: &Object, amount: i64) -> Result<(), Refusal> {
    let fee = charge.text("application_fee").and_then(|id| world.get(id)).cloned();
    let mut fee = fee.ok_or_else(|| {
        Refusal::invalid("refund_application_fee", "Cannot refund the application fee: the charge has none.")
    })?;
    let left = fee.cents("amount") - fee.cents("amount_refunded");
    let share = in_proportion(fee.cents("amount"), amount, charge.cents("amount_captured")).min(left);
    if share > 0 {
        give_fee_back(world, &mut fee, share);
    }
    Ok(())
}

/// A pending refund arrives.
pub fn settle(world: &mut World, id: &str) {
    let Some(mut refund) = world.get(id).filter(|refund| refund.stands(&["pending"])).cloned() else {
        return;
    };
    refund.set("status", "succeeded");
    world.put(&refund);
    world.tell("refund.updated", &refund);
}

/// The bank sends a refund back; the money is on the balance again.
pub fn fail(world: &mut World, id: &str) {
    let Some(mut refund) = world.get(id).filter(|refund| refund.stands(&["pending", "succeeded"])).cloned()
    else {
        return;
    };
    let amount = refund.cents("amount");
    let back = moved(world, None, &Movement::of("refund_failure", id, amount));
    refund.set("status", "failed");
    refund.set("failure_reason", "lost_or_stolen_card");
    refund.set("failure_balance_transaction", back.id());
    world.put(&refund);
    if let Some(mut charge) = refund.text("charge").and_then(|id| world.get(id)).cloned() {
        charge.set("amount_refunded", charge.cents("amount_refunded") - amount);
        charge.set("refunded", false);
        world.put(&charge);
    }
    world.tell("refund.updated", &refund);
    world.tell("refund.failed", &refund);
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "refund", id)?.0)
}

/// Changes what is said of one.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut refund = world.find(call.account(), "refund", id)?;
    refund.lay_over("metadata", &call.metadata("metadata"));
    world.put(&refund);
    world.tell("refund.updated", &refund);
    Ok(refund.0)
}

/// Lets a pending refund be: banks have all of ours already.
pub fn cancel(world: &World, call: &Call, id: &str) -> Reply {
    let refund = world.find(call.account(), "refund", id)?;
    let status = refund.text("status").unwrap_or_default();
    Err(Refusal::refused("resource_invalid_state", format!("Cannot cancel a refund that is {status}.")))
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "refund", &["charge", "payment_intent"])
}
