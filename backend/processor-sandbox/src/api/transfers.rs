//! Transfers to connected accounts, their reversals, and the platform's fees.

use crate::{
    call::{Call, Reply},
    money::{give_fee_back, pass_on, reverse},
    refusal::Refusal,
    world::World,
};

/// Moves money of the platform to a connected account.
pub fn create(world: &mut World, call: &Call) -> Reply {
    let destination = call.form.required("destination")?;
    world.named(None, "account", "destination", destination)?;
    let charge = match call.form.text("source_transaction") {
        Some(id) => Some(world.named(None, "charge", "source_transaction", id)?),
        None => None,
    };
    let amount =
        call.form.number("amount")?.or_else(|| charge.as_ref().map(|charge| charge.cents("amount_captured")));
    let amount = amount.filter(|amount| *amount > 0).ok_or_else(|| Refusal::missing("amount"))?;
    let mut transfer = pass_on(world, destination, amount, 0, charge.as_ref(), charge.is_none());
    transfer.set("metadata", call.metadata("metadata"));
    world.put(&transfer);
    Ok(transfer.0)
}

/// One of them.
pub fn find(world: &World, id: &str) -> Reply {
    Ok(world.find(None, "transfer", id)?.0)
}

/// Changes what is said of one.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut transfer = world.find(None, "transfer", id)?;
    transfer.lay_over("metadata", &call.metadata("metadata"));
    world.put(&transfer);
    Ok(transfer.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "transfer", &["destination", "transfer_group"])
}

/// Takes money back.
pub fn create_reversal(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut transfer = world.find(None, "transfer", id)?;
    let left = transfer.cents("amount") - transfer.cents("amount_reversed");
    let amount = call.form.number("amount")?.unwrap_or(left);
    if !(1..=left).contains(&amount) {
        let message = format!(
            "Transfer reversal amount ({amount}) is greater than unreversed amount on transfer ({left})"
        );
        return Err(Refusal::invalid("amount", message));
    }
    if call.form.flag("refund_application_fee")? {
        refund_fee(
            world,
            &transfer.owned("destination_payment").unwrap_or_default(),
            amount,
            transfer.cents("amount"),
        );
    }
    let mut reversal = reverse(world, &mut transfer, amount, None);
    reversal.set("metadata", call.metadata("metadata"));
    world.put(&reversal);
    Ok(reversal.0)
}

/// The fee of a payment goes back in proportion to what of its transfer does.
fn refund_fee(world: &mut World, payment: &str, part: i64, of: i64) {
    let fee =
        world.all(None, "application_fee").rev().find(|fee| fee.text("charge") == Some(payment)).cloned();
    let Some(mut fee) = fee else { return };
    let left = fee.cents("amount") - fee.cents("amount_refunded");
    let share = crate::money::in_proportion(fee.cents("amount"), part, of).min(left);
    if share > 0 {
        give_fee_back(world, &mut fee, share);
    }
}

/// What was taken back of one.
pub fn reversals(world: &World, call: &Call, id: &str) -> Reply {
    world.find(None, "transfer", id)?;
    let all = world.all(None, "transfer_reversal").rev();
    call.cut(all.filter(|reversal| reversal.text("transfer") == Some(id)).cloned().collect())
}

/// A fee of the platform.
pub fn find_fee(world: &World, id: &str) -> Reply {
    Ok(world.find(None, "application_fee", id)?.0)
}

/// All of them.
pub fn fees(world: &World, call: &Call) -> Reply {
    call.page(world, "application_fee", &["charge"])
}

/// Gives part of a fee back.
pub fn create_fee_refund(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut fee = world.find(None, "application_fee", id)?;
    let left = fee.cents("amount") - fee.cents("amount_refunded");
    let amount = call.form.number("amount")?.unwrap_or(left);
    if !(1..=left).contains(&amount) {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on fee ({left})");
        return Err(Refusal::invalid("amount", message));
    }
    let mut back = give_fee_back(world, &mut fee, amount);
    back.set("metadata", call.metadata("metadata"));
    world.put(&back);
    Ok(back.0)
}

/// What went back of a fee.
pub fn fee_refunds(world: &World, call: &Call, id: &str) -> Reply {
    world.find(None, "application_fee", id)?;
    let all = world.all(None, "fee_refund").rev();
    call.cut(all.filter(|back| back.text("fee") == Some(id)).cloned().collect())
}
