//! How far the reader's clock is from the place's: for people who travel, or book for somebody elsewhere.

use jiff::Timestamp;
use shared_types::Zone;
use yew::prelude::*;

use crate::browser;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ReaderZoneProps {
    /// The place's zone.
    pub zone: Zone,
    /// When to compare: clocks change on different days.
    pub at: Timestamp,
}

/// Nothing while the clocks agree. Only the reader's browser knows its zone, so it appears after an effect.
#[component]
pub fn ReaderZone(props: &ReaderZoneProps) -> Html {
    let words = use_state(|| None::<String>);
    let set = words.setter();
    use_effect_with((props.zone, props.at), move |(zone, at)| {
        set.set(difference_to(*zone, *at));
    });
    html! { <span class="reader-zone">{ (*words).clone().unwrap_or_default() }</span> }
}

/// How far the reader's clock is from a place's, in words; nothing while they agree. To be asked in effects only.
pub(super) fn difference_to(zone: Zone, at: Timestamp) -> Option<String> {
    let place = zone.time_zone().to_offset(at).seconds() / 60;
    browser::reader_offset_minutes(at).and_then(|reader| difference_words(reader - place))
}

/// `On your clock that is 3 hours earlier.`
fn difference_words(minutes: i32) -> Option<String> {
    let direction = match minutes {
        0 => return None,
        ..0 => "earlier",
        1.. => "later",
    };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let hours = match hours {
        0 => None,
        1 => Some("1 hour".to_owned()),
        hours => Some(format!("{hours} hours")),
    };
    let rest = (rest > 0).then(|| format!("{rest} minutes"));
    let span: Vec<_> = hours.into_iter().chain(rest).collect();
    Some(format!("On your device’s clock that is {} {direction}.", span.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::difference_words;

    #[test]
    fn the_difference_is_said_in_hours_and_minutes() {
        for (minutes, words) in
            [(-180, "3 hours earlier"), (30, "30 minutes later"), (-90, "1 hour 30 minutes earlier")]
        {
            assert_eq!(difference_words(minutes), Some(format!("On your device’s clock that is {words}.")));
        }
        assert_eq!(difference_words(0), None);
    }
}
