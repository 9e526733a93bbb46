//! The vault from outside: what pages ask of it, before a server that is honest and one that lies.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod book;
mod doors;
mod log;
mod malicious_server;
mod notes;
mod practice;
mod server;
mod trail;
mod world;
