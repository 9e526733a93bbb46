//! What a text message says in the place of a letter that could not be delivered, or that there is no address for. Like a reminder it
//! names neither profession nor appointment type nor anybody; what else the letter said is in the account. It carries no link.

use jiff::{SignedDuration, Timestamp};
use shared_types::{Zone, users::AccountMail};

use super::{
    locale::Locale,
    message::Template,
    sender::Sender,
    words::{short_start_words, wall_words},
};

/// What begins or ends so soon after a night is told in it.
const SOON: SignedDuration = SignedDuration::from_hours(3);

/// The letters that have such words. Codes and links that prove who reads a mail have none, nor what is about an account and not
/// about a visit; of a reminder its plan says which way it goes.
pub const TOLD: [Template; 22] = [
    Template::AppointmentRequested,
    Template::AppointmentConfirmed,
    Template::SeriesConfirmed,
    Template::AppointmentMoved,
    Template::AppointmentCancelled,
    Template::TimeProposed,
    Template::VisitPresumed,
    Template::NoShowNoted,
    Template::DisputeOpened,
    Template::DisputeDecided,
    Template::PaymentFailed,
    Template::FeeFailed,
    Template::BalanceFailed,
    Template::RefundMade,
    Template::RefundFailed,
    Template::ChargeAsked,
    Template::InvoiceIssued,
    Template::AssignmentAsked,
    Template::AssignmentChanged,
    Template::AgreementAsked,
    Template::AgreementChanged,
    Template::Account(AccountMail::TimeOffered),
];

/// What says where an appointment stands, and what asks its patient for something until it is cancelled.
const OVER_ONCE_CANCELLED: [Template; 7] = [
    Template::AppointmentRequested,
    Template::AppointmentConfirmed,
    Template::AppointmentMoved,
    Template::AppointmentCancelled,
    Template::PaymentFailed,
    Template::ChargeAsked,
    Template::AssignmentAsked,
];

/// What is not true of a booking any more once those news of it are told. Of a series its own visits say what is left to tell.
pub fn overtaken_by(news: Template) -> Vec<Template> {
    let is_over = |told: &Template| told.is_news() || news == Template::AppointmentCancelled;
    OVER_ONCE_CANCELLED.into_iter().filter(is_over).collect()
}

/// Whether it is true only as long as its appointment stands and lies ahead.
pub fn is_of_a_visit_to_come(template: Template) -> bool {
    template.is_news() && template != Template::AppointmentCancelled
}

/// The letter with that name in the database, if it has such words.
pub fn told(code: &str) -> Option<Template> {
    TOLD.into_iter().find(|template| template.code() == code)
}

/// What is known of what the letter is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// When the appointment begins.
    pub start: Option<Timestamp>,
    /// On whose clocks.
    pub zone: Option<Zone>,
    /// Until when one can answer.
    pub until: Option<Timestamp>,
    /// Whether it goes to a guest, who has no account to look at.
    pub is_guest: bool,
}

/// The words; none for a letter that goes by mail or not at all.
pub fn write(template: Template, known: Known, sender: &Sender, locale: Locale) -> Option<String> {
    let (id, sender) = (id(template)?, sender.name());
    let on_clocks = |instant, zone| (short_start_words(instant, zone, locale), wall_words(zone, locale));
    let start = known.start.zip(known.zone).map(|(start, zone)| on_clocks(start, zone));
    let on = |id: &str| {
        start
            .as_ref()
            .map(|(start, zone)| locale.say(id, &[("start", start.as_str()), ("zone", zone.as_str())]))
    };
    let appointment = on("sms-this-appointment").unwrap_or_else(|| locale.say("sms-an-appointment", &[]));
    let mut sentences = vec![locale.say(id, &[("sender", &sender), ("appointment", &appointment)])];
    sentences.extend(on("sms-now").filter(|_| template == Template::AppointmentMoved));
    let end = known.until.zip(known.zone).map(|(until, zone)| {
        let (until, zone) = on_clocks(until, zone);
        let says_zone = sentences.iter().any(|said| said.contains(&zone));
        let id = if says_zone { "sms-until" } else { "sms-until-zone" };
        locale.say(id, &[("until", until.as_str()), ("zone", zone.as_str())])
    });
    sentences.extend(end);
    sentences.push(locale.say(if known.is_guest { "sms-practice" } else { "sms-account" }, &[]));
    Some(sentences.join(" "))
}

/// When it goes, if whoever gets it sleeps until `awake`: in the morning, unless what it is about begins or ends by then or soon after.
pub fn due(now: Timestamp, awake: Timestamp, ends: [Option<Timestamp>; 2]) -> Timestamp {
    let is_urgent = ends.into_iter().flatten().any(|end| now < end && end < awake + SOON);
    if is_urgent { now } else { awake }
}

fn id(template: Template) -> Option<&'static str> {
    Some(match template {
        Template::AppointmentRequested => "sms-requested",
        Template::AppointmentConfirmed => "sms-confirmed",
        Template::SeriesConfirmed => "sms-series",
        Template::AppointmentMoved => "sms-moved",
        Template::AppointmentCancelled => "sms-cancelled",
        Template::TimeProposed => "sms-proposed",
        Template::VisitPresumed => "sms-presumed",
        Template::NoShowNoted => "sms-no-show",
        Template::DisputeOpened => "sms-disputed",
        Template::DisputeDecided => "sms-decided",
        Template::PaymentFailed => "sms-not-charged",
        Template::FeeFailed => "sms-fee",
        Template::BalanceFailed => "sms-balance",
        Template::RefundMade => "sms-refund",
        Template::RefundFailed => "sms-refund-failed",
        Template::ChargeAsked => "sms-higher-price",
        Template::InvoiceIssued => "sms-receipt",
        Template::AssignmentAsked => "sms-benefit",
        Template::AssignmentChanged => "sms-benefit-changed",
        Template::AgreementAsked => "sms-agreement",
        Template::AgreementChanged => "sms-agreement-changed",
        Template::Account(mail) => return of_account(mail),
        // Of lateness a text message says as much as the letter does: `lateness` has its words.
        Template::RunningLate
        | Template::ManageCode
        | Template::Reminder(_)
        | Template::TextAnswer
        | Template::Invitation => return None,
    })
}

fn of_account(mail: AccountMail) -> Option<&'static str> {
    match mail {
        AccountMail::TimeOffered => Some("sms-offered"),
        AccountMail::VerifyEmail
        | AccountMail::AccountExists
        | AccountMail::ResetPassword
        | AccountMail::ChangeEmail
        | AccountMail::NewDevice
        | AccountMail::PasswordChanged
        | AccountMail::EmailChanged
        | AccountMail::SignInChanged
        | AccountMail::SessionEnded
        | AccountMail::AccountClosed
        | AccountMail::PatientStatement
        | AccountMail::RequestWaits
        | AccountMail::AbsenceSaid
        | AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::MistakeToDecide
        | AccountMail::WebhookStopped => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{Zone, users::AccountMail};

    use super::{Known, TOLD, due, is_of_a_visit_to_come, overtaken_by, told, write};
    use crate::domain::{
        clinical,
        fixtures::{sender, upcoming},
        locale::Locale,
        message::Template,
        plan::Kind,
        segments,
    };

    fn at(instant: &str) -> Timestamp {
        instant.parse().unwrap()
    }

    fn known() -> Known {
        Known {
            start: Some(upcoming().start),
            zone: Some(Zone::SYDNEY),
            until: Some(at("2026-11-23T06:00:00Z")),
            is_guest: false,
        }
    }

    fn text(template: Template, known: Known) -> String {
        write(template, known, &sender(), Locale::English).unwrap()
    }

    #[test]
    fn every_letter_that_is_told_by_text_has_words_that_are_short_and_name_nobody() {
        for template in TOLD {
            assert_eq!(told(template.code()), Some(template));
            for (known, end) in [
                (known(), " Details are in your account."),
                (Known::default(), " Details are in your account."),
                (Known { is_guest: true, ..known() }, " For details, call the practice."),
            ] {
                let text = text(template, known);
                assert!(text.starts_with("HelloMapper: "), "{text}");
                assert!(text.ends_with(end), "{text}");
                assert!(clinical::is_plain(&text), "{text}");
                assert!(segments::parts(&text) <= 2, "{} parts: {text}", segments::parts(&text));
                assert!(!text.contains("http") && !text.contains('{'), "{text}");
            }
        }
    }

    #[test]
    fn a_text_says_what_happened_and_when_it_is() {
        let known = Known { until: None, ..known() };
        assert_eq!(
            text(Template::AppointmentConfirmed, known),
            "HelloMapper: your appointment on Tue 24 Nov, 9:15 am (Sydney time) is confirmed. Details are in your account."
        );
        assert_eq!(
            text(Template::AppointmentMoved, known),
            "HelloMapper: an appointment of yours has moved. It is now on Tue 24 Nov, 9:15 am (Sydney time). Details are in \
             your account."
        );
        assert_eq!(
            text(Template::AppointmentCancelled, Known::default()),
            "HelloMapper: an appointment of yours will not take place. Details are in your account."
        );
    }

    #[test]
    fn what_ends_says_when_and_on_whose_clocks() {
        let proposed = text(Template::TimeProposed, known());
        assert!(proposed.contains("9:15 am (Sydney time)."), "{proposed}");
        assert!(proposed.contains(" Please answer by Mon 23 Nov, 5:00 pm. "), "{proposed}");
        for (template, start) in [
            (Template::TimeProposed, None),
            (Template::Account(AccountMail::TimeOffered), None),
            (Template::Account(AccountMail::TimeOffered), known().start),
        ] {
            let text = text(template, Known { start, ..known() });
            assert!(text.contains(" Please answer by Mon 23 Nov, 5:00 pm (Sydney time). "), "{text}");
        }
    }

    #[test]
    fn an_agreement_for_more_than_one_visit_names_none() {
        for template in [Template::AgreementAsked, Template::AgreementChanged] {
            let text = text(template, Known { until: None, ..known() });
            assert!(!text.contains("24 Nov") && text.contains("your visits"), "{text}");
        }
    }

    #[test]
    fn a_cancellation_overtakes_what_was_asked_for_too() {
        let moved = overtaken_by(Template::AppointmentMoved);
        assert!(
            moved.contains(&Template::AppointmentConfirmed) && !moved.contains(&Template::AssignmentAsked)
        );
        let cancelled = overtaken_by(Template::AppointmentCancelled);
        for template in [Template::AppointmentConfirmed, Template::AssignmentAsked, Template::ChargeAsked] {
            assert!(cancelled.contains(&template), "{template:?}");
        }
        for template in [Template::AgreementAsked, Template::SeriesConfirmed, Template::FeeFailed] {
            assert!(!cancelled.contains(&template), "{template:?}");
        }
        assert!(is_of_a_visit_to_come(Template::AppointmentRequested));
        assert!(!is_of_a_visit_to_come(Template::AppointmentCancelled));
    }

    #[test]
    fn what_shows_that_somebody_reads_a_mail_is_never_told_by_text() {
        for template in [
            Template::ManageCode,
            Template::Reminder(Kind::TwoDays),
            Template::RunningLate,
            Template::Invitation,
            Template::Account(AccountMail::ResetPassword),
            Template::Account(AccountMail::NewDevice),
        ] {
            assert_eq!(write(template, known(), &sender(), Locale::English), None, "{template:?}");
            assert_eq!(told(template.code()), None, "{template:?}");
        }
    }

    #[test]
    fn a_night_holds_back_what_can_wait() {
        let (now, awake) = (at("2026-11-22T14:00:00Z"), at("2026-11-22T21:00:00Z"));
        for (ends, expected) in [
            ([None, None], awake),
            // Long after the morning, or over by now.
            ([Some(at("2026-11-23T22:15:00Z")), None], awake),
            ([Some(at("2026-11-22T04:00:00Z")), None], awake),
            // Soon after it, or before it.
            ([Some(at("2026-11-22T23:59:00Z")), None], now),
            ([Some(at("2026-11-23T22:15:00Z")), Some(at("2026-11-22T16:00:00Z"))], now),
        ] {
            assert_eq!(due(now, awake, ends), expected, "{ends:?}");
        }
        assert_eq!(due(now, now, [None, None]), now);
    }
}
