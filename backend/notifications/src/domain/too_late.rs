//! That money which came when the time was no longer kept goes back, and how to book again. Like every letter about money it names
//! no practitioner and nothing clinical.

use kernel::calendar_file::one_line;
use shared_types::payments::RefundFact;

use super::{
    locale::Locale,
    message::{Draft, Template},
    money::Payer,
    sender::Sender,
    templates::{MoneyWords, ReminderFact, ReminderLink},
    words::{amount_words, start_words},
};

/// Writes it.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(payer: &Payer, refund: &RefundFact, sender: &Sender, locale: Locale) -> askama::Result<Draft> {
    let name = one_line(payer.name.expose());
    let start = start_words(payer.start, payer.zone, locale);
    let say = |id: &str| locale.say(id, &[("start", &start)]);
    let words = MoneyWords {
        lang: locale.tag(),
        heading: say("refund-heading"),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        sentences: ["too-late-why", "refund-how", "refund-receipt"].map(say).to_vec(),
        facts: vec![
            ReminderFact { label: say("money-amount"), value: amount_words(refund.amount_cents, locale) },
            ReminderFact { label: say("money-appointment"), value: start.clone() },
        ],
        link: ReminderLink { words: say("too-late-link"), link: format!("{}/search", sender.public_url) },
        closing: say("money-message"),
    };
    payer.letter(Template::RefundMade, say("too-late-subject"), &words)
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{RefundFact, RefundReason},
    };
    use uuid::Uuid;

    use super::write;
    use crate::domain::{
        clinical,
        fixtures::{payer, sender},
        locale::Locale,
    };

    #[test]
    fn it_says_what_goes_back_why_and_where_to_book_again() {
        let refund = RefundFact {
            refund_id: Uuid::from_u128(1).into(),
            booking_id: payer().booking_id,
            amount_cents: AudCents(8_500),
            reason: RefundReason::TooLate,
        };
        let content = write(&payer(), &refund, &sender(), Locale::English).unwrap().content.into_inner();
        for part in [
            "Hello Ada Nguyen,\n",
            "Your payment came when the time was no longer kept for you, so nothing was booked.\n",
            "Amount: $85\n",
            "Appointment: Tuesday 24 November, 9:15 am\n",
            "https://hellomapper.example/search\n",
        ] {
            assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
        }
        assert!(content.body_html.contains("<dd>$85</dd>") && content.calendar.is_none());
        assert!(clinical::is_plain(&content.body_text) && clinical::is_plain(&content.subject));
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!content.body_text.contains(absent) && !content.body_html.contains(absent), "{absent}");
        }
    }
}
