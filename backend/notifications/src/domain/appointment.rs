//! Messages about an appointment. They name neither profession nor appointment type, and but for the confirmation no name that would
//! tell of either ([`clinical::shown`]); a discreet one names neither practitioner nor practice nor place, which are behind its link. Their
//! words are in `locales/`.

use askama::Template as _;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar_file::{self, Method, one_line};
use shared_types::{
    AudCents, Zone,
    bookings::{
        AppointmentFact, AppointmentStatus, ManageCodeFact, dispute::DISPUTE_DAYS, practice::ChangeReason,
    },
    payments::quote::QuoteTerms,
    time::clocks_differ,
};

use super::{
    calendar, clinical,
    locale::Locale,
    message::{About, Calendar, Content, Draft, Template},
    reader::Reader,
    sender::Sender,
    templates::{
        ChangeHtml, ChangeText, ChangeWords, CodeHtml, CodeText, CodeWords, ReminderFact, ReminderLink,
    },
    words::{amount_words, cancelled_words, cancelling_words, price_words, span_words, start_words},
};

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The practice was asked for it.
    Requested,
    /// It will take place.
    Confirmed,
    /// It takes place at another time.
    Moved,
    /// It will not take place.
    Cancelled,
    /// The practice did not take the request.
    NotTaken,
}

impl Change {
    /// How an appointment ended that stands there now.
    pub fn ended(status: AppointmentStatus) -> Self {
        match status {
            AppointmentStatus::Declined | AppointmentStatus::Expired => Self::NotTaken,
            AppointmentStatus::Requested
            | AppointmentStatus::AwaitingPayment
            | AppointmentStatus::Confirmed
            | AppointmentStatus::Arrived
            | AppointmentStatus::CheckedIn
            | AppointmentStatus::InConsult
            | AppointmentStatus::Completed
            | AppointmentStatus::Rescheduled
            | AppointmentStatus::CancelledByPatient
            | AppointmentStatus::CancelledLate
            | AppointmentStatus::CancelledByProvider
            | AppointmentStatus::CancelledByAdmin
            | AppointmentStatus::NoShowPatient
            | AppointmentStatus::NoShowProvider
            | AppointmentStatus::EnteredInError => Self::Cancelled,
        }
    }

    fn template(self) -> Template {
        match self {
            Self::Requested => Template::AppointmentRequested,
            Self::Confirmed => Template::AppointmentConfirmed,
            Self::Moved => Template::AppointmentMoved,
            Self::Cancelled | Self::NotTaken => Template::AppointmentCancelled,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Requested => "requested-heading",
            Self::Confirmed => "confirmed-heading",
            Self::Moved => "moved-heading",
            Self::Cancelled => "cancelled-heading",
            Self::NotTaken => "not-taken-heading",
        }
    }

    fn subject(self) -> &'static str {
        match self {
            Self::Requested => "requested-subject",
            Self::Confirmed => "confirmed-subject",
            Self::Moved => "moved-subject",
            Self::Cancelled => "cancelled-subject",
            Self::NotTaken => "not-taken-subject",
        }
    }

    /// What calendars do; what is not agreed to stands in none.
    fn method(self) -> Option<Method> {
        match self {
            Self::Confirmed | Self::Moved => Some(Method::Publish),
            Self::Cancelled => Some(Method::Cancel),
            Self::Requested | Self::NotTaken => None,
        }
    }

    fn stands(self) -> bool {
        match self {
            Self::Requested | Self::Confirmed | Self::Moved => true,
            Self::Cancelled | Self::NotTaken => false,
        }
    }

    fn link_words(self) -> &'static str {
        match self {
            Self::Requested => "requested-link",
            Self::Confirmed | Self::Moved | Self::Cancelled | Self::NotTaken => "appointment-link",
        }
    }
}

/// The message about a change, as told at `told_at`, for its reader.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    change: Change,
    fact: &AppointmentFact,
    reader: Reader,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    let Reader { own, names, locale } = reader;
    let whole = fact;
    let fact = &match change {
        Change::Confirmed => whole.clone(),
        Change::Requested | Change::Moved | Change::Cancelled | Change::NotTaken => {
            clinical::as_shown(whole, names)
        }
    };
    let hides = fact.discreet || fact.role != whole.role;
    // A link that leads nowhere any more would only worry.
    let token = fact.manage_token.as_ref().filter(|_| change.stands());
    let link = token.map(|token| sender.manage_link(token.expose()));
    let name = one_line(fact.patient_name.expose());
    let words = ChangeWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say(change.heading(), &[]),
        sentences: sentences(change, fact, told_at, locale),
        facts: facts(change, fact, own, locale),
        link: link.map(|link| ReminderLink { words: locale.say(change.link_words(), &[]), link }),
        link_note: locale.say("appointment-link-note", &[]),
        closing: closing(change, fact, sender, (token.is_some(), hides), locale),
        why: locale.say("service-message", &[]),
    };
    let start = start_words(fact.start, fact.role.time_zone, locale);
    let link = words.link.as_ref().map(|link| link.link.as_str());
    let content = Content {
        subject: locale.say(change.subject(), &[("start", &start)]),
        body_text: ChangeText { words: &words }.render()?,
        body_html: ChangeHtml { words: &words }.render()?,
        calendar: change.method().map(|method| Calendar {
            method: method.code().to_owned(),
            file: calendar_file::write_all(
                method,
                &[(fact, calendar::words(fact, link, locale))],
                &sender.organizer(),
                told_at,
            ),
        }),
    };
    Ok(Draft {
        template: change.template(),
        about: About::Booking(fact.booking_id),
        organization_id: fact.role.organization_id,
        recipient: fact.email.clone(),
        content: content.into(),
    })
}

fn sentences(change: Change, fact: &AppointmentFact, told_at: Timestamp, locale: Locale) -> Vec<String> {
    let said = match change {
        Change::Requested => Some("requested-first"),
        Change::Confirmed => None,
        Change::Moved => Some("moved-note"),
        // A card was not charged, and no other one was given in time.
        Change::Cancelled | Change::NotTaken if was_not_paid(fact) => Some("cancelled-unpaid"),
        Change::Cancelled if owes_fee(fact) => return owed_words(fact, told_at, locale),
        Change::Cancelled | Change::NotTaken => cancelled_words(fact.status, fact.bulk_billed),
    };
    said.map(|id| locale.say(id, &[])).into_iter().collect()
}

/// Whether it was cancelled so late that a fee is owed, and how much is known.
fn owes_fee(fact: &AppointmentFact) -> bool {
    fact.status == AppointmentStatus::CancelledLate
        && !fact.bulk_billed
        && fact.late_fee_cents > AudCents::ZERO
}

/// That fee, and until when and where one says that it is not right.
fn owed_words(fact: &AppointmentFact, told_at: Timestamp, locale: Locale) -> Vec<String> {
    let fee = amount_words(fact.late_fee_cents, locale);
    let by = told_at.saturating_add(SignedDuration::from_hours(DISPUTE_DAYS * 24)).unwrap_or(told_at);
    let by = start_words(by, fact.role.time_zone, locale);
    let say = match fact.account_id {
        Some(_) => "cancelled-late-say-account",
        None => "cancelled-late-say-link",
    };
    vec![locale.say("cancelled-late-fee", &[("fee", &fee)]), locale.say(say, &[("by", &by)])]
}

/// Whether that is why it was cancelled: bookings gives no reason of its own for any other cancellation of ours.
fn was_not_paid(fact: &AppointmentFact) -> bool {
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    fact.status == AppointmentStatus::CancelledByAdmin
        && fact.reason == Some(ChangeReason::Other)
        && terms.is_some_and(QuoteTerms::needs_payment_step)
}

pub(super) fn facts(
    change: Change,
    fact: &AppointmentFact,
    own: Option<Zone>,
    locale: Locale,
) -> Vec<ReminderFact> {
    let on_clocks = |zone| span_words(fact.start, fact.end, zone, locale);
    let mut facts = vec![("reminder-when", on_clocks(fact.role.time_zone))];
    // Nobody travels to a visit by video or phone, so it is on their own clock, too.
    let elsewhere = own.filter(|own| fact.telehealth && clocks_differ(*own, fact.role.time_zone, fact.start));
    facts.extend(elsewhere.map(|own| ("appointment-own-clock", on_clocks(own))));
    if let (Change::Requested, Some(until)) = (change, fact.reply_by) {
        facts.push(("requested-answer-by", start_words(until, fact.role.time_zone, locale)));
    }
    facts.extend(whom_and_where(fact));
    if change.stands() {
        facts.push(("appointment-price", price_words(fact, locale)));
        facts.push(("appointment-cancelling", cancelling_words(fact, locale)));
    }
    facts.into_iter().map(|(id, value)| ReminderFact { label: locale.say(id, &[]), value }).collect()
}

/// With whom it is, where, and whom to call, as far as that is to be said, each with the id of its label.
pub(super) fn whom_and_where(fact: &AppointmentFact) -> Vec<(&'static str, String)> {
    if fact.discreet {
        return Vec::new();
    }
    let name = Some(one_line(&fact.role.name)).filter(|name| !name.is_empty());
    let phone = fact.role.phone.as_ref().map(|phone| one_line(phone));
    let said = [
        ("reminder-with", name),
        ("reminder-where", calendar_file::place(fact)),
        ("appointment-phone", phone),
    ];
    said.into_iter().filter_map(|(id, value)| Some((id, value?))).collect()
}

fn closing(
    change: Change,
    fact: &AppointmentFact,
    sender: &Sender,
    (has_link, hides): (bool, bool),
    locale: Locale,
) -> Vec<String> {
    let mut closing = Vec::new();
    if change.stands() && !has_link {
        closing.push(locale.say("reminder-first-message", &[]));
    }
    if change.stands() && hides {
        closing.push(locale.say("reminder-discreet", &[]));
    }
    closing.extend(asked_first(change, fact, sender, locale));
    closing.extend(another_time(change, fact, sender, locale));
    closing.push(not_me(change, fact, sender, has_link, locale));
    closing
}

/// Where one goes to be asked first about the practice's next free times, since it did not keep this one.
fn asked_first(change: Change, fact: &AppointmentFact, sender: &Sender, locale: Locale) -> Option<String> {
    let lost = match fact.status {
        AppointmentStatus::CancelledByProvider | AppointmentStatus::NoShowProvider => true,
        AppointmentStatus::CancelledByAdmin => !was_not_paid(fact),
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::EnteredInError => false,
    };
    let asked = fact.reason == Some(ChangeReason::PatientAsked);
    // Nobody can wait for who is not booked here any more.
    let offered = lost && change == Change::Cancelled && !asked && fact.role.bookable;
    let page = format!("{}/book/confirmed/{}", sender.public_url, fact.appointment_id);
    offered.then(|| locale.say("cancelled-asked-first", &[("page", &page)]))
}

/// Where one books another time, since the practice did not take that one. A guest is led to the practitioner's times, which need no
/// proof, unless the address of that page would name whom the letter does not.
fn another_time(change: Change, fact: &AppointmentFact, sender: &Sender, locale: Locale) -> Option<String> {
    if change != Change::NotTaken || !fact.role.bookable {
        return None;
    }
    let is_named = !fact.discreet && !fact.role.slug.is_empty();
    let page = if fact.account_id.is_none() && is_named {
        format!("{}/providers/{}", sender.public_url, fact.role.slug)
    } else {
        format!("{}/book/confirmed/{}", sender.public_url, fact.appointment_id)
    };
    Some(locale.say("not-taken-another-time", &[("page", &page)]))
}

/// What to do when somebody else used one's address.
fn not_me(change: Change, fact: &AppointmentFact, sender: &Sender, has_link: bool, locale: Locale) -> String {
    let mut ways = Vec::new();
    if change.stands() {
        let id = if has_link { "appointment-not-me-link" } else { "appointment-not-me-first-link" };
        ways.push(locale.say(id, &[]));
    }
    if sender.takes_replies() {
        ways.push(locale.say("appointment-not-me-reply", &[]));
    }
    if let (false, Some(phone)) = (fact.discreet, &fact.role.phone) {
        ways.push(locale.say("appointment-not-me-call", &[("phone", &one_line(phone))]));
    }
    if ways.is_empty() {
        return locale.say("appointment-not-me-nothing", &[]);
    }
    let ways = ways.join(&locale.say("appointment-or", &[]));
    locale.say("appointment-not-me", &[("ways", &ways)])
}

/// The message with a code, asked for at `asked_at`, in a language.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write_code(fact: &ManageCodeFact, asked_at: Timestamp, locale: Locale) -> askama::Result<Draft> {
    let left = fact.expires_at.duration_since(asked_at).max(SignedDuration::ZERO);
    let minutes = left.as_mins();
    let words = CodeWords {
        lang: locale.tag(),
        heading: locale.say("code-heading", &[]),
        enter: locale.say("code-enter", &[]),
        code: one_line(fact.code.expose()),
        lasts: locale.say_with_numbers("code-lasts", &[("minutes", minutes.into())], &[]),
        not_me: locale.say("code-not-me", &[]),
    };
    let content = Content {
        // Without the digits: subjects are shown on locked screens.
        subject: words.heading.clone(),
        body_text: CodeText { words: &words }.render()?,
        body_html: CodeHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::ManageCode,
        about: About::Booking(fact.booking_id),
        organization_id: None,
        recipient: fact.email.clone(),
        content: content.into(),
    })
}

#[cfg(test)]
mod tests;
