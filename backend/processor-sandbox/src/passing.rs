//! What happens by itself as time passes: holds and pages run out, banks make up their minds, payouts go.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    api::{checkout, disputes, payouts, refunds},
    object::Object,
    world::World,
};

/// How long a day is, in seconds.
pub const DAY: i64 = 24 * 60 * 60;

/// What was planned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Plan {
    /// The bank lets held money go.
    EndHold {
        /// Of which payment intent.
        intent: String,
    },
    /// A payment page closes.
    EndSession {
        /// Which.
        session: String,
    },
    /// A cardholder wants the money back.
    OpenDispute {
        /// Of which charge.
        charge: String,
        /// `fraudulent`.
        reason: String,
    },
    /// A bank decides.
    DecideDispute {
        /// Which.
        dispute: String,
        /// For the practice.
        is_won: bool,
    },
    /// The time for evidence is over.
    EndEvidence {
        /// Of which dispute.
        dispute: String,
    },
    /// A pending refund arrives.
    SettleRefund {
        /// Which.
        refund: String,
    },
    /// A refund that seemed done comes back.
    FailRefund {
        /// Which.
        refund: String,
    },
    /// What is available on a connected account goes out.
    PayOut {
        /// Whose.
        account: String,
    },
    /// A payout arrives.
    SettlePayout {
        /// Which.
        payout: String,
    },
}

/// Does everything that is due, what was due first before the rest.
pub fn pass(world: &mut World) {
    while let Some(plan) = world.due() {
        match plan {
            Plan::EndHold { intent } => end_hold(world, &intent),
            Plan::EndSession { session } => checkout::end(world, &session),
            Plan::OpenDispute { charge, reason } => {
                // A charge that was given back meanwhile is nobody's grievance.
                let whole = world.get(&charge).map(|charge| charge.cents("amount_captured"));
                disputes::open(world, &charge, &reason, whole.unwrap_or_default());
            }
            Plan::DecideDispute { dispute, is_won } => disputes::decide(world, &dispute, is_won),
            Plan::EndEvidence { dispute } => disputes::end_evidence(world, &dispute),
            Plan::SettleRefund { refund } => refunds::settle(world, &refund),
            Plan::FailRefund { refund } => refunds::fail(world, &refund),
            Plan::PayOut { account } => {
                payouts::pay_out_by_schedule(world, &account);
                world.plan(next_midnight(world.now()), Plan::PayOut { account });
            }
            Plan::SettlePayout { payout } => payouts::settle(world, &payout),
        }
    }
}

/// The next midnight in UTC, when payouts go.
pub fn next_midnight(now: i64) -> i64 {
    (now.div_euclid(DAY) + 1) * DAY
}

/// Lets held money go, as the bank does at the end of its time.
pub fn end_hold(world: &mut World, intent: &str) {
    let Some(intent) = world.get(intent).filter(|intent| intent.stands(&["requires_capture"])).cloned()
    else {
        return;
    };
    let intent = let_go(world, intent, "expired");
    if let Some(charge) = intent.text("latest_charge").and_then(|id| world.get(id)).cloned() {
        world.tell("charge.expired", &charge);
    }
}

/// Ends a payment intent before its money was taken; gives what became of it.
pub fn let_go(world: &mut World, mut intent: Object, reason: &str) -> Object {
    if intent.stands(&["requires_capture"])
        && let Some(mut charge) = intent.text("latest_charge").and_then(|id| world.get(id)).cloned()
    {
        charge.set("amount_refunded", charge.cents("amount"));
        charge.set("refunded", true);
        world.put(&charge);
    }
    intent.set("status", "canceled");
    intent.set("amount_capturable", 0);
    intent.set("canceled_at", world.now());
    intent.set("cancellation_reason", reason);
    intent.set("next_action", Value::Null);
    world.put(&intent);
    world.tell("payment_intent.canceled", &intent);
    intent
}

#[cfg(test)]
mod tests {
    use super::{DAY, next_midnight};

    #[test]
    fn midnight_is_always_ahead() {
        assert_eq!(next_midnight(0), DAY);
        assert_eq!(next_midnight(DAY - 1), DAY);
        assert_eq!(next_midnight(DAY), 2 * DAY);
    }
}
