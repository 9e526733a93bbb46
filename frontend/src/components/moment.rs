//! A moment with its date and time on the reader's own clock.

use jiff::{SignedDuration, Timestamp};
use shared_types::{Zone, time};
use yew::prelude::*;

use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MomentProps {
    pub at: Timestamp,
}

/// `Tuesday 24 November 2026, 9:15 am`. Only the reader's browser knows its zone: until an effect has asked, the time is
/// Sydney's, and says so.
#[component]
pub fn Moment(props: &MomentProps) -> Html {
    let ahead = use_state_eq(|| None::<i32>);
    let set = ahead.setter();
    use_effect_with(props.at, move |at| set.set(browser::reader_offset_minutes(*at)));
    html! { <time datetime={props.at.to_string()}>{ moment_words(props.at, *ahead) }</time> }
}

/// A moment so many minutes ahead of UTC; in Sydney where that is not known.
pub fn moment_words(at: Timestamp, ahead: Option<i32>) -> String {
    let Some(minutes) = ahead else {
        let (date, clock) = (Zone::SYDNEY.date(at), Zone::SYDNEY.time(at));
        return format!("{}, {} Sydney time", time::long_date(date), time::clock_words(clock));
    };
    let there = at.saturating_add(SignedDuration::from_mins(minutes.into())).unwrap_or(at);
    let there = there.to_zoned(jiff::tz::TimeZone::UTC);
    format!("{}, {}", time::long_date(there.date()), time::clock_words(there.time()))
}

#[cfg(test)]
mod tests {
    use super::moment_words;

    #[test]
    fn a_moment_is_told_on_the_readers_clock_or_on_sydneys() {
        let at = "2026-11-24T22:15:00Z".parse().unwrap();
        assert_eq!(moment_words(at, Some(60)), "Tuesday 24 November 2026, 11:15 pm");
        assert_eq!(moment_words(at, None), "Wednesday 25 November 2026, 9:15 am Sydney time");
    }
}
