//! The pages in a real browser. It shows one page at a time, so these tests run one after the other.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod account;
mod base_map;
mod booking;
mod keyboard;
mod map;
mod near_me;
mod pages;
mod without_scripts;
