//! The box for a place: a text input with suggestions, after the editable combobox with list autocomplete of the
//! ARIA Authoring Practices Guide (read 2026-11-22). Without scripts it is a plain input.

use shared_types::providers::{Place, PlaceKind};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::Icon;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PlaceBoxProps {
    /// The input's id. What is wrong with it stands below, under this with `-error`.
    #[prop_or(AttrValue::Static("near"))]
    pub id: AttrValue,
    pub value: AttrValue,
    #[prop_or_default]
    pub placeholder: AttrValue,
    /// Whether something is wrong with it.
    #[prop_or_default]
    pub wrong: bool,
    /// What is offered for the present words.
    pub suggestions: Vec<Place>,
    /// Each change of the words.
    pub oninput: Callback<String>,
    /// A suggestion was taken.
    pub onpick: Callback<Place>,
    /// Stands between the input and its list: the "near me" button.
    #[prop_or_default]
    pub children: Html,
}

/// Input, button, list.
#[component]
pub fn PlaceBox(props: &PlaceBoxProps) -> Html {
    let PlaceBoxProps { id, wrong, .. } = props;
    let open = use_state(|| false);
    let at = use_state(|| None::<usize>);
    let count = props.suggestions.len();
    let shown = *open && count > 0;
    let current = at.filter(|at| shown && *at < count);

    let oninput = {
        let (open, at, oninput) = (open.clone(), at.clone(), props.oninput.clone());
        move |event: InputEvent| {
            open.set(true);
            at.set(None);
            oninput.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        }
    };
    let pick = {
        let (open, at, onpick, suggestions) =
            (open.clone(), at.clone(), props.onpick.clone(), props.suggestions.clone());
        Callback::from(move |index: usize| {
            open.set(false);
            at.set(None);
            if let Some(place) = suggestions.get(index) {
                onpick.emit(place.clone());
            }
        })
    };
    let onkeydown = {
        let (open, at, pick) = (open.clone(), at.clone(), pick.clone());
        move |event: KeyboardEvent| {
            match (event.key().as_str(), current) {
                ("ArrowDown", _) if count > 0 => at.set(Some(current.map_or(0, |at| (at + 1) % count))),
                ("ArrowUp", _) if count > 0 => {
                    at.set(Some(current.map_or(count - 1, |at| (at + count - 1) % count)))
                }
                ("Enter", Some(index)) => pick.emit(index),
                ("Escape", _) if shown => open.set(false),
                // The form is submitted, or the focus moves on, as it would from any input.
                ("Enter" | "Tab", _) => return open.set(false),
                _ => return,
            }
            if event.key().starts_with("Arrow") {
                open.set(true);
            }
            event.prevent_default();
        }
    };
    let onblur = {
        let open = open.clone();
        move |_| open.set(false)
    };
    html! {
        <>
            <input class="input" id={id.clone()} name={id.clone()} type="text" value={props.value.clone()}
                placeholder={props.placeholder.clone()} role="combobox" aria-expanded={shown.to_string()}
                aria-controls={format!("{id}-list")} aria-autocomplete="list" autocomplete="off" autocapitalize="words"
                spellcheck="false" maxlength="100" aria-activedescendant={current.map(|at| format!("{id}-{at}"))}
                aria-invalid={wrong.then_some("true")} aria-describedby={wrong.then(|| format!("{id}-error"))}
                {oninput} {onkeydown} {onblur} />
            { props.children.clone() }
            <div class="suggest">
                <span class="visually-hidden" role="status">
                    { if shown { format!("{count} places") } else { String::new() } }
                </span>
                if shown {
                    <ul id={format!("{id}-list")} role="listbox" aria-label="Places">
                        { for props.suggestions.iter().enumerate().map(|(index, place)| {
                            option(format!("{id}-{index}"), (index, place), current == Some(index), &pick)
                        }) }
                    </ul>
                }
            </div>
        </>
    }
}

fn option(id: String, (index, place): (usize, &Place), selected: bool, pick: &Callback<usize>) -> Html {
    let icon = match place.kind {
        PlaceKind::Locality | PlaceKind::Postcode => "pin",
        PlaceKind::Coordinates => "near-me",
        PlaceKind::Window => "map",
    };
    let onclick = pick.reform(move |_: MouseEvent| index);
    // Keeps the focus in the input, whose change event would otherwise search for half a word first.
    let onmousedown = |event: MouseEvent| event.prevent_default();
    html! {
        <li key={place.label.clone()} {id} role="option" aria-selected={selected.to_string()}
            {onclick} {onmousedown}>
            <Icon name={icon} />{ &place.label }
        </li>
    }
}
