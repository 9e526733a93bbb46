//! A provider's page: who and where, the times beside it, then facts with their source, fees, hours, the
//! place and the people of the same practice.

use std::rc::Rc;

use shared_types::{
    Zone,
    providers::{FeeLine, ProviderProfile, ProviderSummary},
    time::when_words,
};
use yew::prelude::*;

use super::{
    free_times::{FreeTimesOf, TimesSkeleton},
    honour_note::HonourNote,
    provider_sections::ProviderSections,
};
use crate::{
    api::providers,
    components::{
        booking_words::price_words,
        breadcrumb::{Breadcrumb, search_crumb},
        facts::FactList,
        icon::{Icon, profession_icon},
        problem_view::ProblemPageView,
        profile_facts::DemoNotice,
        provider_card::{capitalised, phone_link},
        together::together,
        type_select::TypeChoice,
    },
    head::Head,
    hooks::{use_api, use_head},
    json_ld::{self, Crumb},
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProviderPageProps {
    pub slug: String,
}

/// Fetches the profile.
#[component]
pub fn ProviderPage(props: &ProviderPageProps) -> HtmlResult {
    let profile = use_api::<ProviderProfile>(providers::get_provider(&props.slug))?;
    Ok(match profile {
        Ok(profile) => html! { <Profile key={profile.summary.slug.clone()} profile={Rc::clone(&profile)} /> },
        Err(problem) => html! { <ProblemPageView {problem} retry={format!("/providers/{}", props.slug)} /> },
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ProfileProps {
    profile: Rc<ProviderProfile>,
}

#[component]
fn Profile(props: &ProfileProps) -> Html {
    let profile = &props.profile;
    let summary = &profile.summary;
    let above = crumbs(summary);
    use_head(head(profile, &above));
    let next = summary.next_free.first().filter(|_| summary.bookable).zip(summary.location.as_ref());
    let next = next.map(|(start, place)| capitalised(&when_words(*start, profile.as_of, place.time_zone)));
    html! {
        <main id="main" tabindex="-1">
            <div class="wrap">
                <Breadcrumb here={summary.name.clone()}
                    above={above.iter().map(|(words, path)| (words.clone().into(), path.clone().into())).collect::<Vec<_>>()} />
                <div class="profile">
                    { profile_head(profile) }
                    <aside class="profile__times" id="times" aria-label="Times">{ times(profile) }</aside>
                    <ProviderSections profile={Rc::clone(profile)} />
                </div>
            </div>
            <div class="book-bar__place">
                if let Some(next) = next {
                    <div class="book-bar">
                        <p class="small">{ "Next free" }<br /><strong>{ next }</strong></p>
                        <a class="button" href="#times">{ "See times" }</a>
                    </div>
                }
            </div>
        </main>
    }
}

fn profile_head(profile: &ProviderProfile) -> Html {
    let summary = &profile.summary;
    let practice = summary.organization.as_ref().map(|practice| {
        html! { <a href={format!("/practices/{}", practice.slug)}>{ &practice.name }</a> }
    });
    let lede = match (&summary.profession_name, practice) {
        (Some(profession), Some(practice)) => html! { <>{ profession }{ " at " }{ practice }</> },
        (Some(profession), None) => html! { profession },
        (None, practice) => practice.unwrap_or_default(),
    };
    let address = summary.location.iter().map(|location| {
        let roughly =
            if location.approximate && location.line.is_none() { " (street not known)" } else { "" };
        together(&format!("{}{roughly}", location.address()))
    });
    html! {
        <header class="profile__head">
            <span class="tile tile--l"><Icon name={profession_icon(summary.profession.as_deref())} /></span>
            <div>
                <h1>{ &summary.name }</h1>
                <p class="lede">{ lede }</p>
                <address class="muted">{ for address }</address>
                <FactList facts={summary.facts.clone()} />
                <div class="optional"><DemoNotice source={profile.source.clone()} /></div>
                <div class="optional">{ kept(summary) }</div>
            </div>
        </header>
    }
}

/// How many of its appointments the practice kept, where times with it can be booked.
fn kept(summary: &ProviderSummary) -> Html {
    let Some(practice) = summary.organization.as_ref().filter(|_| summary.bookable) else {
        return Html::default();
    };
    html! { <Suspense><HonourNote organization_id={practice.organization_id} /></Suspense> }
}

/// The times panel; whom to call where times cannot be booked.
fn times(profile: &ProviderProfile) -> Html {
    let summary = &profile.summary;
    let practice = summary.organization.as_ref();
    let (true, Some(first)) = (summary.bookable, profile.fees.first()) else {
        return html! {
            <section class="times" aria-labelledby="times-title">
                <h2 id="times-title">{ "Not bookable here yet" }</h2>
                <p>
                    { format!("{} takes bookings by phone.", practice.map_or(&summary.name, |practice| &practice.name)) }
                </p>
                <p>{ phone_link(practice) }</p>
            </section>
        };
    };
    let zone = summary.location.as_ref().map_or(Zone::SYDNEY, |location| location.time_zone);
    let types: Rc<[TypeChoice]> = profile.fees.iter().map(type_choice).collect();
    html! {
        <Suspense fallback={html! { <TimesSkeleton /> }}>
            <FreeTimesOf title="Book a time" role_id={summary.practitioner_role_id}
                act={format!("Book {}", summary.name)}
                {types} first={first.appointment_type_id} from={zone.date(profile.as_of)}
                phone={practice.and_then(|practice| practice.phone.clone()).map(AttrValue::from)} />
        </Suspense>
    }
}

fn type_choice(fee: &FeeLine) -> TypeChoice {
    let price = price_words(fee.price_cents, fee.bulk_billed);
    let words = format!("{}, {} min, {price}", fee.name, fee.duration_minutes);
    TypeChoice { type_id: fee.appointment_type_id, words: words.into() }
}

fn crumbs(summary: &ProviderSummary) -> Vec<Crumb> {
    let profession = summary.profession.as_deref().zip(summary.profession_name.as_deref());
    let mut crumbs = vec![("Find care".to_owned(), "/search".to_owned())];
    crumbs.extend(search_crumb(profession, summary.location.as_ref()));
    crumbs
}

fn head(profile: &ProviderProfile, above: &[Crumb]) -> Head {
    let summary = &profile.summary;
    let path = format!("/providers/{}", summary.slug);
    let place =
        summary.location.as_ref().map(|location| format!(" in {} {}", location.suburb, location.state));
    let place = place.unwrap_or_default();
    let profession = summary.profession_name.as_deref().unwrap_or("Practitioner");
    let practice =
        summary.organization.as_ref().map(|practice| format!(" at {}", practice.name)).unwrap_or_default();
    let mut crumbs = above.to_vec();
    crumbs.push((summary.name.clone(), path.clone()));
    Head {
        title: format!("{}, {profession}{place}", summary.name),
        description: format!(
            "{}: {profession}{practice}{place}. Fees, opening hours and free times.",
            summary.name
        ),
        canonical: Some(path),
        json_ld: json_ld::provider(profile, &crumbs),
        og_type: "profile",
        ..Head::default()
    }
}
