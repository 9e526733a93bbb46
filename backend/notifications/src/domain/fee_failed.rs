//! That a fee for cancelling late or not coming could not be charged: which fee, how much, how to pay it and how to say that it is not
//! owed. It names no practitioner and nothing clinical.

use kernel::calendar_file::one_line;
use shared_types::{
    bookings::dispute::DISPUTE_DAYS,
    payments::{FailedStep, FeeKind, OwedFee},
};

use super::{
    locale::Locale,
    message::{Draft, Template},
    money::{Payer, failure_words},
    sender::Sender,
    templates::{MoneyWords, ReminderFact, ReminderLink},
    words::{amount_words, start_words},
};

/// Writes it.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    payer: &Payer,
    (failed, fee): (&FailedStep, OwedFee),
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let name = one_line(payer.name.expose());
    let start = start_words(payer.start, payer.zone, locale);
    let say = |id: &str| locale.say_with_numbers(id, &[("days", DISPUTE_DAYS.into())], &[("start", &start)]);
    let [heading, subject] = heading_and_subject(fee.kind);
    let mut sentences = vec![say(failure_words(failed.failure))];
    sentences.extend(["fee-pay", "fee-otherwise", "fee-dispute"].map(say));
    let facts = [
        ("money-amount", amount_words(fee.cents, locale)),
        ("money-appointment", start.clone()),
        ("fee-card-by", start_words(failed.repair_until, payer.zone, locale)),
    ];
    let words = MoneyWords {
        lang: locale.tag(),
        heading: say(heading),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        sentences,
        facts: facts.into_iter().map(|(id, value)| ReminderFact { label: say(id), value }).collect(),
        link: ReminderLink { words: say("fee-link"), link: format!("{}/account", sender.public_url) },
        closing: say("money-message"),
    };
    payer.letter(Template::FeeFailed, say(subject), &words)
}

/// By which names the words are found.
fn heading_and_subject(kind: FeeKind) -> [&'static str; 2] {
    match kind {
        FeeKind::Late => ["fee-late-heading", "fee-late-subject"],
        FeeKind::NoShow => ["fee-absent-heading", "fee-absent-subject"],
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        AudCents,
        payments::{FailedStep, FeeKind, OwedFee, PaymentFailure},
    };

    use super::write;
    use crate::domain::{
        clinical,
        fixtures::{payer, sender},
        locale::Locale,
        message::Content,
    };

    fn letter(kind: FeeKind) -> Content {
        let fee = OwedFee { kind, cents: AudCents(5_000) };
        let failed = FailedStep {
            booking_id: payer().booking_id,
            failure: PaymentFailure::ExpiredCard,
            repair_until: "2026-11-25T06:00:00Z".parse().unwrap(),
            fee: Some(fee),
            balance: None,
        };
        write(&payer(), (&failed, fee), &sender(), Locale::English).unwrap().content.into_inner()
    }

    #[test]
    fn it_says_which_fee_how_much_until_when_and_how_to_dispute_it() {
        let late = letter(FeeKind::Late);
        for part in [
            "The fee for cancelling late could not be charged.\n",
            "The card is out of date.\n",
            "say so in the same place within 7 days of when it was noted",
            "Amount: $50\n",
            "Appointment: Tuesday 24 November, 9:15 am\n",
            "Another card by: Wednesday 25 November, 5:00 pm\n",
            "https://hellomapper.example/account\n",
        ] {
            assert!(late.body_text.contains(part), "{part:?} is missing:\n{}", late.body_text);
        }
        let absent = letter(FeeKind::NoShow);
        assert!(absent.body_text.contains("an appointment that you did not come to"), "{}", absent.body_text);
        assert!(late.body_html.contains("<dd>$50</dd>") && late.subject != absent.subject);
    }

    #[test]
    fn it_names_nobody_and_nothing_clinical() {
        for content in [letter(FeeKind::Late), letter(FeeKind::NoShow)] {
            assert!(clinical::is_plain(&content.body_text), "{}", content.body_text);
            for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
                assert!(!content.body_text.contains(absent), "{absent}");
            }
        }
    }
}
