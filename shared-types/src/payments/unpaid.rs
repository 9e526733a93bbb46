//! What a practice is not paid, as `list_unpaid_payments` says it: no card was charged for it; how it is asked for again, and what became
//! of a fee, as `find_fee` says it. The routes stand in the list of [`super::practice`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    codes::codes,
    practice::{HigherPrice, ToBulkBilling, VisitTime},
    state::{IntentPurpose, PaymentFailure},
};
use crate::{AudCents, BookingId, PaymentId, personal::PersonalData};

/// Money that is owed for a visit that took place, or a fee, and that no card was charged for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnpaidPayment {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// For which booking.
    pub booking_id: BookingId,
    /// What it is for: the visit, a higher price that was agreed to, or a fee.
    pub purpose: IntentPurpose,
    /// How much of it is owed.
    pub owed_cents: AudCents,
    /// What of the same booking was taken before.
    pub paid_cents: AudCents,
    /// Why, as far as it concerns the practice: what somebody has on their account is `declined` here. None where no card is kept that
    /// may be charged for it.
    pub failure: Option<PaymentFailure>,
    /// When a card last said no or held money was let go; otherwise when the payment last changed.
    pub failed_at: Timestamp,
    /// Until when the patient can give another card, which is then charged by itself; none once that is over. Then nothing more is
    /// charged.
    pub repair_until: Option<Timestamp>,
    /// Whether the patient has a page open on which they give one.
    pub is_being_paid: bool,
    /// Whether the practice can ask for it again by `ask_again_for_payment`: nothing is charged by itself any more. A higher price is
    /// asked for by `ask_for_charge` instead, since its patient agrees anew.
    pub can_ask_again: bool,
    /// A higher price that the practice asked for; none where it asked for none.
    pub higher: Option<HigherPrice>,
    /// Whether its visit can be bulk billed instead, or how far that is; none where it cannot be.
    pub bulk_billing: Option<ToBulkBilling>,
    /// When its visit is, or would have been; none where the visit was never confirmed.
    pub visit: Option<VisitTime>,
}

impl PersonalData for UnpaidPayment {}

codes! {
    /// How a patient is asked once more to pay what no card was charged for.
    AskedBy {
        /// The card that is kept is charged what was agreed to, without its holder.
        Card = "card",
        /// No card is kept that may be charged, so a letter tells how to pay with another one.
        Letter = "letter",
    }
}

/// What comes of asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskedAgain {
    /// How.
    pub by: AskedBy,
    /// Until when the patient can give another card, after which they can be asked again; none while the kept card is charged. Where that
    /// says no, they get the letter and a day.
    pub repair_until: Option<Timestamp>,
}

impl PersonalData for AskedAgain {}

/// What became of the fee for cancelling a booking late or not coming to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeeStanding {
    /// Of which booking.
    pub booking_id: BookingId,
    /// What of it was taken from a card, or is kept of what was taken before.
    pub charged_cents: AudCents,
    /// When money was taken for the booking last, whatever for; none where none was.
    pub taken_at: Option<Timestamp>,
    /// What of it is owed and not taken yet.
    pub owed_cents: AudCents,
    /// When a card is charged for what is owed; none where nothing more is charged by itself.
    pub charged_at: Option<Timestamp>,
    /// Until when the patient can give another card, since theirs said no; none otherwise.
    pub repair_until: Option<Timestamp>,
}

impl PersonalData for FeeStanding {}
