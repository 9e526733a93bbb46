//! Letters that ask somebody to join a practice or to agree to something. They name a practice where one asks, and no
//! person: whoever reads the mail may not be who was meant.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::users::{InvitationFact, InvitationKind};

use super::{
    locale::Locale,
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{AccountHtml, AccountText, AccountWords},
};

/// Writes the letter, in a language.
///
/// # Errors
/// When a template cannot be rendered.
pub fn write(fact: &InvitationFact, sender: &Sender, locale: Locale) -> askama::Result<Draft> {
    let words = words(fact, sender, locale);
    let content = Content {
        subject: words.heading.clone(),
        body_text: AccountText { words: &words }.render()?,
        body_html: AccountHtml { words: &words }.render()?,
        calendar: None,
    };
    Ok(Draft {
        template: Template::Invitation,
        about: About::Invitation(fact.invitation_id),
        organization_id: None,
        recipient: fact.email.clone(),
        content: content.into(),
    })
}

fn words(fact: &InvitationFact, sender: &Sender, locale: Locale) -> AccountWords {
    let unnamed = || locale.say("invited-a-practice", &[]);
    let practice = fact.organization_name.as_deref().map_or_else(unnamed, one_line);
    let [heading, said] = match fact.kind {
        InvitationKind::Staff => ["invited-staff-heading", "invited-staff-said"],
        InvitationKind::Carer => ["invited-carer-heading", "invited-carer-said"],
        InvitationKind::CaredFor => ["invited-cared-for-heading", "invited-cared-for-said"],
        InvitationKind::OwnRecord => ["invited-own-record-heading", "invited-own-record-said"],
    };
    AccountWords {
        lang: locale.tag(),
        heading: locale.say(heading, &[]),
        sentences: vec![locale.say(said, &[("practice", &practice)])],
        // After the `#`, so that the secret reaches no server's log on the way.
        link: Some(format!("{}/account/invitation#{}", sender.public_url, one_line(fact.token.expose()))),
        link_words: locale.say("sign-in-and-answer", &[]),
        closing: ["invited-link-days", "invited-unexpected"].map(|id| locale.say(id, &[])).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use shared_types::users::{InvitationFact, InvitationKind};
    use uuid::Uuid;

    use super::{Locale, Sender, write};

    #[test]
    fn a_letter_has_its_link_and_names_the_practice_that_asks_but_no_person() {
        let sender = Sender::new("no-reply@example.org", "https://example.org").unwrap();
        for kind in [
            InvitationKind::Staff,
            InvitationKind::Carer,
            InvitationKind::CaredFor,
            InvitationKind::OwnRecord,
        ] {
            let staff = kind == InvitationKind::Staff;
            let fact = InvitationFact {
                invitation_id: Uuid::from_u128(1).into(),
                kind,
                email: "ada@example.org".to_owned().into(),
                organization_name: staff.then(|| "Harris Park\r\nAllied Health".to_owned()),
                token: "5ec4e7".to_owned().into(),
                expires_at: "2026-11-29T00:00:00Z".parse().unwrap(),
            };
            let draft = write(&fact, &sender, Locale::English).unwrap();
            let content = draft.content.expose();
            assert!(content.body_text.contains("https://example.org/account/invitation#5ec4e7"));
            assert!(content.body_html.contains("#5ec4e7"));
            assert_eq!(content.body_text.contains("Harris Park Allied Health asks you"), staff);
            assert!(!content.body_text.contains("ada@"));
        }
    }
}
