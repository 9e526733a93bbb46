//! How old what the calendar shows is.

use jiff::{SignedDuration, Timestamp};
use shared_types::{Zone, time};
use yew::prelude::*;

use crate::components::times_rest::long_when;

/// From how old on it says so aloud. Twice a minute it is read anew.
const OLD: SignedDuration = SignedDuration::from_mins(3);

#[derive(Clone, PartialEq, Properties)]
pub struct ReadAtProps {
    /// When it was so; absent until it was read.
    pub read_at: Option<Timestamp>,
    pub now: Timestamp,
    /// Of the place.
    pub zone: Zone,
}

/// A quiet line, which is read out only where what is shown may no longer be so.
#[component]
pub fn ReadAt(props: &ReadAtProps) -> Html {
    let ReadAtProps { read_at, now, zone } = props;
    let is_old = read_at.is_some_and(|read_at| now.duration_since(read_at) >= OLD);
    let when = read_at.map(|read_at| {
        let of_today = zone.date(read_at) == zone.date(*now);
        if of_today { time::clock_words(zone.time(read_at)) } else { long_when(read_at, *zone) }
    });
    let (fresh, old) = if is_old { (None, when) } else { (when, None) };
    html! {
        <span class="cal-read small muted">
            <span>{ fresh.map(|when| format!("Updated {when}")).unwrap_or_default() }</span>
            <strong role="status">
                { old.map(|when| format!("Not updated since {when}")).unwrap_or_default() }
            </strong>
        </span>
    }
}
