//! The services' API as functions: `client` carries requests, the other files name the endpoints.

pub mod bookings;
pub mod calendar;
pub mod claims;
pub mod client;
pub mod disputes;
pub mod feeds;
pub mod funding;
pub mod listings;
pub mod mistakes;
pub mod money;
pub mod notifications;
pub mod own_booking;
pub mod own_record;
pub mod payments;
pub mod platform_money;
pub mod practice;
pub mod practice_money;
pub mod providers;
pub mod sealed;
pub mod support;
pub mod users;
pub mod waitlist;
pub mod webhooks;

pub use client::{ApiClient, Method, Reply, use_api_client};
pub use own_booking::OwnBooking;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand unescaped in one segment of a path (RFC 3986's unreserved characters).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One segment of a path, escaped.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
