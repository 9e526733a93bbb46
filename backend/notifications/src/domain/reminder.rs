//! Reminders of an appointment, as mail and as text messages. They name neither profession nor appointment type, and a name
//! that would tell of either stays out ([`clinical::shown`]); a discreet one names nobody and no place at all.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::{notifications::ReminderNames, personal::Personal};

use super::{
    clinical,
    locale::Locale,
    message::{About, Content, Draft, Template, TextDraft},
    plan::Kind,
    segments,
    sender::Sender,
    templates::{ReminderFact, ReminderHtml, ReminderLink, ReminderText, ReminderWords},
    upcoming::Upcoming,
    words::{short_start_words, span_words, start_words, wall_words},
};

/// A text message is at most this many parts; names that would make it longer are left out.
const PARTS: usize = 2;

/// Where a reminder's links lead.
#[derive(Clone, PartialEq, Eq)]
pub struct Links {
    /// Says that the patient will come.
    pub attend: String,
    /// Asks whether to cancel.
    pub cancel: String,
    /// Ends reminders by mail.
    pub unsubscribe: String,
}

/// The reminder as mail. `has_account` says whether whoever made the booking can see it in an account.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    kind: Kind,
    upcoming: &Upcoming,
    has_account: bool,
    links: &Links,
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Draft> {
    let name = one_line(upcoming.patient_name.expose());
    let start = start_words(upcoming.start, upcoming.zone, locale);
    let words = ReminderWords {
        lang: locale.tag(),
        heading: locale.say("reminder-heading", &[]),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        facts: facts(upcoming, locale),
        links: mail_links(has_account, links, sender, locale),
        closing: closing(upcoming, has_account, locale),
        unsubscribe: ReminderLink {
            words: locale.say("reminder-unsubscribe", &[]),
            link: links.unsubscribe.clone(),
        },
    };
    let content = Content {
        subject: locale.say("reminder-subject", &[("start", &start)]),
        body_text: ReminderText { words: &words }.render()?,
        body_html: ReminderHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::Reminder(kind),
        about: About::Booking(upcoming.booking_id),
        organization_id: upcoming.organization_id,
        recipient: upcoming.email.clone(),
        content: content.into(),
    })
}

/// How whoever is reminded by text message says that they want no more of them: a reminder is no service message (C-50).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// They answer, as they do when they say whether they come.
    Answer,
    /// In their account: nobody hears what is answered, as where a registered name writes (C-51).
    Account,
    /// Nobody hears what is answered, and a guest has no account.
    None,
}

/// The reminder as a text message to a mobile in E.164.
pub fn write_text(
    kind: Kind,
    upcoming: &Upcoming,
    mobile: Personal<String>,
    way_out: WayOut,
    sender: &Sender,
    locale: Locale,
) -> TextDraft {
    TextDraft {
        template: Template::Reminder(kind),
        about: About::Booking(upcoming.booking_id),
        organization_id: upcoming.organization_id,
        recipient: mobile,
        text: text(upcoming, way_out, sender, locale).into(),
    }
}

/// What comes back to `N`: nothing is cancelled yet, and where to do it. That page says first what it costs.
pub fn how_to_cancel(sender: &Sender, token: &str, locale: Locale) -> String {
    let (name, link) = (sender.name(), sender.cancel_link(token));
    locale.say("sms-how-to-cancel", &[("sender", &name), ("link", &link)])
}

/// What comes back to an answer that we cannot read, or that could mean several appointments.
pub fn not_read(sender: &Sender, locale: Locale) -> String {
    locale.say("sms-not-read", &[("sender", &sender.name())])
}

/// The way to an account first, for whoever has one.
fn mail_links(has_account: bool, links: &Links, sender: &Sender, locale: Locale) -> Vec<ReminderLink> {
    let account =
        has_account.then(|| ("reminder-account", format!("{}/account/appointments", sender.public_url)));
    let answers = [("reminder-attend", links.attend.clone()), ("reminder-cancel", links.cancel.clone())];
    let all = account.into_iter().chain(answers);
    all.map(|(id, link)| ReminderLink { words: locale.say(id, &[]), link }).collect()
}

/// What it is about, as far as it may be named.
pub(super) fn facts(upcoming: &Upcoming, locale: Locale) -> Vec<ReminderFact> {
    let when = span_words(upcoming.start, upcoming.end, upcoming.zone, locale);
    let mut facts = vec![("reminder-when", when)];
    facts.extend(plain(upcoming, Some(&upcoming.practitioner_name)).map(|name| ("reminder-with", name)));
    let place =
        [plain(upcoming, upcoming.organization_name.as_ref()), plain(upcoming, Some(&upcoming.address))];
    let place: Vec<_> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        facts.push(("reminder-where", place.join(", ")));
    }
    facts.extend(plain(upcoming, upcoming.phone.as_ref()).map(|phone| ("reminder-phone", phone)));
    let said = facts.into_iter().map(|(id, value)| ReminderFact { label: locale.say(id, &[]), value });
    said.collect()
}

/// Something about the practice, if it may stand in a reminder of this appointment. Who wants every name gets those that tell
/// what for, too; what the practice keeps discreet stays so.
fn plain(upcoming: &Upcoming, name: Option<&String>) -> Option<String> {
    name.filter(|_| !upcoming.discreet).and_then(|name| clinical::shown(name, upcoming.names))
}

fn closing(upcoming: &Upcoming, has_account: bool, locale: Locale) -> Vec<String> {
    let mut ids = vec!["reminder-links"];
    if !has_account {
        ids.push("reminder-first-message");
    }
    if upcoming.discreet || upcoming.names == ReminderNames::None {
        ids.push("reminder-discreet");
    }
    ids.push("reminder-early");
    ids.push(if has_account { "reminder-stop" } else { "reminder-not-me" });
    ids.into_iter().map(|id| locale.say(id, &[])).collect()
}

/// The fullest of three wordings that is short enough, and how to answer or to end such messages.
fn text(upcoming: &Upcoming, way_out: WayOut, sender: &Sender, locale: Locale) -> String {
    let ends = match way_out {
        WayOut::Answer => Some(locale.say("sms-answers", &[])),
        WayOut::Account => {
            let page = format!("{}/account/profile", sender.public_url);
            Some(locale.say("sms-end", &[("page", &page)]))
        }
        WayOut::None => None,
    };
    let ends = ends.map(|words| format!(" {words}")).unwrap_or_default();
    let say = |id: &str, values: &[(&'static str, &str)]| format!("{}{ends}", locale.say(id, values));
    let name = sender.name();
    let start = short_start_words(upcoming.start, upcoming.zone, locale);
    let zone = wall_words(upcoming.zone, locale);
    let base = [("sender", name.as_str()), ("start", start.as_str()), ("zone", zone.as_str())];
    let (phone, practice) =
        (plain(upcoming, upcoming.phone.as_ref()), plain(upcoming, upcoming.organization_name.as_ref()));
    let fits = |text: &String| segments::parts(text) <= PARTS;
    let with_phone = phone.as_ref().map(|phone| [&base[..], &[("phone", phone.as_str())]].concat());
    let with_practice = with_phone.as_ref().zip(practice.as_ref()).map(|(values, practice)| {
        say("sms-reminder-practice", &[&values[..], &[("practice", practice.as_str())]].concat())
    });
    let with_phone = with_phone.as_ref().map(|values| say("sms-reminder-phone", values));
    let fullest = with_practice.filter(fits).or_else(|| with_phone.filter(fits));
    // Who has no address was sent no e-mail.
    let shortest = if upcoming.email.expose().is_empty() { "sms-reminder-no-mail" } else { "sms-reminder" };
    fullest.unwrap_or_else(|| say(shortest, &base))
}

#[cfg(test)]
mod tests;
