//! Background jobs. Each is safe to run twice and by several workers.

mod complete_unmarked;
mod destroy_expired;
mod expire_holds;
mod expire_requests;
mod forget_old;
mod give_up_awaiting;
mod lapse_proposals;
mod offer_times;
mod one_by_one;
mod publish_next_free;
mod read_calendars;
mod seal_secrets;
mod send_webhooks;

use std::time::Duration;

use kernel::jobs::Job;

use crate::state::State;

/// The service's jobs.
pub fn jobs(state: &State) -> Vec<Job> {
    let job = |name, every, run: fn(State) -> futures::future::BoxFuture<'static, anyhow::Result<u64>>| {
        let state = state.clone();
        Job::new(name, every, move || run(state.clone()))
    };
    vec![
        job("bookings.expire_holds", Duration::from_secs(2), |state| {
            Box::pin(expire_holds::expire_holds(state))
        }),
        job("bookings.expire_requests", Duration::from_secs(30), |state| {
            Box::pin(expire_requests::expire_requests(state))
        }),
        job("bookings.lapse_proposals", Duration::from_secs(10), |state| {
            Box::pin(lapse_proposals::lapse_proposals(state))
        }),
        job("bookings.give_up_awaiting", Duration::from_secs(5), |state| {
            Box::pin(give_up_awaiting::give_up_awaiting(state))
        }),
        job("bookings.complete_unmarked", Duration::from_secs(60), |state| {
            Box::pin(complete_unmarked::complete_unmarked(state))
        }),
        job("bookings.offer_times", Duration::from_secs(10), |state| {
            Box::pin(offer_times::offer_times(state))
        }),
        job("bookings.publish_next_free", Duration::from_secs(1), |state| {
            Box::pin(publish_next_free::publish_next_free(state))
        }),
        job("bookings.read_calendars", Duration::from_secs(5), |state| {
            Box::pin(read_calendars::read_calendars(state))
        }),
        job("bookings.send_webhooks", Duration::from_secs(2), |state| {
            Box::pin(send_webhooks::send_webhooks(state))
        }),
        job("bookings.seal_secrets", Duration::from_secs(60), |state| {
            Box::pin(seal_secrets::seal_secrets(state))
        }),
        job("bookings.destroy_expired", Duration::from_secs(3600), |state| {
            Box::pin(destroy_expired::destroy_expired(state))
        }),
        job("bookings.forget_old", Duration::from_secs(600), |state| Box::pin(forget_old::forget_old(state))),
    ]
}
