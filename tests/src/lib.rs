//! What the tests across services share: everything running on a port of its own, a person who speaks HTTP, the mail
//! they get, a real browser, and invented maps.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

pub mod acts;
pub mod archive;
pub mod browser;
pub mod desk;
pub mod mail;
pub mod member;
pub mod person;
pub mod running;
pub mod till;

use std::{future::Future, time::Duration};

pub use self::{browser::Browser, person::Person, running::Running};

/// How long something may take that another task or process does.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again until there is something to be had, and gives up after half a minute.
///
/// # Panics
/// When it was not there in time; `what` says what.
pub async fn until<T, F>(what: &str, look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let found = in_time(look).await;
    found.unwrap_or_else(|| panic!("waited {} s in vain for {what}", PATIENCE.as_secs()))
}

/// The same for who has more to say when it was not there in time.
pub(crate) async fn in_time<T, F>(mut look: impl FnMut() -> F) -> Option<T>
where
    F: Future<Output = Option<T>>,
{
    let looking = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.ok()
}

/// Looks until a condition holds.
///
/// # Panics
/// As [`until`].
pub async fn until_true<F: Future<Output = bool>>(what: &str, mut look: impl FnMut() -> F) {
    until(what, || {
        let looked = look();
        async move { looked.await.then_some(()) }
    })
    .await;
}
