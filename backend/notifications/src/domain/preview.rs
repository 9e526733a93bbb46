//! What is told of an appointment that is made up: that it was asked for, booked, moved or cancelled, its reminders, its lateness, its
//! money and that nobody marked it or came to it, for whoever answers for the words.

mod of_appointments;

use jiff::SignedDuration;
use shared_types::{
    AudCents, BookingId, Zone,
    notifications::{MessagePreview, ReminderNames},
    payments::{FailedStep, FeeKind, OwedFee, PaymentFailure, RefundFact, RefundReason},
    personal::Personal,
};

use super::{
    balance_failed,
    by_text::{self, Known},
    fee_failed, lateness,
    locale::Locale,
    message::{Draft, Template, TextDraft},
    money::Payer,
    no_show::{self, NoShow},
    plan::{Kind, Quiet},
    presumed::{self, Presumed, Way},
    reminder::{self, Links},
    segments,
    sender::Sender,
    too_late,
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
        for discreet in [false, true] {
            for mail in of_appointments::letters(locale, discreet, sender)? {
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
        for mail in letters_about_money(locale, sender)? {
            previews.push(by_mail_first(mail, locale, true, sender));
        }
        for discreet in [false, true] {
            let mail = presumed::write(&made_up_visit(discreet, sender), locale)?;
            previews.push(by_mail_first(mail, locale, discreet, sender));
            let visit = made_up_visit(discreet, sender);
            let noted = NoShow { visit, fee_cents: AudCents(5_000), presumed: true };
            previews.push(by_mail_first(no_show::write(&noted, locale)?, locale, discreet, sender));
        }
    }
    Ok(previews)
}

/// They are discreet whatever the appointment is.
fn letters_about_money(locale: Locale, sender: &Sender) -> askama::Result<[Draft; 4]> {
    let payer = made_up_payer();
    let (booking_id, cents) = (payer.booking_id, AudCents(5_000));
    let (refund_id, reason) = (uuid::Uuid::nil().into(), RefundReason::TooLate);
    let refund = RefundFact { refund_id, booking_id, amount_cents: cents, reason };
    let failed = FailedStep {
        booking_id,
        failure: PaymentFailure::Declined,
        repair_until: payer.start + SignedDuration::from_hours(24),
        fee: None,
        balance: None,
    };
    let not_charged = |kind| {
        let fee = OwedFee { kind, cents };
        let failed = FailedStep { fee: Some(fee), ..failed };
        fee_failed::write(&payer, (&failed, fee), sender, locale)
    };
    let rest = FailedStep { balance: Some(cents), ..failed };
    Ok([
        too_late::write(&payer, &refund, sender, locale)?,
        not_charged(FeeKind::Late)?,
        not_charged(FeeKind::NoShow)?,
        balance_failed::write(&payer, (&rest, cents), sender, locale)?,
    ])
}

/// A letter, with the text message that goes where it cannot be delivered.
fn by_mail_first(mail: Draft, locale: Locale, discreet: bool, sender: &Sender) -> MessagePreview {
    let Upcoming { start, zone, .. } = made_up();
    let until = (mail.template == Template::TimeProposed).then(|| start - SignedDuration::from_hours(24));
    let known = Known { start: Some(start), zone: Some(zone), until };
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
    let text = reminder::write_text(kind, &upcoming, mobile(), true, sender, locale);
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
        dispute_by: start + SignedDuration::from_hours(14 + 7 * 24),
        way: Way::Link,
        link: sender.manage_link(SECRET),
    }
}

/// Who pays for it.
fn made_up_payer() -> Payer {
    let Upcoming { booking_id, organization_id, start, zone, patient_name, email, .. } = made_up();
    Payer {
        booking_id,
        organization_id,
        start,
        zone,
        name: patient_name,
        email,
        is_booked: true,
        settled_version: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::previews;
    use crate::domain::{clinical, fixtures::sender};

    /// C-50: whatever its language, a message names nothing clinical, praises nothing and says when.
    #[test]
    fn every_reminder_is_plain_and_says_when() {
        let previews = previews(&sender()).unwrap();
        assert_eq!(previews.len(), 30);
        for one in previews {
            let by_text = one.template.starts_with("reminder") || one.template == "running_late";
            // What a link asks for is no word about anybody's health.
            let words = one.body_text.replace("date of birth", "");
            assert!(clinical::is_plain(&words) && clinical::is_plain(&one.sms), "{one:?}");
            assert!(one.subject.contains("24 November"), "{one:?}");
            // All others go by text message only where the letter cannot be delivered; some of those name no day.
            assert_eq!(one.sms_in_place_of_mail, !by_text, "{one:?}");
            assert!(one.sms.contains("24 Nov") || !by_text, "{one:?}");
            assert!(one.sms.starts_with("HelloMapper: ") && one.sms_parts >= 1, "{one:?}");
            assert!(one.sms_parts <= 2, "{}", one.sms);
            assert_eq!(one.body_text.contains("Harbour"), !one.discreet, "{}", one.body_text);
            // Of lateness there is more to say than who says it.
            let named = !one.discreet && one.template.starts_with("reminder");
            assert_eq!(one.sms.contains("Harbour"), named, "{}", one.sms);
        }
    }
}
