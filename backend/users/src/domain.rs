//! Rules of the users context. No I/O.

pub mod text_name;
pub mod texts;
