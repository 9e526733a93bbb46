//! What becomes of a booking's money when it is cancelled: said before the button and again after it. Pure.

use std::rc::Rc;

use shared_types::{
    AudCents,
    payments::{PaymentStatus, pay::PaymentStanding, quote::Collection},
};

/// A booking's money as far as its page knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CardMoney {
    /// Nothing is paid through us, or it is not the reader's to see.
    #[default]
    NotOurs,
    /// Paid in this way; how much is not known, or not yet.
    NotRead(Collection),
    /// Where its payment stood before anything was cancelled.
    Read(Rc<PaymentStanding>),
}

/// What goes back, and what is kept where cancelling costs a fee; nothing where no card has to do with it.
pub fn money_back_words(money: &CardMoney, fee: Option<AudCents>) -> Option<String> {
    match money {
        CardMoney::NotOurs => None,
        CardMoney::NotRead(collection) => unread_words(*collection, fee),
        CardMoney::Read(payment) => read_words(payment, fee),
    }
}

/// What is true whatever the amounts are.
fn unread_words(collection: Collection, fee: Option<AudCents>) -> Option<String> {
    let words = match (collection, fee) {
        (Collection::AtPractice, _) => return None,
        (Collection::AfterVisit, None) => NOT_CHARGED,
        (Collection::AfterVisit, Some(_)) => FEE_ON_CARD,
        (Collection::Deposit | Collection::Prepaid, None) => {
            "What you paid goes back to your card; banks take up to ten days."
        }
        (Collection::Deposit | Collection::Prepaid, Some(_)) => {
            "The fee is kept of what you paid. What you paid beyond it goes back to your card; banks take up to \
             ten days."
        }
    };
    Some(words.to_owned())
}

const NOT_CHARGED: &str = "Nothing is charged to your card.";
const FEE_ON_CARD: &str = "The fee is charged to the card you gave.";

fn read_words(payment: &PaymentStanding, fee: Option<AudCents>) -> Option<String> {
    match payment.status {
        // A bank has the money and decides, or nothing was ever taken.
        PaymentStatus::Disputed
        | PaymentStatus::Lost
        | PaymentStatus::NotRequired
        | PaymentStatus::Awaiting
        | PaymentStatus::Failed
        | PaymentStatus::AuthExpired
        | PaymentStatus::Voided => None,
        PaymentStatus::CardSaved => unread_words(Collection::AfterVisit, fee),
        PaymentStatus::Authorised => Some(match fee {
            None => format!("The {} held on your card is let go.", payment.held_cents),
            Some(_) => FEE_ON_CARD.to_owned(),
        }),
        PaymentStatus::Captured
        | PaymentStatus::PartRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Won => taken_words(payment, fee),
    }
}

fn taken_words(payment: &PaymentStanding, fee: Option<AudCents>) -> Option<String> {
    let left = AudCents((payment.paid_cents.0 - payment.refunded_cents.0).max(0));
    if left == AudCents::ZERO {
        // It may have gone back since; then there is no amount to name.
        return unread_words(payment.collection, fee);
    }
    let Some(fee) = fee else {
        return Some(format!("You get {left} back to your card; banks take up to ten days."));
    };
    let kept = fee.min(left);
    let back = AudCents(left.0 - kept.0);
    Some(if back > AudCents::ZERO {
        format!(
            "Of the {left} you paid, {kept} is kept for the fee and {back} goes back to your card; banks take up to ten \
             days. If somebody else takes the time, you get the {kept} back, too."
        )
    } else {
        format!("The {left} you paid is kept for the fee. If somebody else takes the time, you get it back.")
    })
}
