//! The notifications service. It owns the messages to people: their words, their channel, and whether they went out.
//!
//! A message names neither profession nor appointment type nor reason. What was written, and to whom, is forgotten
//! once it is sent or no longer wanted, and a week after it was given up.
//!
//! Reminders are planned with each change of an appointment and written when they are due, in the transaction that takes their
//! plan: so there is one for each booking, version and kind, and none of what is over. It sends no advertising; what is not a
//! service message, which is reminders alone, can be stopped by whoever gets it.

mod answering;
mod by_text;
mod config;
pub mod domain;
pub mod gateways;
mod giving_up;
mod inbox;
mod jobs;
mod links;
mod noting;
mod own_record;
mod routes;
mod seats;
mod state;
mod store;
mod telling;

use std::sync::Arc;

use kernel::{Core, Service, outbound::Outbound};
use sqlx::migrate::Migrator;

pub use self::config::{Delivery, Settings, SmsDelivery};
use self::{
    domain::sender::Sender,
    gateways::{Gateways, bounce_address::BounceAddress, push_key::PushKey, web_push::WebPush},
    state::State,
};

/// Changes of schema `notifications`.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// The service, ready to run, with the gateways that the settings name.
///
/// # Errors
/// When `SMTP_URL`, `SMTP_CA`, `HELLOMAPPER_MAIL_FROM`, `HELLOMAPPER_MAIL_BOUNCE_ADDRESS`, `HELLOMAPPER_OUTBOUND` or one of
/// `HELLOMAPPER_SMS_…` cannot be read, or there is no key by which push services know us.
pub async fn service(core: Core, settings: &kernel::config::Settings) -> anyhow::Result<Service> {
    let Settings { sender, delivery, bounces, sms, reach } = Settings::from_env(settings)?;
    let key = PushKey::open(settings, &core.chance)?;
    let bounces = bounces.map(|base| BounceAddress::new(base, &key)).transpose()?;
    let mail = gateways::mail(&delivery, sender.from.clone(), bounces.clone())?;
    let answers = sms.answers();
    let push = Arc::new(WebPush::new(key, Outbound::new(reach)?, &sender.public_url));
    let gateways = Gateways { mail, sms: gateways::sms(&sms, &sender.public_url)?, answers, bounces, push };
    Ok(with_gateways(core, sender, &gateways))
}

/// The service with gateways of one's own choice.
pub fn with_gateways(core: Core, sender: Sender, gateways: &Gateways) -> Service {
    let (answers, push, seats) = (gateways.answers.clone(), Arc::clone(&gateways.push), Arc::default());
    let (bounces, texts) = (gateways.bounces.clone(), gateways.texts());
    let state = State { core: core.clone(), sender: sender.clone(), texts, answers, bounces, push, seats };
    let (router, inventory) = routes::routes(state);
    let jobs = jobs::jobs(&core, &sender, gateways);
    let subscriber = Arc::new(inbox::Inbox { core: core.clone(), sender, texts: gateways.texts() });
    Service { name: "notifications", core, router, inventory, jobs, subscriber }
}
