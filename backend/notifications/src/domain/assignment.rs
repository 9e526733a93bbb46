//! Letters about assignments of benefit: the link by which a bulk-billed patient reads and answers, and what became of it. They name no
//! practitioner, no item and nothing clinical.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::{
    payments::{
        AssignmentFact,
        assignment::{AssignmentKind, AssignmentStatus},
    },
    time::long_date,
};

use super::{
    message::{About, Content, Draft, Template},
    money::Payer,
    sender::Sender,
    templates::{AppointmentHtml, AppointmentText, AppointmentWords, Fact},
    words::start_words,
};

/// The letter, where there is something that the patient does not know.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn write(payer: &Payer, fact: &AssignmentFact, sender: &Sender) -> askama::Result<Option<Draft>> {
    let (asks, changes) = match fact.kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            (Template::AssignmentAsked, Template::AssignmentChanged)
        }
        AssignmentKind::Enduring => (Template::AgreementAsked, Template::AgreementChanged),
    };
    let (template, heading, sentences) = match fact.status {
        AssignmentStatus::Offered => (asks, "Your agreement to bulk billing", asked(fact.kind)),
        AssignmentStatus::Assigned => (changes, "Your bulk-bill agreement is kept", vec![agreed(fact.kind)]),
        AssignmentStatus::Withdrawn => {
            (changes, "Your bulk-bill agreement is withdrawn", vec![withdrawn(fact.kind)])
        }
        // They said so themselves, another letter comes, or there is nothing for them to do.
        AssignmentStatus::DeliveryFailed
        | AssignmentStatus::Expired
        | AssignmentStatus::Declined
        | AssignmentStatus::Superseded
        | AssignmentStatus::Void
        | AssignmentStatus::ReliedOn => return Ok(None),
    };
    let token = fact.token.as_ref().map(|token| one_line(token.expose()));
    let words = AppointmentWords {
        name: one_line(payer.name.expose()),
        heading,
        sentences,
        facts: vec![about(payer, fact)],
        link: match fact.kind {
            // After the `#`, so that the secret reaches no server's log on the way.
            AssignmentKind::Pre | AssignmentKind::Post => {
                token.map(|token| format!("{}/assign#{token}", sender.public_url))
            }
            // It is for more than one visit: whoever answers it is signed in.
            AssignmentKind::Enduring => token.map(|_| format!("{}/account/appointments", sender.public_url)),
        },
        link_words: "Read it and answer",
        closing: vec![closing(fact, sender)],
    };
    let content = Content {
        subject: heading.to_owned(),
        body_text: AppointmentText { words: &words }.render()?,
        body_html: AppointmentHtml { words: &words }.render()?,
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

fn asked(kind: AssignmentKind) -> Vec<&'static str> {
    let when = match kind {
        AssignmentKind::Pre => "Before your visit, read what Medicare pays for and say whether you agree.",
        AssignmentKind::Post => "Read what Medicare pays for your visit and say whether you agree.",
        AssignmentKind::Enduring => "Read what Medicare pays for your visits and say whether you agree.",
    };
    vec![when, "If you agree, you pay nothing. Saying no costs nothing either."]
}

fn agreed(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            "You agreed that Medicare pays for this visit. You pay nothing for it."
        }
        AssignmentKind::Enduring => {
            "You agreed that Medicare pays for your visits until the agreement’s last day. You pay nothing for them, and are not \
             asked before each. You can take it back at any time for visits to come."
        }
    }
}

fn withdrawn(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            "Nothing is claimed on it any more. Talk with the practice about how you want to pay."
        }
        AssignmentKind::Enduring => {
            "No visit that is still to come is claimed on it. Visits that you have had stay bulk billed. Talk with the practice \
             about how you want to pay for others."
        }
    }
}

/// Which visit it is about, or from when on every one.
fn about(payer: &Payer, fact: &AssignmentFact) -> Fact {
    match fact.kind {
        AssignmentKind::Pre | AssignmentKind::Post => {
            Fact { label: "Appointment", value: start_words(payer.start, payer.zone) }
        }
        AssignmentKind::Enduring => Fact { label: "Visits from", value: long_date(fact.service_from) },
    }
}

fn closing(fact: &AssignmentFact, sender: &Sender) -> String {
    match (fact.status == AssignmentStatus::Offered, fact.kind) {
        (true, AssignmentKind::Pre | AssignmentKind::Post) => {
            "We ask for the family name, the day of birth and the end of the mobile’s number first. Give the link to nobody.".to_owned()
        }
        (true, AssignmentKind::Enduring) => {
            "Sign in and open your visit: the agreement is beside it. It is for more than one visit, so a link alone does not open it."
                .to_owned()
        }
        (false, AssignmentKind::Pre | AssignmentKind::Post) => format!(
            "See your copy with the link in our first message about the appointment, or in your account: {}/account",
            sender.public_url
        ),
        (false, AssignmentKind::Enduring) => {
            format!("See your copy beside any of your visits to the practice: {}/account/appointments", sender.public_url)
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
    use crate::domain::fixtures::{payer, sender};

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
        write(&payer, &fact, &sender()).unwrap().map(|draft| draft.content.into_inner().body_text)
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
        assert!(asked.contains("/account/appointments") && !asked.contains("5ec4e7"), "{asked}");
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
