//! What a booking owes through us, and how that changes.
//!
//! A change is applied to where the payment stands; the table of what may come next is [`PaymentStatus::next`], and nothing else
//! decides. What has happened at the processor is never refused because it comes late: money that was taken is taken.

#[cfg(test)]
mod asked_again;
mod change;
#[cfg(test)]
mod declined_balance;
mod due;
#[cfg(test)]
pub mod fixtures;
#[cfg(test)]
mod following;
#[cfg(test)]
mod model;
mod unpaid;

use jiff::Timestamp;
use shared_types::{
    AccountId, AudCents, BookingId, OrganizationId, PaymentId, QuoteId,
    bookings::{AppointmentFact, Quote},
    payments::{
        IntentPurpose, PaymentFact, PaymentFailure, PaymentStatus,
        funding::FundingMode,
        quote::{Collection, QuoteTerms, TaxCode},
    },
};

use super::ledger::{PlatformFee, Whose};

pub use self::{
    change::{Change, Facts, Money, TransitionError},
    due::Due,
};

/// Who took a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBy {
    /// The patient, or who books for them.
    Patient,
    /// Staff of the practice.
    Practice,
    /// An administrator.
    Platform,
    /// The processor, by a webhook or when it was asked.
    Processor,
    /// An event of bookings.
    Bookings,
    /// A job of our own.
    System,
}

impl TakenBy {
    /// All of them; the database's check constraint holds the same list.
    #[cfg(test)]
    pub const ALL: [Self; 6] =
        [Self::Patient, Self::Practice, Self::Platform, Self::Processor, Self::Bookings, Self::System];

    /// The name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practice => "practice",
            Self::Platform => "platform",
            Self::Processor => "processor",
            Self::Bookings => "bookings",
            Self::System => "system",
        }
    }
}

/// One booking's payment. It belongs to the booking and not to one of its appointments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Which.
    pub payment_id: PaymentId,
    /// For what.
    pub booking_id: BookingId,
    /// What was offered; a quote pays once.
    pub quote_id: QuoteId,
    /// Goes up by one with every change.
    pub version: i32,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// Who pays.
    pub funding: FundingMode,
    /// How it is collected.
    pub collection: Collection,
    /// How the service is taxed.
    pub tax_code: TaxCode,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// The most that is collected from the patient through us without a fresh consent.
    pub patient_charge_cents: AudCents,
    /// As bookings signed it.
    pub quote: Option<Quote>,
    /// When the appointment starts.
    pub starts_at: Option<Timestamp>,
    /// When the visit was over.
    pub completed_at: Option<Timestamp>,
    /// What the platform takes of it, by the fee of the day it was quoted.
    pub platform_fee: PlatformFee,
    /// Held on the card and not taken.
    pub held_cents: AudCents,
    /// Taken.
    pub captured_cents: AudCents,
    /// On its way back.
    pub refunding_cents: AudCents,
    /// Gone back.
    pub refunded_cents: AudCents,
    /// Part of what was taken that is a fee for cancelling late or not coming.
    pub fee_cents: AudCents,
    /// Which fee.
    pub fee_kind: Option<IntentPurpose>,
    /// A fee that is owed and not taken yet.
    pub fee_owed_cents: AudCents,
    /// From when on it is taken.
    pub fee_due_at: Option<Timestamp>,
    /// A higher price that the practice asks for.
    pub asked_cents: Option<AudCents>,
    /// A higher price that was agreed to.
    pub agreed_cents: Option<AudCents>,
    /// Who may see it; none for a guest's.
    pub account_id: Option<AccountId>,
    /// Why the last try did not work.
    pub failure: Option<PaymentFailure>,
    /// Until when another card can be given.
    pub repair_until: Option<Timestamp>,
    /// What is done next without anybody asking, and when.
    pub due: Option<(Due, Timestamp)>,
    /// When it last changed; none before it is stored.
    pub updated_at: Option<Timestamp>,
}

impl Payment {
    /// The payment of an appointment that will take place and is not paid through us: it is paid at the practice or bulk billed.
    pub fn not_required(payment_id: PaymentId, fact: &AppointmentFact) -> Self {
        let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
        let funding = match (fact.bulk_billed, terms) {
            (true, _) => FundingMode::BulkBilled,
            (false, Some(terms)) => terms.funding,
            (false, None) => FundingMode::Private,
        };
        Self {
            payment_id,
            booking_id: fact.booking_id,
            quote_id: fact.quote_id,
            version: 1,
            status: PaymentStatus::NotRequired,
            organization_id: terms.map(|terms| terms.organization_id).or(fact.role.organization_id),
            funding,
            collection: Collection::AtPractice,
            tax_code: terms.map_or(TaxCode::FreeHealth, |terms| terms.tax_code),
            price_cents: fact.price_cents,
            bulk_billed: fact.bulk_billed,
            patient_charge_cents: AudCents::ZERO,
            quote: fact.quote.clone(),
            starts_at: Some(fact.start),
            completed_at: None,
            platform_fee: PlatformFee::default(),
            held_cents: AudCents::ZERO,
            captured_cents: AudCents::ZERO,
            refunding_cents: AudCents::ZERO,
            refunded_cents: AudCents::ZERO,
            fee_cents: AudCents::ZERO,
            fee_kind: None,
            fee_owed_cents: AudCents::ZERO,
            fee_due_at: None,
            asked_cents: None,
            agreed_cents: None,
            account_id: fact.account_id,
            failure: None,
            repair_until: None,
            due: None,
            updated_at: None,
        }
    }

    /// A payment that the patient is about to begin. Ask [`QuoteTerms::needs_payment_step`] first: what is bulk billed has none.
    pub fn awaiting(
        payment_id: PaymentId,
        quote: &Quote,
        terms: &QuoteTerms,
        fee: PlatformFee,
        account_id: Option<AccountId>,
    ) -> Self {
        Self {
            payment_id,
            booking_id: quote.booking_id,
            quote_id: quote.quote_id,
            version: 1,
            status: PaymentStatus::Awaiting,
            organization_id: Some(terms.organization_id),
            funding: terms.funding,
            collection: terms.collection,
            tax_code: terms.tax_code,
            price_cents: terms.total_cents,
            bulk_billed: false,
            patient_charge_cents: terms.total_cents,
            quote: Some(quote.clone()),
            starts_at: Some(terms.start),
            completed_at: None,
            platform_fee: fee,
            held_cents: AudCents::ZERO,
            captured_cents: AudCents::ZERO,
            refunding_cents: AudCents::ZERO,
            refunded_cents: AudCents::ZERO,
            fee_cents: AudCents::ZERO,
            fee_kind: None,
            fee_owed_cents: AudCents::ZERO,
            fee_due_at: None,
            asked_cents: None,
            agreed_cents: None,
            account_id,
            failure: None,
            repair_until: None,
            due: None,
            updated_at: None,
        }
    }

    /// The same once the appointment no longer stands, before anything was asked of a card.
    pub fn void(self) -> Self {
        Self { status: PaymentStatus::Voided, ..self }
    }

    /// Whether Medicare pays all of it, so that nothing is charged (C-52).
    pub fn is_bulk_billed(&self) -> bool {
        self.bulk_billed || self.funding == FundingMode::BulkBilled
    }

    /// The most that may be taken: the quote's total, or the higher price that was agreed to.
    pub fn chargeable_cents(&self) -> AudCents {
        self.patient_charge_cents.max(self.agreed_cents.unwrap_or(AudCents::ZERO))
    }

    /// Whether money that was taken can be this payment's: none is where nothing is collected, nor beyond what was agreed to. It
    /// may come late.
    pub fn may_take(&self, cents: AudCents) -> bool {
        let in_all = self.captured_cents.checked_add(cents);
        self.status != PaymentStatus::NotRequired
            && in_all.is_some_and(|in_all| in_all <= self.chargeable_cents())
    }

    /// Whether the patient has a page open to give another card in place of one that failed. Before the first card there is nothing
    /// to repair.
    pub fn is_being_repaired(&self) -> bool {
        self.status == PaymentStatus::Awaiting && self.repair_until.is_some()
    }

    /// What a try that its patient makes is for: the visit, or, once the visit's money was taken, what is left of a fee or of a higher
    /// price that was agreed to.
    pub fn asks_for(&self) -> IntentPurpose {
        let rest_of_fee = self.fee_kind.filter(|_| self.status.keeps_money());
        match rest_of_fee.filter(|_| self.fee_owed_cents > AudCents::ZERO) {
            Some(fee) => fee,
            None if self.balance_left_cents() > AudCents::ZERO => IntentPurpose::Balance,
            None => IntentPurpose::Visit,
        }
    }

    /// What of the fee that is owed a card can be charged: never beyond what was agreed to, whatever of it has gone back.
    pub fn fee_left_cents(&self) -> AudCents {
        let left = AudCents((self.chargeable_cents().0 - self.captured_cents.0).max(0));
        self.fee_owed_cents.min(left)
    }

    /// Whether a practice may ask for this price: more than was agreed to, or anew for what was agreed to when the card said no. Never for
    /// what costs the patient nothing, nor for what does not take place.
    pub fn may_ask_for(&self, cents: AudCents) -> bool {
        !self.is_bulk_billed()
            && !self.is_called_off()
            && (cents > self.chargeable_cents() || self.was_declined(cents))
    }

    /// Whether this price was agreed to and the card was not charged for what it is above what was taken.
    pub fn was_declined(&self, cents: AudCents) -> bool {
        let is_agreed = self.agreed_cents == Some(cents) && self.balance_cents() > AudCents::ZERO;
        is_agreed && self.status.keeps_money() && self.failure.is_some()
    }

    /// What of a higher price that was agreed to is charged beyond what was taken. After a deposit the rest of the quoted price is paid
    /// at the practice, so only what comes on top of it is.
    pub fn balance_cents(&self) -> AudCents {
        let collected = match self.collection {
            Collection::Deposit => self.captured_cents.max(self.price_cents),
            Collection::AtPractice | Collection::AfterVisit | Collection::Prepaid => self.captured_cents,
        };
        let agreed = self.agreed_cents.unwrap_or(AudCents::ZERO);
        AudCents((agreed.0 - collected.0).max(0))
    }

    /// Whether a higher price that was agreed to is owed beyond what was taken: not where a fee is, nor for what does not take place.
    pub fn owes_balance(&self) -> bool {
        let is_owed = self.status.keeps_money() && self.balance_cents() > AudCents::ZERO;
        is_owed && self.fee_owed_cents == AudCents::ZERO && !self.is_called_off()
    }

    /// What of a higher price that was agreed to can be paid with another card, since the card that is kept said no to it.
    pub fn balance_left_cents(&self) -> AudCents {
        let is_left = self.repair_until.is_some() && self.owes_balance();
        if is_left { self.balance_cents() } else { AudCents::ZERO }
    }

    /// Whether its card may be charged without its holder: one that was only paid with, and that nobody agreed to keep, may not.
    pub fn lets_charge_again(&self, card_is_kept: bool) -> bool {
        card_is_kept || self.collection == Collection::AfterVisit
    }

    /// Whether a fee may come to more than what is taken when booking, so that the card that is given then is kept for it.
    pub fn may_owe_beyond(&self) -> bool {
        let terms = self.quote.as_ref().and_then(|quote| quote.terms.as_ref());
        terms.is_some_and(|terms| terms.fee_beyond() > AudCents::ZERO)
    }

    /// Whether its appointment is known not to take place: a fee was owed for that, or all that was taken goes back.
    pub fn is_called_off(&self) -> bool {
        let keeps_nothing = self.captured_cents > AudCents::ZERO && self.kept_cents() == AudCents::ZERO;
        self.fee_kind.is_some() || keeps_nothing
    }

    /// Whether so much is still owed for a purpose. It was when it was asked for; since then a fee may have been waived, or the
    /// appointment been called off.
    pub fn still_owes(&self, purpose: IntentPurpose, cents: AudCents) -> bool {
        match purpose {
            IntentPurpose::Visit => true,
            IntentPurpose::Balance => !self.is_called_off(),
            IntentPurpose::LateFee | IntentPurpose::NoShowFee => cents <= self.fee_owed_cents,
        }
    }

    /// Taken, and neither gone back nor on its way.
    pub fn kept_cents(&self) -> AudCents {
        AudCents(self.captured_cents.0 - self.refunded_cents.0 - self.refunding_cents.0)
    }

    /// The platform's fee in an amount that is about to be taken. It is flat and taken once, with the first money of a booking, and
    /// never more than that money.
    pub fn fee_in(&self, cents: AudCents) -> PlatformFee {
        let fee = self.platform_fee;
        if self.captured_cents > AudCents::ZERO || fee.whole_cents == AudCents::ZERO {
            return PlatformFee::default();
        }
        let whole = fee.whole_cents.min(cents);
        let gst = i128::from(fee.gst_cents.0) * i128::from(whole.0) / i128::from(fee.whole_cents.0);
        // Never more than the fee's own GST, which is 64 bits.
        PlatformFee { whole_cents: whole, gst_cents: AudCents(i64::try_from(gst).unwrap_or(fee.gst_cents.0)) }
    }

    /// Whose money it is; `None` where no practice is paid through us.
    pub fn whose(&self) -> Option<Whose> {
        let (payment_id, booking_id) = (self.payment_id, self.booking_id);
        self.organization_id.map(|organization_id| Whose { payment_id, booking_id, organization_id })
    }

    /// As others are told of it.
    pub fn fact(&self) -> PaymentFact {
        PaymentFact {
            payment_id: self.payment_id,
            booking_id: self.booking_id,
            quote_id: self.quote_id,
            status: self.status,
            total_cents: self.agreed_cents.unwrap_or(self.price_cents),
            captured_cents: self.captured_cents,
            refunded_cents: self.refunded_cents,
            fee_cents: self.fee_cents,
            fee_owed_cents: self.fee_owed_cents,
        }
    }
}
