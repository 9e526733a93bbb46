//! What people type or wish to see, and what is made of it: reducers and checks. Pure: no fetching, no
//! browser, no clock.

pub mod attempt;
pub mod birth_date;
pub mod book_query;
pub mod credentials;
pub mod gate;
pub mod party;
pub mod shown_times;
pub mod times_view;
