//! `/{profession}/{locality}`: one profession around one locality, for people who come from a search engine.

use std::rc::Rc;

use shared_types::{
    Problem,
    providers::{Landing, SearchProviders},
    time::when_words,
};
use yew::prelude::*;

use crate::{
    api::providers::get_landing,
    components::{
        breadcrumb::Breadcrumb, icon::Icon, problem_view::ProblemPageView, provider_card::ProviderCard,
    },
    head::Head,
    hooks::{use_api, use_head},
    json_ld, search,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LandingPageProps {
    /// The profession's slug.
    pub profession: String,
    /// The locality's slug, such as `parramatta-nsw-2150`.
    pub locality: String,
}

/// The landing page, or why there is none.
#[component]
pub fn LandingPage(props: &LandingPageProps) -> HtmlResult {
    let path = format!("/{}/{}", props.profession, props.locality);
    let landing = use_api::<Landing>(get_landing(&props.profession, &props.locality))?;
    Ok(match landing {
        Ok(landing) => html! { <LandingView key="page" {landing} {path} /> },
        Err(problem) => html! { <ProblemPageView key="problem" problem={unknown(problem)} retry={path} /> },
    })
}

/// Two segments that name nothing are simply an address without a page.
fn unknown(problem: Problem) -> Problem {
    if problem.status == 404 { Problem::not_found("Page") } else { problem }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct LandingViewProps {
    landing: Rc<Landing>,
    path: AttrValue,
}

#[component]
fn LandingView(props: &LandingViewProps) -> Html {
    let LandingViewProps { landing, path } = props;
    let (profession, place, reply) = (&landing.profession, &landing.place, &landing.results);
    let title = format!("{} in {}", profession.plural, place.label);
    let lede = lede(landing);
    use_head(Head {
        title: title.clone(),
        description: format!("{lede} See fees, languages and access, and book without a phone call."),
        canonical: Some(path.to_string()),
        // A page that lists nobody helps nobody who searches.
        robots_noindex: reply.items.is_empty(),
        json_ld: json_ld::landing(landing, path),
        ..Head::default()
    });
    let all = SearchProviders {
        near: Some(place.label.clone()),
        profession: Some(profession.slug.clone()),
        ..SearchProviders::default()
    };
    let everyone =
        SearchProviders { profession: Some(profession.slug.clone()), ..SearchProviders::default() };
    let above = vec![
        ("Find care".into(), "/search".into()),
        (profession.plural.clone().into(), search::href(&everyone).into()),
    ];
    let cards = reply.items.iter().map(|item| {
        html! {
            <li key={item.practitioner_role_id.to_string()}>
                <ProviderCard provider={item.clone()} as_of={reply.as_of} level={3} icon={profession.icon.clone()} />
            </li>
        }
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Breadcrumb {above} here={place.label.clone()} />
            <div class="page-head">
                <h1>{ title }</h1>
                <p class="lede">{ lede }</p>
                <div class="button-row">
                    <a class="button" href={search::href(&all)}><Icon name="map" />{ "See all on the map" }</a>
                </div>
            </div>
            <section class="section" aria-labelledby="nearest">
                <h2 id="nearest">{ "Nearest" }</h2>
                <ul class="card-grid">{ for cards }</ul>
            </section>
            <section class="section" aria-labelledby="nearby" hidden={landing.nearby.is_empty()}>
                <h2 id="nearby">{ format!("{} near {}", profession.plural, place.name) }</h2>
                <ul class="link-columns">{ nearby(landing) }</ul>
            </section>
        </div></main>
    }
}

/// `12 physiotherapists see patients within 10 km. 5 bulk bill. The next free time is tomorrow 9:15 am.`
fn lede(landing: &Landing) -> String {
    let (items, reply) = (&landing.results.items, &landing.results);
    let who = landing.profession.plural.to_lowercase();
    if items.is_empty() {
        return format!("We list no {who} here yet. Nearby places and video or phone may help.");
    }
    let many = if reply.next.is_some() { "More than " } else { "" };
    let (who, see) = if items.len() == 1 && reply.next.is_none() {
        (landing.profession.name.to_lowercase(), "sees")
    } else {
        (who, "see")
    };
    let within =
        reply.radius_m.map(|radius| format!(" within {}", search::whole_km(radius))).unwrap_or_default();
    let mut words = format!("{many}{} {who} {see} patients{within}.", items.len());
    let bulk = items.iter().filter(|item| item.facts.bulk_billing).count();
    match (bulk, reply.next.is_some()) {
        (0, _) | (_, true) => {}
        (1, false) => words.push_str(" 1 bulk bills."),
        (bulk, false) => words.push_str(&format!(" {bulk} bulk bill.")),
    }
    let next =
        items.iter().filter_map(|item| Some((*item.next_free.first()?, item.location.as_ref()?.time_zone)));
    if let Some((start, zone)) = next.min_by_key(|(start, _)| *start) {
        words.push_str(&format!(" The next free time is {}.", when_words(start, reply.as_of, zone)));
    }
    words
}

fn nearby(landing: &Landing) -> Html {
    let places = landing.nearby.iter().filter_map(|place| {
        let href = format!("/{}/{}", landing.profession.slug, place.slug.as_ref()?);
        Some(html! { <li key={href.clone()}><a href={href.clone()}>{ &place.label }</a></li> })
    });
    html! { <>{ for places }</> }
}
