//! A mail server, over SMTP.

use std::time::Duration;

use anyhow::anyhow;
use futures::future::BoxFuture;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor, message::Mailbox, transport::smtp};

use super::{
    mail::{Letter, Mail, MailError},
    mime::mime,
};

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long the whole conversation may take.
const CONVERSATION: Duration = Duration::from_secs(60);

/// Hands each message to the server that `SMTP_URL` names, over a connection of its own.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Reads the URL: `smtps://user:password@host`, `smtp://host:587?tls=required`, `smtp://localhost:25`.
    ///
    /// # Errors
    /// When it is none of those. The URL is not repeated: it may hold a password.
    pub fn new(url: &str, from: Mailbox) -> anyhow::Result<Self> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow!("SMTP_URL should be like smtps://user:password@host or smtp://host:25"))?;
        Ok(Self { transport: builder.timeout(Some(ANSWER)).build(), from })
    }
}

impl Mail for Smtp {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let message = mime(letter, &self.from)?;
            match tokio::time::timeout(CONVERSATION, self.transport.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(meaning(&error)),
                Err(_) => Err(MailError::TimedOut),
            }
        })
    }
}

fn meaning(error: &smtp::Error) -> MailError {
    match error.status() {
        Some(code) => MailError::Refused(code.to_string()),
        None if error.is_timeout() => MailError::TimedOut,
        None => MailError::Unreachable,
    }
}
