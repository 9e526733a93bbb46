//! Messages about somebody's account. They name nobody, and nothing of what the account holds.

use askama::Template as _;
use jiff::{SignedDuration, Timestamp};
use kernel::calendar_file::one_line;
use shared_types::users::{AccountMail, MailRequest};

use super::{
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{AccountHtml, AccountText, AccountWords},
};

/// Writes the message that users asked for.
///
/// # Errors
/// When a template cannot be rendered.
pub fn write(request: &MailRequest, sender: &Sender, asked_at: Timestamp) -> askama::Result<Draft> {
    let words = words(request, sender, asked_at);
    let content = Content {
        subject: words.heading.to_owned(),
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

fn words(request: &MailRequest, sender: &Sender, asked_at: Timestamp) -> AccountWords {
    let (heading, sentences, link_words) = meaning(request);
    let lasts = request.expires_at.map(|end| match request.mail {
        AccountMail::TimeOffered => kept_for(end, asked_at),
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
        | AccountMail::WebhookStopped => lasting(end, asked_at),
    });
    let mut closing: Vec<String> = lasts.into_iter().collect();
    closing.push(otherwise(request.mail).to_owned());
    closing.push("This message is about your account, so it cannot be switched off.".to_owned());
    AccountWords { heading, sentences, link: link(request, sender), link_words, closing }
}

/// Heading, what happened, and what the link does.
fn meaning(request: &MailRequest) -> (&'static str, Vec<String>, &'static str) {
    let (heading, sentence, link_words) = match request.mail {
        AccountMail::VerifyEmail => (
            "Confirm your e-mail address",
            "Somebody signed up with this address. Follow the link to complete it.",
            "Confirm and open the account",
        ),
        AccountMail::AccountExists => (
            "You already have an account",
            "Somebody tried to use this address for an account. It has one already, and nothing was changed.",
            "Choose a new password, if you forgot yours",
        ),
        AccountMail::ResetPassword => (
            "Choose a new password",
            "What is sealed stays closed until you also enter your recovery code, or sign in with a passkey.",
            "Choose a new password",
        ),
        AccountMail::ChangeEmail => (
            "Confirm your new e-mail address",
            "Somebody asked to use this address for their account from now on.",
            "Use this address",
        ),
        AccountMail::NewDevice => (
            "A new sign-in to your account",
            "Somebody signed in to your account.",
            "See where you are signed in",
        ),
        AccountMail::PasswordChanged => {
            ("Your password was changed", "Other places were signed out.", "See where you are signed in")
        }
        AccountMail::EmailChanged => (
            "Your e-mail address was changed",
            "Your account uses another address now, and this one no longer.",
            "See your account",
        ),
        AccountMail::SignInChanged => (
            "How you sign in was changed",
            "A passkey, the authenticator app or the recovery codes of your account were changed.",
            "See how you sign in",
        ),
        AccountMail::SessionEnded => (
            "We signed you out in one place",
            "A cookie of that place was used twice, which can mean that somebody copied it.",
            "See where you are signed in",
        ),
        AccountMail::AccountClosed => (
            "Your account is closed",
            "Everything that no law keeps is erased. Practices keep the record of your appointments, and appointments to \
             come still stand.",
            "What is kept, for how long, and how to complain",
        ),
        AccountMail::PatientStatement => (
            "A patient has added a statement",
            "A patient of a practice that you work for does not agree with something in their booking record, and has put \
             a statement beside it.",
            "Sign in and read it with the appointment",
        ),
        AccountMail::TimeOffered => (
            "A time is held for you",
            "A time that you wait for has become free. It is held for you, and nobody else can take it meanwhile.",
            "See the time, and take it or let it go",
        ),
        AccountMail::DisputeOpened => (
            "Somebody disputes what was noted of an appointment",
            "What was noted of an appointment with a practice that you work for is disputed. You can answer until an \
             administrator decides.",
            "Sign in and answer in the practice’s calendar",
        ),
        AccountMail::DisputeDecided => (
            "A dispute about an appointment is decided",
            "An administrator has decided what is noted of an appointment with a practice that you work for, and why.",
            "Sign in and read it in the practice’s calendar",
        ),
        AccountMail::MistakeAsked => (
            "You are asked to agree that an appointment is a mistake",
            "Somebody who runs a practice with you says that an appointment never was a real one. Money or a claim hangs on \
             it, so nothing changes until somebody else agrees.",
            "Sign in and answer in the practice’s calendar",
        ),
        AccountMail::MistakeToDecide => (
            "A practice asks you to agree that an appointment is a mistake",
            "Somebody says that an appointment never was a real one, and that nobody else of the practice may agree. Money \
             or a claim hangs on it, so nothing changes until somebody does.",
            "Sign in and answer",
        ),
        AccountMail::WebhookStopped => (
            "A webhook of your practice was switched off",
            "An address that your practice wanted to be told at has not answered for a day, so nothing is sent there any \
             more.",
            "Sign in, see what went wrong and switch it on again",
        ),
    };
    let device = request.device.as_deref().map(|device| format!("It was {}.", one_line(device)));
    (heading, [Some(sentence.to_owned()), device].into_iter().flatten().collect(), link_words)
}

fn link(request: &MailRequest, sender: &Sender) -> Option<String> {
    let page = match request.mail {
        AccountMail::VerifyEmail | AccountMail::ChangeEmail => "account/verify",
        AccountMail::ResetPassword => "account/reset",
        AccountMail::AccountExists => "account/forgotten",
        AccountMail::AccountClosed => "privacy",
        AccountMail::PatientStatement => "account",
        AccountMail::TimeOffered => "account/waitlist",
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
    Some(format!("{}/{page}{}", sender.public_url, secret.unwrap_or_default()))
}

fn lasting(end: Timestamp, asked_at: Timestamp) -> String {
    let left = end.duration_since(asked_at).max(SignedDuration::ZERO);
    match (left.as_hours(), left.as_mins()) {
        (0, minutes) => format!("The link works for {minutes} minutes, once."),
        (1, _) => "The link works for one hour, once.".to_owned(),
        (hours, _) => format!("The link works for {hours} hours, once."),
    }
}

/// How long an offered time is kept, for somebody who reads it at once.
fn kept_for(end: Timestamp, asked_at: Timestamp) -> String {
    let left = end.duration_since(asked_at).max(SignedDuration::ZERO);
    format!("It is kept for {} minutes from when we wrote this.", left.as_mins())
}

/// What to do when it was somebody else.
fn otherwise(mail: AccountMail) -> &'static str {
    match mail {
        AccountMail::VerifyEmail
        | AccountMail::AccountExists
        | AccountMail::ResetPassword
        | AccountMail::ChangeEmail => {
            "If that was not you, you need do nothing. Give the link to nobody, not even to us."
        }
        AccountMail::NewDevice
        | AccountMail::PasswordChanged
        | AccountMail::EmailChanged
        | AccountMail::SignInChanged
        | AccountMail::SessionEnded => {
            "If that was not you, sign out everywhere and change your password, or tell us."
        }
        AccountMail::AccountClosed => "If that was not you, write to us at once.",
        AccountMail::TimeOffered => {
            "If you let it go or do not answer, the next one who waits is asked. You keep your place for other times."
        }
        AccountMail::DisputeOpened
        | AccountMail::DisputeDecided
        | AccountMail::MistakeAsked
        | AccountMail::MistakeToDecide => "Whose appointment it is stands in no mail.",
        AccountMail::WebhookStopped => "What was not delivered is kept for a month and can be sent again.",
        AccountMail::PatientStatement => {
            "What it says and whose it is stands in no mail. It stays with the record: answer the patient, or put the \
             record right."
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::users::{AccountMail, MailRequest};
    use uuid::Uuid;

    use super::{Sender, write};

    fn request(mail: AccountMail) -> MailRequest {
        MailRequest {
            mail,
            account_id: Uuid::from_u128(1).into(),
            email: "ada@example.org".to_owned().into(),
            token: None,
            expires_at: None,
            device: None,
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
        let draft = write(&request, &sender(), asked_at).unwrap();
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
        let draft = write(&request, &sender(), asked_at).unwrap();
        let content = draft.content.expose();
        for body in [&content.body_text, &content.body_html] {
            assert!(body.contains("https://hellomapper.example/account/waitlist"), "{body}");
            assert!(body.contains("It is kept for 30 minutes from when we wrote this."), "{body}");
            assert!(!body.contains("The link works"), "{body}");
        }
    }

    #[test]
    fn every_mail_has_a_heading_of_its_own_and_a_name_of_its_own() {
        let asked_at = "2026-11-23T00:00:00Z".parse().unwrap();
        let drafts = AccountMail::ALL.map(|mail| write(&request(mail), &sender(), asked_at).unwrap());
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
        let draft = write(&request, &sender(), asked_at).unwrap();
        assert!(draft.content.expose().body_text.contains("It was Firefox on Linux Bcc: x@y.z."));
    }
}
