//! That the rest of a higher price, to which its patient agreed, could not be charged: how much, how to pay it, and what happens
//! otherwise. It names no practitioner and nothing clinical.

use kernel::calendar_file::one_line;
use shared_types::{AudCents, payments::FailedStep};

use super::{
    locale::Locale,
    message::{Draft, Template},
    money::{Payer, failure_words},
    sender::Sender,
    templates::{MoneyWords, ReminderFact, ReminderLink},
    words::{amount_words, start_words},
};

/// Writes it, for that much.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    payer: &Payer,
    (failed, balance): (&FailedStep, AudCents),
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let name = one_line(payer.name.expose());
    let start = start_words(payer.start, payer.zone, locale);
    let say = |id: &str| locale.say(id, &[("start", &start)]);
    let mut sentences = vec![say(failure_words(failed.failure))];
    sentences.extend(["balance-agreed", "fee-pay", "balance-otherwise"].map(say));
    let facts = [
        ("money-amount", amount_words(balance, locale)),
        ("money-appointment", start.clone()),
        ("fee-card-by", start_words(failed.repair_until, payer.zone, locale)),
    ];
    let words = MoneyWords {
        lang: locale.tag(),
        heading: say("balance-heading"),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        sentences,
        facts: facts.into_iter().map(|(id, value)| ReminderFact { label: say(id), value }).collect(),
        link: ReminderLink { words: say("fee-link"), link: format!("{}/account", sender.public_url) },
        closing: say("money-message"),
    };
    payer.letter(Template::BalanceFailed, say("balance-subject"), &words)
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{FailedStep, PaymentFailure},
    };

    use super::write;
    use crate::domain::{
        clinical,
        fixtures::{payer, sender},
        locale::Locale,
        message::Content,
    };

    fn letter() -> Content {
        let balance = AudCents(1_000);
        let failed = FailedStep {
            booking_id: payer().booking_id,
            failure: PaymentFailure::InsufficientFunds,
            repair_until: "2026-11-25T06:00:00Z".parse().unwrap(),
            fee: None,
            balance: Some(balance),
        };
        write(&payer(), (&failed, balance), &sender(), Locale::English).unwrap().content.into_inner()
    }

    #[test]
    fn it_says_how_much_why_until_when_and_that_nothing_is_cancelled() {
        let letter = letter();
        for part in [
            "The rest of the price that you agreed to could not be charged.\n",
            "There was not enough money on the account.\n",
            "You can pay it with another card",
            "The appointment itself stays as it is.\n",
            "Amount: $10\n",
            "Appointment: Tuesday 24 November, 9:15 am\n",
            "Another card by: Wednesday 25 November, 5:00 pm\n",
            "https://hellomapper.example/account\n",
        ] {
            assert!(letter.body_text.contains(part), "{part:?} is missing:\n{}", letter.body_text);
        }
        assert!(letter.subject.contains("24 November"), "{}", letter.subject);
        assert!(letter.body_html.contains("<dd>$10</dd>"), "{}", letter.body_html);
        assert!(letter.body_html.contains("href=\"https://hellomapper.example/account\""));
    }

    #[test]
    fn it_names_nobody_and_nothing_clinical() {
        let letter = letter();
        assert!(clinical::is_plain(&letter.body_text), "{}", letter.body_text);
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!letter.body_text.contains(absent) && !letter.body_html.contains(absent), "{absent}");
        }
    }
}
