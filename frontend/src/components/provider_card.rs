//! One practitioner at one place, with why it is shown and its next free times.

use form_urlencoded::byte_serialize;
use jiff::Timestamp;
use shared_types::{
    Zone,
    providers::{OrganizationRef, ProviderSummary},
    time::{clock_words, day_words, when_words},
};
use yew::prelude::*;

use super::{
    facts::FactList,
    icon::{Icon, profession_icon},
    together::together,
};
use crate::search::Visits;

/// How many times a card offers.
const TIMES: usize = 3;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProviderCardProps {
    pub provider: ProviderSummary,
    /// When the times were true.
    pub as_of: Timestamp,
    /// 2 in a list of results, 3 under a section's heading.
    #[prop_or(2)]
    pub level: u8,
    /// Set apart, as its marker on the map is.
    #[prop_or_default]
    pub active: bool,
    /// Told when the pointer or the focus comes (true) and goes (false).
    #[prop_or_default]
    pub onactive: Callback<bool>,
    /// Keeps ids apart when the same card is on a page twice.
    #[prop_or_default]
    pub id_suffix: AttrValue,
    /// An icon the caller knows better than the slug tells.
    #[prop_or_default]
    pub icon: Option<AttrValue>,
    /// Where this one comes to, in a search for home visits.
    #[prop_or_default]
    pub visits: Option<Visits>,
}

/// A card of a list.
#[component]
pub fn ProviderCard(props: &ProviderCardProps) -> Html {
    let ProviderCardProps { provider, as_of, level, active, onactive, id_suffix, icon, visits } = props;
    let title = format!("n-{}{id_suffix}", provider.practitioner_role_id);
    let icon = icon.clone().unwrap_or_else(|| profession_icon(provider.profession.as_deref()).into());
    let (enter, leave) = (onactive.clone(), onactive.clone());
    let (focus, blur) = (onactive.clone(), onactive.clone());
    html! {
        <article class="card provider-card" aria-labelledby={title.clone()} data-active={active.to_string()}
            onmouseenter={move |_| enter.emit(true)} onmouseleave={move |_| leave.emit(false)}
            onfocusin={move |_| focus.emit(true)} onfocusout={move |_| blur.emit(false)}>
            <span class="tile"><Icon name={icon} /></span>
            <div class="provider-card__who">
                <@{format!("h{level}")} class="provider-card__name" id={title}>
                    <a href={format!("/providers/{}", provider.slug)}>{ &provider.name }</a>
                </@>
                <p>{ who_words(provider) }</p>
            </div>
            <p class="provider-card__why"><Icon name="pin" /><span>{ why(provider, *as_of, visits.as_ref()) }</span></p>
            <FactList facts={provider.facts.clone()} />
            <TimesOrPhone provider={provider.clone()} as_of={*as_of}
                near={visits.as_ref().and_then(|visits| visits.near.clone())} />
        </article>
    }
}

/// `Physiotherapist at Wattle Lane Physio`.
fn who_words(provider: &ProviderSummary) -> Html {
    let practice = provider.organization.as_ref().map(|practice| {
        let href = format!("/practices/{}", practice.slug);
        html! { <a class="provider-card__practice" {href}>{ &practice.name }</a> }
    });
    match (&provider.profession_name, practice) {
        (Some(profession), Some(practice)) => html! {
            <>{ profession }{ " " }<span class="muted">{ "at" }</span>{ " " }{ practice }</>
        },
        (Some(profession), None) => html! { profession },
        (None, practice) => practice.unwrap_or_default(),
    }
}

/// The reason, with the time set off.
fn why(provider: &ProviderSummary, as_of: Timestamp, visits: Option<&Visits>) -> Html {
    let why = match visits {
        Some(visits) => {
            let others = ProviderSummary { distance_m: None, ..provider.clone() };
            format!("{}, {}", visits.words, others.why(as_of))
        }
        None => provider.why(as_of),
    };
    let first = provider.next_free.first().zip(provider.location.as_ref());
    let when = first.map(|(start, location)| when_words(*start, as_of, location.time_zone));
    match when.as_deref().and_then(|when| why.strip_suffix(when).zip(Some(when))) {
        Some((before, when)) => html! { <>{ before.to_owned() }<strong>{ together(when) }</strong></> },
        None => html! { why },
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct TimesOrPhoneProps {
    provider: ProviderSummary,
    as_of: Timestamp,
    /// Where a home visit is looked for.
    near: Option<AttrValue>,
}

#[component]
fn TimesOrPhone(props: &TimesOrPhoneProps) -> Html {
    let provider = &props.provider;
    if !provider.bookable {
        return html! {
            <p class="provider-card__times">
                <span class="muted">{ "Not bookable here yet." }</span>{ " " }
                { phone_link(provider.organization.as_ref()) }
            </p>
        };
    }
    let zone = provider.location.as_ref().map_or(Zone::SYDNEY, |location| location.time_zone);
    let near = props.near.iter().map(|near| byte_serialize(near.as_bytes()).collect::<String>());
    let near: String = near.map(|near| format!("&near={near}")).collect();
    let starts = provider.next_free.iter().take(TIMES);
    let times = starts.map(|start| time_link(provider, *start, props.as_of, zone, &near));
    html! {
        <div class="provider-card__times">
            <ul class="time-list time-list--days" aria-label={format!("Next free times with {}", provider.name)}>
                { for times }
            </ul>
            <a class="provider-card__more" href={format!("/providers/{}#times", provider.slug)}
                aria-label={format!("More times with {}", provider.name)}>{ "More times" }</a>
        </div>
    }
}

/// One time, leading to its booking.
fn time_link(provider: &ProviderSummary, start: Timestamp, as_of: Timestamp, zone: Zone, near: &str) -> Html {
    let day = short_day(&day_words(zone.date(start), zone.date(as_of)));
    let clock = clock_words(zone.time(start));
    // The day as it is written: who speaks to their computer says what they read.
    let label = format!("Book {}, {day} {clock}", provider.name);
    let href = format!("/book/{}?start={start}{near}", provider.practitioner_role_id);
    html! {
        <li key={start.to_string()}>
            <a class="time" {href} aria-label={label} rel="nofollow"><small>{ day }</small>{ " " }{ clock }</a>
        </li>
    }
}

/// `tomorrow` → `Tomorrow`, `Wednesday` → `Wed`: three of them stand beside each other.
fn short_day(day: &str) -> String {
    match day {
        "today" | "tomorrow" => capitalised(day),
        _ if day.ends_with("day") => day.chars().take(3).collect(),
        _ => day.to_owned(),
    }
}

/// Whom to call, when a phone number is known.
pub fn phone_link(practice: Option<&OrganizationRef>) -> Html {
    let Some(phone) = practice.and_then(|practice| practice.phone.as_ref()) else { return Html::default() };
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    html! { <a href={format!("tel:{digits}")}><Icon name="phone" />{ format!("Call {}", shared_types::providers::phone_words(phone)) }</a> }
}

/// `tomorrow` → `Tomorrow`.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
