//! Every letter, reminder and text message, about people and an appointment that are made up, for whoever answers for the words.

mod of_accounts;
mod of_appointments;
mod of_disputes;
mod of_money;

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents, BookingId, Zone,
    notifications::{MessagePreview, ReminderNames},
    personal::Personal,
    users::AccountMail,
};

use super::{
    by_text::{self, Known},
    lateness,
    locale::Locale,
    message::{Draft, Template, TextDraft},
    no_show::{self, NoShow},
    plan::{Kind, Quiet},
    presumed::{self, Presumed, Way},
    reminder::{self, Links, WayOut},
    segments,
    sender::Sender,
    unsubscribing::page_link,
    upcoming::Upcoming,
};

/// Stands where a link has its secret. It opens nothing.
const SECRET: &str = "00000000000000000000000000000000";

/// By how many minutes it is late, and that it is not any more.
const LATE: [u16; 2] = [25, 0];

/// Each kind in each language, open and discreet where there are both.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn previews(sender: &Sender) -> askama::Result<Vec<MessagePreview>> {
    let mut previews = Vec::new();
    for locale in Locale::ALL {
        previews.extend(in_language(locale, sender)?);
    }
    Ok(previews)
}

/// Each kind in one of them.
fn in_language(locale: Locale, sender: &Sender) -> askama::Result<Vec<MessagePreview>> {
    let mut previews = Vec::new();
    for discreet in [false, true] {
        let letters = of_appointments::letters(locale, discreet, sender)?;
        for mail in letters.into_iter().chain(of_disputes::letters(locale, discreet, sender)?) {
            previews.push(by_mail_first(mail, locale, discreet, sender));
        }
    }
    for kind in Kind::ALL {
        for discreet in [false, true] {
            previews.push(of_reminder(kind, locale, discreet, sender)?);
        }
    }
    for minutes in LATE {
        for discreet in [false, true] {
            previews.push(of_lateness(minutes, locale, discreet, sender)?);
        }
    }
    for mail in of_money::letters(locale, sender)? {
        previews.push(by_mail_first(mail, locale, true, sender));
    }
    for (mail, discreet) in of_accounts::letters(locale, sender)? {
        previews.push(by_mail_first(mail, locale, discreet, sender));
    }
    for discreet in [false, true] {
        let mail = presumed::write(&made_up_visit(discreet, sender), locale)?;
        previews.push(by_mail_first(mail, locale, discreet, sender));
        let visit = made_up_visit(discreet, sender);
        let noted = NoShow { visit, fee_cents: AudCents(5_000), presumed: true };
        previews.push(by_mail_first(no_show::write(&noted, locale)?, locale, discreet, sender));
    }
    Ok(previews)
}

/// A letter, with the text message that goes where it cannot be delivered, if one does.
fn by_mail_first(mail: Draft, locale: Locale, discreet: bool, sender: &Sender) -> MessagePreview {
    let Upcoming { start, zone, .. } = made_up();
    let waits =
        [Template::TimeProposed, Template::Account(AccountMail::TimeOffered)].contains(&mail.template);
    let counts = [Template::VisitPresumed, Template::NoShowNoted].contains(&mail.template);
    let until = waits.then(|| start - SignedDuration::from_hours(24)).or(counts.then(|| dispute_by(start)));
    let known = Known { start: Some(start), zone: Some(zone), until, is_guest: false };
    let sms = by_text::write(mail.template, known, sender, locale).unwrap_or_default();
    let content = mail.content.into_inner();
    MessagePreview {
        template: mail.template.code().to_owned(),
        locale: locale.tag().to_owned(),
        discreet,
        subject: content.subject,
        body_text: content.body_text,
        body_html: content.body_html,
        sms_parts: if sms.is_empty() { 0 } else { segments::parts(&sms) },
        sms_in_place_of_mail: !sms.is_empty(),
        sms,
    }
}

fn of_lateness(
    minutes: u16,
    locale: Locale,
    discreet: bool,
    sender: &Sender,
) -> askama::Result<MessagePreview> {
    let upcoming = Upcoming { discreet, ..made_up() };
    let mail = lateness::write(minutes, &upcoming, locale)?;
    let text = lateness::write_text(minutes, &upcoming, mobile(), sender, locale);
    Ok(preview((mail, text), locale, discreet))
}

fn of_reminder(
    kind: Kind,
    locale: Locale,
    discreet: bool,
    sender: &Sender,
) -> askama::Result<MessagePreview> {
    let upcoming = Upcoming { discreet, ..made_up() };
    let links = Links {
        attend: sender.attend_link(SECRET),
        cancel: sender.cancel_link(SECRET),
        unsubscribe: page_link(&sender.public_url, SECRET),
    };
    let mail = reminder::write(kind, &upcoming, false, &links, sender, locale)?;
    let text = reminder::write_text(kind, &upcoming, mobile(), WayOut::Answer, sender, locale);
    Ok(preview((mail, text), locale, discreet))
}

fn preview((mail, text): (Draft, TextDraft), locale: Locale, discreet: bool) -> MessagePreview {
    let (content, sms) = (mail.content.into_inner(), text.text.into_inner());
    MessagePreview {
        template: mail.template.code().to_owned(),
        locale: locale.tag().to_owned(),
        discreet,
        subject: content.subject,
        body_text: content.body_text,
        body_html: content.body_html,
        sms_parts: segments::parts(&sms),
        sms_in_place_of_mail: false,
        sms,
    }
}

/// Nobody has this number: <https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works>, read 2026-11-26.
fn mobile() -> Personal<String> {
    "+61491570006".to_owned().into()
}

/// Tuesday 24 November 2026, 9:15 am to 9:45 am in Sydney.
fn made_up() -> Upcoming {
    let instant = |text: &str| text.parse().expect("an instant");
    Upcoming {
        booking_id: BookingId::from(uuid::Uuid::nil()),
        organization_id: None,
        start: instant("2026-11-23T22:15:00Z"),
        end: instant("2026-11-23T22:45:00Z"),
        zone: Zone::SYDNEY,
        quiet: Quiet::at(Zone::SYDNEY),
        names: ReminderNames::Plain,
        discreet: false,
        practitioner_name: "Kim Lee".to_owned(),
        organization_name: Some("Harbour Practice".to_owned()),
        phone: Some("(02) 5550 1234".to_owned()),
        address: "1 Example Street, Parramatta NSW 2150".to_owned(),
        patient_name: "Ada Nguyen".to_owned().into(),
        email: "ada@example.org".to_owned().into(),
    }
}

/// The same, over and not marked.
fn made_up_visit(discreet: bool, sender: &Sender) -> Presumed {
    let Upcoming {
        booking_id,
        organization_id,
        start,
        end,
        zone,
        organization_name,
        patient_name,
        email,
        ..
    } = made_up();
    Presumed {
        booking_id,
        organization_id,
        start,
        end,
        zone,
        practice: organization_name.filter(|_| !discreet),
        name: patient_name,
        email,
        dispute_by: dispute_by(start),
        way: Way::Link,
        link: sender.manage_link(SECRET),
    }
}

/// Until when its patient can say that it was otherwise.
fn dispute_by(start: Timestamp) -> Timestamp {
    start + SignedDuration::from_hours(14 + 7 * 24)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared_types::time::MONTHS;

    use super::{Kind, in_language, previews};
    use crate::domain::{clinical, fixtures::sender, locale::Locale};

    const WEEKDAYS: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// C-50: whatever its language, a message names nothing clinical, praises nothing and says when.
    #[test]
    fn every_message_is_plain_and_whole_and_says_when() {
        for one in previews(&sender()).unwrap() {
            let by_text = one.template.starts_with("reminder") || one.template == "running_late";
            // What a link asks for is no word about anybody's health.
            let words = one.body_text.replace("date of birth", "").replace("day of birth", "");
            assert!(clinical::is_plain(&words) && clinical::is_plain(&one.sms), "{one:?}");
            for part in [&one.subject, &one.body_text, &one.body_html, &one.sms] {
                assert!(!part.contains(['{', '}']), "something is not filled in: {one:?}");
            }
            assert!(one.body_html.contains(&format!("<html lang=\"{}\">", one.locale)), "{}", one.body_html);
            // All others go by text message only where the letter cannot be delivered, or never; some of those name no day.
            assert_eq!(one.sms_in_place_of_mail, !by_text && !one.sms.is_empty(), "{one:?}");
            assert!(!by_text || one.sms.contains("24 Nov") && one.subject.contains("24 November"), "{one:?}");
            assert!(one.sms.is_empty() || one.sms.starts_with("HelloMapper: "), "{one:?}");
            assert_eq!(one.sms.is_empty(), one.sms_parts == 0, "{one:?}");
            let ends = ["time_proposed", "time_offered", "visit_presumed", "no_show_noted"];
            assert_eq!(
                one.sms.contains(" Please answer by "),
                ends.contains(&one.template.as_str()),
                "{one:?}"
            );
            assert!(one.sms_parts <= 2, "{}", one.sms);
            assert_eq!(one.body_text.contains("Harbour"), !one.discreet, "{}", one.body_text);
            // Of lateness there is more to say than who says it.
            let named = !one.discreet && one.template.starts_with("reminder");
            assert_eq!(one.sms.contains("Harbour"), named, "{}", one.sms);
            // What has a text message besides is about a visit, but for the time that is offered to who waits.
            if !one.sms.is_empty() && one.template != "time_offered" {
                assert!(one.body_text.contains("24 November"), "{one:?}");
            }
        }
    }

    /// Whichever letter says a day, a time or an amount: its language says it.
    #[test]
    fn every_day_time_and_amount_is_said_in_the_language_of_its_letter() {
        let texts = |locale| {
            let letters = in_language(locale, &sender()).unwrap();
            let texts = letters.into_iter().flat_map(|one| [one.subject, one.body_text, one.sms]);
            texts.collect::<Vec<_>>().join("\n")
        };
        let names = WEEKDAYS.into_iter().chain(MONTHS).flat_map(|name| [name, &name[..3]]);
        let names: BTreeSet<_> = names.chain(["am", "pm"]).collect();
        let english = |text: &str| -> BTreeSet<String> {
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '$');
            words.filter(|word| names.contains(*word) || word.starts_with('$')).map(str::to_owned).collect()
        };
        let (ours, theirs) = (texts(Locale::English), texts(Locale::MadeUp));
        for word in ["Tuesday", "Tue", "November", "Nov", "am", "pm", "$50"] {
            assert!(english(&ours).contains(word), "{word} is missing: {:?}", english(&ours));
        }
        assert_eq!(english(&theirs), BTreeSet::new());
        assert!(ours.contains("Sydney time") && !theirs.contains("Sydney time"), "{theirs}");
    }

    /// What comes back to an answer is a text message alone.
    #[test]
    fn every_letter_has_its_example() {
        let (_, names) = include_str!("message.rs").split_once("pub fn code(self)").unwrap();
        let (names, _) = names.split_once("pub fn is_news(self)").unwrap();
        let letters = names.split('"').skip(1).step_by(2).filter(|name| *name != "text_answer");
        let letters: BTreeSet<_> = letters.chain(Kind::ALL.map(Kind::code)).map(ToOwned::to_owned).collect();
        let shown: BTreeSet<_> = previews(&sender()).unwrap().into_iter().map(|one| one.template).collect();
        assert_eq!(shown, letters);
    }
}
