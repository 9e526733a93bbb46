//! Disputes: a cardholder's bank wants money back (<https://docs.stripe.com/disputes>, read 2026-11-26).

use serde_json::{Value, json};

use crate::{
    call::{Call, Reply},
    money::{Movement, SOON, moved},
    object::Object,
    passing::{DAY, Plan},
    refusal::Refusal,
    world::World,
};

/// What a dispute costs, in cents.
const FEE: i64 = 2_500;
/// How long evidence is waited for.
const EVIDENCE: i64 = 14 * DAY;

/// Where an inquiry is open: a bank asks before it disputes anything.
const ASKED: [&str; 2] = ["warning_needs_response", "warning_under_review"];
/// Where evidence is waited for.
const AWAITS_EVIDENCE: [&str; 2] = ["needs_response", ASKED[0]];

/// Opens a dispute over part of a charge; over nothing when the money is back already or was never taken.
pub fn open(world: &mut World, charge: &str, reason: &str, amount: i64) {
    let Some(mut dispute) = begin(world, charge, (reason, amount), "needs_response") else { return };
    withdraw(world, &mut dispute);
    world.add(None, &dispute);
    world.tell("charge.dispute.created", &dispute);
    world.tell("charge.dispute.funds_withdrawn", &dispute);
}

/// A bank asks about part of a charge, and takes nothing (<https://stripe.com/docs/disputes>, read 2026-11-27).
pub fn inquire(world: &mut World, charge: &str, reason: &str, amount: i64) {
    let Some(dispute) = begin(world, charge, (reason, amount), ASKED[0]) else { return };
    world.add(None, &dispute);
    world.tell("charge.dispute.created", &dispute);
}

/// What a bank only asked about becomes a dispute, with its own time for evidence.
pub fn escalate(world: &mut World, id: &str) {
    let Some(mut dispute) = world.get(id).filter(|dispute| dispute.stands(&ASKED)).cloned() else { return };
    let until = world.now() + EVIDENCE;
    dispute.set("status", "needs_response");
    dispute.0["evidence_details"]["due_by"] = Value::from(until);
    withdraw(world, &mut dispute);
    world.put(&dispute);
    world.plan(until, Plan::EndEvidence { dispute: id.to_owned() });
    world.tell("charge.dispute.updated", &dispute);
    world.tell("charge.dispute.funds_withdrawn", &dispute);
}

/// The bank asks no more, and has taken nothing.
pub fn drop_inquiry(world: &mut World, id: &str) {
    let Some(mut dispute) = world.get(id).filter(|dispute| dispute.stands(&ASKED)).cloned() else { return };
    dispute.set("status", "warning_closed");
    world.put(&dispute);
    no_more(world, &dispute);
    world.tell("charge.dispute.closed", &dispute);
}

/// Nobody sent evidence in time: a dispute is lost, and an inquiry rests.
pub fn end_evidence(world: &mut World, id: &str) {
    let Some(dispute) = world.get(id) else { return };
    if dispute.stands(&["needs_response"]) {
        // An inquiry's own time may end after it became a dispute.
        if dispute.cents("evidence_details.due_by") <= world.now() {
            decide(world, id, false);
        }
    } else {
        drop_inquiry(world, id);
    }
}

/// A dispute that is neither kept nor told of yet; none when the money is back already, was never taken or is disputed.
fn begin(world: &mut World, charge: &str, (reason, amount): (&str, i64), status: &str) -> Option<Object> {
    let mut charge = world.get(charge).filter(|charge| charge.kind() == "charge").cloned()?;
    let amount = amount.min(charge.cents("amount") - charge.cents("amount_refunded"));
    if amount <= 0 || charge.is("disputed") || !charge.is("captured") {
        return None;
    }
    let (id, now) = (world.id("du_"), world.now());
    let brand = charge.text("payment_method_details.card.brand").unwrap_or("visa");
    let case_type = if status == "needs_response" { "chargeback" } else { "inquiry" };
    let dispute = Object(json!({
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge.id(),
        "created": now,
        "currency": "aud",
        "enhanced_eligibility_types": [],
        "evidence": { "enhanced_evidence": {} },
        "evidence_details": {
            "due_by": now + EVIDENCE,
            "enhanced_eligibility": {},
            "has_evidence": false,
            "past_due": false,
            "submission_count": 0,
        },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": charge.at("payment_intent"),
        "payment_method_details": {
            "type": "card",
            "card": { "brand": brand, "case_type": case_type, "network": brand, "network_reason_code": "10.4" },
        },
        "reason": reason,
        "status": status,
    }));
    charge.set("disputed", true);
    world.put(&charge);
    world.plan(now + EVIDENCE, Plan::EndEvidence { dispute: id });
    Some(dispute)
}

/// The bank takes the money, and the processor its fee.
fn withdraw(world: &mut World, dispute: &mut Object) {
    let (id, amount) = (dispute.id(), dispute.cents("amount"));
    let movement = Movement { fee: FEE, is_available: true, ..Movement::of("adjustment", &id, -amount) };
    let gone = moved(world, None, &movement);
    if let Some(moves) = dispute.0["balance_transactions"].as_array_mut() {
        moves.push(gone.0);
    }
}

/// Its charge is disputed no more.
fn no_more(world: &mut World, dispute: &Object) {
    if let Some(mut charge) = dispute.text("charge").and_then(|id| world.get(id)).cloned() {
        charge.set("disputed", false);
        world.put(&charge);
    }
}

/// The bank decides.
pub fn decide(world: &mut World, id: &str, is_won: bool) {
    let open = ["needs_response", "under_review"];
    let Some(mut dispute) = world.get(id).filter(|dispute| dispute.stands(&open)).cloned() else { return };
    dispute.set("status", if is_won { "won" } else { "lost" });
    if is_won {
        let movement = Movement {
            fee: -FEE,
            is_available: true,
            ..Movement::of("adjustment", id, dispute.cents("amount"))
        };
        let back = moved(world, None, &movement);
        if let Some(moves) = dispute.0["balance_transactions"].as_array_mut() {
            moves.push(back.0);
        }
    }
    world.put(&dispute);
    world.tell("charge.dispute.closed", &dispute);
    if is_won {
        world.tell("charge.dispute.funds_reinstated", &dispute);
        no_more(world, &dispute);
    }
}

/// Takes evidence, and sends it to the bank unless it is only staged. `winning_evidence` and `losing_evidence` within it have the
/// bank decide soon; otherwise it is decided by hand.
pub fn update(world: &mut World, call: &Call, id: &str) -> Reply {
    let mut dispute = world.find(call.account(), "dispute", id)?;
    dispute.lay_over("metadata", &call.metadata("metadata"));
    if let Some(evidence) = call.form.fields("evidence") {
        if !dispute.stands(&AWAITS_EVIDENCE) {
            return Err(Refusal::refused(
                "dispute_already_submitted",
                "Evidence was sent to the bank already.",
            ));
        }
        dispute.lay_over("evidence", &evidence.json());
        dispute.0["evidence_details"]["has_evidence"] = Value::from(true);
    }
    let is_submitted = dispute.stands(&AWAITS_EVIDENCE)
        && (call.form.has("evidence") || call.form.has("submit"))
        && call.form.text("submit") != Some("false");
    if is_submitted {
        dispute.set("status", if dispute.stands(&ASKED) { ASKED[1] } else { "under_review" });
        dispute.0["evidence_details"]["submission_count"] = Value::from(1);
        let evidence = dispute.0["evidence"].to_string();
        for (word, is_won) in [("winning_evidence", true), ("losing_evidence", false)] {
            if evidence.contains(word) {
                world.plan(world.now() + SOON, Plan::DecideDispute { dispute: id.to_owned(), is_won });
            }
        }
    }
    world.put(&dispute);
    world.tell("charge.dispute.updated", &dispute);
    Ok(dispute.0)
}

/// Gives in.
pub fn close(world: &mut World, call: &Call, id: &str) -> Reply {
    let dispute = world.find(call.account(), "dispute", id)?;
    if !dispute.stands(&["needs_response"]) {
        return Err(Refusal::refused(
            "dispute_already_closed",
            "This dispute is already closed or under review.",
        ));
    }
    decide(world, id, false);
    find(world, call, id)
}

/// One of them.
pub fn find(world: &World, call: &Call, id: &str) -> Reply {
    Ok(world.find(call.account(), "dispute", id)?.0)
}

/// All of them.
pub fn list(world: &World, call: &Call) -> Reply {
    call.page(world, "dispute", &["charge", "payment_intent"])
}
