//! Background jobs.

mod destroy_expired;
mod forget_undelivered;
mod send_messages;
mod send_pushes;
mod write_reminders;

use std::{sync::Arc, time::Duration};

use kernel::{Core, jobs::Job};

use crate::{domain::sender::Sender, gateways::Gateways};

/// Every job of the service.
pub fn jobs(core: &Core, sender: &Sender, gateways: &Gateways) -> Vec<Job> {
    let (pushing, web_push) = (core.clone(), Arc::clone(&gateways.push));
    let (sending, gateways) = (core.clone(), gateways.clone());
    let (reminding, sender, texts) = (core.clone(), sender.clone(), gateways.texts());
    let signing = sender.clone();
    let (forgetting, destroying) = (core.clone(), core.clone());
    vec![
        Job::new("notifications.send_messages", Duration::from_secs(1), move || {
            let (core, sender, gateways) = (sending.clone(), signing.clone(), gateways.clone());
            async move { send_messages::send_messages(&core, &sender, &gateways).await }
        }),
        Job::new("notifications.send_pushes", Duration::from_secs(1), move || {
            let (core, web_push) = (pushing.clone(), Arc::clone(&web_push));
            async move { send_pushes::send_pushes(&core, &web_push).await }
        }),
        Job::new("notifications.write_reminders", Duration::from_secs(5), move || {
            let (core, sender) = (reminding.clone(), sender.clone());
            async move { write_reminders::write_reminders(&core, &sender, texts).await }
        }),
        Job::new("notifications.forget_undelivered", Duration::from_secs(3600), move || {
            let core = forgetting.clone();
            async move { forget_undelivered::forget_undelivered(&core).await }
        }),
        Job::new("notifications.destroy_expired", Duration::from_secs(3600), move || {
            let core = destroying.clone();
            async move { destroy_expired::destroy_expired(&core).await }
        }),
    ]
}
