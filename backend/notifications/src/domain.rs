//! What messages say and when they are tried again. No I/O: now and chance are arguments.

pub mod account;
pub mod answer;
pub mod appointment;
pub mod assignment;
pub mod balance_failed;
pub mod by_text;
pub mod calendar;
#[cfg(test)]
mod calendar_tests;
pub mod channels;
pub mod clinical;
pub mod dispute;
pub mod fee_failed;
#[cfg(test)]
mod fixtures;
pub mod invitation;
pub mod lateness;
pub mod locale;
pub mod message;
pub mod money;
pub mod no_show;
pub mod plan;
pub mod presumed;
pub mod preview;
pub mod proposal;
pub mod pushing;
pub mod reader;
pub mod reminder;
pub mod retry;
pub mod segments;
pub mod sender;
pub mod series;
pub mod sms_sender;
pub mod templates;
pub mod too_late;
pub mod undelivered;
pub mod unsubscribing;
pub mod upcoming;
pub mod words;
