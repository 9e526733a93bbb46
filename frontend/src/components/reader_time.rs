//! The same moment on the reader's own clock: nobody travels to a visit by video or phone.

use jiff::Timestamp;
use shared_types::{
    Zone,
    time::{clocks_differ, wall_words},
};
use yew::prelude::*;

use super::{reader_zone::difference_to, times_rest::long_when};
use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ReaderTimeProps {
    /// The place's zone.
    pub zone: Zone,
    /// The moment.
    pub at: Timestamp,
}

/// Nothing while the clocks agree; where the reader's is no Australian one, how far it is from the place's. Only the reader's
/// browser knows its zone, so it appears after an effect.
#[component]
pub fn ReaderTime(props: &ReaderTimeProps) -> Html {
    let words = use_state_eq(|| None::<String>);
    let set = words.setter();
    use_effect_with((props.zone, props.at), move |(zone, at)| {
        let reader = browser::reader_zone().and_then(|name| name.parse().ok());
        set.set(match reader {
            Some(reader) => on_the_readers_clock(*at, *zone, reader),
            None => difference_to(*zone, *at),
        });
    });
    html! { <span class="reader-time">{ (*words).clone().unwrap_or_default() }</span> }
}

/// `On your clock: Tuesday 24 November, 6:15 am, Perth time.`
fn on_the_readers_clock(at: Timestamp, zone: Zone, reader: Zone) -> Option<String> {
    clocks_differ(zone, reader, at)
        .then(|| format!("On your clock: {}, {}.", long_when(at, reader), wall_words(reader)))
}

#[cfg(test)]
mod tests {
    use shared_types::Zone;

    use super::on_the_readers_clock;

    #[test]
    fn a_moment_in_sydney_is_told_on_the_clock_of_perth() {
        let zone = |name: &str| name.parse::<Zone>().unwrap();
        let words =
            |at: &str, reader: &str| on_the_readers_clock(at.parse().unwrap(), Zone::SYDNEY, zone(reader));
        let summer = "2026-11-23T22:15:00Z";
        let perth = "On your clock: Tuesday 24 November, 6:15 am, Perth time.";
        assert_eq!(words(summer, "Australia/Perth").as_deref(), Some(perth));
        let brisbane = "On your clock: Tuesday 24 November, 8:15 am, Brisbane time.";
        assert_eq!(words(summer, "Australia/Brisbane").as_deref(), Some(brisbane));
        assert_eq!(words("2026-07-01T00:00:00Z", "Australia/Brisbane"), None, "in winter they agree");
        assert_eq!(words(summer, "Australia/Melbourne"), None);
    }
}
