//! `/`: one question, and who is free soon under it.

use shared_types::providers::{Order, Place, ProfessionRef, Professions, SearchProviders, SearchReply};
use yew::prelude::*;

use crate::{
    api::providers::{list_professions, search_providers},
    browser,
    components::{
        icon::Icon, near_me::NearMe, place_box::PlaceBox, provider_card::ProviderCard, search_form::read_form,
    },
    head::Head,
    hooks::{use_api, use_head, use_live_api, use_places},
    json_ld, search,
};

/// How many professions are offered before "all".
const OFFERED: usize = 11;

/// The most asked for, by slug; the catalogue may lack some of them.
const COMMON: [&str; OFFERED] = [
    "general-practitioner",
    "dentist",
    "physiotherapist",
    "psychologist",
    "podiatrist",
    "optometrist",
    "audiologist",
    "dietitian",
    "speech-pathologist",
    "midwife",
    "nurse-practitioner",
];

/// The start page.
#[component]
pub fn HomePage() -> HtmlResult {
    let professions = use_api::<Professions>(list_professions())?;
    use_head(Head {
        title: "Find a health provider and book a time".to_owned(),
        description:
            "Find GPs, dentists, physios and other health providers near you in Australia, see their next \
                      free times and book without a phone call."
                .to_owned(),
        canonical: Some("/".to_owned()),
        json_ld: json_ld::site(),
        ..Head::default()
    });
    // Without the list one can still search by place and words.
    let professions = professions.map(|known| known.items.clone()).unwrap_or_default();
    Ok(html! {
        <main id="main" tabindex="-1"><div class="wrap">
            <Ask {professions} />
            <Suspense><FreeSoon /></Suspense>
        </div></main>
    })
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct AskProps {
    professions: Vec<ProfessionRef>,
}

/// The question, as a form that works without scripts.
#[component]
fn Ask(props: &AskProps) -> Html {
    let near = use_state_eq(String::new);
    let suggestions = use_places((*near).clone());
    let denied = use_state_eq(|| false);
    let go = |change: fn(&mut SearchProviders, (f64, f64)), point: (f64, f64)| {
        let mut wanted = browser::form("ask").and_then(|form| read_form(&form)).unwrap_or_default();
        change(&mut wanted, point);
        browser::navigate(&search::href(&wanted));
    };
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        go(|_, _| {}, (0.0, 0.0));
    };
    let onlocate = {
        let denied = denied.clone();
        move |point| match point {
            Some(point) => go(|wanted, point| *wanted = search::at_point(wanted, point), point),
            None => denied.set(true),
        }
    };
    let (typed, picked) = (near.clone(), near.clone());
    html! {
        <form class="ask" id="ask" method="get" action="/search" role="search" aria-labelledby="ask-title" {onsubmit}>
            <h1 id="ask-title">{ "What do you need, and where?" }</h1>
            <fieldset class="ask__part">
                <legend>{ "Who do you want to see?" }</legend>
                <div class="ask__chips">{ profession_chips(&props.professions) }</div>
            </fieldset>
            <div class="ask__row">
                <div class="field">
                    <label class="field__label" for="q">
                        { "Name or service " }<span class="field__optional">{ "(optional)" }</span>
                    </label>
                    <input class="input" id="q" name="q" type="search" autocomplete="off" maxlength="100" />
                </div>
                <div class="field near-field">
                    <label class="field__label" for="near">{ "Suburb or postcode" }</label>
                    <div class="input-with-button">
                        <PlaceBox value={(*near).clone()} {suggestions} oninput={move |words| typed.set(words)}
                            onpick={move |place: Place| picked.set(place.label)}>
                            <NearMe {onlocate} />
                        </PlaceBox>
                    </div>
                    <p class="field__error" role="alert">
                        if *denied {
                            <Icon name="warning" />
                            <span>{ "We could not find where you are. Type a suburb or postcode." }</span>
                        }
                    </p>
                </div>
                <button class="button" type="submit"><Icon name="search" />{ "Search" }</button>
            </div>
        </form>
    }
}

fn profession_chips(professions: &[ProfessionRef]) -> Html {
    let common = COMMON.iter().filter_map(|slug| professions.iter().find(|known| known.slug == *slug));
    let chips = common.map(|profession| {
        html! {
            <label key={profession.slug.clone()} class="chip">
                <input type="radio" name="profession" value={profession.slug.clone()} />
                <Icon name={profession.icon.clone()} /><span>{ &profession.name }</span>
            </label>
        }
    });
    let all = if professions.is_empty() {
        "All professions".to_owned()
    } else {
        format!("All {}", professions.len())
    };
    html! {
        <>
            { for chips }
            <a key="all" class="chip" href="/search"><Icon name="community" /><span>{ all }</span></a>
        </>
    }
}

/// Who is free soon wherever one is: by video or phone. The server does not know where a visitor is, and does
/// not guess.
#[component]
fn FreeSoon() -> HtmlResult {
    let wanted = SearchProviders {
        telehealth: true,
        order: Order::Soonest,
        limit: Some(6),
        ..SearchProviders::default()
    };
    let found = use_live_api::<SearchReply>(search_providers(&wanted))?;
    // An extra: when it does not come, the question above is still the whole page.
    let reply = found.latest.and_then(Result::ok).filter(|reply| !reply.items.is_empty());
    let section = reply.map(|reply| {
        let cards = reply.items.iter().map(|item| {
            html! {
                <li key={item.practitioner_role_id.to_string()}>
                    <ProviderCard provider={item.clone()} as_of={reply.as_of} level={3} />
                </li>
            }
        });
        html! {
            <section class="section" aria-labelledby="soon-title">
                <div class="section__head">
                    <h2 id="soon-title">{ "Free soon by video or phone" }</h2>
                    <a href="/search?telehealth=true&order=soonest">{ "More by video or phone" }</a>
                </div>
                <ul class="card-grid">{ for cards }</ul>
            </section>
        }
    });
    Ok(html! { <div class="free-soon">{ for section }</div> })
}
