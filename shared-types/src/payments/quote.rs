//! What bookings offers and signs, and what payments honours: a quote, and the ticket by which somebody shows later that a
//! booking is theirs.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    codes::codes,
    funding::FundingMode,
    rules::{CHARGED_AT_LEAST, fee_owed},
};
use crate::{
    AccountId, AppointmentTypeId, AudCents, BookingId, HoldId, OrganizationId, PatientId, bookings::Quote,
};

codes! {
    /// How a practice collects for an appointment type through us.
    Collection {
        /// Not through us: paid at the practice, or bulk billed.
        AtPractice = "at_practice",
        /// A card is kept or its money held, and taken once the visit is over.
        AfterVisit = "after_visit",
        /// A deposit is taken when booking; the rest at the practice.
        Deposit = "deposit",
        /// The whole price is taken when booking.
        Prepaid = "prepaid",
    }
}

codes! {
    /// How a service is taxed. (A New Tax System (Goods and Services Tax) Act 1999 ss 38-7, 38-10, read 2026-11-22.)
    TaxCode {
        /// A medical service for which a Medicare benefit is payable.
        FreeMedical = "free_medical",
        /// Another health service of a listed profession.
        FreeHealth = "free_health",
        /// Taxable: GST is in the price.
        Taxable = "taxable",
    }
}

/// What a quote says of paying, beyond its amounts. Quotes made before anything was collected through us have none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QuoteTerms {
    /// For which hold.
    pub hold_id: HoldId,
    /// Who is paid.
    pub organization_id: OrganizationId,
    /// For what.
    pub appointment_type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
    /// Who pays.
    pub funding: FundingMode,
    /// How it is collected.
    pub collection: Collection,
    /// How it is taxed.
    pub tax_code: TaxCode,
    /// The whole price, which is all that is ever charged for the visit (C-53); the same for every card (C-54).
    pub total_cents: AudCents,
    /// Part of the total that is taken when booking; zero where none is.
    pub deposit_cents: AudCents,
    /// The fee for cancelling after the cut-off; zero for what is bulk billed (C-52).
    pub late_fee_cents: AudCents,
    /// The fee for not coming; zero for what is bulk billed.
    pub no_show_fee_cents: AudCents,
    /// Up to how many hours before the start cancelling is without charge.
    pub free_until_hours: u16,
}

impl QuoteTerms {
    /// What is taken when booking.
    pub fn due_now(&self) -> AudCents {
        match self.collection {
            Collection::AtPractice | Collection::AfterVisit => AudCents::ZERO,
            Collection::Deposit => self.deposit_cents,
            Collection::Prepaid => self.total_cents,
        }
    }

    /// By how much a fee for cancelling late or not coming may be above what is taken when booking: the card that is given then is kept
    /// for this. Zero where the card is charged after the visit anyway, and where it is too little for a card.
    pub fn fee_beyond(&self) -> AudCents {
        match self.collection {
            Collection::AtPractice | Collection::AfterVisit => AudCents::ZERO,
            Collection::Deposit | Collection::Prepaid => {
                let highest = self.late_fee_cents.max(self.no_show_fee_cents);
                let fee = fee_owed(highest, self.total_cents, self.funding == FundingMode::BulkBilled);
                let beyond = AudCents(fee.0.saturating_sub(self.due_now().0));
                if beyond < CHARGED_AT_LEAST { AudCents::ZERO } else { beyond }
            }
        }
    }

    /// Whether the card that is given when booking is kept for this booking, for which its holder's leave is needed.
    pub fn keeps_card(&self) -> bool {
        self.collection == Collection::AfterVisit || self.fee_beyond() > AudCents::ZERO
    }

    /// Whether booking needs a step at the processor. What is bulk billed never does, whatever the terms say.
    pub fn needs_payment_step(&self) -> bool {
        match (self.funding, self.collection) {
            (FundingMode::BulkBilled, _) | (_, Collection::AtPractice) => false,
            (
                FundingMode::Private | FundingMode::Veterans,
                Collection::AfterVisit | Collection::Deposit | Collection::Prepaid,
            ) => self.total_cents > AudCents::ZERO,
        }
    }
}

/// What is signed of a quote: a version, then every field but the signature, one to a line. Who signs and who verifies build the
/// same text.
pub fn quote_message(quote: &Quote) -> String {
    let version = if quote.terms.is_some() { 2 } else { 1 };
    let mut text = format!(
        "hellomapper-quote-{version}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
        quote.quote_id,
        quote.booking_id,
        quote.fee_cents.0,
        quote.rebate_cents.0,
        quote.gap_cents.0,
        quote.expires_at,
        quote.kid
    );
    if let Some(terms) = &quote.terms {
        // Writing into a String does not fail.
        let _ = write!(
            text,
            "\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            terms.hold_id,
            terms.organization_id,
            terms.appointment_type_id,
            terms.start,
            terms.funding.code(),
            terms.collection.code(),
            terms.tax_code.code(),
            terms.total_cents.0,
            terms.deposit_cents.0,
            terms.late_fee_cents.0,
            terms.no_show_fee_cents.0,
            terms.free_until_hours,
        );
    }
    text
}

/// Shows payments that who sends it may see to a booking's money: bookings gives it to who holds the booking, with the appointment.
/// It is sent in the header [`TICKET_HEADER`] as base64url of its JSON, never in an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PaymentTicket {
    /// Which booking.
    pub booking_id: BookingId,
    /// The account that asked; none for a guest.
    pub account_id: Option<AccountId>,
    /// For which patient it was booked; none for a guest.
    pub patient_id: Option<PatientId>,
    /// Who is paid.
    pub organization_id: Option<OrganizationId>,
    /// Until when it is good: [`TICKET_MINUTES`] after it was given.
    pub expires_at: Timestamp,
    /// Which of bookings' keys signed it.
    pub kid: String,
    /// The signature, base64url without padding.
    pub signature: String,
}

/// The header that carries a ticket.
pub const TICKET_HEADER: &str = "payment-ticket";
/// How long a ticket is good, in minutes.
pub const TICKET_MINUTES: i64 = 60;

/// What is signed of a ticket: a version, then every field but the signature, one to a line; nothing where there is none.
pub fn ticket_message(ticket: &PaymentTicket) -> String {
    fn shown<T: ToString>(id: Option<T>) -> String {
        id.map(|id| id.to_string()).unwrap_or_default()
    }
    format!(
        "hellomapper-payment-ticket-1\n{}\n{}\n{}\n{}\n{}\n{}",
        ticket.booking_id,
        shown(ticket.account_id),
        shown(ticket.patient_id),
        shown(ticket.organization_id),
        ticket.expires_at,
        ticket.kid
    )
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::{Collection, FundingMode, QuoteTerms, TaxCode, quote_message};
    use crate::{AudCents, bookings::Quote};

    fn terms() -> QuoteTerms {
        QuoteTerms {
            hold_id: Uuid::from_u128(1).into(),
            organization_id: Uuid::from_u128(2).into(),
            appointment_type_id: Uuid::from_u128(3).into(),
            start: Timestamp::UNIX_EPOCH,
            funding: FundingMode::Private,
            collection: Collection::AfterVisit,
            tax_code: TaxCode::FreeHealth,
            total_cents: AudCents(8_500),
            deposit_cents: AudCents::ZERO,
            late_fee_cents: AudCents(4_000),
            no_show_fee_cents: AudCents(8_500),
            free_until_hours: 24,
        }
    }

    fn quote(terms: Option<QuoteTerms>) -> Quote {
        Quote {
            quote_id: Uuid::from_u128(4).into(),
            booking_id: Uuid::from_u128(5).into(),
            fee_cents: AudCents(8_500),
            rebate_cents: AudCents(4_390),
            gap_cents: AudCents(4_110),
            expires_at: Timestamp::UNIX_EPOCH,
            terms,
            kid: "k1".to_owned(),
            signature: String::new(),
        }
    }

    #[test]
    fn the_signed_text_has_every_field_on_a_line() {
        let without = quote_message(&quote(None));
        assert!(without.starts_with("hellomapper-quote-1\n"));
        assert_eq!(without.lines().count(), 8);
        let with = quote_message(&quote(Some(terms())));
        assert!(with.starts_with("hellomapper-quote-2\n"));
        assert_eq!(with.lines().count(), 20);
        assert!(with.ends_with("\nprivate\nafter_visit\nfree_health\n8500\n0\n4000\n8500\n24"));
    }

    #[test]
    fn what_is_bulk_billed_needs_no_card_whatever_the_terms_say() {
        for collection in Collection::ALL {
            let terms = QuoteTerms { funding: FundingMode::BulkBilled, collection, ..terms() };
            assert!(!terms.needs_payment_step(), "{collection:?}");
        }
        assert!(terms().needs_payment_step());
        assert!(!QuoteTerms { total_cents: AudCents::ZERO, ..terms() }.needs_payment_step());
        assert!(!QuoteTerms { collection: Collection::AtPractice, ..terms() }.needs_payment_step());
    }

    #[test]
    fn a_card_is_kept_for_what_of_a_fee_is_above_what_is_taken_when_booking() {
        let deposit = |deposit, late, no_show| QuoteTerms {
            collection: Collection::Deposit,
            deposit_cents: AudCents(deposit),
            late_fee_cents: AudCents(late),
            no_show_fee_cents: AudCents(no_show),
            ..terms()
        };
        for (deposit_cents, late, no_show, beyond) in [
            (2_000, 5_000, 0, 3_000),
            (2_000, 1_000, 4_000, 2_000),
            // Never beyond the visit, and not where it is too little for a card.
            (2_000, 0, 20_000, 6_500),
            (2_000, 2_000, 2_000, 0),
            (2_000, 2_049, 0, 0),
            (2_000, 2_050, 0, 50),
        ] {
            let terms = deposit(deposit_cents, late, no_show);
            assert_eq!(terms.fee_beyond(), AudCents(beyond), "{late} {no_show}");
            assert_eq!(terms.keeps_card(), beyond > 0, "{late} {no_show}");
        }
        let prepaid = QuoteTerms { collection: Collection::Prepaid, ..terms() };
        assert!(!prepaid.keeps_card(), "all that a fee may come to is taken");
        assert!(terms().keeps_card(), "it is charged after the visit");
        assert_eq!(terms().fee_beyond(), AudCents::ZERO);
    }
}
