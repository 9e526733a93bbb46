//! What messages say and when they are tried again. No I/O: now and chance are arguments.

pub mod account;
pub mod appointment;
#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
mod fixtures;
pub mod invitation;
pub mod message;
pub mod retry;
pub mod sender;
pub mod templates;
pub mod words;
