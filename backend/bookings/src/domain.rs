//! Rules of booking: no SQL, no HTTP, no clock.

mod cancelling;
mod quote;

pub use self::{
    cancelling::{cancel, cancelling_at},
    quote::{quote_message, sign_quote},
};
