//! What a button is about, where a page has several of the same name.

use yew::prelude::*;

/// `: Ada Nguyen`, for those who hear a button without what it stands beside; nothing where the page has only the one.
pub fn about_words(about: &str) -> Html {
    if about.is_empty() {
        return Html::default();
    }
    html! { <span class="visually-hidden">{ format!(": {about}") }</span> }
}
