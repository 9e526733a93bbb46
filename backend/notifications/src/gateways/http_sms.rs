//! A text-message gateway over HTTP, in the shape that Twilio's Messages resource gave it and others took over: a form with
//! `To`, `From` and `Body`, under basic authentication (https://www.twilio.com/docs/messaging/api/message-resource, read
//! 2026-11-26), and a `StatusCallback` to which it reports later what became of the message
//! (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status, read 2026-11-28).

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use futures::future::BoxFuture;
use reqwest::{Client, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use shared_types::MessageId;

use super::sms::{Sms, SmsError, Text};

/// How long the gateway may take for an answer.
const ANSWER: Duration = Duration::from_secs(15);

/// Hands each message to the gateway whose address the settings name.
pub struct HttpSms {
    client: Client,
    address: Url,
    user: String,
    password: SecretString,
    from: String,
    reports: Option<String>,
}

impl HttpSms {
    /// Reads `https://user:password@host/path`. `from` is the sender's registered name or number.
    ///
    /// # Errors
    /// When it is none of those. The address is not repeated: it holds a password.
    pub fn new(address: &str, from: &str) -> anyhow::Result<Self> {
        let wrong =
            || anyhow!("HELLOMAPPER_SMS_URL should be like https://user:password@api.example/Messages");
        let mut address = Url::parse(address).map_err(|_| wrong())?;
        let decoded = |part: &str| percent_decoded(part).ok_or_else(wrong);
        let user = decoded(address.username())?;
        let password = SecretString::from(decoded(address.password().unwrap_or_default())?);
        if user.is_empty() || address.host_str().is_none() || !matches!(address.scheme(), "http" | "https") {
            return Err(wrong());
        }
        address.set_username("").map_err(|()| wrong())?;
        address.set_password(None).map_err(|()| wrong())?;
        // Nobody may lead our messages elsewhere.
        let client = Client::builder().timeout(ANSWER).redirect(redirect::Policy::none()).build();
        let client = client.context("making a client for the text-message gateway")?;
        Ok(Self { client, address, user, password, from: from.to_owned(), reports: None })
    }

    /// The same, with a path of its own below that address of ours to report to for each try of a message. Only for a gateway whose reports
    /// can be told from others' by their signature.
    pub fn reporting_to(self, public_url: &str) -> Self {
        Self { reports: Some(public_url.to_owned()), ..self }
    }
}

/// Where a gateway reports to what became of that try of a message.
pub fn report_path(message_id: MessageId, attempt: Option<i32>) -> String {
    let which = attempt.map(|attempt| format!("?try={attempt}")).unwrap_or_default();
    format!("/api/v1/notifications/texts/{message_id}/status{which}")
}

fn percent_decoded(part: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

impl Sms for HttpSms {
    fn send<'a>(&'a self, text: &'a Text) -> BoxFuture<'a, Result<(), SmsError>> {
        Box::pin(async move {
            let path = report_path(text.message_id, Some(text.attempt));
            let reports = self.reports.as_ref().map(|url| format!("{url}{path}"));
            let form =
                [("To", text.number()?), ("From", self.from.as_str()), ("Body", text.text.expose().as_str())];
            let form = form.into_iter().chain(reports.as_deref().map(|url| ("StatusCallback", url)));
            let form: Vec<_> = form.collect();
            let request = self.client.post(self.address.clone());
            let request = request.basic_auth(&self.user, Some(self.password.expose_secret())).form(&form);
            match request.send().await {
                // What it answers may quote number and words: it is not read.
                Ok(response) if response.status().is_success() => Ok(()),
                Ok(response) => Err(SmsError::Refused(response.status().as_u16())),
                Err(error) if error.is_timeout() => Err(SmsError::TimedOut),
                Err(_) => Err(SmsError::Unreachable),
            }
        })
    }
}
