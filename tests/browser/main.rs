//! The pages in a real browser. It shows one page at a time, so these tests run one after the other.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod booking;
mod keyboard;
mod near_me;
mod pages;
mod without_scripts;
