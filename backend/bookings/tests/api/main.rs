//! The bookings service from outside: its routes, its tables, its outbox, its jobs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod alone;
mod app;
mod cancel_appointment;
mod confirm_hold;
mod create_hold;
mod find_appointment;
mod find_availability;
mod find_consent_text;
mod find_hold;
mod inbox;
mod jobs;
mod list_appointment_types;
mod list_free_times;
mod members;
mod move_appointment;
mod open_manage_link;
mod personal_data;
mod privileges;
mod races;
mod release_hold;
mod rights;
mod routes;
mod send_manage_code;
mod statuses;
mod storms;
