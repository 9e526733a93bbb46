//! That an appointment is likely to begin later than booked, or on time after all, as mail and as a text message. Like a
//! reminder it names neither profession nor appointment type, nor why.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::personal::Personal;

use super::{
    locale::Locale,
    message::{About, Content, Draft, Template, TextDraft},
    reminder::facts,
    sender::Sender,
    templates::{LatenessHtml, LatenessText, LatenessWords},
    upcoming::Upcoming,
    words::{short_start_words, start_words, wall_words},
};

/// As mail. No minutes are on time.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(minutes: u16, upcoming: &Upcoming, locale: Locale) -> askama::Result<Draft> {
    let name = one_line(upcoming.patient_name.expose());
    let start = start_words(upcoming.start, upcoming.zone, locale);
    let say = |id: &str| locale.say_with_numbers(id, &[("minutes", minutes.into())], &[("start", &start)]);
    let [heading, subject, sentences @ ..] = ids(minutes);
    let words = LatenessWords {
        lang: locale.tag(),
        heading: say(heading),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        sentences: sentences.map(say).to_vec(),
        facts: facts(upcoming, locale),
        closing: locale.say("service-message", &[]),
    };
    let content = Content {
        subject: say(subject),
        body_text: LatenessText { words: &words }.render()?,
        body_html: LatenessHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::RunningLate,
        about: About::Booking(upcoming.booking_id),
        organization_id: upcoming.organization_id,
        recipient: upcoming.email.clone(),
        content: content.into(),
    })
}

/// As a text message to a mobile in E.164.
pub fn write_text(
    minutes: u16,
    upcoming: &Upcoming,
    mobile: Personal<String>,
    sender: &Sender,
    locale: Locale,
) -> TextDraft {
    let id = if minutes > 0 { "sms-late" } else { "sms-on-time" };
    let (sender, zone) = (sender.name(), wall_words(upcoming.zone, locale));
    let start = short_start_words(upcoming.start, upcoming.zone, locale);
    let values = [("sender", sender.as_str()), ("start", start.as_str()), ("zone", zone.as_str())];
    let text = locale.say_with_numbers(id, &[("minutes", minutes.into())], &values);
    TextDraft {
        template: Template::RunningLate,
        about: About::Booking(upcoming.booking_id),
        organization_id: upcoming.organization_id,
        recipient: mobile,
        text: text.into(),
    }
}

/// Heading, subject, and what is said.
fn ids(minutes: u16) -> [&'static str; 4] {
    if minutes > 0 {
        ["late-heading", "late-subject", "late-by", "late-come"]
    } else {
        ["on-time-heading", "on-time-subject", "on-time-after-all", "on-time-come"]
    }
}

#[cfg(test)]
mod tests {
    use super::{write, write_text};
    use crate::domain::{
        clinical,
        fixtures::{sender, upcoming},
        locale::Locale,
        segments,
        upcoming::Upcoming,
    };

    fn text(minutes: u16) -> String {
        let mobile = "+61491570006".to_owned().into();
        write_text(minutes, &upcoming(), mobile, &sender(), Locale::English).text.into_inner()
    }

    #[test]
    fn a_patient_is_told_how_late_it_is_and_to_come_on_time_all_the_same() {
        let content = write(25, &upcoming(), Locale::English).unwrap().content.into_inner();
        assert_eq!(content.subject, "Likely to begin late: your appointment on Tuesday 24 November, 9:15 am");
        for part in [
            "Hello Ada Nguyen,\n",
            "It is likely to begin about 25 minutes later than booked.\n",
            "Please still come on time unless your practice tells you otherwise.\n",
            "When: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n",
            "With: Kim Lee\n",
        ] {
            assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
        }
        assert!(clinical::is_plain(&content.body_text), "{}", content.body_text);
        assert!(content.body_html.contains("<dd>Kim Lee</dd>") && content.calendar.is_none());
        assert_eq!(
            text(25),
            "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is likely to begin about 25 minutes later than \
             booked. Please still come on time unless your practice tells you otherwise."
        );
    }

    #[test]
    fn that_it_is_over_is_told_too() {
        let content = write(0, &upcoming(), Locale::English).unwrap().content.into_inner();
        assert!(content.body_text.contains("It is likely to begin as booked after all.\n"));
        assert!(!content.body_text.contains(" 0 minutes") && !text(0).contains(" 0 minutes"));
        assert!([text(0), text(240)].iter().all(|text| segments::parts(text) <= 2));
    }

    #[test]
    fn a_discreet_one_names_nobody() {
        let discreet = Upcoming { discreet: true, ..upcoming() };
        let content = write(25, &discreet, Locale::English).unwrap().content.into_inner();
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!content.body_text.contains(absent) && !content.body_html.contains(absent), "{absent}");
        }
    }
}
