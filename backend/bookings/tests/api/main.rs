//! The bookings service from outside: its routes, its tables, its outbox, its jobs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod app;
mod confirm_hold;
mod create_hold;
mod find_hold;
mod races;
mod release_hold;
