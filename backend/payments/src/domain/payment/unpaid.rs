//! What of a payment is owed although a card was to be charged for it.

use shared_types::{
    AudCents,
    payments::{IntentPurpose, PaymentStatus, quote::Collection},
};

use super::Payment;

impl Payment {
    /// What no card was charged for, and how much of it is owed: a fee, else a higher price that was agreed to, else the visit. None
    /// where nothing is owed, and where no card has said no to a visit or a price yet.
    pub fn unpaid(&self) -> Option<(IntentPurpose, AudCents)> {
        if self.fee_owed_cents > AudCents::ZERO {
            return self.fee_kind.map(|fee| (fee, self.fee_owed_cents));
        }
        self.failure?;
        if self.owes_balance() {
            return Some((IntentPurpose::Balance, self.balance_cents()));
        }
        let owed = match self.status {
            PaymentStatus::Awaiting | PaymentStatus::Failed | PaymentStatus::AuthExpired => {
                self.asked_for_visit()
            }
            PaymentStatus::NotRequired
            | PaymentStatus::CardSaved
            | PaymentStatus::Authorised
            | PaymentStatus::Captured
            | PaymentStatus::PartRefunded
            | PaymentStatus::Refunded
            | PaymentStatus::Voided
            | PaymentStatus::Disputed
            | PaymentStatus::Won
            | PaymentStatus::Lost => AudCents::ZERO,
        };
        (owed > AudCents::ZERO).then_some((IntentPurpose::Visit, owed))
    }

    /// What a card is charged for the visit through us; after a deposit the rest is paid at the practice.
    fn asked_for_visit(&self) -> AudCents {
        let left = AudCents((self.chargeable_cents().0 - self.captured_cents.0).max(0));
        let terms = self.quote.as_ref().and_then(|quote| quote.terms.as_ref());
        match (self.collection, terms) {
            (Collection::Deposit, Some(terms)) => left.min(terms.deposit_cents),
            (Collection::Deposit, None)
            | (Collection::AtPractice | Collection::AfterVisit | Collection::Prepaid, _) => left,
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{IntentPurpose, PaymentFailure, PaymentStatus, quote::Collection},
    };

    use crate::domain::payment::{Payment, fixtures::awaiting};

    /// A visit of $110 whose card said no.
    fn failed() -> Payment {
        let failure = Some(PaymentFailure::Declined);
        Payment { status: PaymentStatus::Failed, failure, ..awaiting(1) }
    }

    /// The same, paid.
    fn paid() -> Payment {
        Payment { status: PaymentStatus::Captured, captured_cents: AudCents(11_000), ..failed() }
    }

    #[test]
    fn what_is_owed_is_a_fee_else_a_higher_price_else_the_visit() {
        use IntentPurpose::{Balance, LateFee, Visit};
        let fee_kind = Some(LateFee);
        for (payment, purpose, cents) in [
            (failed(), Visit, 11_000),
            (Payment { status: PaymentStatus::AuthExpired, ..failed() }, Visit, 11_000),
            (Payment { status: PaymentStatus::Awaiting, ..failed() }, Visit, 11_000),
            (Payment { agreed_cents: Some(AudCents(12_000)), ..failed() }, Visit, 12_000),
            (Payment { fee_kind, fee_owed_cents: AudCents(5_000), ..failed() }, LateFee, 5_000),
            (Payment { fee_kind, fee_owed_cents: AudCents(3_000), failure: None, ..paid() }, LateFee, 3_000),
            (Payment { agreed_cents: Some(AudCents(12_500)), ..paid() }, Balance, 1_500),
        ] {
            assert_eq!(payment.unpaid(), Some((purpose, AudCents(cents))), "{payment:?}");
        }
    }

    #[test]
    fn nothing_is_owed_of_what_was_taken_or_what_no_card_said_no_to() {
        let deposit = Payment {
            collection: Collection::Deposit,
            captured_cents: AudCents(2_000),
            agreed_cents: Some(AudCents(11_000)),
            ..paid()
        };
        for payment in [
            paid(),
            awaiting(1),
            deposit,
            Payment { status: PaymentStatus::Voided, ..failed() },
            Payment { agreed_cents: Some(AudCents(12_500)), failure: None, ..paid() },
        ] {
            assert_eq!(payment.unpaid(), None, "{payment:?}");
        }
    }
}
