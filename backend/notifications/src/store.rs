//! Every SQL statement of notifications.

pub mod erasure;
pub mod export;
pub mod message;
pub mod owner;
pub mod retention;
