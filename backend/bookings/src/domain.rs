//! Rules of booking: no SQL, no HTTP, no clock.

mod appointment;
mod asking;
mod cancelling;
mod disputing;
mod feed;
mod funding;
mod hours;
mod lateness;
mod mistake;
mod other_calendar;
mod quote;
mod rotation;
mod series;
mod webhook;

pub use self::{
    appointment::{Standing, Step, TransitionError, UNMARKED, Why, reply_by},
    asking::{came_to_nothing, is_awake, offered_until},
    cancelling::cancelling_at,
    disputing::{
        FeeMarks, NotAnError, Noted, answer_by, decides_dispute, disputable, dispute_by, late_fee,
        may_be_error,
    },
    feed::{FeedAppointment, FeedOf, feed_entry, other_place},
    funding::{Offer, Uncharged, cohorts, no_show_fee, rule_for, uncharged},
    hours::{Seen, hours_for, is_within},
    lateness::{counts_until, is_news, late_by},
    mistake::money_moved,
    other_calendar::busy_times,
    quote::{sign_quote, sign_ticket},
    rotation::{Turn, in_turn},
    series::{Around, finding, starts},
    webhook::{next_try, ping, secret_words, signatures, told_of},
};
