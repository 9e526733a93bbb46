//! Every SQL statement of the service.

pub mod access_grant;
pub mod appointment;
pub mod calendar;
pub mod consent;
pub mod erasure;
pub mod export;
pub mod hold;
pub mod listing;
pub mod manage;
pub mod next_free;
pub mod party;
pub mod reservation;
pub mod retention;
pub mod role;
pub mod statement;
