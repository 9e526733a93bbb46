//! How payments, refunds, payouts and documents are told.

use shared_types::{
    AudCents,
    payments::{
        ChargebackStatus, PaymentStatus, PayoutStatus, RefundReason, RefundStatus,
        funding::{Cohort, FundingMode, MbsLoadStatus},
        pay::{Invoice, InvoiceKind},
        practice::{OnboardingStatus, PostingCause},
        quote::{Collection, TaxCode},
    },
};

/// Where a payment stands, for the patient.
pub fn payment_words(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::NotRequired => "Nothing is paid through us",
        PaymentStatus::Awaiting => "Waits for your card",
        PaymentStatus::CardSaved => "Your card is kept",
        PaymentStatus::Authorised => "Held on your card",
        PaymentStatus::Captured | PaymentStatus::Won => "Paid",
        PaymentStatus::PartRefunded => "Partly refunded",
        PaymentStatus::Refunded => "Refunded",
        PaymentStatus::Failed => "Your card was not charged",
        PaymentStatus::AuthExpired => "Your bank let the held money go",
        PaymentStatus::Voided => "Nothing was taken",
        PaymentStatus::Disputed => "Your bank asks about it",
        PaymentStatus::Lost => "Your bank gave it back",
    }
}

/// A card as its holder knows it. The processor tells brands by its own codes.
pub fn card_words(brand: &str, last_four: &str) -> String {
    let brand = match brand {
        "amex" => "American Express",
        "cartes_bancaires" => "Cartes Bancaires",
        "diners" => "Diners Club",
        "discover" => "Discover",
        "eftpos_au" => "eftpos",
        "jcb" => "JCB",
        "mastercard" => "Mastercard",
        "unionpay" => "UnionPay",
        "visa" => "Visa",
        _ => "Card",
    };
    format!("{brand} ending in {last_four}")
}

/// Why a practice's balance changed.
pub fn cause_words(cause: PostingCause) -> &'static str {
    match cause {
        PostingCause::Capture => "Payment",
        PostingCause::ProcessorFee => "Fee of the card processor",
        PostingCause::Refund => "Refund",
        PostingCause::RefundFailed => "Refund that came back",
        PostingCause::ChargebackOpened => "Chargeback opened",
        PostingCause::ChargebackWon => "Chargeback won",
        PostingCause::ChargebackLost => "Chargeback lost",
        PostingCause::Payout => "Paid out to your bank",
        PostingCause::PayoutFailed => "Payout that came back",
        PostingCause::PlatformPayout => "Payout of the platform",
        PostingCause::ClaimAssessed => "Claim assessed by Medicare",
        PostingCause::ClaimPaid => "Claim paid by Medicare",
        PostingCause::ClaimAdjusted => "Claim adjusted by Medicare",
        PostingCause::Correction => "Correction",
    }
}

/// Where a payout stands.
pub fn payout_words(status: PayoutStatus) -> &'static str {
    match status {
        PayoutStatus::Pending => "Being prepared",
        PayoutStatus::InTransit => "On its way",
        PayoutStatus::Paid => "Arrived",
        PayoutStatus::Failed => "Came back from the bank",
        PayoutStatus::Canceled => "Called off",
    }
}

/// How far a practice is with the card processor.
pub fn onboarding_words(status: OnboardingStatus) -> &'static str {
    match status {
        OnboardingStatus::None => "Not begun",
        OnboardingStatus::Started => {
            "Patients cannot pay online: the card processor asks for something first"
        }
        OnboardingStatus::ChargesOnly => "Patients can pay; your bank is not confirmed yet",
        OnboardingStatus::Ready => "Patients can pay, and you are paid out",
        OnboardingStatus::Closed => "Closed by the card processor",
    }
}

/// What the card processor asks of a practice, by its own names for it, each thing once
/// (<https://docs.stripe.com/connect/required-verification-information>, read 2026-11-26).
pub fn asked_words(asked: &[String]) -> Vec<&'static str> {
    let mut words = Vec::new();
    for name in asked {
        let thing = match name.split('.').next().unwrap_or_default() {
            "external_account" => "Your bank account",
            "representative" | "person" => "Who speaks for the business",
            "owners" | "directors" | "executives" => "Who owns and leads the business",
            "individual" => "Who you are",
            "tos_acceptance" => "Your agreement to its terms",
            "business_type" | "business_profile" | "company" => "What the business is",
            _ => "Something more about the business",
        };
        if !words.contains(&thing) {
            words.push(thing);
        }
    }
    words
}

/// Why money goes back.
pub fn reason_words(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::Cancelled => "Cancelled in time, or moved",
        RefundReason::NotGiven => "The appointment was not given",
        RefundReason::TooLate => "Paid too late",
        RefundReason::FeeWaived => "The fee is not owed",
        RefundReason::BulkBilled => "The visit is bulk billed",
        RefundReason::Mistake => "Charged too much, or twice",
        RefundReason::Goodwill => "Goodwill",
    }
}

/// Where a refund stands.
pub fn refund_words(status: RefundStatus) -> &'static str {
    match status {
        RefundStatus::AwaitingApproval => "Waits for a second administrator",
        RefundStatus::Refused => "Refused",
        RefundStatus::Due | RefundStatus::Sent => "On its way",
        RefundStatus::Succeeded => "Back on the card",
        RefundStatus::Failed => "The bank did not take it",
    }
}

/// Where a chargeback stands.
pub fn chargeback_words(status: ChargebackStatus) -> &'static str {
    match status {
        ChargebackStatus::NeedsResponse => "The bank waits for evidence",
        ChargebackStatus::UnderReview => "The bank decides",
        ChargebackStatus::Closed => "The bank took nothing",
        ChargebackStatus::Won => "Decided for the practice",
        ChargebackStatus::Lost => "Decided for the cardholder",
    }
}

/// For whom a rule is.
pub fn cohort_words(cohort: Cohort) -> &'static str {
    match cohort {
        Cohort::Veteran => "Patients with a veteran’s card",
        Cohort::Under16 => "Patients younger than 16",
        Cohort::Concession => "Patients with a concession card",
        Cohort::Medicare => "Patients with a Medicare card",
        Cohort::Anyone => "Everybody else",
    }
}

/// Who pays.
pub fn mode_words(mode: FundingMode) -> &'static str {
    match mode {
        FundingMode::Private => "The patient; Medicare may pay part of it back",
        FundingMode::BulkBilled => "Medicare, all of it: bulk billed",
        FundingMode::Veterans => "The Department of Veterans’ Affairs",
    }
}

/// How money is collected.
pub fn collection_words(collection: Collection) -> &'static str {
    match collection {
        Collection::AtPractice => "At the practice, not through us",
        Collection::AfterVisit => "By card, once the visit is over",
        Collection::Deposit => "A deposit by card when booking, the rest at the practice",
        Collection::Prepaid => "All of it by card when booking",
    }
}

/// How a service is taxed.
pub fn tax_words(tax_code: TaxCode) -> &'static str {
    match tax_code {
        TaxCode::FreeMedical => "GST-free: Medicare pays a benefit for it",
        TaxCode::FreeHealth => "GST-free: another health service",
        TaxCode::Taxable => "GST is in the fee",
    }
}

/// What came of reading the Medicare Benefits Schedule.
pub fn load_words(status: MbsLoadStatus) -> &'static str {
    match status {
        MbsLoadStatus::Previewed => "Looked at; nothing was changed",
        MbsLoadStatus::Applied => "In force",
        MbsLoadStatus::Refused => "Refused: no schedule, or more than one item in twenty is gone",
    }
}

/// What a document is called, with its number.
pub fn invoice_words(invoice: &Invoice) -> String {
    let name = match (invoice.kind, invoice.gst_cents > AudCents::ZERO) {
        (InvoiceKind::TaxInvoice, true) => "Tax invoice and receipt",
        (InvoiceKind::TaxInvoice, false) => "Invoice and receipt",
        (InvoiceKind::AdjustmentNote, true) => "Adjustment note",
        (InvoiceKind::AdjustmentNote, false) => "Credit note",
        (InvoiceKind::ReversalNote, true) => "Adjustment note: reversal",
        (InvoiceKind::ReversalNote, false) => "Credit note: reversal",
        (InvoiceKind::PlatformInvoice, _) => "HelloMapper’s invoice",
    };
    format!("{name} {}", invoice.number)
}

#[cfg(test)]
mod tests {
    use super::asked_words;

    #[test]
    fn what_is_asked_has_words_each_thing_once_whatever_its_name() {
        let asked = ["representative", "person.first_name", "external_account", "settings.new"];
        let asked = asked.map(str::to_owned);
        let words = ["Who speaks for the business", "Your bank account", "Something more about the business"];
        assert_eq!(asked_words(&asked), words);
        assert!(asked_words(&[]).is_empty());
    }
}
