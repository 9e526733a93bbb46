//! `/admin/previews`: what our messages say, for those who answer for the words.

use std::rc::Rc;

use shared_types::{notifications::MessagePreview, page::Page};
use yew::prelude::*;

use crate::{
    api::notifications,
    components::failed::Failed,
    hooks::{use_head, use_private_api, use_version},
    pages::{
        account::loading, hold::private_head, practice_desk::previews::PreviewChoice, support::ForSupport,
    },
};

const TITLE: &str = "What our messages say";
const PATH: &str = "/admin/previews";

/// The page.
#[component]
pub fn PreviewsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Previews /></ForSupport> }
}

#[component]
fn Previews() -> Html {
    let (version, on_again) = use_version();
    let previews = match use_private_api::<Page<MessagePreview>>(notifications::list_previews(), version) {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} {on_again} /> },
        Some(Ok(page)) => html! { <PreviewChoice items={Rc::new(page.items.clone())} /> },
    };
    html! {
        <div class="stack">
            <p>
                { "Every message in every language that we write, about people and an appointment that are made up. \
                   Practices read the same. Their links lead nowhere." }
            </p>
            <div class="optional">{ previews }</div>
        </div>
    }
}
