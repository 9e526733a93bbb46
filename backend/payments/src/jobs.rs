//! Background jobs. Each is safe to run twice and by several workers.

mod act_on_due;
mod apply_webhooks;
mod ask_anew;
mod destroy_expired;
mod expire_assignments;
mod finish_bulk_billing;
mod forget_cards;
mod issue_invoices;
mod let_go_unbooked;
mod lodge_claims;
mod lost_replies;
mod poll_reports;
mod read_payouts;
mod reconcile;
mod recover_intents;
mod reseal_coverage;
mod run_processor_calls;
mod tell_funding;

use std::time::Duration;

use kernel::jobs::Job;

use crate::{invoicing, state::State};

/// The service's jobs.
pub fn jobs(state: &State) -> Vec<Job> {
    let expiring = state.core.clone();
    let (destroying, resealing) = (state.core.clone(), state.clone());
    let (acting, letting_go, forgetting) = (state.core.clone(), state.core.clone(), state.core.clone());
    let (lodging, polling) = (state.clone(), state.clone());
    let (issuing, invoicing_fees, bulk_billing) =
        (state.core.clone(), state.core.clone(), state.core.clone());
    let (reading, platform_abn) = (state.clone(), invoicing::platform_abn());
    let (asking, applying, asking_anew) = (state.clone(), state.clone(), state.clone());
    let (recovering, comparing, telling) = (state.clone(), state.clone(), state.core.clone());
    vec![
        Job::new("payments.run_processor_calls", Duration::from_secs(2), move || {
            let state = asking.clone();
            async move { run_processor_calls::run_processor_calls(&state).await }
        }),
        Job::new("payments.apply_webhooks", Duration::from_secs(1), move || {
            let state = applying.clone();
            async move { apply_webhooks::apply_webhooks(&state).await }
        }),
        Job::new("payments.recover_intents", Duration::from_secs(60), move || {
            let state = recovering.clone();
            async move { recover_intents::recover_intents(&state).await }
        }),
        Job::new("payments.reconcile", Duration::from_secs(10), move || {
            let state = comparing.clone();
            async move { reconcile::reconcile(&state).await }
        }),
        Job::new("payments.act_on_due", Duration::from_secs(10), move || {
            let core = acting.clone();
            async move { act_on_due::act_on_due(&core).await }
        }),
        Job::new("payments.let_go_unbooked", Duration::from_secs(60), move || {
            let core = letting_go.clone();
            async move { let_go_unbooked::let_go_unbooked(&core).await }
        }),
        Job::new("payments.forget_cards", Duration::from_secs(3600), move || {
            let core = forgetting.clone();
            async move { forget_cards::forget_cards(&core).await }
        }),
        Job::new("payments.expire_assignments", Duration::from_secs(60), move || {
            let core = expiring.clone();
            async move { expire_assignments::expire_assignments(&core).await }
        }),
        Job::new("payments.ask_anew", Duration::from_secs(10), move || {
            let state = asking_anew.clone();
            async move { ask_anew::ask_anew(&state).await }
        }),
        Job::new("payments.tell_funding", Duration::from_secs(10), move || {
            let core = telling.clone();
            async move { tell_funding::tell_funding(&core).await }
        }),
        Job::new("payments.destroy_expired", Duration::from_secs(3600), move || {
            let core = destroying.clone();
            async move { destroy_expired::destroy_expired(&core).await }
        }),
        Job::new("payments.lodge_claims", Duration::from_secs(5), move || {
            let state = lodging.clone();
            async move { lodge_claims::lodge_claims(&state).await }
        }),
        Job::new("payments.poll_reports", Duration::from_secs(60), move || {
            let state = polling.clone();
            async move { poll_reports::poll_reports(&state).await }
        }),
        Job::new("payments.issue_invoices", Duration::from_secs(60), move || {
            let core = issuing.clone();
            async move { issue_invoices::issue_invoices(&core).await }
        }),
        Job::new("payments.issue_platform_invoices", Duration::from_secs(3600), move || {
            let (core, abn) = (invoicing_fees.clone(), platform_abn.clone());
            async move {
                match abn {
                    Some(abn) => issue_invoices::issue_platform_invoices(&core, &abn).await,
                    None => Ok(0),
                }
            }
        }),
        Job::new("payments.finish_bulk_billing", Duration::from_secs(10), move || {
            let core = bulk_billing.clone();
            async move { finish_bulk_billing::finish_bulk_billing(&core).await }
        }),
        Job::new("payments.read_payouts", Duration::from_secs(3600), move || {
            let state = reading.clone();
            async move { read_payouts::read_payouts(&state).await }
        }),
        Job::new("payments.reseal_coverage", Duration::from_secs(600), move || {
            let state = resealing.clone();
            async move { reseal_coverage::reseal_coverage(&state).await }
        }),
    ]
}
