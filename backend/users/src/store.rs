//! Every SQL statement of users.

pub mod published_text;
pub mod signing_key;
