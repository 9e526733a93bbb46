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
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{AppointmentHtml, AppointmentText, AppointmentWords, Fact, MoneyHtml, MoneyText, MoneyWords},
    words::start_words,
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

/// A letter's own part.
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
pub fn failed(payer: &Payer, failed: &FailedStep, sender: &Sender) -> askama::Result<Draft> {
    // Before a visit the time for another card ends with its start.
    let otherwise = if failed.repair_until <= payer.start {
        "Give another card in time. Otherwise the appointment is cancelled, without charge."
    } else {
        "Give another card in time. Otherwise you settle it with the practice."
    };
    let said = Said {
        template: Template::PaymentFailed,
        heading: "Your card was not charged",
        sentences: vec![failure_words(failed.failure), otherwise],
        facts: vec![("Another card by", start_words(failed.repair_until, payer.zone))],
    };
    write(payer, said, sender)
}

/// Money is on its way back.
///
/// # Errors
/// As [`failed`].
pub fn refunded(payer: &Payer, refund: &RefundFact, sender: &Sender) -> askama::Result<Draft> {
    let said = Said {
        template: Template::RefundMade,
        heading: "Your money is on its way back",
        sentences: vec![
            refund_words(refund.reason),
            "It goes to the card that you paid with, and your bank needs up to ten days.",
            "Where you had a receipt, an adjustment note is put beside it.",
        ],
        facts: vec![("Amount", refund.amount_cents.to_string())],
    };
    write(payer, said, sender)
}

/// A bank did not take it, or sent it back.
///
/// # Errors
/// As [`failed`].
pub fn not_refunded(payer: &Payer, refund: &RefundFact, sender: &Sender) -> askama::Result<Draft> {
    let said = Said {
        template: Template::RefundFailed,
        heading: "Your money did not reach your card",
        sentences: vec![
            "Your bank sent back what was on its way to you, as banks do when a card was replaced or an account closed.",
            match refund.reason {
                RefundReason::BulkBilled => {
                    "The practice sees this. Until you have it back, your visit is not bulk billed."
                }
                RefundReason::Cancelled
                | RefundReason::NotGiven
                | RefundReason::TooLate
                | RefundReason::FeeWaived
                | RefundReason::Mistake
                | RefundReason::Goodwill => "It is still owed to you. The practice sees this too.",
            },
            "Ask the practice to pay you in another way. It does so without your card's number: never send that to anybody.",
        ],
        facts: vec![("Amount", refund.amount_cents.to_string())],
    };
    write(payer, said, sender)
}

/// The practice asks for a higher price.
///
/// # Errors
/// As [`failed`].
pub fn asked(payer: &Payer, asked: &AskedFact, sender: &Sender) -> askama::Result<Draft> {
    let nothing_more = "Nothing more than you agreed to is charged unless you agree. You need not.";
    let declined = "You agreed to one before, and your card was not charged for it, so you are asked again.";
    let said = Said {
        template: Template::ChargeAsked,
        heading: "The practice asks for a higher price",
        sentences: if asked.again { vec![declined, nothing_more] } else { vec![nothing_more] },
        facts: vec![
            ("You agreed to", asked.agreed_cents.to_string()),
            ("It asks for", asked.total_cents.to_string()),
        ],
    };
    write(payer, said, sender)
}

/// A receipt can be fetched.
///
/// # Errors
/// As [`failed`].
pub fn invoiced(payer: &Payer, invoice: &InvoiceFact, sender: &Sender) -> askama::Result<Draft> {
    let said = Said {
        template: Template::InvoiceIssued,
        heading: "Your receipt is there",
        sentences: vec![],
        facts: vec![("Amount", invoice.total_cents.to_string())],
    };
    write(payer, said, sender)
}

fn write(payer: &Payer, said: Said, sender: &Sender) -> askama::Result<Draft> {
    let mut facts = vec![("Appointment", start_words(payer.start, payer.zone))];
    facts.extend(said.facts);
    let words = AppointmentWords {
        name: one_line(payer.name.expose()),
        heading: said.heading,
        sentences: said.sentences,
        facts: facts.into_iter().map(|(label, value)| Fact { label, value }).collect(),
        // What opens a booking is not kept.
        link: None,
        link_words: "",
        closing: vec![closing(payer, said.template, sender)],
    };
    let content = Content {
        subject: said.heading.to_owned(),
        body_text: AppointmentText { words: &words }.render()?,
        body_html: AppointmentHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(payer.draft(said.template, content))
}

/// Where it is seen: who has not booked had no message before.
fn closing(payer: &Payer, template: Template, sender: &Sender) -> String {
    if payer.is_booked {
        format!(
            "See it with the link in our first message about the appointment, or in your account: {}/account",
            sender.public_url
        )
    } else if template == Template::RefundFailed {
        "Nothing was booked, and you owe nothing.".to_owned()
    } else {
        "Nothing was booked, and there is nothing that you have to do.".to_owned()
    }
}

/// Why a card was not charged.
pub(super) fn failure_words(failure: PaymentFailure) -> &'static str {
    match failure {
        PaymentFailure::Declined => "Your bank said no and gave no reason.",
        PaymentFailure::InsufficientFunds => "There was not enough money on the account.",
        PaymentFailure::ExpiredCard => "The card is out of date.",
        PaymentFailure::AuthenticationRequired => "Your bank wants you to show that it is you.",
        PaymentFailure::NotFinished => "The payment was not finished.",
        PaymentFailure::HoldExpired => "Your bank let go of the money before the visit.",
        PaymentFailure::ProcessorUnavailable => "Our payment processor did not answer.",
    }
}

fn refund_words(reason: RefundReason) -> &'static str {
    match reason {
        RefundReason::Cancelled => "The appointment was cancelled or moved.",
        RefundReason::NotGiven => "The appointment did not take place.",
        RefundReason::TooLate => "Your payment came when the appointment did not stand any more.",
        RefundReason::FeeWaived => "The fee is not owed.",
        RefundReason::BulkBilled => "The visit is bulk billed: Medicare pays all of it.",
        RefundReason::Mistake => "More was charged than was agreed.",
        RefundReason::Goodwill => "The practice gives it back.",
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
    use crate::domain::fixtures::{payer, sender};

    #[test]
    fn a_failed_card_says_why_and_until_when() {
        let step = FailedStep {
            booking_id: payer().booking_id,
            failure: PaymentFailure::ExpiredCard,
            repair_until: "2026-11-22T06:00:00Z".parse().unwrap(),
            fee: None,
            balance: None,
        };
        let text = failed(&payer(), &step, &sender()).unwrap().content.into_inner().body_text;
        assert!(text.contains("The card is out of date."), "{text}");
        assert!(text.contains("Another card by: Sunday 22 November"), "{text}");
        assert!(text.contains("Otherwise the appointment is cancelled, without charge."), "{text}");
        // After the visit there is nothing to cancel.
        let owed = FailedStep { repair_until: "2026-12-22T06:00:00Z".parse().unwrap(), ..step };
        let text = failed(&payer(), &owed, &sender()).unwrap().content.into_inner().body_text;
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
        let text = refunded(&payer, &refund, &sender()).unwrap().content.into_inner().body_text;
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
            let text = not_refunded(&payer(), &refund, &sender()).unwrap().content.into_inner().body_text;
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
        let text = refunded(&payer(), &refund, &sender()).unwrap().content.into_inner().body_text;
        assert!(text.contains("Amount: $85\n"), "{text}");
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!text.contains(absent), "{absent}: {text}");
        }
    }
}
