//! Messages about an appointment. They name neither profession nor appointment type; a discreet one names neither
//! practitioner nor practice nor place, which are behind its link.

use askama::Template as _;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar_file::{self, Method, one_line};
use shared_types::{
    Zone,
    bookings::{AppointmentFact, AppointmentStatus, ManageCodeFact, practice::ChangeReason},
    payments::quote::QuoteTerms,
    time::clocks_differ,
};

use super::{
    message::{About, Calendar, Content, Draft, Template},
    sender::Sender,
    templates::{AppointmentHtml, AppointmentText, AppointmentWords, CodeHtml, CodeText, CodeWords, Fact},
    words::{cancelled_words, cancelling_words, price_words, span_words, start_words},
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
            Self::Requested => "Your request is with the practice",
            Self::Confirmed => "Your appointment is confirmed",
            Self::Moved => "Your appointment has moved",
            Self::Cancelled => "Your appointment is cancelled",
            Self::NotTaken => "Your request was not taken",
        }
    }

    fn subject(self, start: &str) -> String {
        match self {
            Self::Requested => format!("Appointment requested: {start}"),
            Self::Confirmed => format!("Appointment confirmed: {start}"),
            Self::Moved => format!("Appointment moved: now {start}"),
            Self::Cancelled => format!("Appointment cancelled: {start}"),
            Self::NotTaken => format!("Request not taken: {start}"),
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
            Self::Requested => "See or withdraw it",
            Self::Confirmed | Self::Moved | Self::Cancelled | Self::NotTaken => "See, move or cancel it",
        }
    }
}

/// The message about a change, as told at `told_at`. `own` is on which clocks its reader reads times.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    change: Change,
    fact: &AppointmentFact,
    own: Option<Zone>,
    sender: &Sender,
    told_at: Timestamp,
) -> askama::Result<Draft> {
    // A link that leads nowhere any more would only worry.
    let token = fact.manage_token.as_ref().filter(|_| change.stands());
    let link = token.map(|token| sender.manage_link(token.expose()));
    let words = AppointmentWords {
        name: one_line(fact.patient_name.expose()),
        heading: change.heading(),
        sentences: sentences(change, fact),
        facts: facts(change, fact, own),
        link_words: change.link_words(),
        closing: closing(change, fact, sender, link.is_some()),
        link,
    };
    let content = Content {
        subject: change.subject(&start_words(fact.start, fact.role.time_zone)),
        body_text: AppointmentText { words: &words }.render()?,
        body_html: AppointmentHtml { words: &words }.render()?,
        calendar: change.method().map(|method| Calendar {
            method: method.code().to_owned(),
            file: calendar_file::write(method, fact, &sender.organizer(), words.link.as_deref(), told_at),
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

fn sentences(change: Change, fact: &AppointmentFact) -> Vec<&'static str> {
    match change {
        Change::Requested => vec!["The practice answers first. The time is kept for you until then."],
        Change::Confirmed => vec![],
        Change::Moved => vec!["Please note the new time. The old one is no longer yours."],
        Change::Cancelled | Change::NotTaken => {
            let cost =
                if was_not_paid(fact) { UNPAID } else { cancelled_words(fact.status, fact.bulk_billed) };
            [cost].into_iter().filter(|sentence| !sentence.is_empty()).collect()
        }
    }
}

/// What is said where a card was not charged and no other one was given in time.
const UNPAID: &str =
    "Your card could not be charged, and no other one was given in time. There is nothing to pay.";

/// Whether that is why it was cancelled: bookings gives no reason of its own for any other cancellation of ours.
fn was_not_paid(fact: &AppointmentFact) -> bool {
    let terms = fact.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    fact.status == AppointmentStatus::CancelledByAdmin
        && fact.reason == Some(ChangeReason::Other)
        && terms.is_some_and(QuoteTerms::needs_payment_step)
}

pub(super) fn facts(change: Change, fact: &AppointmentFact, own: Option<Zone>) -> Vec<Fact> {
    let mut facts = vec![("When", span_words(fact.start, fact.end, fact.role.time_zone))];
    // Nobody travels to a visit by video or phone, so it is on their own clock, too.
    let elsewhere = own.filter(|own| fact.telehealth && clocks_differ(*own, fact.role.time_zone, fact.start));
    facts.extend(elsewhere.map(|own| ("On your clock", span_words(fact.start, fact.end, own))));
    if let (Change::Requested, Some(until)) = (change, fact.reply_by) {
        facts.push(("Answer by", start_words(until, fact.role.time_zone)));
    }
    if !fact.discreet {
        facts.push(("With", one_line(&fact.role.name)));
        facts.extend(calendar_file::place(fact).map(|place| ("Where", place)));
        facts.extend(fact.role.phone.as_ref().map(|phone| ("Practice phone", one_line(phone))));
    }
    if change.stands() {
        facts.push(("Price", price_words(fact)));
        facts.push(("Cancelling", cancelling_words(fact)));
    }
    facts.into_iter().map(|(label, value)| Fact { label, value }).collect()
}

fn closing(change: Change, fact: &AppointmentFact, sender: &Sender, has_link: bool) -> Vec<String> {
    let mut closing = Vec::new();
    if change.stands() && !has_link {
        closing.push("To see, move or cancel it, use the link in our first message about it.".to_owned());
    }
    if change.stands() && fact.discreet {
        closing.push("Your booking page also shows with whom and where it is.".to_owned());
    }
    closing.extend(asked_first(change, fact, sender));
    closing.push(not_me(change, fact, sender, has_link));
    closing
}

/// Where one goes to be asked first about the practice's next free times, since it did not keep this one.
fn asked_first(change: Change, fact: &AppointmentFact, sender: &Sender) -> Option<String> {
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
    offered
        .then(|| format!("You come first when time frees up there. See how, and join the waitlist: {page}"))
}

/// What to do when somebody else used one's address.
fn not_me(change: Change, fact: &AppointmentFact, sender: &Sender, has_link: bool) -> String {
    let mut ways = Vec::new();
    if change.stands() {
        let link = if has_link { "the link" } else { "the link in our first message about it" };
        ways.push(format!("open {link} and cancel it"));
    }
    if sender.takes_replies() {
        ways.push("reply to this message".to_owned());
    }
    if let (false, Some(phone)) = (fact.discreet, &fact.role.phone) {
        ways.push(format!("call the practice on {}", one_line(phone)));
    }
    if ways.is_empty() {
        "If you did not make this booking, you need do nothing more.".to_owned()
    } else {
        format!("If you did not make this booking, {}.", ways.join(", or "))
    }
}

/// The message with a code, asked for at `asked_at`.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write_code(fact: &ManageCodeFact, asked_at: Timestamp) -> askama::Result<Draft> {
    let left = fact.expires_at.duration_since(asked_at).max(SignedDuration::ZERO);
    let words = CodeWords {
        heading: "Your code for your appointment",
        code: one_line(fact.code.expose()),
        minutes: left.as_mins(),
    };
    let content = Content {
        // Without the digits: subjects are shown on locked screens.
        subject: words.heading.to_owned(),
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
