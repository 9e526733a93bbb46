//! Asking notifications to write to somebody about their account.

use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core,
    outbox::{self, About},
};
use shared_types::{
    AccountId,
    personal::Personal,
    users::{AccountMail, MailPractice, MailRequest, UsersEvent},
};
use sqlx::PgConnection;

/// What to write.
#[derive(Clone, Debug)]
pub struct Letter {
    /// About what.
    pub mail: AccountMail,
    /// The secret of its link and until when it works.
    pub link: Option<(Personal<String>, Timestamp)>,
    /// Until when what it tells of is good, where it has no link of its own.
    pub until: Option<Timestamp>,
    /// The kind of browser.
    pub device: Option<String>,
    /// The practice that is asked something.
    pub practice: Option<MailPractice>,
}

impl Letter {
    /// A letter that only tells something.
    pub fn notice(mail: AccountMail) -> Self {
        Self { mail, link: None, until: None, device: None, practice: None }
    }

    /// A letter with a link that works for so long; with the hash that is kept of its secret.
    pub fn with_link(
        core: &Core,
        mail: AccountMail,
        lifetime: SignedDuration,
    ) -> (Self, [u8; 32], Timestamp) {
        let (secret, hash) = core.chance.link_token();
        let now = core.now();
        let expires_at = now.saturating_add(lifetime).unwrap_or(now);
        let link = Some((secret.into(), expires_at));
        (Self { mail, link, until: None, device: None, practice: None }, hash, expires_at)
    }
}

/// Asks, in the caller's transaction. The event is deleted once told, and what it says with it.
///
/// # Errors
/// When the row cannot be written.
pub async fn ask(
    conn: &mut PgConnection,
    core: &Core,
    account_id: AccountId,
    email: &Personal<String>,
    letter: Letter,
) -> sqlx::Result<()> {
    let (token, expires_at) = letter.link.unzip();
    let request = MailRequest {
        mail: letter.mail,
        account_id,
        email: email.clone(),
        token,
        expires_at: expires_at.or(letter.until),
        device: letter.device,
        practice: letter.practice,
    };
    let about =
        About { aggregate: "account_mail", id: account_id.to_string(), version: core.now().as_millisecond() };
    outbox::tell(conn, core, about, &UsersEvent::MailRequested(request)).await?;
    Ok(())
}
