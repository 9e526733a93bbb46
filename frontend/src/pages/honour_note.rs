//! How many of its appointments a practice kept, on its public pages and on its own.

use shared_types::{OrganizationId, bookings::honour::HonourRate};
use yew::prelude::*;

use crate::{api::bookings, hooks::use_api};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HonourNoteProps {
    pub organization_id: OrganizationId,
}

/// One sentence, and what counts; nothing while it cannot be read.
#[component]
pub fn HonourNote(props: &HonourNoteProps) -> HtmlResult {
    let rate = use_api::<HonourRate>(bookings::find_honour_rate(props.organization_id))?;
    Ok(rate.map_or_else(|_| Html::default(), |rate| note(*rate, "This practice")))
}

/// The sentence, about whom it names.
pub fn note(rate: HonourRate, who: &str) -> Html {
    html! {
        <p>
            { words(rate, who) }
            <span class="small muted">
                { " An appointment is not kept if the practice cancels or moves it, does not answer in time or is not there." }
            </span>
        </p>
    }
}

fn words(rate: HonourRate, who: &str) -> String {
    let days = rate.days;
    match rate.percent {
        Some(percent) => format!("{who} kept {percent}% of its appointments in the last {days} days."),
        None => format!("{who} had too few appointments in the last {days} days to say how many it keeps."),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::bookings::honour::HonourRate;

    use super::words;

    #[test]
    fn a_share_is_said_where_there_are_enough() {
        let rate = |honoured, counted| HonourRate::of(honoured, counted, Timestamp::UNIX_EPOCH);
        assert_eq!(
            words(rate(19, 20), "This practice"),
            "This practice kept 95% of its appointments in the last 90 days."
        );
        assert!(words(rate(19, 19), "This practice").contains("too few appointments"));
    }
}
