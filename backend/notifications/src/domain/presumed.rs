//! That a visit which nobody marked counts as having taken place, and how its patient says that it did not. It names the practice, if
//! its name tells nothing clinical, and nobody else.

use askama::Template as _;
use jiff::Timestamp;
use kernel::calendar_file::one_line;
use shared_types::{BookingId, OrganizationId, Zone, bookings::AppointmentFact, personal::Personal};

use super::{
    clinical,
    locale::Locale,
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{PresumedHtml, PresumedText, PresumedWords, ReminderFact, ReminderLink},
    words::{span_words, start_words},
};

/// Where somebody says that it did not take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the link, which opens the booking.
    Link,
    /// In their account.
    Account,
    /// In an account that they open: nothing opens the booking any more.
    NewAccount,
}

/// What the letter is about.
#[derive(Clone, Debug)]
pub struct Presumed {
    /// Which booking.
    pub booking_id: BookingId,
    /// The practice.
    pub organization_id: Option<OrganizationId>,
    /// When it began.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// The place's zone.
    pub zone: Zone,
    /// What the practice is called, where that may be said.
    pub practice: Option<String>,
    /// What to call the patient.
    pub name: Personal<String>,
    /// Where to write.
    pub email: Personal<String>,
    /// Until when they can say so.
    pub dispute_by: Timestamp,
    /// Where they say so.
    pub way: Way,
    /// The page of that.
    pub link: String,
}

impl Presumed {
    /// As it was told.
    pub fn of(fact: &AppointmentFact, dispute_by: Timestamp, sender: &Sender) -> Self {
        let account = format!("{}/account/appointments", sender.public_url);
        let (way, link) = match (&fact.manage_token, fact.account_id) {
            (Some(token), _) => (Way::Link, sender.manage_link(token.expose())),
            (None, Some(_)) => (Way::Account, account),
            (None, None) => (Way::NewAccount, account),
        };
        let practice = fact.role.organization_name.as_ref().map(|name| one_line(name));
        Self {
            booking_id: fact.booking_id,
            organization_id: fact.role.organization_id,
            start: fact.start,
            end: fact.end,
            zone: fact.role.time_zone,
            practice: practice.filter(|name| !fact.discreet && !name.is_empty() && clinical::is_plain(name)),
            name: fact.patient_name.clone(),
            email: fact.email.clone(),
            dispute_by,
            way,
            link,
        }
    }
}

/// Writes it.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(visit: &Presumed, locale: Locale) -> askama::Result<Draft> {
    let say = |id: &str| visit.say(locale, id, &[]);
    let mut sentences = vec![say("presumed-why"), say("presumed-say")];
    sentences.extend(visit.how_to_object(locale));
    sentences.push(say("presumed-otherwise"));
    visit.letter(
        locale,
        Said {
            template: Template::VisitPresumed,
            subject: say("presumed-subject"),
            heading: say("presumed-heading"),
            sentences,
            link: say("presumed-link"),
        },
    )
}

/// What a letter says of a visit that its patient can object to.
pub(super) struct Said {
    pub template: Template,
    pub subject: String,
    pub heading: String,
    pub sentences: Vec<String>,
    /// The words of the link to where they object.
    pub link: String,
}

impl Presumed {
    /// A text's words, about which practice, when, and until when; `more` goes into them, too.
    pub(super) fn say(&self, locale: Locale, id: &str, more: &[(&'static str, &str)]) -> String {
        let unnamed = || locale.say("presumed-practice", &[]);
        let practice = self.practice.clone().unwrap_or_else(unnamed);
        let start = start_words(self.start, self.zone, locale);
        let until = start_words(self.dispute_by, self.zone, locale);
        let about = [("practice", practice.as_str()), ("start", start.as_str()), ("until", until.as_str())];
        locale.say(id, &[&about[..], more].concat())
    }

    /// What there is to say of where they object, beside the link.
    pub(super) fn how_to_object(&self, locale: Locale) -> Option<String> {
        match self.way {
            Way::Link | Way::Account => None,
            Way::NewAccount => Some(self.say(locale, "presumed-new-account", &[])),
        }
    }

    /// The letter that says it.
    pub(super) fn letter(&self, locale: Locale, said: Said) -> askama::Result<Draft> {
        let name = one_line(self.name.expose());
        let facts = [
            ("reminder-when", span_words(self.start, self.end, self.zone, locale)),
            ("presumed-until", start_words(self.dispute_by, self.zone, locale)),
        ];
        let fact = |(id, value)| ReminderFact { label: self.say(locale, id, &[]), value };
        let words = PresumedWords {
            lang: locale.tag(),
            heading: said.heading,
            hello: locale.say("reminder-hello", &[("name", &name)]),
            sentences: said.sentences,
            facts: facts.into_iter().map(fact).collect(),
            link: ReminderLink { words: said.link, link: self.link.clone() },
            closing: self.say(locale, "service-message", &[]),
        };
        let content = Content {
            subject: said.subject,
            body_text: PresumedText { words: &words }.render()?,
            body_html: PresumedHtml { words: &words }.render()?,
            calendar: None,
        };
        Ok(Draft {
            template: said.template,
            about: About::Booking(self.booking_id),
            organization_id: self.organization_id,
            recipient: self.email.clone(),
            content: content.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::{AppointmentFact, AppointmentStatus};
    use uuid::Uuid;

    use super::{Presumed, write};
    use crate::domain::{
        clinical,
        fixtures::{appointment, sender},
        locale::Locale,
        message::Content,
    };

    fn letter(appointment: AppointmentFact) -> Content {
        let appointment = AppointmentFact { status: AppointmentStatus::Completed, ..appointment };
        let dispute_by = "2026-12-01T12:15:00Z".parse().unwrap();
        let visit = Presumed::of(&appointment, dispute_by, &sender());
        write(&visit, Locale::English).unwrap().content.into_inner()
    }

    #[test]
    fn it_says_what_counts_until_when_to_object_and_where() {
        let content = letter(appointment());
        assert_eq!(content.subject, "Did your visit take place? Tuesday 24 November, 9:15 am");
        for part in [
            "Hello Ada Nguyen,\n",
            "Harbour Practice; Rooms, East did not say how your visit went, so it counts as having taken place.\n",
            "If it did not, say so by Tuesday 1 December, 11:15 pm.\n",
            "When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n",
            "https://hellomapper.example/manage/0123456789abcdef0123456789abcdef\n",
        ] {
            assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
        }
        assert!(
            content.body_html.contains("href=\"https://hellomapper.example/manage/")
                && content.calendar.is_none()
        );
        assert!(clinical::is_plain(&content.body_text) && clinical::is_plain(&content.subject));
        for absent in ["Kim", "Pelvic", "Physio", "5550"] {
            assert!(!content.body_text.contains(absent) && !content.body_html.contains(absent), "{absent}");
        }
    }

    #[test]
    fn a_member_is_led_to_their_account_and_a_guest_without_a_link_is_told_how_to_open_one() {
        let account_id = Some(Uuid::from_u128(1).into());
        let member = letter(AppointmentFact { account_id, manage_token: None, ..appointment() });
        assert!(member.body_text.contains("https://hellomapper.example/account/appointments\n"));
        assert!(!member.body_text.contains("open an account"), "{}", member.body_text);
        let guest = letter(AppointmentFact { manage_token: None, ..appointment() });
        assert!(guest.body_text.contains("open an account with this address"), "{}", guest.body_text);
    }

    #[test]
    fn a_name_that_tells_what_for_and_a_discreet_practice_are_not_named() {
        let discreet = letter(AppointmentFact { discreet: true, ..appointment() });
        let mut telling = appointment();
        telling.role.organization_name = Some("Parramatta Physiotherapy".to_owned());
        for content in [discreet, letter(telling)] {
            assert!(content.body_text.contains("The practice did not say how"), "{}", content.body_text);
            for absent in ["Harbour", "Physio"] {
                assert!(!content.body_text.contains(absent), "{absent}: {}", content.body_text);
            }
        }
    }
}
