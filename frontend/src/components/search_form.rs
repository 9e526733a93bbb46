//! The search form: everything one can ask, as one `GET` form. Without scripts its buttons submit it; with
//! scripts each change is told at once.

use jiff::{Timestamp, civil::Date};
use shared_types::{
    Zone,
    providers::{FacetCounts, Place, ProfessionRef, SearchProviders},
};
use web_sys::{FormData, HtmlFormElement};
use yew::prelude::*;

use super::{filters::Filters, icon::Icon, near_me::NearMe, place_box::PlaceBox};
use crate::{browser, search};

/// What the form's inputs are called.
const NAMES: [&str; 18] = [
    "q",
    "profession",
    "near",
    "lat",
    "lon",
    "bbox",
    "zoom",
    "radius_m",
    "bulk_billing",
    "telehealth",
    "home_visit",
    "wheelchair",
    "new_patients",
    "language",
    "gender",
    "before",
    "order",
    "limit",
];

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SearchFormProps {
    pub search: SearchProviders,
    /// How many results have each facet, beside the filters.
    pub facets: Option<FacetCounts>,
    pub professions: Vec<ProfessionRef>,
    /// When the results were made and in which zone, for the choices of days; absent before there are any.
    pub as_of: Option<(Timestamp, Zone)>,
    /// What the sheet's button says: `Show 24 results`.
    pub show: AttrValue,
    /// Suggestions for the words in the place box.
    pub suggestions: Vec<Place>,
    pub onplace: Callback<String>,
    /// The search after a change.
    pub onsearch: Callback<SearchProviders>,
}

/// The form's bar and its filters.
#[component]
pub fn SearchForm(props: &SearchFormProps) -> Html {
    let form = use_node_ref();
    let near = use_text(props.search.near.clone().unwrap_or_default());
    let words = use_text(props.search.q.clone().unwrap_or_default());
    let sheet = use_state(|| false);
    let denied = use_state(|| false);

    let read = {
        let (form, onsearch) = (form.clone(), props.onsearch.clone());
        Callback::from(move |()| {
            if let Some(search) = form.cast::<HtmlFormElement>().and_then(|form| read_form(&form)) {
                onsearch.emit(search);
            }
        })
    };
    let onsubmit = {
        let (read, sheet) = (read.clone(), sheet.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            sheet.set(false);
            read.emit(());
        }
    };
    let onpick = {
        let (near, search, onsearch) = (near.clone(), props.search.clone(), props.onsearch.clone());
        move |place: Place| {
            near.set(place.label.clone());
            onsearch.emit(search::at_place(&search, &place));
        }
    };
    let onplace = {
        let (near, onplace) = (near.clone(), props.onplace.clone());
        move |text: String| {
            near.set(text.clone());
            onplace.emit(text);
        }
    };
    let onlocate = {
        let (search, onsearch, denied) = (props.search.clone(), props.onsearch.clone(), denied.clone());
        move |point| match point {
            Some(point) => onsearch.emit(search::at_point(&search, point)),
            None => denied.set(true),
        }
    };
    let oninput = {
        let words = words.clone();
        move |event: InputEvent| words.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value())
    };
    let professions = std::iter::once((AttrValue::default(), AttrValue::from("Any profession")))
        .chain(props.professions.iter().map(|known| (known.slug.clone().into(), known.name.clone().into())))
        .collect::<Vec<(AttrValue, AttrValue)>>();
    html! {
        <form class="search-form" id="search-form" ref={form} method="get" action="/search" role="search"
            aria-label="Find a provider" autocomplete="off" {onsubmit} onchange={read.reform(|_: Event| ())}>
            <div class="wrap wrap--full search-bar">
                <div class="search-bar__field">
                    <label for="q">{ "Name, practice or service" }</label><Icon name="search" />
                    <input class="input" id="q" name="q" type="search" value={(*words).clone()} {oninput}
                        placeholder="Name, practice or service" autocomplete="off" maxlength="100" />
                </div>
                <div class="search-bar__field">
                    <label for="profession">{ "Profession" }</label><Icon name="user" />
                    <ProfessionSelect options={professions} value={props.search.profession.clone().unwrap_or_default()} />
                </div>
                <div class="search-bar__field search-bar__field--near">
                    <label for="near">{ "Suburb or postcode" }</label><Icon name="pin" />
                    <PlaceBox value={(*near).clone()} placeholder={where_words(&props.search)}
                        suggestions={props.suggestions.clone()} oninput={onplace} {onpick}>
                        <NearMe onlocate={onlocate} icon_only=true />
                    </PlaceBox>
                </div>
                <button class="button search-bar__go" type="submit"><Icon name="search" /><span>{ "Search" }</span></button>
                <p class="field__error" role="alert">
                    if *denied {
                        <Icon name="warning" />
                        <span>{ "We could not find where you are. Type a suburb or postcode." }</span>
                    }
                </p>
            </div>
            <Filters search={props.search.clone()} facets={props.facets.clone()} days={days(props)}
                show={props.show.clone()} sheet={*sheet} onsheet={move |open| sheet.set(open)} />
            { hidden_inputs(&props.search) }
        </form>
    }
}

/// Text that is typed here and follows the address when that changes.
#[hook]
fn use_text(from_address: String) -> UseStateHandle<String> {
    let text = use_state_eq(|| from_address.clone());
    let set = text.setter();
    use_effect_with(from_address, move |from_address| set.set(from_address.clone()));
    text
}

/// The window or point in use, so that a change of a filter keeps it.
fn hidden_inputs(search: &SearchProviders) -> Html {
    let inputs = [
        ("lat", search.point.map(|point| point.lat().to_string())),
        ("lon", search.point.map(|point| point.lon().to_string())),
        ("bbox", search.bbox.map(|bbox| bbox.to_string())),
        ("zoom", search.zoom.map(|zoom| zoom.to_string())),
    ];
    let inputs = inputs.into_iter().filter_map(|(name, value)| {
        let value = value?;
        Some(html! { <input key={name} type="hidden" {name} {value} /> })
    });
    html! { <div hidden=true>{ for inputs }</div> }
}

fn where_words(search: &SearchProviders) -> &'static str {
    match (search.point, search.bbox) {
        (Some(_), _) => "Near you",
        (None, Some(_)) => "The area on the map",
        (None, None) => "Suburb or postcode",
    }
}

/// The days offered, and the one in the address when it is another.
fn days(props: &SearchFormProps) -> Vec<(AttrValue, Date)> {
    let offered = props.as_of.map(|(as_of, zone)| search::free_by(as_of, zone)).unwrap_or_default();
    let mut days: Vec<_> = offered.into_iter().map(|(words, day)| (AttrValue::from(words), day)).collect();
    if let Some(day) = props.search.before.filter(|day| days.iter().all(|(_, offered)| offered != day)) {
        days.push((format!("by {}", shared_types::time::short_date(day)).into(), day));
    }
    days
}

/// What a form of the search's inputs asks for.
pub fn read_form(form: &HtmlFormElement) -> Option<SearchProviders> {
    let data = FormData::new_with_form(form).ok()?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in NAMES {
        if let Some(value) = data.get(name).as_string() {
            query.append_pair(name, &value);
        }
    }
    search::read_query(&query.finish())
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ProfessionSelectProps {
    options: Vec<(AttrValue, AttrValue)>,
    value: AttrValue,
}

/// The select of the bar; it looks like an input there, not like a chip.
#[component]
fn ProfessionSelect(props: &ProfessionSelectProps) -> Html {
    let select = use_node_ref();
    use_effect_with((props.value.clone(), select.clone()), |(value, select)| browser::select(select, value));
    let options = props.options.iter().map(|(value, words)| {
        html! { <option key={value.to_string()} value={value.clone()} selected={*value == props.value}>{ words }</option> }
    });
    html! { <select class="input" id="profession" name="profession" ref={select}>{ for options }</select> }
}
