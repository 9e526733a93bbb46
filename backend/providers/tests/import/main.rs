//! Importing the national directory's format into a real database.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod changes;
mod input;
mod places;
mod references;
mod samples;
mod support;
