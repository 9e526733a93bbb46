//! What crosses a wire: values, requests, replies, states and events.
//!
//! This crate does no I/O and knows no HTTP framework and no database. It compiles to Wasm, so the browser
//! parses and prints with the same code as the services.
#![warn(missing_docs)]

pub mod bookings;
pub mod decisions;
pub mod export;
pub mod geo;
pub mod id;
pub mod identifiers;
pub mod money;
pub mod notifications;
pub mod page;
pub mod payments;
pub mod personal;
pub mod problem;
pub mod providers;
pub mod retention;
#[cfg(feature = "schema")]
mod schema;
pub mod slug;
pub mod time;
pub mod users;
pub mod vault;

pub use geo::{Bbox, GeoPoint, Metres};
pub use id::*;
pub use money::AudCents;
pub use problem::Problem;
pub use time::Zone;
