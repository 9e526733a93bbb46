//! The simulator from outside: its rules against the file that has them, and a claim's life through its addresses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod file;
mod life;
mod rules;
