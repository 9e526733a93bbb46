//! The pages in a real browser. It shows one page at a time, so these tests run one after the other.

mod booking;
mod keyboard;
mod pages;
mod without_scripts;
