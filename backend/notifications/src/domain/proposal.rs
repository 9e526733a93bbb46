//! The message that a practice proposes another time. The appointment stands as it is until the patient agrees, so its calendar
//! file stays, too.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::bookings::{AppointmentFact, ProposalFact};

use super::{
    appointment::whom_and_where,
    clinical,
    locale::Locale,
    message::{About, Content, Draft, Template},
    reader::Reader,
    sender::Sender,
    templates::{ChangeHtml, ChangeText, ChangeWords, ReminderFact},
    words::{span_words, start_words},
};

/// Writes it, for its reader.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(proposal: &ProposalFact, sender: &Sender, reader: Reader) -> askama::Result<Draft> {
    let Reader { names, locale, .. } = reader;
    let fact = &clinical::as_shown(&proposal.appointment, names);
    let name = one_line(fact.patient_name.expose());
    let words = ChangeWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say("proposed-heading", &[]),
        sentences: vec![locale.say("proposed-stands", &[])],
        facts: facts(proposal, fact, locale),
        link: None,
        link_note: String::new(),
        closing: vec![closing(proposal, sender, locale)],
        why: locale.say("service-message", &[]),
    };
    let start = start_words(proposal.start, fact.role.time_zone, locale);
    let content = Content {
        subject: locale.say("proposed-subject", &[("start", &start)]),
        body_text: ChangeText { words: &words }.render()?,
        body_html: ChangeHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::TimeProposed,
        about: About::Booking(fact.booking_id),
        organization_id: fact.role.organization_id,
        recipient: fact.email.clone(),
        content: content.into(),
    })
}

fn facts(proposal: &ProposalFact, fact: &AppointmentFact, locale: Locale) -> Vec<ReminderFact> {
    let zone = fact.role.time_zone;
    let mut facts = vec![
        ("proposed-time", span_words(proposal.start, proposal.end, zone, locale)),
        ("proposed-instead-of", span_words(fact.start, fact.end, zone, locale)),
        ("requested-answer-by", start_words(proposal.expires_at, zone, locale)),
    ];
    facts.extend(whom_and_where(fact));
    facts.into_iter().map(|(id, value)| ReminderFact { label: locale.say(id, &[]), value }).collect()
}

/// How to answer. What opens a booking is not kept, so a guest is led back to the first message.
fn closing(proposal: &ProposalFact, sender: &Sender, locale: Locale) -> String {
    let page = format!("{}/account/appointments", sender.public_url);
    match proposal.appointment.account_id {
        Some(_) => locale.say("proposed-answer-account", &[("page", &page)]),
        None => locale.say("proposed-answer-link", &[]),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::{AppointmentFact, ProposalFact};
    use uuid::Uuid;

    use super::write;
    use crate::domain::{
        fixtures::{appointment, sender},
        locale::Locale,
        reader::Reader,
    };

    fn proposal(appointment: AppointmentFact) -> ProposalFact {
        ProposalFact {
            appointment,
            start: "2026-11-25T00:00:00Z".parse().unwrap(),
            end: "2026-11-25T00:30:00Z".parse().unwrap(),
            expires_at: "2026-11-23T06:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_proposal_says_both_times_and_that_nothing_has_changed_yet() {
        let content = write(&proposal(appointment()), &sender(), Reader::of(Locale::English))
            .unwrap()
            .content
            .into_inner();
        assert_eq!(content.subject, "Another time proposed: Wednesday 25 November, 11:00 am");
        for part in [
            "Your appointment stands as it is until you agree.\n",
            "Proposed: Wednesday 25 November 2026, 11:00 am to 11:30 am, Sydney time (UTC+11)\n",
            "As it stands: Tuesday 24 November 2026, 9:15 am to 9:45 am, Sydney time (UTC+11)\n",
            "Answer by: Monday 23 November, 5:00 pm\n",
            "To answer, use the link in our first message about it.\n",
        ] {
            assert!(content.body_text.contains(part), "{part:?} is missing:\n{}", content.body_text);
        }
        assert!(content.calendar.is_none());
        let member = AppointmentFact { account_id: Some(Uuid::from_u128(1).into()), ..appointment() };
        let content =
            write(&proposal(member), &sender(), Reader::of(Locale::English)).unwrap().content.into_inner();
        assert!(content.body_text.contains("https://hellomapper.example/account/appointments"));
    }

    #[test]
    fn a_name_that_tells_what_for_stays_out() {
        let mut telling = appointment();
        telling.role.organization_name = Some("Parramatta Physiotherapy".to_owned());
        let reader = Reader::of(Locale::English);
        let content = write(&proposal(telling), &sender(), reader).unwrap().content.into_inner();
        for words in [&content.body_text, &content.body_html] {
            assert!(!words.contains("Physio") && words.contains("Kim Lee"), "{words}");
        }
    }

    #[test]
    fn a_discreet_one_names_nobody() {
        let discreet = AppointmentFact { discreet: true, ..appointment() };
        let content =
            write(&proposal(discreet), &sender(), Reader::of(Locale::English)).unwrap().content.into_inner();
        for absent in ["Kim", "Harbour", "Parramatta", "5550"] {
            assert!(!content.body_text.contains(absent) && !content.body_html.contains(absent), "{absent}");
        }
    }
}
