//! Outside parties: whoever carries mail, text messages and what devices are told.

pub mod bounce_address;
pub mod delivery_report;
mod files;
pub mod http_sms;
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

use self::{bounce_address::BounceAddress, mail::Mail, sms::Sms, web_push::WebPush};
pub use self::{files::Files, http_sms::HttpSms, sms_files::SmsFiles, smtp::Smtp};
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
    /// Where mail servers report to what became of a letter; none where nobody hands such reports on.
    pub bounces: Option<BounceAddress>,
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

/// The gateway that the settings name. `bounces` is where reports on letters come back to; without it they go to whoever writes.
///
/// # Errors
/// When `SMTP_URL` or the certificates of `SMTP_CA` cannot be read.
pub fn mail(
    delivery: &Delivery,
    from: Mailbox,
    bounces: Option<BounceAddress>,
) -> anyhow::Result<Arc<dyn Mail>> {
    Ok(match delivery {
        Delivery::Smtp { url, authorities: None } => {
            Arc::new(Smtp::new(url.expose_secret(), from)?.returning_to(bounces))
        }
        Delivery::Smtp { url, authorities: Some(authorities) } => {
            Arc::new(Smtp::trusting(url.expose_secret(), from, authorities)?.returning_to(bounces))
        }
        Delivery::Files(folder) => Arc::new(Files::new(folder.clone(), from)),
    })
}

/// The gateway for text messages that the settings name, if they name one. It is asked to report below `public_url` what became of each
/// message, where it signs what it says.
///
/// # Errors
/// When `HELLOMAPPER_SMS_URL` cannot be read.
pub fn sms(delivery: &SmsDelivery, public_url: &str) -> anyhow::Result<Option<Arc<dyn Sms>>> {
    Ok(match delivery {
        SmsDelivery::None => None,
        SmsDelivery::Http { url, sender, answers } => {
            let gateway = HttpSms::new(url.expose_secret(), sender.as_str())?;
            let signs = answers.is_some();
            Some(Arc::new(if signs { gateway.reporting_to(public_url) } else { gateway }))
        }
        SmsDelivery::Files(folder) => Some(Arc::new(SmsFiles::new(folder.clone(), "HelloMapper"))),
    })
}
