//! Profiles, practices, booking, links and legal pages as the server sends them: rendered through the real
//! router with canned replies.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]
#![cfg(feature = "ssr")]

mod account;
mod assignments;
mod booking;
mod calendar;
mod canned;
mod claims;
mod eligible_types;
mod funding;
mod helping;
mod higher_charge;
mod hold_refused;
mod legal;
mod listings;
mod messages;
mod money_back;
mod money_lists;
mod not_charged;
mod own_visit;
mod parts;
mod pay_step;
mod payment_runs;
mod platform_money;
mod pools;
mod practice;
mod private;
mod proposals;
mod provider;
mod sealed;
#[path = "../find/support.rs"]
#[allow(dead_code, reason = "shared with the other suite, which needs other parts of it")]
mod support;
mod text_me;
mod transactions;
mod waitlist;
