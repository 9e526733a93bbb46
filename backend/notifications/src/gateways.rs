//! Outside parties: whoever carries mail.

mod files;
pub mod mail;
mod mime;
mod smtp;

use std::sync::Arc;

use lettre::message::Mailbox;
use secrecy::ExposeSecret as _;

use self::mail::Mail;
pub use self::{files::Files, smtp::Smtp};
use crate::config::Delivery;

/// The gateway that the settings name.
///
/// # Errors
/// When `SMTP_URL` cannot be read.
pub fn mail(delivery: &Delivery, from: Mailbox) -> anyhow::Result<Arc<dyn Mail>> {
    Ok(match delivery {
        Delivery::Smtp(url) => Arc::new(Smtp::new(url.expose_secret(), from)?),
        Delivery::Files(folder) => Arc::new(Files::new(folder.clone(), from)),
    })
}
