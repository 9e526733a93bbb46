//! A call that is about to be written down, and the key that it has at the processor.

use shared_types::{AudCents, IntentId, OrganizationId, PaymentId, RefundId};
use uuid::Uuid;

use super::Operation;

/// A call to make. Of two under the same key the second changes nothing.
#[derive(Clone, Debug)]
pub struct NewCall {
    /// The processor's idempotency key: the subject's id, a colon and the act.
    pub idempotency_key: String,
    /// What to do.
    pub operation: Operation,
    /// For which payment.
    pub payment_id: Option<PaymentId>,
    /// With which try.
    pub intent_id: Option<IntentId>,
    /// For which refund.
    pub refund_id: Option<RefundId>,
    /// For which practice.
    pub organization_id: Option<OrganizationId>,
    /// How much.
    pub amount_cents: Option<AudCents>,
}

impl NewCall {
    /// About a try of a payment.
    pub fn of_intent(
        operation: Operation,
        payment_id: PaymentId,
        intent_id: IntentId,
        amount_cents: Option<AudCents>,
    ) -> Self {
        Self {
            payment_id: Some(payment_id),
            intent_id: Some(intent_id),
            amount_cents,
            ..Self::about(operation, intent_id.0)
        }
    }

    /// A refund.
    pub fn of_refund(payment_id: PaymentId, refund_id: RefundId, amount_cents: AudCents) -> Self {
        Self {
            payment_id: Some(payment_id),
            refund_id: Some(refund_id),
            amount_cents: Some(amount_cents),
            ..Self::about(Operation::Refund, refund_id.0)
        }
    }

    /// About a practice. `cause_id` is what it is a consequence of: the practice itself where it is done once, a hold of payouts, a
    /// chargeback.
    pub fn of_practice(operation: Operation, organization_id: OrganizationId, cause_id: Uuid) -> Self {
        Self { organization_id: Some(organization_id), ..Self::about(operation, cause_id) }
    }

    /// About anything else that has an id of ours: a card, a chargeback.
    pub fn about(operation: Operation, subject: Uuid) -> Self {
        Self {
            idempotency_key: format!("{subject}:{}", operation.code()),
            operation,
            payment_id: None,
            intent_id: None,
            refund_id: None,
            organization_id: None,
            amount_cents: None,
        }
    }

    /// The same once more under a key of its own, after it was refused: the processor gives the same answer to the same key.
    pub fn once_more(&self) -> Self {
        let (key, number) = self.numbered();
        Self { idempotency_key: format!("{key}_again_{}", number.saturating_add(1)), ..self.clone() }
    }

    /// Which of the times that it is asked under a key of its own.
    pub fn number(&self) -> i16 {
        self.numbered().1
    }

    fn numbered(&self) -> (&str, i16) {
        numbered(&self.idempotency_key)
    }

    /// Whose id the key begins with.
    pub fn subject(&self) -> Option<Uuid> {
        self.idempotency_key.split(':').next()?.parse().ok()
    }
}

fn numbered(idempotency_key: &str) -> (&str, i16) {
    let again = idempotency_key.split_once("_again_");
    let read = again.and_then(|(key, number)| Some((key, number.parse().ok()?)));
    read.unwrap_or((idempotency_key, 1))
}

/// How often what is asked under this key was refused before.
pub fn times_refused(idempotency_key: &str) -> i16 {
    numbered(idempotency_key).1 - 1
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{NewCall, Operation};

    #[test]
    fn what_was_refused_is_asked_under_another_key() {
        let first = NewCall::about(Operation::Capture, Uuid::from_u128(1));
        let third = first.once_more().once_more();
        assert_eq!((first.number(), third.number()), (1, 3));
        assert_eq!(third.idempotency_key, format!("{}_again_3", first.idempotency_key));
        assert_eq!(third.subject(), Some(Uuid::from_u128(1)));
    }
}
