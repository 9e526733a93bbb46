//! Where money stands: a payment, its tries at the processor, the practice's share, refunds, chargebacks, payouts.
//!
//! Each is a machine of its own, joined to the others by ids. `next` is the whole table: what is not in it does not happen.
//! The processor's webhooks are applied by the state that its object is in, so a state may be skipped by what the table allows
//! and is never gone back to.

use super::codes::codes;

codes! {
    /// Where a booking's payment stands.
    PaymentStatus {
        /// Nothing is collected through us: paid at the practice, or bulk billed.
        NotRequired = "not_required",
        /// The patient is to give a card or to pay; until then the booking waits.
        Awaiting = "awaiting",
        /// A card is kept, and the money is held four days before the visit.
        CardSaved = "card_saved",
        /// The money is held on the card.
        Authorised = "authorised",
        /// The money was taken.
        Captured = "captured",
        /// Part of it went back.
        PartRefunded = "part_refunded",
        /// All of it went back.
        Refunded = "refunded",
        /// The card said no; the patient has until the end of the repair window for another.
        Failed = "failed",
        /// The bank let the held money go before it was taken; the repair window is open.
        AuthExpired = "auth_expired",
        /// The appointment does not stand and nothing was collected, or what was held is let go.
        Voided = "voided",
        /// The cardholder's bank wants the money back, and it is kept from us until that is decided.
        Disputed = "disputed",
        /// The bank decided for the practice.
        Won = "won",
        /// The bank decided for the cardholder.
        Lost = "lost",
    }
}

impl PaymentStatus {
    /// What may come next. A fee is taken from what is held or saved, so it needs no state of its own.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::NotRequired => &[Self::Awaiting, Self::Voided],
            Self::Awaiting => &[
                Self::CardSaved,
                Self::Authorised,
                Self::Captured,
                Self::Failed,
                Self::Voided,
                Self::NotRequired,
            ],
            Self::CardSaved => &[Self::Authorised, Self::Captured, Self::Failed, Self::Voided],
            // An appointment that moves further away than a hold lives keeps the card alone.
            Self::Authorised => {
                &[Self::Captured, Self::CardSaved, Self::AuthExpired, Self::Failed, Self::Voided]
            }
            Self::Captured => &[Self::PartRefunded, Self::Refunded, Self::Disputed],
            // A refund may come back from the bank.
            Self::PartRefunded => &[Self::Captured, Self::PartRefunded, Self::Refunded, Self::Disputed],
            // A won chargeback is money again; of two, the other may be lost.
            Self::Won => &[Self::Captured, Self::PartRefunded, Self::Refunded, Self::Disputed, Self::Lost],
            Self::Refunded => &[Self::Captured, Self::PartRefunded, Self::Disputed],
            Self::Failed | Self::AuthExpired => {
                &[Self::Awaiting, Self::CardSaved, Self::Authorised, Self::Captured, Self::Voided]
            }
            Self::Disputed => &[Self::Won, Self::Lost],
            // Money that comes too late was taken all the same, and goes back.
            Self::Voided => &[Self::Captured],
            Self::Lost => &[],
        }
    }

    /// Whether money was taken, not all of it went back, and no bank keeps it: some of it can go back, and a card can be charged for
    /// what comes on top of it. What is only held is no money yet, and what a bank disputes is nobody's to give.
    pub fn keeps_money(self) -> bool {
        match self {
            Self::Captured | Self::PartRefunded | Self::Won => true,
            Self::NotRequired
            | Self::Awaiting
            | Self::CardSaved
            | Self::Authorised
            | Self::Refunded
            | Self::Failed
            | Self::AuthExpired
            | Self::Voided
            | Self::Disputed
            | Self::Lost => false,
        }
    }
}

codes! {
    /// The step of a payment that a confirmation waits for, once it is done.
    PaymentStep {
        /// Nothing is due through us.
        NotRequired = "not_required",
        /// A card is kept.
        CardSaved = "card_saved",
        /// The money is held.
        Authorised = "authorised",
        /// The money was taken.
        Captured = "captured",
    }
}

codes! {
    /// What a try at the processor is for. Each is paid once for a booking.
    IntentPurpose {
        /// The visit's price or its deposit.
        Visit = "visit",
        /// What was left open by a deposit, or a higher charge that was agreed to.
        Balance = "balance",
        /// The fee for cancelling late.
        LateFee = "late_fee",
        /// The fee for not coming.
        NoShowFee = "no_show_fee",
    }
}

impl IntentPurpose {
    /// Which fee it is for, if it is for one.
    pub fn fee(self) -> Option<FeeKind> {
        match self {
            Self::LateFee => Some(FeeKind::Late),
            Self::NoShowFee => Some(FeeKind::NoShow),
            Self::Visit | Self::Balance => None,
        }
    }
}

codes! {
    /// A fee for an appointment that did not take place; it is named as the try that takes it.
    FeeKind {
        /// For cancelling late.
        Late = "late_fee",
        /// For not coming.
        NoShow = "no_show_fee",
    }
}

codes! {
    /// How a try goes about it.
    IntentKind {
        /// Keeps a card and moves no money.
        Setup = "setup",
        /// Holds money, to be taken later.
        Authorise = "authorise",
        /// Takes money at once.
        Charge = "charge",
    }
}

codes! {
    /// Where a try at the processor stands.
    IntentStatus {
        /// It is written down here; the processor may or may not know it.
        Created = "created",
        /// The processor's page is open to the patient.
        PageOpen = "page_open",
        /// The bank wants the patient to prove who they are.
        NeedsAuthentication = "needs_authentication",
        /// The processor works on it.
        Processing = "processing",
        /// A card is kept.
        Saved = "saved",
        /// The money is held.
        Authorised = "authorised",
        /// The money was taken.
        Captured = "captured",
        /// The card said no. Another card is another try.
        Failed = "failed",
        /// The page or the held money ran out.
        Expired = "expired",
        /// It was let go.
        Voided = "voided",
    }
}

impl IntentStatus {
    /// What may come next.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Created | Self::PageOpen | Self::NeedsAuthentication | Self::Processing => &[
                Self::PageOpen,
                Self::NeedsAuthentication,
                Self::Processing,
                Self::Saved,
                Self::Authorised,
                Self::Captured,
                Self::Failed,
                Self::Expired,
                Self::Voided,
            ],
            Self::Authorised => &[Self::Captured, Self::Expired, Self::Voided],
            Self::Saved | Self::Captured | Self::Failed | Self::Expired | Self::Voided => &[],
        }
    }

    /// Whether it stands in the way of another try for the same purpose; the database's unique index holds the same list.
    pub fn is_live(self) -> bool {
        match self {
            Self::Created
            | Self::PageOpen
            | Self::NeedsAuthentication
            | Self::Processing
            | Self::Authorised
            | Self::Captured => true,
            Self::Saved | Self::Failed | Self::Expired | Self::Voided => false,
        }
    }
}

codes! {
    /// Where a practice's share of a payment stands.
    TransferStatus {
        /// The money was not taken yet.
        Pending = "pending",
        /// It is on the practice's balance at the processor.
        Sent = "sent",
        /// All of it was taken back with a refund or a lost chargeback.
        Reversed = "reversed",
    }
}

impl TransferStatus {
    /// What may come next.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::Sent],
            Self::Sent => &[Self::Reversed],
            Self::Reversed => &[],
        }
    }
}

codes! {
    /// Where a refund stands.
    RefundStatus {
        /// It is above the limit, and a second administrator has not agreed yet.
        AwaitingApproval = "awaiting_approval",
        /// A second administrator did not agree.
        Refused = "refused",
        /// The processor is asked.
        Due = "due",
        /// The processor has it.
        Sent = "sent",
        /// The money is back.
        Succeeded = "succeeded",
        /// The bank did not take it; somebody has to look.
        Failed = "failed",
    }
}

impl RefundStatus {
    /// What may come next. A refund may fail weeks after it succeeded, when the card's account is closed.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::AwaitingApproval => &[Self::Due, Self::Refused],
            Self::Due => &[Self::Sent, Self::Succeeded, Self::Failed],
            Self::Sent => &[Self::Succeeded, Self::Failed],
            Self::Succeeded => &[Self::Failed],
            Self::Failed => &[Self::Due],
            Self::Refused => &[],
        }
    }
}

codes! {
    /// Why money goes back.
    RefundReason {
        /// Cancelled in time by the patient, or moved.
        Cancelled = "cancelled",
        /// Cancelled by the practice or the platform, or the practitioner did not come.
        NotGiven = "not_given",
        /// The payment came after the time was no longer held.
        TooLate = "too_late",
        /// The fee is not owed: waived, or a dispute upheld.
        FeeWaived = "fee_waived",
        /// The visit is bulk billed now; what was paid goes back first.
        BulkBilled = "bulk_billed",
        /// Charged more than was agreed, or twice.
        Mistake = "mistake",
        /// The practice wishes it.
        Goodwill = "goodwill",
    }
}

codes! {
    /// Where a chargeback stands.
    ChargebackStatus {
        /// The bank waits for evidence.
        NeedsResponse = "needs_response",
        /// The bank decides.
        UnderReview = "under_review",
        /// The bank asked and took nothing.
        Closed = "closed",
        /// Decided for the practice.
        Won = "won",
        /// Decided for the cardholder.
        Lost = "lost",
    }
}

impl ChargebackStatus {
    /// What may come next.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::NeedsResponse => &[Self::UnderReview, Self::Closed, Self::Won, Self::Lost],
            // What a bank only asked about may become a dispute.
            Self::UnderReview => &[Self::NeedsResponse, Self::Closed, Self::Won, Self::Lost],
            Self::Closed | Self::Won | Self::Lost => &[],
        }
    }
}

codes! {
    /// Where a payout stands.
    PayoutStatus {
        /// The processor prepares it.
        Pending = "pending",
        /// The bank has it.
        InTransit = "in_transit",
        /// It has arrived.
        Paid = "paid",
        /// The bank sent it back: the account's details are wrong or it is closed.
        Failed = "failed",
        /// It was called off.
        Canceled = "canceled",
    }
}

impl PayoutStatus {
    /// What may come next. A payout may fail days after it was paid.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::InTransit, Self::Paid, Self::Failed, Self::Canceled],
            Self::InTransit => &[Self::Paid, Self::Failed],
            Self::Paid => &[Self::Failed],
            Self::Failed | Self::Canceled => &[],
        }
    }
}

codes! {
    /// Why a card was not charged, as far as the patient is told.
    PaymentFailure {
        /// The bank said no and gave no reason that helps.
        Declined = "declined",
        /// There is not enough money on the account.
        InsufficientFunds = "insufficient_funds",
        /// The card is out of date.
        ExpiredCard = "expired_card",
        /// The bank wants the patient to prove who they are.
        AuthenticationRequired = "authentication_required",
        /// The patient did not prove who they are, or went away.
        NotFinished = "not_finished",
        /// The bank let the held money go.
        HoldExpired = "hold_expired",
        /// The processor did not answer. Nothing was charged.
        ProcessorUnavailable = "processor_unavailable",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ChargebackStatus, FeeKind, IntentPurpose, IntentStatus, PaymentStatus, PayoutStatus, RefundStatus,
        TransferStatus,
    };

    /// Whatever can be reached from the first states is all there is.
    fn check<T: Copy + PartialEq + std::fmt::Debug>(first: &[T], all: &[T], next: fn(T) -> &'static [T]) {
        let mut reached = first.to_vec();
        let mut at = 0;
        while at < reached.len() {
            for state in next(reached[at]) {
                if !reached.contains(state) {
                    reached.push(*state);
                }
            }
            at += 1;
        }
        for state in all {
            assert!(reached.contains(state), "{state:?} cannot be reached");
        }
    }

    #[test]
    fn every_state_can_be_reached() {
        check(&[PaymentStatus::NotRequired], &PaymentStatus::ALL, PaymentStatus::next);
        check(&[IntentStatus::Created], &IntentStatus::ALL, IntentStatus::next);
        check(&[TransferStatus::Pending], &TransferStatus::ALL, TransferStatus::next);
        check(&[RefundStatus::AwaitingApproval], &RefundStatus::ALL, RefundStatus::next);
        check(&[ChargebackStatus::NeedsResponse], &ChargebackStatus::ALL, ChargebackStatus::next);
        check(&[PayoutStatus::Pending], &PayoutStatus::ALL, PayoutStatus::next);
    }

    #[test]
    fn taken_money_is_never_only_held_again() {
        for status in [PaymentStatus::Captured, PaymentStatus::PartRefunded, PaymentStatus::Won] {
            for next in status.next() {
                assert!(!matches!(next, PaymentStatus::Authorised | PaymentStatus::Voided), "{status:?}");
            }
        }
    }

    #[test]
    fn a_fee_is_named_as_what_takes_it() {
        let fees: Vec<_> = IntentPurpose::ALL.into_iter().filter_map(|it| Some((it, it.fee()?))).collect();
        assert_eq!(fees.len(), FeeKind::ALL.len());
        for (purpose, fee) in fees {
            assert_eq!(purpose.code(), fee.code());
        }
    }

    #[test]
    fn names_are_read_back() {
        for status in PaymentStatus::ALL {
            assert_eq!(PaymentStatus::from_code(status.code()), Some(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{}\"", status.code()));
        }
    }
}
