//! The audit log from the act to the verdict, on a database of its own for each test.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod destruction;
mod disclosed;
mod grants;
mod kept;
mod list;
mod places;
mod search;
mod tampering;
mod trail;
