//! The crate from outside: what its users can do with it, and what a hostile server cannot.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod corpus;
mod directory;
mod mailbox;
mod malicious_server;
mod notes;
mod python;
mod world;
