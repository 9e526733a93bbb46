//! The pages in a real browser.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod account;
mod argon2;
mod base_map;
mod booking;
mod breached;
mod bundles;
mod calendar;
mod developers;
mod devices;
mod dragging;
mod fluid;
mod keyboard;
mod map;
mod messages;
mod money;
mod month;
mod near_me;
mod own_visit;
mod pages;
mod passkeys;
mod passwords;
mod practice_money;
mod proposals;
mod recovery;
mod requests;
mod rights;
mod running_late;
mod sealed;
mod series;
mod sessions;
mod support;
mod tampering;
mod time_off;
mod waitlist;
mod without_scripts;
