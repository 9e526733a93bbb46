//! Reminders of an appointment that is made up, for whoever answers for their words.

use shared_types::{
    BookingId, Zone,
    notifications::{MessagePreview, ReminderNames},
};

use super::{
    locale::Locale,
    plan::{Kind, Quiet},
    reminder::{self, Links},
    segments,
    sender::Sender,
    unsubscribing::page_link,
    upcoming::Upcoming,
};

/// Stands where a link has its secret. It opens nothing.
const SECRET: &str = "00000000000000000000000000000000";

/// Each kind in each language, open and discreet.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn previews(sender: &Sender) -> askama::Result<Vec<MessagePreview>> {
    let mut previews = Vec::new();
    for locale in Locale::ALL {
        for kind in Kind::ALL {
            for discreet in [false, true] {
                previews.push(preview(kind, locale, discreet, sender)?);
            }
        }
    }
    Ok(previews)
}

fn preview(kind: Kind, locale: Locale, discreet: bool, sender: &Sender) -> askama::Result<MessagePreview> {
    let upcoming = Upcoming { discreet, ..made_up() };
    let links = Links {
        attend: sender.attend_link(SECRET),
        cancel: sender.cancel_link(SECRET),
        unsubscribe: page_link(&sender.public_url, SECRET),
    };
    let mail = reminder::write(kind, &upcoming, false, &links, sender, locale)?.content.into_inner();
    // Nobody has this number: https://www.acma.gov.au/phone-numbers-use-tv-shows-films-and-creative-works, read 2026-11-26.
    let mobile = "+61491570006".to_owned().into();
    let sms = reminder::write_text(kind, &upcoming, mobile, true, sender, locale).text.into_inner();
    Ok(MessagePreview {
        template: kind.code().to_owned(),
        locale: locale.tag().to_owned(),
        discreet,
        subject: mail.subject,
        body_text: mail.body_text,
        body_html: mail.body_html,
        sms_parts: segments::parts(&sms),
        sms,
    })
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

#[cfg(test)]
mod tests {
    use super::previews;
    use crate::domain::{clinical, fixtures::sender};

    /// C-50: whatever its language, a reminder names nothing clinical, praises nothing and says when.
    #[test]
    fn every_reminder_is_plain_and_says_when() {
        let previews = previews(&sender()).unwrap();
        assert_eq!(previews.len(), 4);
        for one in previews {
            assert!(clinical::is_plain(&one.body_text) && clinical::is_plain(&one.sms), "{one:?}");
            assert!(one.subject.contains("24 November") && one.sms.contains("24 Nov"), "{one:?}");
            assert!(one.sms_parts <= 2, "{}", one.sms);
            assert_eq!(one.sms.contains("Harbour"), !one.discreet, "{}", one.sms);
        }
    }
}
