//! What no card was charged for is asked for once more.

use jiff::Timestamp;
use shared_types::payments::{
    PaymentFailure,
    PaymentStatus::{
        AuthExpired, Authorised, Awaiting, Captured, CardSaved, Disputed, Failed, Lost, NotRequired,
        PartRefunded, Refunded, Voided, Won,
    },
};

use super::Next;
use crate::domain::payment::Payment;

impl Payment {
    /// By the card that is kept it goes on as if that had just been given: what is owed of it is charged, and nothing else. Without one
    /// there is another day for its patient to give one.
    pub(super) fn asked_again(self, by_card: bool, now: Timestamp) -> Next {
        if !self.may_ask_again(now) {
            return None;
        }
        let (card_is_there, another_is_needed) = match self.status {
            Awaiting | Failed => (CardSaved, Failed),
            AuthExpired => (CardSaved, AuthExpired),
            Captured | PartRefunded | Won => (self.status, self.status),
            NotRequired | CardSaved | Authorised | Refunded | Voided | Disputed | Lost => return None,
        };
        if by_card {
            let after = self.mended(card_is_there);
            let due = after.planned(now);
            return Self { due, ..after }.only();
        }
        let repair_until = Some(self.repairable_until(now));
        let failure = Some(self.failure.unwrap_or(PaymentFailure::Declined));
        Self { status: another_is_needed, failure, repair_until, ..self }.only()
    }
}
