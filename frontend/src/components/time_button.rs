//! One time that can be taken: a link that works without JavaScript, and a choice where the page wants one.

use jiff::Timestamp;
use shared_types::{AppointmentTypeId, PractitionerRoleId, Zone, time};
use yew::prelude::*;

use super::provider_card::capitalised;
use crate::forms::book_query::BookQuery;

/// A time somebody picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Of what.
    pub type_id: AppointmentTypeId,
    /// When it starts.
    pub start: Timestamp,
}

/// What is the same for all the times of one list.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeContext {
    /// With whom, by id.
    pub role_id: PractitionerRoleId,
    /// What picking a time does, for those who hear it: `Book Priya Nairwood`.
    pub act: AttrValue,
    /// Of what.
    pub type_id: AppointmentTypeId,
    /// The place's zone.
    pub zone: Zone,
    /// When the times were true; without it days are told by their dates and not as "tomorrow".
    pub as_of: Option<Timestamp>,
    /// The one chosen already.
    pub chosen: Option<Timestamp>,
    /// What to do with a pick; without it the link is followed.
    pub on_choose: Option<Callback<Chosen>>,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimeButtonProps {
    pub start: Timestamp,
    pub context: TimeContext,
    /// Says the day too, where no heading above does.
    #[prop_or_default]
    pub with_day: bool,
    /// Leaves out what the part of the day says already: `9:15`.
    #[prop_or_default]
    pub short: bool,
}

/// `9:15 am`.
#[component]
pub fn TimeButton(props: &TimeButtonProps) -> Html {
    let TimeButtonProps { start, context, with_day, short } = props;
    let (start, zone) = (*start, context.zone);
    let query = BookQuery { type_id: Some(context.type_id), start: Some(start), from: None };
    let onclick = context.on_choose.clone().map(|on_choose| {
        let chosen = Chosen { type_id: context.type_id, start };
        Callback::from(move |click: MouseEvent| {
            // A click that asks for another tab keeps what it asks for.
            if !(click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key()) {
                click.prevent_default();
                on_choose.emit(chosen);
            }
        })
    });
    let clock = time::clock_words(zone.time(start));
    let day = match context.as_of {
        Some(as_of) => time::day_words(zone.date(start), zone.date(as_of)),
        None => time::short_date(zone.date(start)),
    };
    html! {
        // `nofollow`: taking a time is no page to be found.
        <a class="time" href={query.path(context.role_id)} {onclick}
            aria-label={format!("{}, {day} {clock}", context.act)}
            rel="nofollow" aria-current={(context.chosen == Some(start)).then_some("true")}>
            if *with_day {
                <small>{ capitalised(&day) }</small>{ " " }
            }
            { if *short { clock.split(' ').next().unwrap_or_default().to_owned() } else { clock.clone() } }
        </a>
    }
}
