//! The vault: every key of a person who is signed in, in a worker of its own, so that the page neither sees a key nor
//! stands still while a password is derived.
//!
//! It answers requests and does nothing by itself: no network, no storage. When its worker ends, every key is gone.
#![warn(missing_docs)]

mod text;
mod vault;

pub use vault::Vault;
