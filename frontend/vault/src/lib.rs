//! The vault: every key of a person who is signed in, in a worker of its own, so that the page neither sees a key nor
//! stands still while a password is derived.
//!
//! It answers requests and does nothing by itself: no network, no storage. When its worker ends, every key is gone.
//! What a server says reaches it through the page and is believed only as far as it can be checked: [`Vault`] keeps the
//! keys and what it has seen, `log` checks what is said of the key directory, `sight` stops at keys that have changed,
//! and each act is a file of its own. A refusal changes nothing.
#![warn(missing_docs)]

mod content;
mod doors;
mod epochs;
mod log;
mod open;
mod people;
mod practice;
mod refusal;
mod seal;
mod sight;
mod text;
mod trail;
mod vault;

pub use vault::Vault;
