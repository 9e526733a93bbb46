//! Letters that ask somebody to join a practice or to agree to something. They name a practice where one asks, and no
//! person: whoever reads the mail may not be who was meant.

use askama::Template as _;
use kernel::calendar_file::one_line;
use shared_types::users::{InvitationFact, InvitationKind};

use super::{
    message::{About, Content, Draft, Template},
    sender::Sender,
    templates::{AccountHtml, AccountText, AccountWords},
};

/// Writes the letter.
///
/// # Errors
/// When a template cannot be rendered.
pub fn write(fact: &InvitationFact, sender: &Sender) -> askama::Result<Draft> {
    let words = words(fact, sender);
    let content = Content {
        subject: words.heading.to_owned(),
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

fn words(fact: &InvitationFact, sender: &Sender) -> AccountWords {
    let practice = fact.organization_name.as_deref().map_or_else(|| "A practice".to_owned(), one_line);
    let (heading, sentence) = match fact.kind {
        InvitationKind::Staff => {
            ("You are invited to join a practice", format!("{practice} asks you to work with it on HelloMapper."))
        }
        InvitationKind::Carer => (
            "You are asked to look after somebody",
            "Somebody asks you to act for them on HelloMapper. Who, and for what, you see once you are signed in."
                .to_owned(),
        ),
        InvitationKind::CaredFor => (
            "Somebody asks to act for you",
            "Somebody asks for your leave to act for you on HelloMapper. Agree only if you know who asks.".to_owned(),
        ),
        InvitationKind::OwnRecord => (
            "Your own account",
            "A parent or guardian has kept your details on HelloMapper. From 15 you can take them over yourself."
                .to_owned(),
        ),
    };
    AccountWords {
        heading,
        sentences: vec![sentence],
        // After the `#`, so that the secret reaches no server's log on the way.
        link: Some(format!("{}/account/invitation#{}", sender.public_url, one_line(fact.token.expose()))),
        link_words: "Sign in and answer",
        closing: vec![
            "The link works for seven days, once.".to_owned(),
            "If you did not expect this, you need do nothing. Give the link to nobody, not even to us."
                .to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use shared_types::users::{InvitationFact, InvitationKind};
    use uuid::Uuid;

    use super::{Sender, write};

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
            let draft = write(&fact, &sender).unwrap();
            let content = draft.content.expose();
            assert!(content.body_text.contains("https://example.org/account/invitation#5ec4e7"));
            assert!(content.body_html.contains("#5ec4e7"));
            assert_eq!(content.body_text.contains("Harris Park Allied Health asks you"), staff);
            assert!(!content.body_text.contains("ada@"));
        }
    }
}
