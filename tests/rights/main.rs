//! A person's rights over their data, across all services: they are handed all of it, it goes when they ask and when its time
//! is over, and what is said of it in public is true. Each test asks the database itself what there is, so that a new table
//! or a new rule in code does not pass until somebody has thought of it.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod decisions;
mod erasure;
mod export;
mod schema;
mod somebody;
mod what_we_see;
