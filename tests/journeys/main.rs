//! Journeys across services, over HTTP against everything running.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod booking;
mod directory;
mod notices;
mod pages;
mod revocation;
mod sealed;
