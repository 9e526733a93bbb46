//! Background jobs. Each is safe to run twice and by several workers.

mod destroy_expired;
mod expire_holds;
mod forget_old;
mod publish_next_free;

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
        job("bookings.publish_next_free", Duration::from_secs(1), |state| {
            Box::pin(publish_next_free::publish_next_free(state))
        }),
        job("bookings.destroy_expired", Duration::from_secs(3600), |state| {
            Box::pin(destroy_expired::destroy_expired(state))
        }),
        job("bookings.forget_old", Duration::from_secs(600), |state| Box::pin(forget_old::forget_old(state))),
    ]
}
