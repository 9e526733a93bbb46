//! Balances and payouts, of the platform and of connected accounts.

use serde_json::json;

use crate::{
    call::{Call, Reply},
    money::{Movement, moved},
    object::Object,
    passing::{DAY, Plan},
    refusal::Refusal,
    world::World,
};

/// What is there, and what is on its way.
pub fn balance(world: &World, call: &Call) -> Reply {
    let (available, pending) = sums(world, call.account());
    let amounts =
        |amount: i64| json!([{ "amount": amount, "currency": "aud", "source_types": { "card": amount } }]);
    Ok(json!({
        "object": "balance",
        "available": amounts(available),
        "connect_reserved": [{ "amount": 0, "currency": "aud" }],
        "livemode": false,
        "pending": amounts(pending),
    }))
}

/// What can be paid out, and what can later.
fn sums(world: &World, account: Option<&str>) -> (i64, i64) {
    let now = world.now();
    world.all(account, "balance_transaction").fold((0, 0), |(available, pending), transaction| {
        let net = transaction.cents("net");
        if transaction.cents("available_on") <= now {
            (available + net, pending)
        } else {
            (available, pending + net)
        }
    })
}

/// A movement on a balance.
pub fn find_transaction(world: &World, call: &Call, id: &str) -> Reply {
    Ok(as_of_now(world, world.find(call.account(), "balance_transaction", id)?).0)
}

/// All of them; those of one payout with `payout`.
pub fn transactions(world: &World, call: &Call) -> Reply {
    let mut page = match call.form.text("payout") {
        None => call.page(world, "balance_transaction", &["type", "source", "currency"])?,
        Some(payout) => {
            world.named(call.account(), "payout", "payout", payout)?;
            let is_in = |transaction: &&Object| {
                transaction.text("source") == Some(payout)
                    || world.book.paid_in.get(&transaction.id()).is_some_and(|paid_in| paid_in == payout)
            };
            call.cut(world.all(call.account(), "balance_transaction").rev().filter(is_in).cloned().collect())?
        }
    };
    if let Some(items) = page["data"].as_array_mut() {
        for item in items {
            *item = as_of_now(world, Object(item.take())).0;
        }
    }
    Ok(page)
}

/// Pending money becomes available without anybody doing anything.
fn as_of_now(world: &World, mut transaction: Object) -> Object {
    let is_available = transaction.cents("available_on") <= world.now();
    transaction.set("status", if is_available { "available" } else { "pending" });
    transaction
}

/// Pays out by hand.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let amount = call.form.number("amount")?.ok_or_else(|| Refusal::missing("amount"))?;
    let (available, _) = sums(world, call.account());
    if !(1..=available).contains(&amount) {
        let message = "You have insufficient funds in your Stripe account for this transfer.";
        return Err(Refusal::refused("balance_insufficient", message));
    }
    let mut payout = pay_out(world, call.account(), amount, false);
    payout.set("metadata", call.metadata("metadata"));
    world.put(&payout);
    Ok(payout.0)
}

/// Pays out all that is available, unless the account is paid by hand or may not be paid.
pub fn pay_out_by_schedule(world: &mut World, account: &str) {
    let is_due = world.get(account).is_some_and(|account| {
        account.is("payouts_enabled") && account.text("settings.payouts.schedule.interval") != Some("manual")
    });
    let (available, _) = sums(world, Some(account));
    if is_due && available > 0 {
        pay_out(world, Some(account), available, true);
    }
}

/// Pays the platform out, all that is available.
///
/// # Errors
/// When that is nothing.
pub fn pay_out_platform(world: &mut World) -> Result<Object, Refusal> {
    let (available, _) = sums(world, None);
    if available < 1 {
        let message = "You have insufficient funds in your Stripe account for this transfer.";
        return Err(Refusal::refused("balance_insufficient", message));
    }
    Ok(pay_out(world, None, available, true))
}

fn pay_out(world: &mut World, account: Option<&str>, amount: i64, automatic: bool) -> Object {
    let (id, now) = (world.id("po_"), world.now());
    if automatic {
        let going: Vec<String> = world
            .all(account, "balance_transaction")
            .filter(|transaction| transaction.cents("available_on") <= now)
            .map(Object::id)
            .filter(|id| !world.book.paid_in.contains_key(id))
            .collect();
        world.book.paid_in.extend(going.into_iter().map(|transaction| (transaction, id.clone())));
    }
    let gone =
        moved(world, account, &Movement { is_available: true, ..Movement::of("payout", &id, -amount) });
    world.book.paid_in.insert(gone.id(), id.clone());
    let payout = Object(json!({
        "id": id,
        "object": "payout",
        "amount": amount,
        "arrival_date": now + DAY,
        "automatic": automatic,
        "balance_transaction": gone.id(),
        "created": now,
        "currency": "aud",
        "description": null,
        "destination": "ba_sandbox",
        "failure_code": null,
        "failure_message": null,
        "livemode": false,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": if automatic { "completed" } else { "not_applicable" },
        "source_type": "card",
        "statement_descriptor": null,
        "status": "pending",
        "trace_id": { "status": "pending", "value": null },
        "type": "bank_account",
    }));
    world.add(account, &payout);
    world.tell("payout.created", &payout);
    world.plan(now + DAY, Plan::SettlePayout { payout: id });
    payout
}

/// A payout arrives.
pub fn settle(world: &mut World, id: &str) {
    let Some(mut payout) = world.get(id).filter(|payout| payout.stands(&["pending"])).cloned() else {
        return;
    };
    payout.set("status", "paid");
    world.put(&payout);
    world.tell("payout.paid", &payout);
}

/// The bank sends a payout back.
pub fn fail(world: &mut World, id: &str) {
    let Some(mut payout) = world.get(id).filter(|payout| payout.stands(&["pending", "paid"])).cloned() else {
        return;
    };
    let account = world.owner(id);
    let movement =
        Movement { is_available: true, ..Movement::of("payout_failure", id, payout.cents("amount")) };
    let back = moved(world, account.as_deref(), &movement);
    payout.set("status", "failed");
    payout.set("failure_code", "account_closed");
    payout.set("failure_message", "The bank account has been closed");
    payout.set("failure_balance_transaction", back.id());
    world.put(&payout);
    world.tell("payout.failed", &payout);
}

/// Stops a payout that is not on its way yet.
pub fn cancel(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut payout = world.find(call.account(), "payout", id)?;
    if !payout.stands(&["pending"]) {
        return Err(Refusal::refused(
            "payouts_not_allowed",
            "Only a payout that is pending can be canceled.",
        ));
    }
    let movement =
        Movement { is_available: true, ..Movement::of("payout_cancel", id, payout.cents("amount")) };
    moved(world, call.account(), &movement);
    payout.set("status", "canceled");
    world.put(&payout);
    world.tell("payout.canceled", &payout);
    Ok(payout.0)
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "payout", id)?.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "payout", &["status"])
}
