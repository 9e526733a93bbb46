//! Background jobs.

mod destroy_expired;
mod forget_undelivered;
mod send_messages;

use std::{sync::Arc, time::Duration};

use kernel::{Core, jobs::Job};

use crate::gateways::mail::Mail;

/// Every job of the service.
pub fn jobs(core: &Core, mail: &Arc<dyn Mail>) -> Vec<Job> {
    let (sending, mail) = (core.clone(), mail.clone());
    let (forgetting, destroying) = (core.clone(), core.clone());
    vec![
        Job::new("notifications.send_messages", Duration::from_secs(1), move || {
            let (core, mail) = (sending.clone(), mail.clone());
            async move { send_messages::send_messages(&core, &*mail).await }
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
