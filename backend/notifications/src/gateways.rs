//! Outside parties: whoever carries mail, text messages and what devices are told.

mod files;
mod http_sms;
pub mod mail;
mod mime;
mod private_file;
pub mod push_key;
pub mod signed_form;
pub mod sms;
mod sms_files;
mod smtp;
pub mod web_push;

use std::sync::Arc;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret as _, SecretString};

pub use self::{files::Files, http_sms::HttpSms, sms_files::SmsFiles, smtp::Smtp};
use self::{mail::Mail, sms::Sms, web_push::WebPush};
use crate::{
    config::{Delivery, SmsDelivery},
    domain::channels::Texts,
};

/// Those that are in use.
#[derive(Clone)]
pub struct Gateways {
    /// Carries mail.
    pub mail: Arc<dyn Mail>,
    /// Carries text messages; none where none is configured.
    pub sms: Option<Arc<dyn Sms>>,
    /// By which whoever carries them shows that an answer comes from there; none where nobody can answer.
    pub answers: Option<SecretString>,
    /// Carries what devices are told.
    pub push: Arc<WebPush>,
}

impl Gateways {
    /// What can be done with text messages.
    pub fn texts(&self) -> Texts {
        match (&self.sms, &self.answers) {
            (None, _) => Texts::None,
            (Some(_), None) => Texts::OneWay,
            (Some(_), Some(_)) => Texts::Answered,
        }
    }
}

/// The gateway that the settings name.
///
/// # Errors
/// When `SMTP_URL` or the certificates of `SMTP_CA` cannot be read.
pub fn mail(delivery: &Delivery, from: Mailbox) -> anyhow::Result<Arc<dyn Mail>> {
    Ok(match delivery {
        Delivery::Smtp { url, authorities: None } => Arc::new(Smtp::new(url.expose_secret(), from)?),
        Delivery::Smtp { url, authorities: Some(authorities) } => {
            Arc::new(Smtp::trusting(url.expose_secret(), from, authorities)?)
        }
        Delivery::Files(folder) => Arc::new(Files::new(folder.clone(), from)),
    })
}

/// The gateway for text messages that the settings name, if they name one.
///
/// # Errors
/// When `HELLOMAPPER_SMS_URL` cannot be read.
pub fn sms(delivery: &SmsDelivery) -> anyhow::Result<Option<Arc<dyn Sms>>> {
    Ok(match delivery {
        SmsDelivery::None => None,
        SmsDelivery::Http { url, sender, .. } => {
            Some(Arc::new(HttpSms::new(url.expose_secret(), sender.as_str())?))
        }
        SmsDelivery::Files(folder) => Some(Arc::new(SmsFiles::new(folder.clone(), "HelloMapper"))),
    })
}
