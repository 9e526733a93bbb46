//! A practice's page: where it is, when it is open, who works there.

use std::rc::Rc;

use shared_types::{
    Zone,
    providers::{Origin, PracticeProfile},
    time::long_date,
};
use yew::prelude::*;

use super::{honour_note::HonourNote, pool_links::PoolLinks};
use crate::{
    api::providers,
    components::{
        breadcrumb::Breadcrumb,
        icon::Icon,
        opening_hours::HoursTable,
        problem_view::ProblemPageView,
        profile_facts::{DemoNotice, source_words},
        provider_card::ProviderCard,
        small_map::SmallMap,
        times_rest::dialled,
        together::together,
    },
    head::Head,
    hooks::{use_api, use_head},
    json_ld,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PracticePageProps {
    pub slug: String,
}

/// Fetches the practice.
#[component]
pub fn PracticePage(props: &PracticePageProps) -> HtmlResult {
    let practice = use_api::<PracticeProfile>(providers::get_practice(&props.slug))?;
    Ok(match practice {
        Ok(practice) => {
            html! { <Practice key={practice.organization.slug.clone()} practice={Rc::clone(&practice)} /> }
        }
        Err(problem) => html! { <ProblemPageView {problem} retry={format!("/practices/{}", props.slug)} /> },
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct PracticeProps {
    practice: Rc<PracticeProfile>,
}

#[component]
fn Practice(props: &PracticeProps) -> Html {
    let practice = &props.practice;
    use_head(head(practice));
    let name = &practice.organization.name;
    let addresses = practice.locations.iter().enumerate();
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb above={vec![("Find care".into(), "/search".into())]} here={name.clone()} />
            <div class="profile">
                <header class="profile__head">
                    <span class="tile tile--l"><Icon name="community" /></span>
                    <div>
                        <h1>{ name }</h1>
                        <p class="lede">{ professions(practice) }</p>
                        { for addresses.map(|(place, location)| html! {
                            <address key={place} class="muted">{ together(&location.address()) }</address>
                        }) }
                        { bulk_billing(practice) }
                        <p class="small muted">{ about_source(practice) }</p>
                        <div class="optional"><DemoNotice source={practice.source.clone()} /></div>
                        <div class="optional">
                            <Suspense><HonourNote organization_id={practice.organization.organization_id} /></Suspense>
                        </div>
                    </div>
                </header>
                <aside class="profile__times" aria-label="Contact and hours">{ contact(practice) }</aside>
                <div class="profile__body">
                    <div class="optional">
                        <Suspense><PoolLinks organization_id={practice.organization.organization_id} /></Suspense>
                    </div>
                    <section class="section" aria-labelledby="people-title">
                        <h2 id="people-title">{ "People here" }</h2>
                        { people(practice) }
                    </section>
                </div>
            </div>
        </div></main>
    }
}

/// Each profession once, in the order of the people.
fn professions(practice: &PracticeProfile) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in practice.practitioners.iter().filter_map(|person| person.profession_name.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// What the practice itself says, with the day.
fn bulk_billing(practice: &PracticeProfile) -> Html {
    let Some(day) = practice.bulk_bills_as_of else { return Html::default() };
    html! {
        <p>
            { "Bulk bills every eligible service for everybody with a Medicare card. " }
            <span class="small muted">{ format!("The practice said so on {}.", long_date(day)) }</span>
        </p>
    }
}

fn about_source(practice: &PracticeProfile) -> Option<String> {
    let zone = practice.locations.first().map_or(Zone::SYDNEY, |location| location.time_zone);
    (practice.source.origin != Origin::Demo)
        .then(|| source_words(practice.source.clone(), zone.date(practice.as_of)))
}

fn contact(practice: &PracticeProfile) -> Html {
    let name = &practice.organization.name;
    html! {
        <div class="card stack">
            { for practice.locations.first().iter().map(|location| html! {
                <SmallMap key="map" location={(*location).clone()} label={format!("Map of {name}")} />
            }) }
            <div class="button-row">
                if let Some(phone) = &practice.organization.phone {
                    <a class="button button--quiet button--wide" href={format!("tel:{}", dialled(phone))}>
                        <Icon name="phone" />{ format!("Call {}", shared_types::providers::phone_words(phone)) }
                    </a>
                }
                if let Some(website) = practice.website.as_ref().filter(|website| is_web_address(website)) {
                    <a class="button button--plain" href={website.clone()} rel="noopener noreferrer nofollow">
                        <Icon name="external" />{ "Their own website" }
                    </a>
                }
            </div>
            <div>
                if !practice.opening_hours.is_empty() {
                    <HoursTable hours={practice.opening_hours.clone()} />
                }
            </div>
        </div>
    }
}

/// A directory may say anything; only addresses of the web become links.
fn is_web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn people(practice: &PracticeProfile) -> Html {
    if practice.practitioners.is_empty() {
        return html! { <p class="muted">{ "Nobody is listed at this practice yet." }</p> };
    }
    html! {
        <ul class="results">
            { for practice.practitioners.iter().map(|person| html! {
                <li class="result" key={person.practitioner_role_id.to_string()}>
                    <ProviderCard provider={person.clone()} as_of={practice.as_of} level={3} />
                </li>
            }) }
        </ul>
    }
}

fn head(practice: &PracticeProfile) -> Head {
    let name = &practice.organization.name;
    let path = format!("/practices/{}", practice.organization.slug);
    let place =
        practice.locations.first().map(|location| format!(" in {} {}", location.suburb, location.state));
    let place = place.unwrap_or_default();
    let crumbs = [("Find care".to_owned(), "/search".to_owned()), (name.clone(), path.clone())];
    Head {
        title: format!("{name}{place}"),
        description: format!("{name}{place}: who works there, opening hours, phone and free times."),
        json_ld: json_ld::practice(practice, &crumbs),
        canonical: Some(path),
        ..Head::default()
    }
}
