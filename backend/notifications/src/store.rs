//! Every SQL statement of notifications.

pub mod message;
