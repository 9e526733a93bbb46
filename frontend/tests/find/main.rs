//! Home, search and landing as the server sends them: rendered through the real router with canned replies.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used)]

mod developers;
mod home;
mod landing;
mod search;
mod serving;
mod support;
