//! Messages about somebody's account. They name nobody, and nothing of what the account holds.

use askama::Template as _;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar_file::one_line;
use shared_types::users::{AccountMail, MailRequest};

use super::{
    locale::Locale,
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{AccountHtml, AccountText, AccountWords},
    words::{start_words, wall_words},
};

/// Writes the message that users asked for, in a language.
///
/// # Errors
/// When a template cannot be rendered.
pub fn write(
    request: &MailRequest,
    sender: &Sender,
    asked_at: Timestamp,
    locale: Locale,
) -> askama::Result<Draft> {
    let words = words(request, sender, asked_at, locale);
    let content = Content {
        subject: words.heading.clone(),
        body_text: AccountText { words: &words }.render()?,
        body_html: AccountHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::Account(request.mail),
        about: About::Account(request.account_id),
        organization_id: None,
        recipient: request.email.clone(),
        content: content.into(),
    })
}

fn words(request: &MailRequest, sender: &Sender, asked_at: Timestamp, locale: Locale) -> AccountWords {
    let say = |id: &str| locale.say(id, &[]);
    let [heading, said, link_words] = meaning(request.mail);
    let device = request.device.as_deref().map(one_line);
    let device = device.map(|device| locale.say("account-device", &[("device", &device)]));
    let lasts = request.expires_at.and_then(|end| match request.mail {
        AccountMail::TimeOffered => Some(kept_for(end, asked_at, locale)),
        // Until when it can be answered stands beside what happened.
        AccountMail::RequestWaits | AccountMail::AbsenceSaid => None,
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
        | AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::MistakeToDecide
        | AccountMail::WebhookStopped => Some(lasting(end, asked_at, locale)),
    });
    let closing = lasts.into_iter().chain([otherwise(request.mail), "account-message"].map(say));
    AccountWords {
        lang: locale.tag(),
        heading: say(heading),
        sentences: [Some(say(said)), answer_until(request, locale), device].into_iter().flatten().collect(),
        link: Some(link(request, sender)),
        link_words: say(link_words),
        closing: closing.collect(),
    }
}

/// Heading, what happened, and what the link does, as the ids of their words.
fn meaning(mail: AccountMail) -> [&'static str; 3] {
    match mail {
        AccountMail::VerifyEmail => ["verify-email-heading", "verify-email-said", "verify-email-link"],
        AccountMail::AccountExists => {
            ["account-exists-heading", "account-exists-said", "account-exists-link"]
        }
        AccountMail::ResetPassword => {
            ["reset-password-heading", "reset-password-said", "reset-password-link"]
        }
        AccountMail::ChangeEmail => ["change-email-heading", "change-email-said", "change-email-link"],
        AccountMail::NewDevice => ["new-device-heading", "new-device-said", "signed-in-link"],
        AccountMail::PasswordChanged => {
            ["password-changed-heading", "password-changed-said", "signed-in-link"]
        }
        AccountMail::EmailChanged => ["email-changed-heading", "email-changed-said", "email-changed-link"],
        AccountMail::SignInChanged => {
            ["sign-in-changed-heading", "sign-in-changed-said", "sign-in-changed-link"]
        }
        AccountMail::SessionEnded => ["session-ended-heading", "session-ended-said", "signed-in-link"],
        AccountMail::AccountClosed => {
            ["account-closed-heading", "account-closed-said", "account-closed-link"]
        }
        AccountMail::PatientStatement => ["statement-heading", "statement-said", "statement-link"],
        AccountMail::TimeOffered => ["offered-heading", "offered-said", "offered-link"],
        AccountMail::RequestWaits => {
            ["practice-request-heading", "practice-request-said", "practice-request-link"]
        }
        AccountMail::AbsenceSaid => {
            ["practice-absence-heading", "practice-absence-said", "practice-calendar-link"]
        }
        AccountMail::DisputeOpened => {
            ["practice-dispute-heading", "practice-dispute-said", "practice-calendar-link"]
        }
        AccountMail::DisputeDecided => {
            ["practice-decided-heading", "practice-decided-said", "practice-decided-link"]
        }
        AccountMail::MistakeAsked => {
            ["mistake-asked-heading", "mistake-asked-said", "practice-calendar-link"]
        }
        AccountMail::MistakeToDecide => {
            ["mistake-decide-heading", "mistake-decide-said", "sign-in-and-answer"]
        }
        AccountMail::WebhookStopped => {
            ["webhook-stopped-heading", "webhook-stopped-said", "webhook-stopped-link"]
        }
    }
}

fn link(request: &MailRequest, sender: &Sender) -> String {
    let page = match request.mail {
        AccountMail::VerifyEmail | AccountMail::ChangeEmail => "account/verify",
        AccountMail::ResetPassword => "account/reset",
        AccountMail::AccountExists => "account/forgotten",
        AccountMail::AccountClosed => "privacy",
        AccountMail::PatientStatement => "account",
        AccountMail::TimeOffered => "account/waitlist",
        AccountMail::RequestWaits => return calendar_link(request, sender, "requests"),
        AccountMail::AbsenceSaid => return calendar_link(request, sender, "disputes"),
        AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::WebhookStopped => "practice",
        AccountMail::MistakeToDecide => "admin/mistakes",
        AccountMail::NewDevice
        | AccountMail::PasswordChanged
        | AccountMail::EmailChanged
        | AccountMail::SignInChanged
        | AccountMail::SessionEnded => "account/security",
    };
    // After the `#`, so that the secret reaches no server's log on the way.
    let secret = request.token.as_ref().map(|token| format!("#{}", one_line(token.expose())));
    format!("{}/{page}{}", sender.public_url, secret.unwrap_or_default())
}

/// A page of the practice's calendar; where the request names no practice, the list of those that the reader works for.
fn calendar_link(request: &MailRequest, sender: &Sender, page: &str) -> String {
    match request.practice {
        Some(practice) => format!("{}/calendar/{}/{page}", sender.public_url, practice.organization_id),
        None => format!("{}/practice", sender.public_url),
    }
}

/// Until when a practice can answer what it is asked, on its own clocks.
fn answer_until(request: &MailRequest, locale: Locale) -> Option<String> {
    let (until, practice) = request.expires_at.zip(request.practice)?;
    let zone = practice.time_zone;
    let (until, zone) = (start_words(until, zone, locale), wall_words(zone, locale));
    Some(locale.say("practice-answer-until", &[("until", &until), ("zone", &zone)]))
}

fn lasting(end: Timestamp, asked_at: Timestamp, locale: Locale) -> String {
    let left = end.duration_since(asked_at).max(SignedDuration::ZERO);
    let (hours, minutes) = (left.as_hours(), left.as_mins());
    let id = match hours {
        0 => "account-link-minutes",
        1 => "account-link-hour",
        _ => "account-link-hours",
    };
    locale.say_with_numbers(id, &[("hours", hours.into()), ("minutes", minutes.into())], &[])
}

/// How long an offered time is kept, for somebody who reads it at once.
fn kept_for(end: Timestamp, asked_at: Timestamp, locale: Locale) -> String {
    let left = end.duration_since(asked_at).max(SignedDuration::ZERO);
    locale.say_with_numbers("offered-kept", &[("minutes", left.as_mins().into())], &[])
}

/// What to do when it was somebody else, as the id of its words.
fn otherwise(mail: AccountMail) -> &'static str {
    match mail {
        AccountMail::VerifyEmail
        | AccountMail::AccountExists
        | AccountMail::ResetPassword
        | AccountMail::ChangeEmail => "account-not-me-link",
        AccountMail::NewDevice
        | AccountMail::PasswordChanged
        | AccountMail::EmailChanged
        | AccountMail::SignInChanged
        | AccountMail::SessionEnded => "account-not-me-sign-in",
        AccountMail::AccountClosed => "account-not-me-closed",
        AccountMail::TimeOffered => "offered-otherwise",
        AccountMail::RequestWaits
        | AccountMail::AbsenceSaid
        | AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::MistakeToDecide => "practice-unnamed",
        AccountMail::WebhookStopped => "webhook-stopped-otherwise",
        AccountMail::PatientStatement => "statement-otherwise",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{
        Zone,
        users::{AccountMail, MailPractice, MailRequest},
    };
    use uuid::Uuid;

    use super::{Locale, Sender, write};

    fn request(mail: AccountMail) -> MailRequest {
        MailRequest {
            mail,
            account_id: Uuid::from_u128(1).into(),
            email: "ada@example.org".to_owned().into(),
            token: None,
            expires_at: None,
            device: None,
            practice: None,
        }
    }

    fn sender() -> Sender {
        Sender::new("HelloMapper <no-reply@example.org>", "https://hellomapper.example").unwrap()
    }

    #[test]
    fn a_link_keeps_its_secret_behind_the_hash_sign_and_says_for_how_long() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let request = MailRequest {
            token: Some("0123456789abcdef".to_owned().into()),
            expires_at: Some("2026-11-24T00:00:00Z".parse().unwrap()),
            ..request(AccountMail::VerifyEmail)
        };
        let draft = write(&request, &sender(), asked_at, Locale::English).unwrap();
        let content = draft.content.expose();
        for body in [&content.body_text, &content.body_html] {
            assert!(body.contains("https://hellomapper.example/account/verify#0123456789abcdef"), "{body}");
            assert!(body.contains("The link works for 24 hours, once."), "{body}");
        }
        assert_eq!(content.subject, "Confirm your e-mail address");
    }

    #[test]
    fn an_offered_time_says_for_how_long_it_is_kept_and_with_whom_it_is_not() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let request = MailRequest {
            expires_at: Some("2026-11-23T00:30:00Z".parse().unwrap()),
            ..request(AccountMail::TimeOffered)
        };
        let draft = write(&request, &sender(), asked_at, Locale::English).unwrap();
        let content = draft.content.expose();
        for body in [&content.body_text, &content.body_html] {
            assert!(body.contains("https://hellomapper.example/account/waitlist"), "{body}");
            assert!(body.contains("It is kept for 30 minutes from when we wrote this."), "{body}");
            assert!(!body.contains("The link works"), "{body}");
        }
    }

    #[test]
    fn a_practice_reads_until_when_it_can_answer_and_where_and_nothing_of_who_waits() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        for (mail, said, page) in [
            (AccountMail::RequestWaits, "A patient asks for a time with a practice", "requests"),
            (AccountMail::AbsenceSaid, "A patient says that nobody was there for them", "disputes"),
        ] {
            let practice =
                MailPractice { organization_id: Uuid::from_u128(4).into(), time_zone: Zone::SYDNEY };
            let request = MailRequest {
                expires_at: Some("2026-11-23T22:15:00Z".parse().unwrap()),
                practice: Some(practice),
                ..request(mail)
            };
            let draft = write(&request, &sender(), asked_at, Locale::English).unwrap();
            let content = draft.content.expose();
            let link = format!("https://hellomapper.example/calendar/{}/{page}", Uuid::from_u128(4));
            for body in [&content.body_text, &content.body_html] {
                assert!(body.contains(said) && body.contains(&link), "{body}");
                let until = "You can answer until Tuesday 24 November, 9:15 am, Sydney time.";
                assert!(body.contains(until) && !body.contains("The link works"), "{body}");
            }
        }
    }

    #[test]
    fn every_mail_has_a_heading_of_its_own_and_a_name_of_its_own() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let drafts =
            AccountMail::ALL.map(|mail| write(&request(mail), &sender(), asked_at, Locale::English).unwrap());
        let mut headings: Vec<_> =
            drafts.iter().map(|draft| draft.content.expose().subject.clone()).collect();
        headings.sort();
        headings.dedup();
        assert_eq!(headings.len(), AccountMail::ALL.len());
        let mut codes: Vec<_> = drafts.iter().map(|draft| draft.template.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), AccountMail::ALL.len());
    }

    #[test]
    fn a_new_place_is_named_by_its_kind_and_cannot_bring_lines_of_its_own() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let request = MailRequest {
            device: Some("Firefox on Linux\nBcc: x@y.z".to_owned()),
            ..request(AccountMail::NewDevice)
        };
        let draft = write(&request, &sender(), asked_at, Locale::English).unwrap();
        assert!(draft.content.expose().body_text.contains("It was Firefox on Linux Bcc: x@y.z."));
    }
}
