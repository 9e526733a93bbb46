//! Where the money goes: charges, what a connected account gets of them, the platform's fee, and back again.
//!
//! Destination charges (<https://docs.stripe.com/connect/destination-charges>, read 2026-11-26): the platform takes the money, the
//! whole of it or `transfer_data[amount]` goes on to the connected account, and `application_fee_amount` comes back from there.

use serde_json::{Value, json};

use crate::{
    cards::{Bank, Card},
    object::Object,
    passing::Plan,
    world::World,
};

/// How long money is on its way, in seconds.
const PENDING: i64 = 2 * 24 * 60 * 60;
/// How soon a bank that plays along makes up its mind, in seconds.
pub const SOON: i64 = 5;

/// One movement on a balance.
pub struct Movement<'a> {
    /// `charge`, `transfer`.
    pub kind: &'a str,
    /// What it is of.
    pub source: &'a str,
    /// Towards the balance, or from it when it is below nought.
    pub amount: i64,
    /// What the processor or the platform keeps of it.
    pub fee: i64,
    /// Whether it can be paid out at once.
    pub is_available: bool,
}

impl<'a> Movement<'a> {
    /// One without a fee.
    pub fn of(kind: &'a str, source: &'a str, amount: i64) -> Self {
        Self { kind, source, amount, fee: 0, is_available: false }
    }
}

/// Moves money on the balance of an account, or of the platform; gives the balance transaction.
pub fn moved(world: &mut World, account: Option<&str>, movement: &Movement<'_>) -> Object {
    let now = world.now();
    let fee_kind = if account.is_some() { "application_fee" } else { "stripe_fee" };
    let fees = match movement.fee {
        0 => json!([]),
        fee => {
            json!([{ "amount": fee, "currency": "aud", "type": fee_kind, "application": null, "description": null }])
        }
    };
    let category = match movement.kind {
        "payment" => "charge",
        "payment_refund" => "refund",
        "adjustment" => "dispute",
        "transfer_refund" => "transfer_reversal",
        "application_fee" => "platform_earning",
        "application_fee_refund" => "platform_earning_refund",
        other => other,
    };
    let transaction = Object(json!({
        "id": world.id("txn_"),
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": if movement.is_available { now } else { now + PENDING },
        "balance_type": "payments",
        "created": now,
        "currency": "aud",
        "description": null,
        "exchange_rate": null,
        "fee": movement.fee,
        "fee_details": fees,
        "net": movement.amount - movement.fee,
        "reporting_category": category,
        "source": movement.source,
        "status": if movement.is_available { "available" } else { "pending" },
        "type": movement.kind,
    }));
    world.add(account, &transaction);
    transaction
}

/// What the processor keeps of a domestic card payment: 1.7% and 30 cents, rounded to the cent.
pub fn processing_fee(amount: i64) -> i64 {
    (amount * 17 + 500) / 1000 + 30
}

/// Takes what a charge is for, and passes the connected account's share on.
pub fn collect(world: &mut World, charge: &mut Object, card: &Card) {
    let (id, amount) = (charge.id(), charge.cents("amount_captured"));
    let is_available = card.bank == Bank::PaysAtOnce;
    let fee = processing_fee(amount);
    let taken = moved(world, None, &Movement { fee, is_available, ..Movement::of("charge", &id, amount) });
    charge.set("balance_transaction", taken.id());
    if let Some(destination) = charge.owned("transfer_data.destination") {
        let share = charge.at("transfer_data.amount").and_then(Value::as_i64).unwrap_or(amount);
        let fee = charge.cents("application_fee_amount");
        let transfer = pass_on(world, &destination, share.min(amount), fee, Some(&*charge), is_available);
        charge.set("transfer", transfer.id());
        if fee > 0 {
            let fee = keep_fee(world, &destination, fee, &id, &transfer);
            charge.set("application_fee", fee.id());
        }
    }
    match card.bank {
        Bank::WantsItBack(reason) => {
            let plan = Plan::OpenDispute { charge: id, reason: reason.to_owned() };
            world.plan(world.now() + SOON, plan);
        }
        Bank::Agrees
        | Bank::Declines(_)
        | Bank::DeclinesPayments(_)
        | Bank::AsksOnce
        | Bank::AsksAlways
        | Bank::RefundsSlowly
        | Bank::RefusesRefunds
        | Bank::PaysAtOnce => {}
    }
}

/// Moves money from the platform to a connected account.
pub fn pass_on(
    world: &mut World,
    destination: &str,
    amount: i64,
    fee: i64,
    charge: Option<&Object>,
    is_available: bool,
) -> Object {
    let (transfer_id, payment_id, now) = (world.id("tr_"), world.id("py_"), world.now());
    let sent =
        moved(world, None, &Movement { is_available, ..Movement::of("transfer", &transfer_id, -amount) });
    let got = moved(
        world,
        Some(destination),
        &Movement { fee, is_available, ..Movement::of("payment", &payment_id, amount) },
    );
    let payment = Object(json!({
        "id": payment_id,
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "application_fee_amount": if fee > 0 { json!(fee) } else { Value::Null },
        "balance_transaction": got.id(),
        "billing_details": {},
        "captured": true,
        "created": now,
        "currency": "aud",
        "disputed": false,
        "livemode": false,
        "metadata": {},
        "paid": true,
        "refunded": false,
        "source_transfer": transfer_id,
        "status": "succeeded",
    }));
    world.add(Some(destination), &payment);
    let transfer = Object(json!({
        "id": transfer_id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": sent.id(),
        "created": now,
        "currency": "aud",
        "description": null,
        "destination": destination,
        "destination_payment": payment.id(),
        "livemode": false,
        "metadata": {},
        "reversals": { "object": "list", "data": [], "has_more": false, "url": format!("/v1/transfers/{transfer_id}/reversals") },
        "reversed": false,
        "source_transaction": charge.map(Object::id),
        "source_type": "card",
        "transfer_group": charge.and_then(|charge| charge.owned("transfer_group")),
    }));
    world.add(None, &transfer);
    world.tell("transfer.created", &transfer);
    transfer
}

/// The platform's fee comes back from the connected account.
fn keep_fee(world: &mut World, destination: &str, amount: i64, charge: &str, transfer: &Object) -> Object {
    let id = world.id("fee_");
    let got = moved(world, None, &Movement::of("application_fee", &id, amount));
    let fee = Object(json!({
        "id": id,
        "object": "application_fee",
        "account": destination,
        "amount": amount,
        "amount_refunded": 0,
        "application": "ca_sandbox",
        "balance_transaction": got.id(),
        "charge": transfer.text("destination_payment"),
        "created": world.now(),
        "currency": "aud",
        "livemode": false,
        "originating_transaction": charge,
        "refunded": false,
        "refunds": { "object": "list", "data": [], "has_more": false, "url": format!("/v1/application_fees/{id}/refunds") },
    }));
    world.add(None, &fee);
    world.tell("application_fee.created", &fee);
    fee
}

/// Takes part of a transfer back; gives the reversal.
pub fn reverse(world: &mut World, transfer: &mut Object, amount: i64, refund: Option<&str>) -> Object {
    let id = world.id("trr_");
    let back = moved(world, None, &Movement::of("transfer_refund", &id, amount));
    let destination = transfer.owned("destination").unwrap_or_default();
    let payment = transfer.owned("destination_payment").unwrap_or_default();
    moved(world, Some(&destination), &Movement::of("payment_refund", &payment, -amount));
    let reversal = Object(json!({
        "id": id,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": back.id(),
        "created": world.now(),
        "currency": "aud",
        "metadata": {},
        "source_refund": refund,
        "transfer": transfer.id(),
    }));
    world.add(None, &reversal);
    let reversed = transfer.cents("amount_reversed") + amount;
    transfer.set("amount_reversed", reversed);
    transfer.set("reversed", reversed == transfer.cents("amount"));
    grow(transfer, "reversals", &reversal);
    world.put(transfer);
    if let Some(mut paid) = world.get(&payment).cloned() {
        paid.set("amount_refunded", reversed);
        paid.set("refunded", reversed == paid.cents("amount"));
        world.put(&paid);
    }
    world.tell("transfer.reversed", transfer);
    reversal
}

/// Gives part of the platform's fee back to the connected account.
pub fn give_fee_back(world: &mut World, fee: &mut Object, amount: i64) -> Object {
    let id = world.id("fr_");
    let gone = moved(world, None, &Movement::of("application_fee_refund", &id, -amount));
    let account = fee.owned("account").unwrap_or_default();
    moved(world, Some(&account), &Movement::of("application_fee_refund", &id, amount));
    let back = Object(json!({
        "id": id,
        "object": "fee_refund",
        "amount": amount,
        "balance_transaction": gone.id(),
        "created": world.now(),
        "currency": "aud",
        "fee": fee.id(),
        "metadata": {},
    }));
    world.add(None, &back);
    let refunded = fee.cents("amount_refunded") + amount;
    fee.set("amount_refunded", refunded);
    fee.set("refunded", refunded == fee.cents("amount"));
    grow(fee, "refunds", &back);
    world.put(fee);
    world.tell("application_fee.refunded", fee);
    back
}

/// Adds to a list within an object.
fn grow(object: &mut Object, list: &str, item: &Object) {
    if let Some(items) = object.0[list]["data"].as_array_mut() {
        items.insert(0, item.0.clone());
    }
}

/// A share of an amount in proportion, rounded to the cent, half a cent up.
pub fn in_proportion(whole: i64, part: i64, of: i64) -> i64 {
    if of == 0 { 0 } else { (2 * whole * part + of) / (2 * of) }
}

#[cfg(test)]
mod tests {
    use super::{in_proportion, processing_fee};

    #[test]
    fn the_processors_fee_is_rounded_to_the_cent() {
        assert_eq!(processing_fee(11_000), 217);
        assert_eq!(processing_fee(50), 31);
    }

    #[test]
    fn shares_are_in_proportion_and_whole_when_all_goes_back() {
        assert_eq!(in_proportion(550, 11_000, 11_000), 550);
        assert_eq!(in_proportion(550, 5_500, 11_000), 275);
        assert_eq!(in_proportion(1, 1, 3), 0);
        assert_eq!(in_proportion(1, 1, 2), 1);
    }
}
