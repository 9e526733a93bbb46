//! Every SQL statement of notifications.

pub mod appointment;
pub mod by_text;
pub mod contact;
pub mod erasure;
pub mod export;
pub mod guest_number;
pub mod lateness;
pub mod message;
pub mod notice;
pub mod offered;
pub mod other_way;
pub mod owner;
pub mod payer;
pub mod plan;
pub mod preference;
pub mod push;
pub mod retention;
pub mod series_letter;
pub mod stop;
pub mod taken_over;
pub mod text;
pub mod undelivered;
pub mod unsubscribe;
