//! A practice is chosen by its name, where an administrator is about to do something for or to one.

use shared_types::{
    OrganizationId,
    page::Page,
    providers::listing::{LISTING_WORDS, Listing, ListingId},
};
use yew::prelude::*;

use crate::{
    api::listings,
    browser,
    components::{failed::Failed, field::Field},
    hooks::{use_private_api, use_version},
    pages::{account::loading, practice_desk::money::turning_in},
};

/// A practice with the name by which it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub organization_id: OrganizationId,
    pub name: AttrValue,
}

#[derive(Clone, PartialEq, Properties)]
pub struct PracticeChoiceProps {
    /// Of the field: one page may ask for two practices.
    pub id: AttrValue,
    pub chosen: Option<Chosen>,
    /// What is wrong, such as that none is chosen.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub on_choose: Callback<Option<Chosen>>,
    /// Where to come back to after signing in.
    pub here: AttrValue,
}

/// A search by name, until one is chosen; then its name. It is a form by itself, so it stands beside the form that needs it.
#[component]
pub fn PracticeChoice(props: &PracticeChoiceProps) -> Html {
    let PracticeChoiceProps { id, chosen, error, on_choose, here } = props;
    let (written, words) = (use_state_eq(String::new), use_state_eq(String::new));
    let too_short = use_state_eq(|| false);
    let onsubmit = {
        let (id, written, words, too_short) =
            (id.clone(), written.clone(), words.setter(), too_short.setter());
        move |event: SubmitEvent| {
            event.prevent_default();
            let wanted = written.trim().to_owned();
            let short = wanted.chars().count() < LISTING_WORDS;
            too_short.set(short);
            if short {
                browser::focus(&id);
            } else {
                words.set(wanted);
            }
        }
    };
    if let Some(chosen) = chosen {
        return html! { <ChosenOne chosen={chosen.clone()} on_other={on_choose.reform(|()| None)} /> };
    }
    let set = written.setter();
    let short = too_short.then(|| AttrValue::from(format!("Write at least {LISTING_WORDS} characters")));
    html! {
        <div class="stack">
            <form class="stack" role="search" novalidate=true method="get" {onsubmit}>
                <Field id={id.clone()} label="Name of the practice" autocomplete="off" maxlength="100"
                    value={(*written).clone()} error={short.or_else(|| error.clone())} oninput={move |text| set.set(text)} />
                <div class="button-row">
                    <button type="submit" class="button button--quiet">{ "Look for it" }</button>
                </div>
            </form>
            <div class="optional">
                if !words.is_empty() {
                    <Found key={(*words).clone()} words={(*words).clone()} on_choose={on_choose.clone()} here={here.clone()} />
                }
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChosenOneProps {
    chosen: Chosen,
    on_other: Callback<()>,
}

/// The one that was chosen. The button that chose it has gone, so the focus comes here.
#[component]
fn ChosenOne(props: &ChosenOneProps) -> Html {
    let button = use_node_ref();
    {
        let button = button.clone();
        use_effect_with((), move |()| browser::focus_node(&button));
    }
    let onclick = props.on_other.reform(|_: MouseEvent| ());
    html! {
        <div class="stack">
            <p>{ "Practice: " }<strong>{ props.chosen.name.clone() }</strong></p>
            <div class="button-row">
                <button type="button" class="button button--quiet" ref={button} {onclick}>{ "Choose another" }</button>
            </div>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FoundProps {
    words: AttrValue,
    on_choose: Callback<Option<Chosen>>,
    here: AttrValue,
}

#[component]
fn Found(props: &FoundProps) -> Html {
    let FoundProps { words, on_choose, here } = props;
    let (version, on_again) = use_version();
    let cursor = use_state_eq(|| None::<String>);
    let path = listings::list_listings(words, cursor.as_deref());
    let page = match use_private_api::<Page<Listing>>(path, version) {
        None => return loading(),
        Some(Err(problem)) => return html! { <Failed {problem} here={here.clone()} {on_again} /> },
        Some(Ok(page)) => page,
    };
    html! {
        <>
            <Practices items={page.items.clone()} on_choose={on_choose.clone()} />
            { turning_in(&cursor, page.next.as_ref(), ["More", "Back to the first"]) }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct PracticesProps {
    /// Practitioners among them are left out: they are not paid.
    pub items: Vec<Listing>,
    pub on_choose: Callback<Option<Chosen>>,
}

/// The practices of a page of what was found, each a button.
#[component]
pub fn Practices(props: &PracticesProps) -> Html {
    let practices: Vec<_> = props.items.iter().filter_map(practice).collect();
    let row = |one: &Chosen| {
        let (on_choose, chosen) = (props.on_choose.clone(), one.clone());
        html! {
            <li key={one.organization_id.to_string()}>
                <button type="button" class="choice" onclick={move |_: MouseEvent| on_choose.emit(Some(chosen.clone()))}>
                    <span><span class="choice__title">{ one.name.clone() }</span></span>
                </button>
            </li>
        }
    };
    html! {
        <div class="stack" role="status">
            if practices.is_empty() {
                <p>{ "No practice here has that name." }</p>
            }
            <ul class="choice-list" role="list">{ for practices.iter().map(row) }</ul>
        </div>
    }
}

fn practice(listing: &Listing) -> Option<Chosen> {
    match listing.listing {
        ListingId::Role(_) => None,
        ListingId::Practice(organization_id) => {
            Some(Chosen { organization_id, name: AttrValue::from(listing.name.clone()) })
        }
    }
}
