//! The long part of a provider's page. Its tabs are anchors, so everything is there to read, print and find.

use std::rc::Rc;

use jiff::Timestamp;
use shared_types::{
    providers::{ProviderProfile, ProviderSummary},
    time::when_words,
};
use yew::prelude::*;

use crate::components::{
    fees_table::FeesTable,
    icon::{Icon, profession_icon},
    opening_hours::HoursTable,
    profile_facts::ProfileFacts,
    provider_card::phone_link,
    small_map::SmallMap,
    together::together,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProviderSectionsProps {
    pub profile: Rc<ProviderProfile>,
}

/// The sections that have something to say, and links to them.
#[component]
pub fn ProviderSections(props: &ProviderSectionsProps) -> Html {
    let profile = &props.profile;
    let summary = &profile.summary;
    let has_about = profile.about.is_some() || !profile.services.is_empty();
    let practice = summary.organization.as_ref().map(|practice| format!("Also at {}", practice.name));
    let has_place = summary.location.is_some() || !profile.opening_hours.is_empty();
    let sections = [
        (has_about, "about", "About", format!("About {}", summary.name), about(profile)),
        (
            true,
            "facts",
            "Facts",
            "Facts, and where they come from".to_owned(),
            html! { <ProfileFacts profile={(**profile).clone()} /> },
        ),
        (!profile.fees.is_empty(), "fees", "Fees", "Fees".to_owned(), fees(profile)),
        (has_place, "where", "Where", "Where and when".to_owned(), where_and_when(profile)),
        (
            !profile.colleagues.is_empty(),
            "practice",
            "Practice",
            practice.unwrap_or_else(|| "Colleagues".to_owned()),
            people(&profile.colleagues, profile.as_of),
        ),
    ];
    let shown: Vec<_> = sections.into_iter().filter(|(there, ..)| *there).collect();
    html! {
        <div class="profile__body">
            <nav class="anchor-nav" aria-label="On this page"><ul>
                { for shown.iter().map(|(_, id, word, ..)| html! { <li key={*id}><a href={format!("#{id}")}>{ *word }</a></li> }) }
            </ul></nav>
            { for shown.iter().map(|(_, id, _, title, content)| html! {
                <section class="section" key={*id} id={*id} aria-labelledby={format!("{id}-title")}>
                    <h2 id={format!("{id}-title")}>{ title }</h2>
                    { content.clone() }
                </section>
            }) }
        </div>
    }
}

fn about(profile: &ProviderProfile) -> Html {
    html! {
        <>
            <div class="prose">
                { for profile.about.iter().map(|words| html! { <p key="about">{ words }</p> }) }
            </div>
            <ul class="chip-row">
                { for profile.services.iter().map(|service| html! { <li key={service.clone()} class="badge">{ service }</li> }) }
            </ul>
        </>
    }
}

fn fees(profile: &ProviderProfile) -> Html {
    let role_id = profile.summary.bookable.then_some(profile.summary.practitioner_role_id);
    html! { <FeesTable fees={profile.fees.clone()} {role_id} /> }
}

fn where_and_when(profile: &ProviderProfile) -> Html {
    let practice = profile.summary.organization.as_ref();
    let name = practice.map_or(&profile.summary.name, |practice| &practice.name);
    html! {
        <div class="two-up">
            <div class="stack">
                <address>
                    { name }<br />
                    { for profile.summary.location.iter().map(|location| together(&location.address())) }
                </address>
                <p>{ phone_link(practice) }</p>
                { for profile.summary.location.iter().map(|location| html! {
                    <SmallMap key="map" location={location.clone()} label={format!("Map of {name}")} />
                }) }
            </div>
            <div>
                if !profile.opening_hours.is_empty() {
                    <HoursTable hours={profile.opening_hours.clone()} />
                }
            </div>
        </div>
    }
}

/// Others of the same practice: never rivals.
fn people(colleagues: &[ProviderSummary], as_of: Timestamp) -> Html {
    let free = |person: &ProviderSummary| {
        let next = person.next_free.first().filter(|_| person.bookable).zip(person.location.as_ref());
        next.map(|(start, place)| format!("Free {}", when_words(*start, as_of, place.time_zone)))
    };
    html! {
        <ul class="people">
            { for colleagues.iter().map(|person| html! {
                <li key={person.practitioner_role_id.to_string()}><a href={format!("/providers/{}", person.slug)}>
                    <span class="tile"><Icon name={profession_icon(person.profession.as_deref())} /></span>
                    <span>
                        <strong>{ &person.name }</strong><br /><span class="muted">{ person.profession_name.clone() }</span>
                    </span>
                    <span class="small">{ free(person) }</span>
                </a></li>
            }) }
        </ul>
    }
}
