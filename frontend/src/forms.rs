//! What people type or wish to see, and what is made of it: reducers and checks. Pure: no fetching, no
//! browser, no clock.

pub mod answers;
pub mod appointment_type;
pub mod assign;
pub mod attempt;
pub mod birth_date;
pub mod book_query;
pub mod claim;
pub mod coverage;
pub mod credentials;
pub mod desk;
pub mod desk_patient;
pub mod details;
pub mod files;
pub mod funding;
pub mod gate;
pub mod hours;
pub mod intake;
pub mod leave;
pub mod message;
pub mod outbox;
pub mod party;
pub mod printed;
pub mod questions;
pub mod readers;
pub mod series;
pub mod shown_times;
pub mod support;
pub mod times_view;
pub mod visit;
pub mod visit_area;
pub mod waiting;
pub mod went_back;
pub mod when;
