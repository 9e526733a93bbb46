//! Letters about assignments of benefit: the link by which a bulk-billed patient reads and answers, and what became of it. They name no
//! practitioner, no item and nothing clinical.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::payments::{
    AssignmentFact,
    assignment::{AssignmentKind, AssignmentStatus},
};

use super::{
    locale::Locale,
    message::{About, Content, Draft, Template},
    money::Payer,
    sender::Sender,
    templates::{ChangeHtml, ChangeText, ChangeWords, ReminderFact, ReminderLink},
    words::{date_words, start_words},
};

/// The letter, where there is something that the patient does not know.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(
    payer: &Payer,
    fact: &AssignmentFact,
    sender: &Sender,
    locale: Locale,
) -> askama::Result<Option<Draft>> {
    let (asks, changes) = templates(fact.kind);
    let (template, heading, said) = match fact.status {
        AssignmentStatus::Offered => {
            (asks, "benefit-asked-heading", vec![asked(fact.kind), "benefit-no-cost"])
        }
        AssignmentStatus::Assigned => (changes, "benefit-agreed-heading", vec![agreed(fact.kind)]),
        AssignmentStatus::Withdrawn => (changes, "benefit-withdrawn-heading", vec![withdrawn(fact.kind)]),
        // They said so themselves, another letter comes, or there is nothing for them to do.
        AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void
        | AssignmentStatus::ReliedOn => return Ok(None),
    };
    let name = one_line(payer.name.expose());
    let words = ChangeWords {
        lang: locale.tag(),
        hello: locale.say("reminder-hello", &[("name", &name)]),
        heading: locale.say(heading, &[]),
        sentences: said.into_iter().map(|id| locale.say(id, &[])).collect(),
        facts: vec![about(payer, fact, locale)],
        link: link(fact, sender).map(|link| ReminderLink { words: locale.say("benefit-link", &[]), link }),
        link_note: locale.say("appointment-link-note", &[]),
        closing: vec![closing(fact, sender, locale)],
        why: locale.say("service-message", &[]),
    };
    let content = Content {
        subject: words.heading.clone(),
        body_text: ChangeText { words: &words }.render()?,
        body_html: ChangeHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Some(Draft {
        template,
        about: About::Booking(payer.booking_id),
        organization_id: payer.organization_id,
        recipient: payer.email.clone(),
        content: content.into(),
    }))
}

/// The letter that asks for one of that kind, and the one that says what became of it.
pub fn templates(kind: AssignmentKind) -> (Template, Template) {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            (Template::AssignmentAsked, Template::AssignmentChanged)
        }
        AssignmentKind::Enduring => (Template::AgreementAsked, Template::AgreementChanged),
    }
}

/// Whether its patient has answered just now, or is not to answer any more. What becomes of an answer later ends no other question; and
/// where another takes its place, or the letter did not arrive, they are still asked.
pub fn is_over(status: AssignmentStatus) -> bool {
    match status {
        AssignmentStatus::Assigned
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Void => true,
        AssignmentStatus::Offered
        | AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Superseded
        | AssignmentStatus::ReliedOn
        | AssignmentStatus::Withdrawn => false,
    }
}

/// Where it is read and answered, for as long as it is offered.
fn link(fact: &AssignmentFact, sender: &Sender) -> Option<String> {
    let token = fact.token.as_ref().map(|token| one_line(token.expose()));
    match fact.kind {
        // After the `#`, so that the secret reaches no server's log on the way.
        AssignmentKind::Pre | AssignmentKind::Post => {
            token.map(|token| format!("{}/assign#{token}", sender.public_url))
        }
        // It is for more than one visit: whoever answers it is signed in.
        AssignmentKind::Enduring => token.map(|_| format!("{}/account/agreements", sender.public_url)),
    }
}

fn asked(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre => "benefit-before-visit",
        AssignmentKind::Post => "benefit-after-visit",
        AssignmentKind::Enduring => "benefit-of-visits",
    }
}

fn agreed(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => "benefit-agreed",
        AssignmentKind::Enduring => "benefit-agreed-visits",
    }
}

fn withdrawn(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => "benefit-withdrawn",
        AssignmentKind::Enduring => "benefit-withdrawn-visits",
    }
}

/// Which visit it is about, or from when on every one.
fn about(payer: &Payer, fact: &AssignmentFact, locale: Locale) -> ReminderFact {
    let (id, value) = match fact.kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            ("money-appointment", start_words(payer.start, payer.zone, locale))
        }
        AssignmentKind::Enduring => ("benefit-visits-from", date_words(fact.service_from, locale)),
    };
    ReminderFact { label: locale.say(id, &[]), value }
}

fn closing(fact: &AssignmentFact, sender: &Sender, locale: Locale) -> String {
    let page = |path: &str| format!("{}/{path}", sender.public_url);
    match (fact.status == AssignmentStatus::Offered, fact.kind) {
        (true, AssignmentKind::Pre | AssignmentKind::Post) => locale.say("benefit-proof", &[]),
        (true, AssignmentKind::Enduring) => locale.say("benefit-sign-in", &[]),
        (false, AssignmentKind::Pre | AssignmentKind::Post) => {
            locale.say("benefit-copy", &[("page", &page("account"))])
        }
        (false, AssignmentKind::Enduring) => {
            locale.say("benefit-copy-visits", &[("page", &page("account/agreements"))])
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::payments::{
        AssignmentFact,
        assignment::{AssignmentKind, AssignmentStatus},
    };
    use uuid::Uuid;

    use super::write;
    use crate::domain::{
        fixtures::{payer, sender},
        locale::Locale,
    };

    fn letter(status: AssignmentStatus) -> Option<String> {
        letter_of(AssignmentKind::Pre, status)
    }

    fn letter_of(kind: AssignmentKind, status: AssignmentStatus) -> Option<String> {
        let payer = payer();
        let fact = AssignmentFact {
            assignment_id: Uuid::from_u128(1).into(),
            booking_id: Some(payer.booking_id),
            organization_id: Uuid::from_u128(2).into(),
            account_id: None,
            patient_id: None,
            status,
            kind,
            service_from: "2026-11-24".parse().unwrap(),
            token: (status == AssignmentStatus::Offered).then(|| "5ec4e7".to_owned().into()),
        };
        write(&payer, &fact, &sender(), Locale::English)
            .unwrap()
            .map(|draft| draft.content.into_inner().body_text)
    }

    #[test]
    fn who_is_asked_gets_a_link_and_nobody_is_named() {
        let text = letter(AssignmentStatus::Offered).unwrap();
        assert!(text.contains("/assign#5ec4e7"), "{text}");
        for absent in ["Kim", "Harbour", "Medicare card", "item"] {
            assert!(!text.contains(absent), "{absent}: {text}");
        }
    }

    #[test]
    fn an_enduring_one_is_answered_in_the_account_and_its_letter_opens_nothing() {
        let enduring = |status| letter_of(AssignmentKind::Enduring, status).unwrap();
        let asked = enduring(AssignmentStatus::Offered);
        assert!(asked.contains("/account/agreements") && !asked.contains("5ec4e7"), "{asked}");
        assert!(asked.contains("24 November 2026") && asked.contains("Sign in"), "{asked}");
        let kept = enduring(AssignmentStatus::Assigned);
        assert!(kept.contains("take it back at any time") && !kept.contains("this visit"), "{kept}");
        assert!(enduring(AssignmentStatus::Withdrawn).contains("Visits that you have had stay"));
    }

    #[test]
    fn what_the_patient_knows_is_not_written() {
        for status in AssignmentStatus::ALL {
            let told = matches!(
                status,
                AssignmentStatus::Offered | AssignmentStatus::Assigned | AssignmentStatus::Withdrawn
            );
            assert_eq!(letter(status).is_some(), told, "{status:?}");
        }
    }
}
