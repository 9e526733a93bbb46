//! How messages go out.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result, ensure};
use kernel::{config::Mode, outbound::Reach};
use lettre::Address;
use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::{sender::Sender, sms_sender::SmsSender};

/// Settings of the notifications service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who writes, and where links lead.
    pub sender: Sender,
    /// Where mail goes.
    pub delivery: Delivery,
    /// What the addresses are made from to which mail servers report what became of letters: `HELLOMAPPER_MAIL_BOUNCE_ADDRESS`. Without
    /// it they report to whoever writes.
    pub bounces: Option<Address>,
    /// Where text messages go.
    pub sms: SmsDelivery,
    /// Which push services are called, of those that browsers name.
    pub reach: Reach,
}

/// Where mail goes.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// To a mail server.
    Smtp {
        /// Its address, with user and password: `SMTP_URL`.
        url: SecretString,
        /// Certificates of authorities that its own may come from, in PEM, beside those that everybody trusts: the file of
        /// `SMTP_CA`.
        authorities: Option<Vec<u8>>,
    },
    /// Into files of this folder, for development.
    Files(PathBuf),
}

/// Where text messages go.
#[derive(Clone, Debug)]
pub enum SmsDelivery {
    /// Nowhere: nobody is sent any.
    None,
    /// To a gateway: `HELLOMAPPER_SMS_URL`.
    Http {
        /// Its address, with user and password.
        url: SecretString,
        /// Who they say they are from.
        sender: SmsSender,
        /// By which the gateway signs what people answer: `HELLOMAPPER_SMS_ANSWERS_SECRET`.
        answers: Option<SecretString>,
    },
    /// Into files of this folder, for development.
    Files(PathBuf),
}

impl SmsDelivery {
    /// By which answers are known to come from the gateway.
    pub(crate) fn answers(&self) -> Option<SecretString> {
        match self {
            Self::Http { answers, .. } => answers.clone(),
            Self::None | Self::Files(_) => None,
        }
    }
}

impl Settings {
    /// `SMTP_CA`, `HELLOMAPPER_MAIL_FROM`, `HELLOMAPPER_MAIL_BOUNCE_ADDRESS`, `HELLOMAPPER_SMS_…` and `HELLOMAPPER_OUTBOUND` beside
    /// the settings every process has.
    ///
    /// # Errors
    /// Names the variable and what it should hold.
    pub fn from_env(process: &kernel::config::Settings) -> Result<Self> {
        let from = env::var("HELLOMAPPER_MAIL_FROM")
            .unwrap_or_else(|_| "HelloMapper <no-reply@localhost>".to_owned());
        let sender = Sender::new(&from, &process.public_url)
            .context("HELLOMAPPER_MAIL_FROM should be like HelloMapper <no-reply@example.org>")?;
        let delivery = match &process.smtp_url {
            Some(url) => {
                ensure!(
                    process.mode == Mode::Development || keeps_secrets(url.expose_secret()),
                    "production needs SMTP_URL to be smtps://… or smtp://…?tls=required, or a server on this machine"
                );
                Delivery::Smtp { url: url.clone(), authorities: authorities()? }
            }
            None => Delivery::Files(process.home.join("mail")),
        };
        let bounces = bounces()?;
        Ok(Self { sender, delivery, bounces, sms: sms(process)?, reach: Reach::from_env(process.mode)? })
    }
}

/// None, where nobody hands over what comes back.
fn bounces() -> Result<Option<Address>> {
    let address = env::var("HELLOMAPPER_MAIL_BOUNCE_ADDRESS").ok().filter(|address| !address.is_empty());
    let address = address.map(|address| address.parse()).transpose();
    address.context("HELLOMAPPER_MAIL_BOUNCE_ADDRESS should be like bounce@example.org")
}

/// Nobody's, but for a mail server that has its certificate from an authority of its own.
fn authorities() -> Result<Option<Vec<u8>>> {
    let file = env::var_os("SMTP_CA").filter(|file| !file.is_empty());
    file.map(fs::read).transpose().context("reading the file that SMTP_CA names")
}

/// Without a gateway, development writes text messages into files and production sends none.
fn sms(process: &kernel::config::Settings) -> Result<SmsDelivery> {
    let Ok(url) = env::var("HELLOMAPPER_SMS_URL") else {
        return Ok(match process.mode {
            Mode::Development => SmsDelivery::Files(process.home.join("sms")),
            Mode::Production => SmsDelivery::None,
        });
    };
    ensure!(
        process.mode == Mode::Development || url.starts_with("https://"),
        "production needs HELLOMAPPER_SMS_URL to be https://…"
    );
    let name = env::var("HELLOMAPPER_SMS_SENDER").ok();
    let registration = env::var("HELLOMAPPER_SMS_SENDER_REGISTRATION").ok();
    let number = env::var("HELLOMAPPER_SMS_NUMBER").ok();
    let sender = SmsSender::new(name.as_deref(), registration.as_deref(), number.as_deref()).context(
        "reading HELLOMAPPER_SMS_SENDER, HELLOMAPPER_SMS_SENDER_REGISTRATION and HELLOMAPPER_SMS_NUMBER",
    )?;
    let answers = env::var("HELLOMAPPER_SMS_ANSWERS_SECRET").ok().filter(|secret| !secret.is_empty());
    ensure!(
        answers.is_none() || matches!(sender, SmsSender::Number(_)),
        "nobody can answer to a name: with HELLOMAPPER_SMS_ANSWERS_SECRET text messages come from HELLOMAPPER_SMS_NUMBER, \
         so leave HELLOMAPPER_SMS_SENDER_REGISTRATION out"
    );
    Ok(SmsDelivery::Http { url: url.into(), sender, answers: answers.map(SecretString::from) })
}

/// Whether nobody on the way can read along: TLS always, or no way at all.
fn keeps_secrets(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let here = ["localhost", "127.0.0.1", "[::1]"];
    scheme == "smtps"
        || rest.split_once('?').is_some_and(|(_, query)| query.split('&').any(|pair| pair == "tls=required"))
        || here
            .iter()
            .any(|name| host == *name || host.strip_prefix(name).is_some_and(|port| port.starts_with(':')))
}

#[cfg(test)]
mod tests {
    use super::keeps_secrets;

    #[test]
    fn production_mail_is_encrypted_or_stays_on_the_machine() {
        for good in [
            "smtps://user:secret@mail.example.org",
            "smtp://mail.example.org:587?tls=required",
            "smtp://localhost",
            "smtp://user:secret@127.0.0.1:2525",
            "smtp://[::1]:25",
        ] {
            assert!(keeps_secrets(good), "{good}");
        }
        for bad in [
            "smtp://mail.example.org",
            "smtp://mail.example.org?tls=opportunistic",
            "smtp://localhost.example.org",
            "smtp://localhost@mail.example.org",
            "mail.example.org",
        ] {
            assert!(!keeps_secrets(bad), "{bad}");
        }
    }
}
