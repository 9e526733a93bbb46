//! Rules of booking: no SQL, no HTTP, no clock.

mod appointment;
mod asking;
mod cancelling;
mod disputing;
mod feed;
mod hours;
mod other_calendar;
mod quote;
mod rotation;
mod series;
mod webhook;

pub use self::{
    appointment::{Standing, Step, TransitionError, UNMARKED, Why, reply_by},
    asking::{is_awake, offered_until},
    cancelling::cancelling_at,
    disputing::{FeeMarks, Noted, answer_by, disputable, late_fee},
    feed::{FeedAppointment, FeedOf, feed_entry},
    hours::is_within,
    other_calendar::busy_times,
    quote::{quote_message, sign_quote},
    rotation::{Turn, in_turn},
    series::{Around, finding, starts},
    webhook::{next_try, ping, secret_words, signatures, told_of},
};
