//! What can happen to a payment, and where it leads.

mod asking;
mod card;
mod going_back;
mod price;

use jiff::Timestamp;
use shared_types::{
    AudCents, ChargebackId, IntentId, RefundId,
    payments::{
        IntentPurpose, PaymentFailure,
        PaymentStatus::{self, Lost, Won},
    },
};

use super::{Due, Payment};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The processor's page was opened for the patient.
    PageOpened,
    /// A card is kept.
    CardSaved,
    /// Money is held on the card.
    Held {
        /// How much.
        cents: AudCents,
    },
    /// Money was taken.
    Taken {
        /// By which try.
        intent_id: IntentId,
        /// How much.
        cents: AudCents,
        /// The processor's name for the charge.
        processor_charge: String,
    },
    /// The bank let held money go.
    HoldExpired {
        /// When.
        now: Timestamp,
    },
    /// The card said no.
    Failed {
        /// Why.
        failure: PaymentFailure,
    },
    /// Nothing is to be collected: the appointment does not stand.
    LetGo,
    /// Money is to go back. Once for each refund.
    RefundBegun {
        /// How much.
        cents: AudCents,
    },
    /// Money has gone back.
    RefundDone {
        /// Which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// A refund was not taken by the bank, or came back from it. Once for each time that the refund fails.
    RefundFailed {
        /// Which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// A bank keeps money until it has decided.
    ChargebackOpened {
        /// Which.
        chargeback_id: ChargebackId,
        /// How much.
        cents: AudCents,
    },
    /// It decided for the practice.
    ChargebackWon {
        /// Which.
        chargeback_id: ChargebackId,
    },
    /// It decided for the cardholder.
    ChargebackLost {
        /// Which.
        chargeback_id: ChargebackId,
    },
    /// A fee for cancelling late or not coming is owed.
    FeeOwed {
        /// Which of the two.
        purpose: IntentPurpose,
        /// How much.
        cents: AudCents,
        /// From when on it is taken.
        due_at: Timestamp,
    },
    /// The fee is not owed. What was taken of it is refunded besides.
    FeeWaived,
    /// What was taken already counts as the fee, as far as it goes.
    FeeKept,
    /// The practice asks for a higher price.
    Asked {
        /// The whole price.
        cents: AudCents,
    },
    /// The patient agrees to it.
    Agreed {
        /// The whole price, as it was on the screen.
        cents: AudCents,
    },
    /// The practice asks once more for what no card was charged for.
    AskedAgain {
        /// The card that is kept is charged; otherwise its patient has another day to give one.
        by_card: bool,
    },
    /// The appointment is at another time.
    Moved {
        /// Its start.
        start: Timestamp,
    },
    /// The visit is over.
    Completed,
    /// It is not over after all.
    NotOver,
    /// Medicare pays all of it from now on. What was paid has to be back.
    BulkBilled,
}

impl Change {
    /// Its name in the access log.
    pub fn action(&self) -> &'static str {
        match self {
            Self::PageOpened => "open_payment_page",
            Self::CardSaved => "save_card",
            Self::Held { .. } => "hold_payment",
            Self::Taken { .. } => "take_payment",
            Self::HoldExpired { .. } => "expire_payment_hold",
            Self::Failed { .. } => "fail_payment",
            Self::LetGo => "void_payment",
            Self::RefundBegun { .. } => "begin_refund",
            Self::RefundDone { .. } => "finish_refund",
            Self::RefundFailed { .. } => "fail_refund",
            Self::ChargebackOpened { .. } => "open_chargeback",
            Self::ChargebackWon { .. } => "win_chargeback",
            Self::ChargebackLost { .. } => "lose_chargeback",
            Self::FeeOwed { .. } => "owe_fee",
            Self::FeeWaived => "waive_fee",
            Self::FeeKept => "keep_fee",
            Self::Asked { .. } => "ask_for_charge",
            Self::Agreed { .. } => "agree_to_charge",
            Self::AskedAgain { .. } => "ask_again_for_payment",
            Self::Moved { .. } => "move_payment",
            Self::Completed => "complete_payment",
            Self::NotOver => "reopen_payment",
            Self::BulkBilled => "move_to_bulk_billing",
        }
    }
}

/// What a change goes by beyond the payment itself.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The time.
    pub now: Timestamp,
    /// A refund that fails had gone back before, as the ledger says.
    pub refund_is_booked: bool,
    /// When the bank lets go what it holds, where it said so.
    pub hold_expires_at: Option<Timestamp>,
}

/// Money that moved with a change, to be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Money {
    /// It was taken.
    Captured {
        /// By which try.
        intent_id: IntentId,
        /// How much.
        cents: AudCents,
        /// The processor's name for the charge.
        processor_charge: String,
    },
    /// It has gone back.
    Refunded {
        /// With which refund.
        refund_id: RefundId,
        /// How much.
        cents: AudCents,
    },
    /// It came back from a refund.
    RefundReturned {
        /// From which.
        refund_id: RefundId,
    },
    /// A bank keeps it.
    ChargebackOpened {
        /// Because of which.
        chargeback_id: ChargebackId,
        /// How much.
        cents: AudCents,
    },
    /// The bank gave it back.
    ChargebackWon {
        /// Because of which.
        chargeback_id: ChargebackId,
    },
    /// The cardholder keeps it.
    ChargebackLost {
        /// Because of which.
        chargeback_id: ChargebackId,
    },
}

/// A change that does not lead on from where the payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{action} does not lead on from a payment that is {}", .from.code())]
pub struct TransitionError {
    /// Where it stood.
    pub from: PaymentStatus,
    /// What was to happen.
    pub action: &'static str,
}

/// A payment after a change, and the money that moved with it. `None` where it has no place.
type Next = Option<(Payment, Option<Money>)>;

impl Payment {
    /// The payment after a change, and what of it has to be booked. A change that has no effect gives the same payment.
    ///
    /// # Errors
    /// When the change does not lead on from where the payment stands.
    pub fn take(self, change: &Change, facts: &Facts) -> Result<(Self, Option<Money>), TransitionError> {
        let before = self.clone();
        let refused = TransitionError { from: self.status, action: change.action() };
        let (mut after, money) = self.changed(change, facts).ok_or(refused)?;
        let leads_on = after.status == before.status || before.status.next().contains(&after.status);
        if !leads_on {
            return Err(refused);
        }
        if after.is_planned_anew_since(&before) {
            after.due = after.planned(facts.now);
        }
        Ok((after, money))
    }

    fn changed(self, change: &Change, facts: &Facts) -> Next {
        let now = facts.now;
        match *change {
            Change::PageOpened => self.page_opened(),
            Change::CardSaved => self.card_saved(),
            Change::Held { cents } => self.held(cents, facts),
            Change::Taken { intent_id, cents, ref processor_charge } => {
                let processor_charge = processor_charge.clone();
                self.taken(cents, Money::Captured { intent_id, cents, processor_charge })
            }
            Change::HoldExpired { now } => self.hold_expired(now),
            Change::Failed { failure } => self.failed(failure, now),
            Change::LetGo => self.let_go(now),
            Change::RefundBegun { cents } => self.refund_begun(cents),
            Change::RefundDone { refund_id, cents } => self.refund_done(refund_id, cents),
            Change::RefundFailed { refund_id, cents } => {
                self.refund_failed(refund_id, cents, facts.refund_is_booked)
            }
            Change::ChargebackOpened { chargeback_id, cents } => self.disputed(chargeback_id, cents),
            Change::ChargebackWon { chargeback_id } => {
                self.decided(Won, Money::ChargebackWon { chargeback_id })
            }
            Change::ChargebackLost { chargeback_id } => {
                self.decided(Lost, Money::ChargebackLost { chargeback_id })
            }
            Change::FeeOwed { purpose, cents, due_at } => self.fee_owed(purpose, cents, due_at, now),
            Change::FeeWaived => self.fee_waived(now),
            Change::FeeKept => self.fee_kept(),
            Change::Asked { cents } => self.asked(cents),
            Change::Agreed { cents } => self.agreed(cents),
            Change::AskedAgain { by_card } => self.asked_again(by_card, now),
            Change::Moved { start } => self.moved(start, facts),
            Change::Completed => self.completed(now),
            Change::NotOver => self.not_over(),
            Change::BulkBilled => self.moved_to_bulk_billing(),
        }
    }

    /// Whether what is due follows from something else now. Otherwise it stays, or what is under way would be begun again.
    fn is_planned_anew_since(&self, before: &Self) -> bool {
        let due_is_new = self.due.is_some() && self.due != before.due;
        let by = |it: &Self| {
            (it.status, it.starts_at, it.completed_at, it.fee_owed_cents, it.fee_due_at, it.repair_until)
        };
        // What is let go has nothing else to plan, or it is planned for once it is; it may have been about to be let go already.
        let lets_go = matches!(self.status, PaymentStatus::Voided | PaymentStatus::CardSaved)
            && matches!(self.due, Some((Due::Void, _)));
        !due_is_new && !lets_go && by(self) != by(before)
    }

    fn only(self) -> Next {
        Some((self, None))
    }

    /// After something worked: nothing is left to repair.
    fn mended(self, status: PaymentStatus) -> Self {
        Self { status, failure: None, repair_until: None, ..self }
    }
}
