//! What of a payment is owed although a card was to be charged for it.

use jiff::Timestamp;
use shared_types::{
    AudCents,
    payments::{IntentPurpose, PaymentFailure, PaymentStatus, quote::Collection, rules::CHARGED_AT_LEAST},
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

    /// Whether its patient can be asked once more: the visit is over or the fee is due, a card can be charged what is left, nothing is
    /// planned, and the time to give another card is over, so that nobody is asked twice in a day. A higher price is agreed to anew
    /// instead. Whether a try is under way, the payment does not know.
    pub fn may_ask_again(&self, now: Timestamp) -> bool {
        let stands = match self.status {
            PaymentStatus::Awaiting => self.failure.is_some(),
            PaymentStatus::Failed
            | PaymentStatus::AuthExpired
            | PaymentStatus::Captured
            | PaymentStatus::PartRefunded
            | PaymentStatus::Won => true,
            PaymentStatus::NotRequired
            | PaymentStatus::CardSaved
            | PaymentStatus::Authorised
            | PaymentStatus::Refunded
            | PaymentStatus::Voided
            | PaymentStatus::Disputed
            | PaymentStatus::Lost => false,
        };
        let left = match self.unpaid() {
            Some((IntentPurpose::Visit, owed)) if self.completed_at.is_some() => owed,
            Some((IntentPurpose::LateFee | IntentPurpose::NoShowFee, _)) if self.is_fee_due(now) => {
                self.fee_left_cents()
            }
            Some(_) | None => AudCents::ZERO,
        };
        let is_quiet = self.due.is_none() && self.repair_until.is_none_or(|until| until <= now);
        stands && is_quiet && !self.is_bulk_billed() && left >= CHARGED_AT_LEAST
    }

    /// Whether the card that is kept may be charged for it once more without its holder: what was agreed to is what is charged, and the
    /// card can say yes to it. One that is out of date cannot, nor can one whose bank wants to see who pays.
    pub fn lets_try_again(&self, card_is_kept: bool) -> bool {
        let can_say_yes = match self.failure {
            Some(PaymentFailure::ExpiredCard | PaymentFailure::AuthenticationRequired) => false,
            Some(
                PaymentFailure::Declined
                | PaymentFailure::InsufficientFunds
                | PaymentFailure::NotFinished
                | PaymentFailure::HoldExpired
                | PaymentFailure::ProcessorUnavailable,
            )
            | None => true,
        };
        // Of a deposit or what is paid beforehand a card is charged on a page alone.
        let is_agreed = self.fee_owed_cents > AudCents::ZERO || self.collection == Collection::AfterVisit;
        let is_whole = self.status.keeps_money() || self.captured_cents == AudCents::ZERO;
        can_say_yes && is_agreed && is_whole && self.lets_charge_again(card_is_kept)
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
