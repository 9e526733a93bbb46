//! The letter about a series: one names all visits, each with its own link, and one calendar file has all of them. What is the
//! same for all is said once. Like every message about an appointment it names neither profession nor appointment type.

use askama::Template as _;
use jiff::Timestamp;
use kernel::calendar_file::{self, Method, one_line};
use shared_types::{
    SeriesId,
    bookings::{AppointmentFact, BookedRole},
};

use super::{
    appointment::{self, Change, facts},
    calendar,
    locale::Locale,
    message::{About, Calendar, Content, Draft, Template},
    reader::Reader,
    sender::Sender,
    templates::{SeriesHtml, SeriesText, SeriesWords, VisitWords},
    words::start_words,
};

/// A letter, with what it was written from: so it can be written anew when a visit changes before it is sent.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Which series.
    pub series_id: SeriesId,
    /// The visits that it names, in order of time, and of each only what can be said.
    pub visits: Vec<AppointmentFact>,
    /// What it says.
    pub draft: Draft,
}

/// The letter about these visits, in order of time, as told at `told_at`, for its reader; none about none. About one that is left
/// it says what its confirmation would; and as a confirmation it names the practice, whatever that is called.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    series_id: SeriesId,
    visits: Vec<AppointmentFact>,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Option<Letter>> {
    let visits: Vec<_> = visits.into_iter().map(sayable).collect();
    let Some(first) = visits.first() else { return Ok(None) };
    let content = if visits.len() == 1 {
        appointment::write(Change::Confirmed, first, reader, sender, told_at)?.content
    } else {
        content(first, &visits, reader, sender, told_at)?.into()
    };
    let draft = Draft {
        template: Template::SeriesConfirmed,
        about: About::Booking(first.booking_id),
        organization_id: first.role.organization_id,
        recipient: first.email.clone(),
        content,
    };
    Ok(Some(Letter { series_id, visits, draft }))
}

fn content(
    first: &AppointmentFact,
    visits: &[AppointmentFact],
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Content> {
    let Reader { own, locale, .. } = reader;
    let links: Vec<_> = visits.iter().map(|visit| link(visit, sender)).collect();
    let said = |visit: &AppointmentFact| facts(Change::Confirmed, visit, own, locale);
    let of_each: Vec<_> = visits.iter().map(said).collect();
    let mut common = said(first);
    common.retain(|fact| of_each.iter().all(|facts| facts.contains(fact)));
    let named = of_each.into_iter().zip(&links).map(|(mut facts, link)| {
        facts.retain(|fact| !common.contains(fact));
        VisitWords { facts, link: link.clone() }
    });
    let (name, count) = (one_line(first.patient_name.expose()), visits.len());
    let words = SeriesWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say_with_numbers("series-heading", &[("count", count.into())], &[]),
        visits: named.collect(),
        link_words: locale.say("appointment-link", &[]),
        facts: common,
        closing: closing(first, sender, locale),
        why: locale.say("series-message", &[]),
    };
    let published = visits.iter().zip(&links);
    let published = published.map(|(visit, link)| (visit, calendar::words(visit, link.as_deref(), locale)));
    let published: Vec<_> = published.collect();
    let start = start_words(first.start, first.role.time_zone, locale);
    Ok(Content {
        subject: locale.say_with_numbers("series-subject", &[("count", count.into())], &[("start", &start)]),
        body_text: SeriesText { words: &words }.render()?,
        body_html: SeriesHtml { words: &words }.render()?,
        calendar: Some(Calendar {
            method: Method::Publish.code().to_owned(),
            file: calendar_file::write_all(Method::Publish, &published, &sender.organizer(), told_at),
        }),
    })
}

fn link(visit: &AppointmentFact, sender: &Sender) -> Option<String> {
    visit.manage_token.as_ref().map(|token| sender.manage_link(token.expose()))
}

fn closing(first: &AppointmentFact, sender: &Sender, locale: Locale) -> Vec<String> {
    let mut closing = vec![locale.say("series-links", &[])];
    if first.discreet {
        closing.push(locale.say("series-discreet", &[]));
    }
    closing.push(not_me(first, sender, locale));
    closing
}

/// What to do when somebody else gave one's address.
fn not_me(first: &AppointmentFact, sender: &Sender, locale: Locale) -> String {
    let mut ways = vec![locale.say("series-not-me-links", &[])];
    if sender.takes_replies() {
        ways.push(locale.say("appointment-not-me-reply", &[]));
    }
    if let (false, Some(phone)) = (first.discreet, &first.role.phone) {
        ways.push(locale.say("appointment-not-me-call", &[("phone", &one_line(phone))]));
    }
    let ways = ways.join(&locale.say("appointment-or", &[]));
    locale.say("series-not-me", &[("ways", &ways)])
}

/// A visit without what no letter says, since it is kept until the letter is sent. When and where it is paid stands in its quote.
pub fn sayable(visit: AppointmentFact) -> AppointmentFact {
    let role = BookedRole { slug: String::new(), profession_name: None, ..visit.role };
    AppointmentFact { role, appointment_type_name: String::new(), claimant: None, text_to: None, ..visit }
}

#[cfg(test)]
mod tests;
