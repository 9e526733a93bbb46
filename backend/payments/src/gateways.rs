//! Outside parties.

pub mod card_processor;
pub mod medicare;
pub mod medicare_http;
mod stripe;
