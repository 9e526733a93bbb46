//! The filters: a row of chips, and on a phone a sheet of them.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::providers::{FacetCounts, Gender, SearchProviders};
use yew::{prelude::*, virtual_dom::VNode};

use super::{facts::LANGUAGES, icon::Icon, select_chip::SelectChip};
use crate::{browser, search};

type Options = Vec<(AttrValue, AttrValue)>;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct FiltersProps {
    pub search: SearchProviders,
    /// How many results have each facet.
    pub facets: Option<FacetCounts>,
    /// Words and last day of each choice of "free".
    pub days: Vec<(AttrValue, Date)>,
    /// What the sheet's button says.
    pub show: AttrValue,
    /// Whether the sheet is open.
    pub sheet: bool,
    pub onsheet: Callback<bool>,
}

/// Chips, sheet, clear.
#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let sheet = use_node_ref();
    use_effect_with((props.sheet, sheet.clone()), |(open, sheet)| {
        if *open {
            browser::focus_first_within(sheet);
        }
    });
    let on = search::filters_on(&props.search);
    let clear = search::href(&search::cleared(&props.search));
    let close = {
        let onsheet = props.onsheet.clone();
        Callback::from(move |()| {
            onsheet.emit(false);
            browser::focus("filters-open");
        })
    };
    let onkeydown = {
        let (close, open, sheet) = (close.clone(), props.sheet, sheet.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" if open => close.emit(()),
            "Tab" if open => browser::keep_focus_within(&sheet, &event),
            _ => {}
        }
    };
    let dialog = props.sheet.then_some("dialog");
    html! {
        <div class="wrap wrap--full filter-bar">
            <button type="button" class="chip filter-bar__open js-only" id="filters-open"
                aria-expanded={props.sheet.to_string()} aria-controls="filters"
                onclick={props.onsheet.reform(|_: MouseEvent| true)}>
                <Icon name="filter" />{ "Filters " }
                <span class="chip__count">{ if on > 0 { format!("{on} on") } else { String::new() } }</span>
            </button>
            <div class="filters" id="filters" ref={sheet} data-open={props.sheet.to_string()} role={dialog}
                aria-modal={props.sheet.then_some("true")} aria-label={props.sheet.then_some("Filters")} {onkeydown}>
                <div class="filters__head">
                    <h2>{ "Filters" }</h2>
                    <button type="button" class="button button--plain button--icon filters__close"
                        onclick={close.reform(|_: MouseEvent| ())}>
                        <Icon name="close" /><span class="visually-hidden">{ "Close filters" }</span>
                    </button>
                </div>
                <div class="chip-row" role="group" aria-label="Filters">{ chips(props) }</div>
                <div class="filters__foot">
                    <a class="button button--quiet" href={clear.clone()}>{ "Clear all" }</a>
                    <button class="button" type="submit">{ &props.show }</button>
                </div>
            </div>
            <a class="button button--plain filter-bar__clear" href={clear} hidden={on == 0}>
                { "Clear" }<span class="visually-hidden">{ " filters" }</span>
            </a>
            <button class="button button--quiet no-js-only" type="submit">{ "Update results" }</button>
        </div>
    }
}

fn chips(props: &FiltersProps) -> Html {
    let search = &props.search;
    let flags = search.flags().into_iter().map(|(name, on)| {
        let (icon, words) = search::flag_words(name);
        let count = search::flag_count(props.facets.as_ref(), name, on);
        let unit = if count.as_deref() == Some("1") { " result" } else { " results" };
        html! {
            <label key={name} class="chip">
                { tick(name, on) }
                <Icon name={icon} /><span>{ words }</span>{ " " }
                <span class="chip__count">
                    { for count.map(|count| html! { <>{ count }<span class="visually-hidden">{ unit }</span></> }) }
                </span>
            </label>
        }
    });
    html! {
        <>
            { for flags }
            <SelectChip name="radius_m" label="Within" options={radii(search)} value={text(search.radius_m)} />
            <SelectChip name="language" label="Language" options={languages(search)} value={text(search.language.as_ref())} />
            <SelectChip name="gender" label="Gender" options={genders()} value={text(search.gender.map(Gender::code))} />
            <SelectChip name="before" label="Free" options={free(&props.days)} value={text(search.before)} />
        </>
    }
}

/// A box that is ticked without scripts too: Yew sets `checked` as a property only, which the server cannot write.
fn tick(name: &'static str, on: bool) -> Html {
    let mut input = html! { <input type="checkbox" {name} value="true" checked={on} /> };
    if let (true, VNode::VTag(tag)) = (on, &mut input) {
        Rc::make_mut(tag).add_attribute("checked", "");
    }
    input
}

fn text(value: Option<impl ToString>) -> AttrValue {
    value.map(|value| value.to_string()).unwrap_or_default().into()
}

fn default_option(words: &'static str) -> (AttrValue, AttrValue) {
    (AttrValue::default(), words.into())
}

/// The usual radii, and the one in the address when it is another.
fn radii(search: &SearchProviders) -> Options {
    let mut radii = search::RADII_M.to_vec();
    radii.extend(search.radius_m.filter(|radius| !search::RADII_M.contains(radius)));
    radii.sort_unstable();
    let radii = radii.into_iter().map(|radius| (radius.to_string().into(), search::whole_km(radius).into()));
    std::iter::once(default_option("any distance")).chain(radii).collect()
}

fn languages(search: &SearchProviders) -> Options {
    let mut options = vec![default_option("any")];
    options.extend(LANGUAGES.iter().map(|(tag, name)| (AttrValue::from(*tag), AttrValue::from(*name))));
    if let Some(tag) = search.language.as_ref().filter(|tag| LANGUAGES.iter().all(|(known, _)| known != tag))
    {
        options.push((tag.clone().into(), tag.clone().into()));
    }
    options
}

fn genders() -> Options {
    let known = [(Gender::Female, "woman"), (Gender::Male, "man"), (Gender::Other, "another gender")];
    let known = known.into_iter().map(|(gender, words)| (gender.code().into(), words.into()));
    std::iter::once(default_option("any")).chain(known).collect()
}

fn free(days: &[(AttrValue, Date)]) -> Options {
    let days = days.iter().map(|(words, day)| (day.to_string().into(), words.clone()));
    std::iter::once(default_option("any day")).chain(days).collect()
}
