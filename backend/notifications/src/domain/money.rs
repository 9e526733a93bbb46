//! Letters about money: that a card said no, that money goes back, that a practice asks for more, that a receipt is there. They name
//! no practitioner and nothing clinical, whatever the booking is.

use askama::Template as _;
use jiff::Timestamp;
use kernel::calendar_file::one_line;
use shared_types::{
    BookingId, OrganizationId, Zone,
    payments::{AskedFact, FailedStep, InvoiceFact, PaymentFailure, RefundFact, RefundReason},
    personal::Personal,
};

use super::{
    locale::Locale,
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{ChangeHtml, ChangeText, ChangeWords, MoneyHtml, MoneyText, MoneyWords, ReminderFact},
    words::{amount_words, start_words},
};

/// Who pays a booking through us.
#[derive(Clone, Debug)]
pub struct Payer {
    /// Which booking.
    pub booking_id: BookingId,
    /// With which practice.
    pub organization_id: Option<OrganizationId>,
    /// When the appointment starts, or was to.
    pub start: Timestamp,
    /// The place's zone.
    pub zone: Zone,
    /// What to call the patient.
    pub name: Personal<String>,
    /// Where to write.
    pub email: Personal<String>,
    /// Whether the booking was made, and not only its payment begun.
    pub is_booked: bool,
    /// The last version of the payment that left nothing to collect; zero where there was none.
    pub settled_version: i64,
}

impl Payer {
    /// A letter in their language.
    ///
    /// # Errors
    /// When a template fails, which only a fault in it can cause.
    pub fn letter(&self, template: Template, subject: String, words: &MoneyWords) -> askama::Result<Draft> {
        let content = Content {
            subject,
            body_text: MoneyText { words }.render()?,
            body_html: MoneyHtml { words }.render()?,
            calendar: None,
        };
        Ok(self.draft(template, content))
    }

    fn draft(&self, template: Template, content: Content) -> Draft {
        Draft {
            template,
            about: About::Booking(self.booking_id),
            organization_id: self.organization_id,
            recipient: self.email.clone(),
            content: content.into(),
        }
    }
}

/// A letter's own part, its words by their ids.
struct Said {
    template: Template,
    heading: &'static str,
    sentences: Vec<&'static str>,
    facts: Vec<(&'static str, String)>,
}

/// The card was not charged.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn failed(payer: &Payer, failed: &FailedStep, sender: &Sender, locale: Locale) -> askama::Result<Draft> {
    // Before a visit the time for another card ends with its start.
    let before = failed.repair_until <= payer.start;
    let otherwise = if before { "failed-or-cancelled" } else { "failed-or-settled" };
    let said = Said {
        template: Template::PaymentFailed,
        heading: "failed-heading",
        sentences: vec![failure_words(failed.failure), otherwise],
        facts: vec![("fee-card-by", start_words(failed.repair_until, payer.zone, locale))],
    };
    write(payer, said, sender, locale)
}

/// Money is on its way back.
///
/// # Errors
/// As [`failed`].
pub fn refunded(
    payer: &Payer,
    refund: &RefundFact,
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let said = Said {
        template: Template::RefundMade,
        heading: "refund-heading",
        sentences: vec![refund_words(refund.reason), "refund-how", "refund-receipt"],
        facts: vec![("money-amount", amount_words(refund.amount_cents, locale))],
    };
    write(payer, said, sender, locale)
}

/// A bank did not take it, or sent it back.
///
/// # Errors
/// As [`failed`].
pub fn not_refunded(
    payer: &Payer,
    refund: &RefundFact,
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let owed = match refund.reason {
        RefundReason::BulkBilled => "not-refunded-bulk-billed",
        RefundReason::Cancelled
        | RefundReason::NotGiven
        | RefundReason::TooLate
        | RefundReason::FeeWaived
        | RefundReason::Mistake
        | RefundReason::Goodwill => "not-refunded-owed",
    };
    let said = Said {
        template: Template::RefundFailed,
        heading: "not-refunded-heading",
        sentences: vec!["not-refunded-why", owed, "not-refunded-how"],
        facts: vec![("money-amount", amount_words(refund.amount_cents, locale))],
    };
    write(payer, said, sender, locale)
}

/// The practice asks for a higher price.
///
/// # Errors
/// As [`failed`].
pub fn asked(payer: &Payer, asked: &AskedFact, sender: &Sender, locale: Locale) -> askama::Result<Draft> {
    let again = asked.again.then_some("asked-again");
    let said = Said {
        template: Template::ChargeAsked,
        heading: "asked-heading",
        sentences: again.into_iter().chain(["asked-nothing-more"]).collect(),
        facts: vec![
            ("asked-agreed", amount_words(asked.agreed_cents, locale)),
            ("asked-total", amount_words(asked.total_cents, locale)),
        ],
    };
    write(payer, said, sender, locale)
}

/// A receipt can be fetched.
///
/// # Errors
/// As [`failed`].
pub fn invoiced(
    payer: &Payer,
    invoice: &InvoiceFact,
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let said = Said {
        template: Template::InvoiceIssued,
        heading: "receipt-heading",
        sentences: vec![],
        facts: vec![("money-amount", amount_words(invoice.total_cents, locale))],
    };
    write(payer, said, sender, locale)
}

fn write(payer: &Payer, said: Said, sender: &Sender, locale: Locale) -> askama::Result<Draft> {
    let name = one_line(payer.name.expose());
    let mut facts = vec![("money-appointment", start_words(payer.start, payer.zone, locale))];
    facts.extend(said.facts);
    let words = ChangeWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say(said.heading, &[]),
        sentences: said.sentences.into_iter().map(|id| locale.say(id, &[])).collect(),
        facts: facts
            .into_iter()
            .map(|(id, value)| ReminderFact { label: locale.say(id, &[]), value })
            .collect(),
        // What opens a booking is not kept.
        link: None,
        link_note: String::new(),
        closing: vec![closing(payer, said.template, sender, locale)],
        why: locale.say("service-message", &[]),
    };
    let content = Content {
        subject: words.heading.clone(),
        body_text: ChangeText { words: &words }.render()?,
        body_html: ChangeHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(payer.draft(said.template, content))
}

/// Where it is seen: who has not booked had no message before.
fn closing(payer: &Payer, template: Template, sender: &Sender, locale: Locale) -> String {
    if payer.is_booked {
        let page = format!("{}/account", sender.public_url);
        locale.say("money-see-it", &[("page", &page)])
    } else if template == Template::RefundFailed {
        locale.say("money-not-booked-nor-owed", &[])
    } else {
        locale.say("money-not-booked", &[])
    }
}

/// Why a card was not charged, as the id of its words.
pub(super) fn failure_words(failure: PaymentFailure) -> &'static str {
    match failure {
        PaymentFailure::Declined => "failure-declined",
        PaymentFailure::InsufficientFunds => "failure-too-little",
        PaymentFailure::ExpiredCard => "failure-expired",
        PaymentFailure::AuthenticationRequired => "failure-to-show",
        PaymentFailure::NotFinished => "failure-not-finished",
        PaymentFailure::HoldExpired => "failure-let-go",
        PaymentFailure::ProcessorUnavailable => "failure-no-answer",
    }
}

/// Why money goes back, as the id of its words.
fn refund_words(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::Cancelled => "refund-cancelled",
        RefundReason::NotGiven => "refund-not-given",
        RefundReason::TooLate => "refund-too-late",
        RefundReason::FeeWaived => "refund-fee-waived",
        RefundReason::BulkBilled => "refund-bulk-billed",
        RefundReason::Mistake => "refund-mistake",
        RefundReason::Goodwill => "refund-goodwill",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{FailedStep, PaymentFailure, RefundFact, RefundReason},
    };
    use uuid::Uuid;

    use super::{Payer, failed, not_refunded, refunded};
    use crate::domain::{
        fixtures::{payer, sender},
        locale::Locale,
    };

    #[test]
    fn a_failed_card_says_why_and_until_when() {
        let step = FailedStep {
            booking_id: payer().booking_id,
            failure: PaymentFailure::ExpiredCard,
            repair_until: "2026-11-22T06:00:00Z".parse().unwrap(),
            fee: None,
            balance: None,
        };
        let text =
            failed(&payer(), &step, &sender(), Locale::English).unwrap().content.into_inner().body_text;
        assert!(text.contains("The card is out of date."), "{text}");
        assert!(text.contains("Another card by: Sunday 22 November"), "{text}");
        assert!(text.contains("Otherwise the appointment is cancelled, without charge."), "{text}");
        // After the visit there is nothing to cancel.
        let owed = FailedStep { repair_until: "2026-12-22T06:00:00Z".parse().unwrap(), ..step };
        let text =
            failed(&payer(), &owed, &sender(), Locale::English).unwrap().content.into_inner().body_text;
        assert!(text.contains("Otherwise you settle it with the practice."), "{text}");
    }

    #[test]
    fn who_has_not_booked_is_sent_to_no_message_that_never_came() {
        let refund = RefundFact {
            refund_id: Uuid::from_u128(1).into(),
            booking_id: payer().booking_id,
            amount_cents: AudCents(8_500),
            reason: RefundReason::Cancelled,
        };
        let payer = Payer { is_booked: false, ..payer() };
        let text =
            refunded(&payer, &refund, &sender(), Locale::English).unwrap().content.into_inner().body_text;
        assert!(text.contains("Nothing was booked, and there is nothing that you have to do."), "{text}");
        assert!(!text.contains("our first message"), "{text}");
    }

    #[test]
    fn a_refund_that_a_bank_sent_back_says_what_to_do_and_names_nobody() {
        for (reason, said) in [
            (RefundReason::Cancelled, "It is still owed to you."),
            (RefundReason::BulkBilled, "Until you have it back, your visit is not bulk billed."),
        ] {
            let refund = RefundFact {
                refund_id: Uuid::from_u128(1).into(),
                booking_id: payer().booking_id,
                amount_cents: AudCents(8_500),
                reason,
            };
            let text = not_refunded(&payer(), &refund, &sender(), Locale::English)
                .unwrap()
                .content
                .into_inner()
                .body_text;
            assert!(text.contains("Amount: $85\n") && text.contains(said), "{text}");
            assert!(text.contains("Ask the practice to pay you in another way."), "{text}");
            assert!(!text.contains("on its way back"), "{text}");
            for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
                assert!(!text.contains(absent), "{absent}: {text}");
            }
        }
    }

    #[test]
    fn a_refund_says_how_much_and_names_nobody() {
        let refund = RefundFact {
            refund_id: Uuid::from_u128(1).into(),
            booking_id: payer().booking_id,
            amount_cents: AudCents(8_500),
            reason: RefundReason::NotGiven,
        };
        let text =
            refunded(&payer(), &refund, &sender(), Locale::English).unwrap().content.into_inner().body_text;
        assert!(text.contains("Amount: $85\n"), "{text}");
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!text.contains(absent), "{absent}: {text}");
        }
    }
}
