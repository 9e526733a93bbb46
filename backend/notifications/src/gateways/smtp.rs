//! A mail server, over SMTP.

use std::time::Duration;

use anyhow::{Context as _, anyhow, bail, ensure};
use futures::future::BoxFuture;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::Envelope,
    message::Mailbox,
    transport::smtp::{
        self, AsyncSmtpTransportBuilder,
        client::{Certificate, Tls, TlsParameters},
    },
};
use reqwest::Url;

use super::{
    bounce_address::BounceAddress,
    mail::{Letter, Mail, MailError},
    mime::mime,
};

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(15);
/// How long the whole conversation may take.
const CONVERSATION: Duration = Duration::from_secs(60);

/// How a certificate begins in PEM.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Hands each message to the server that `SMTP_URL` names, over a connection of its own.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    bounces: Option<BounceAddress>,
}

impl Smtp {
    /// Reads the URL: `smtps://user:password@host`, `smtp://host:587?tls=required`, `smtp://localhost:25`.
    ///
    /// # Errors
    /// When it is none of those. The URL is not repeated: it may hold a password.
    pub fn new(url: &str, from: Mailbox) -> anyhow::Result<Self> {
        Ok(Self::through(read(url)?, from))
    }

    /// The same, where the server's certificate may also come from authorities of one's own: PEM, beside those that everybody trusts.
    ///
    /// # Errors
    /// When the URL is none of those or asks for no encryption, or there is no certificate. Neither is repeated.
    pub fn trusting(url: &str, from: Mailbox, authorities: &[u8]) -> anyhow::Result<Self> {
        let builder = read(url)?;
        let url = Url::parse(url).map_err(|_| wrong())?;
        let host = url.host_str().ok_or_else(wrong)?;
        let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, how)| how.into_owned());
        let tls = match (url.scheme(), asked.as_deref()) {
            ("smtps", _) => Tls::Wrapper(trusted(host, authorities)?),
            (_, Some("required")) => Tls::Required(trusted(host, authorities)?),
            (_, Some("opportunistic")) => Tls::Opportunistic(trusted(host, authorities)?),
            (_, _) => bail!("SMTP_CA is of no use where SMTP_URL asks for no TLS"),
        };
        Ok(Self::through(builder.tls(tls), from))
    }

    fn through(builder: AsyncSmtpTransportBuilder, from: Mailbox) -> Self {
        Self { transport: builder.timeout(Some(ANSWER)).build(), from, bounces: None }
    }

    /// The same, with an address of its own on the envelope of each try of a letter, to which servers on its way report; without one they
    /// report to whoever writes.
    pub fn returning_to(self, bounces: Option<BounceAddress>) -> Self {
        Self { bounces, ..self }
    }

    /// What the server is told of sender and recipient, whatever the letter's own headers say.
    fn envelope(&self, letter: &Letter, message: &Message) -> Result<Envelope, MailError> {
        let Some(bounces) = &self.bounces else { return Ok(message.envelope().clone()) };
        let sender = bounces.of(letter.message_id, letter.attempt).map_err(|_| MailError::Compose)?;
        Envelope::new(Some(sender), message.envelope().to().to_vec()).map_err(|_| MailError::Compose)
    }
}

fn read(url: &str) -> anyhow::Result<AsyncSmtpTransportBuilder> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| wrong())
}

fn wrong() -> anyhow::Error {
    anyhow!("SMTP_URL should be like smtps://user:password@host or smtp://host:25")
}

/// How the server of that name is known.
fn trusted(host: &str, authorities: &[u8]) -> anyhow::Result<TlsParameters> {
    let is_there = authorities.windows(CERTIFICATE.len()).any(|part| part == CERTIFICATE);
    ensure!(is_there, "SMTP_CA should name a file with certificates in PEM");
    let certificates = Certificate::from_pem(authorities).context("reading the certificates of SMTP_CA")?;
    let parameters = TlsParameters::builder(host.to_owned()).add_root_certificate(certificates).build();
    parameters.context("taking the certificates of SMTP_CA for authorities")
}

impl Mail for Smtp {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            let message = mime(letter, &self.from)?;
            let (envelope, content) = (self.envelope(letter, &message)?, message.formatted());
            let conversation = self.transport.send_raw(&envelope, &content);
            match tokio::time::timeout(CONVERSATION, conversation).await {
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
