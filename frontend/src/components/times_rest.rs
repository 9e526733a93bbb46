//! What stands where no times are, and below those that are.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{PractitionerRoleId, Zone, time};
use yew::prelude::*;

use super::{reader_zone::ReaderZone, times_agenda::day_and_month};
use crate::{
    components::agenda::plus_days,
    forms::{
        book_query::BookQuery,
        shown_times::ShownTimes,
        times_view::{Layout, TimesAction, TimesView},
    },
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NothingFreeProps {
    pub view: TimesView,
    pub shown: Rc<ShownTimes>,
    pub role_id: PractitionerRoleId,
    pub phone: Option<AttrValue>,
    pub on_view: Callback<TimesAction>,
}

/// Names the next free time and goes there; says so when there is none.
#[component]
pub fn NothingFree(props: &NothingFreeProps) -> Html {
    let NothingFreeProps { view, shown, .. } = props;
    let until = day_and_month(shown.to);
    let title = match (view.layout, view.after_work) {
        (Layout::Week, false) => "Nothing free this week".to_owned(),
        (Layout::Week, true) => "Nothing after 5 pm this week".to_owned(),
        (Layout::List, false) => format!("Nothing free until {until}"),
        (Layout::List, true) => format!("Nothing after 5 pm until {until}"),
    };
    html! {
        <div class="state">
            <h3>{ title }</h3>
            <p>{ next_words(view, shown) }</p>
            <div class="button-row">{ ways_on(props) }</div>
        </div>
    }
}

fn next_words(view: &TimesView, shown: &ShownTimes) -> String {
    match shown.next {
        Some(next) => format!("The next free time is {}.", long_when(next, shown.zone)),
        None if view.after_work => "There may be some earlier in the day, or later on.".to_owned(),
        None => "No later times are open for booking yet.".to_owned(),
    }
}

fn ways_on(props: &NothingFreeProps) -> Html {
    let NothingFreeProps { view, shown, role_id, phone, on_view } = props;
    let next = shown.next.map(|next| {
        let date = shown.zone.date(next);
        let query = BookQuery { type_id: Some(view.type_id), start: None, from: Some(date) };
        let label = if view.layout == Layout::Week { "Go to that week" } else { "Go to that day" };
        html! {
            <a class="button" href={query.path(*role_id)} onclick={stay(on_view, TimesAction::GoTo(date))}>
                { label }
            </a>
        }
    });
    let all_day = view.after_work.then(|| {
        let onclick = on_view.reform(|_: MouseEvent| TimesAction::AfterWork(false));
        html! { <button type="button" class="button button--quiet" {onclick}>{ "Show all times of the day" }</button> }
    });
    let call = phone.as_ref().map(|phone| {
        html! { <a class="button button--quiet" href={format!("tel:{}", dialled(phone))}>{ format!("Call {}", shared_types::providers::phone_words(phone)) }</a> }
    });
    let wait = html! {
        <a class="button button--quiet" rel="nofollow" href={wait_path(*role_id, view)}>{ "Join the waitlist" }</a>
    };
    html! { <>{ next }{ all_day }{ wait }{ call }</> }
}

/// Where one joins the waitlist for what is shown.
fn wait_path(role_id: PractitionerRoleId, view: &TimesView) -> String {
    format!("/account/waitlist/{role_id}?type={}", view.type_id)
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TimesFootProps {
    pub view: TimesView,
    pub shown: Rc<ShownTimes>,
    pub role_id: PractitionerRoleId,
    pub busy: bool,
    pub on_view: Callback<TimesAction>,
}

/// More days, and whose clock the times are on.
#[component]
pub fn TimesFoot(props: &TimesFootProps) -> Html {
    let TimesFootProps { view, shown, role_id, busy, on_view } = props;
    let query = BookQuery { type_id: Some(view.type_id), start: None, from: Some(plus_days(shown.to, 1)) };
    let (zone, at) = (shown.zone, shown.starts.first().copied().unwrap_or(shown.as_of));
    html! {
        <div class="times__foot">
            <div class="button-row">
                if view.layout == Layout::List && shown.has_more {
                    <a class="button button--quiet" rel="nofollow" href={query.path(*role_id)}
                        aria-busy={busy.to_string()}
                        onclick={stay(on_view, TimesAction::More)}>{ "Show more days" }</a>
                }
            </div>
            <p class="small">
                { "Does none of these suit you? " }
                <a rel="nofollow" href={wait_path(*role_id, view)}>{ "Join the waitlist" }</a>
            </p>
            <p class="times__zone small muted">{ zone_words(zone, at) }{ " " }<ReaderZone {zone} {at} /></p>
        </div>
    }
}

/// Does something here instead of following the link, which is for those without JavaScript.
fn stay(on_view: &Callback<TimesAction>, action: TimesAction) -> Callback<MouseEvent> {
    on_view.reform(move |click: MouseEvent| {
        click.prevent_default();
        action
    })
}

/// `Monday 7 December, 8:30 am`.
pub fn long_when(start: Timestamp, zone: Zone) -> String {
    format!("{}, {}", day_and_month(zone.date(start)), time::clock_words(zone.time(start)))
}

/// The place that a zone is called after: `Broken Hill`.
pub fn place_of(zone: Zone) -> String {
    zone.name().rsplit('/').next().unwrap_or(zone.name()).replace('_', " ")
}

/// `Times in Sydney (AEDT).`
pub fn zone_words(zone: Zone, at: Timestamp) -> String {
    let city = place_of(zone);
    let rules = zone.time_zone();
    let info = rules.to_offset_info(at);
    let short = info.abbreviation();
    // Some zones have no letters of their own, only an offset, which says little.
    if short.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("Times in {city} ({short}).")
    } else {
        format!("Times in {city}.")
    }
}

/// A phone number as it is dialled.
pub fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

#[cfg(test)]
mod tests {
    use shared_types::Zone;

    use super::zone_words;

    #[test]
    fn zones_are_named_as_people_name_them() {
        let at = "2026-11-23T22:15:00Z".parse().unwrap();
        assert_eq!(zone_words(Zone::SYDNEY, at), "Times in Sydney (AEDT).");
        assert_eq!(zone_words("Australia/Broken_Hill".parse().unwrap(), at), "Times in Broken Hill (ACDT).");
        assert_eq!(zone_words("Australia/Eucla".parse().unwrap(), at), "Times in Eucla.");
    }
}
