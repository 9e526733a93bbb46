//! The links between a practice's pages. On a phone there is one line, which opens them.

use yew::prelude::*;

use crate::{browser, components::icon::Icon};

/// What opens the list.
const OPEN_ID: &str = "desk-pages-open";

#[derive(Clone, PartialEq, Properties)]
pub struct MenuProps {
    /// What the practice is called.
    pub name: AttrValue,
    /// Addresses and words, in order.
    pub pages: Vec<(String, &'static str)>,
    /// The address of this page.
    pub here: String,
}

/// Name and links. Escape closes the list and gives the focus back; a link to follow closes it by leading elsewhere.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let MenuProps { name, pages, here } = props;
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    let onkeydown = {
        let open = open.clone();
        move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                event.prevent_default();
                open.set(false);
                browser::focus(OPEN_ID);
            }
        }
    };
    let current = pages.iter().find(|(path, _)| path == here);
    let words = current.map_or_else(|| "Pages".to_owned(), |(_, words)| format!("Pages: {words}"));
    let link = |(path, words): &(String, &'static str)| {
        let current = (path == here).then_some("page");
        html! { <li key={*words}><a href={path.clone()} aria-current={current}>{ *words }</a></li> }
    };
    html! {
        <nav class="desk__nav no-print" aria-label="Practice" {onkeydown}>
            <p class="desk__name">{ name }</p>
            <button type="button" class="button button--quiet desk__open" id={OPEN_ID} onclick={toggle}
                aria-expanded={open.to_string()} aria-controls="desk-pages">
                <Icon name="list" />{ words }
            </button>
            <ul class="desk__pages" id="desk-pages" data-open={open.to_string()}>{ for pages.iter().map(link) }</ul>
        </nav>
    }
}
