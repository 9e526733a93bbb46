//! The notifications service. It owns the messages to people: their words, their channel, and whether they went out.
//!
//! A message names neither profession nor appointment type nor reason. What was written, and to whom, is forgotten
//! once it is sent, and a week after it was given up.

mod config;
pub mod domain;
pub mod gateways;
mod inbox;
mod jobs;
mod routes;
mod store;

use std::sync::Arc;

use kernel::{Core, Service};
use sqlx::migrate::Migrator;

pub use self::config::{Delivery, Settings};
use self::{domain::sender::Sender, gateways::mail::Mail};

/// Changes of schema `notifications`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run, with the mail gateway that the settings name.
///
/// # Errors
/// When `SMTP_URL` or `HELLOMAPPER_MAIL_FROM` cannot be read.
pub async fn service(core: Core, settings: &kernel::config::Settings) -> anyhow::Result<Service> {
    let Settings { sender, delivery } = Settings::from_env(settings)?;
    let mail = gateways::mail(&delivery, sender.from.clone())?;
    Ok(with_mail(core, sender, mail))
}

/// The service with a mail gateway of one's own choice.
pub fn with_mail(core: Core, sender: Sender, mail: Arc<dyn Mail>) -> Service {
    let (router, inventory) = routes::routes(core.clone());
    let jobs = jobs::jobs(&core, &mail);
    let subscriber = Arc::new(inbox::Inbox { core: core.clone(), sender });
    Service { name: "notifications", core, router, inventory, jobs, subscriber }
}
