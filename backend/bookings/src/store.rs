//! Every SQL statement of the service.

pub mod appointment;
pub mod calendar;
pub mod hold;
pub mod listing;
pub mod manage;
pub mod next_free;
pub mod party;
pub mod reservation;
pub mod role;
