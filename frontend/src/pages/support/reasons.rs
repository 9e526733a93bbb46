//! `/support`: one's own reasons that stand, and stating one.

use shared_types::{page::Page, users::AccessGrant};
use yew::prelude::*;

use super::{ForSupport, PATH, grants::Grants, state_form::StateForm};
use crate::{
    api::support,
    components::failed::Failed,
    hooks::{use_head, use_private_api, use_version},
    pages::{account::loading, hold::private_head},
};

const TITLE: &str = "Helping by a stated reason";

/// The page.
#[component]
pub fn ReasonsPage() -> Html {
    use_head(private_head(TITLE));
    html! { <ForSupport title={TITLE} here={PATH}><Reasons /></ForSupport> }
}

#[component]
fn Reasons() -> Html {
    let (version, on_again) = use_version();
    let standing = match use_private_api::<Page<AccessGrant>>(support::list_living_grants(), version) {
        None => loading(),
        Some(Err(problem)) => html! { <Failed {problem} here={PATH} on_again={on_again.clone()} /> },
        Some(Ok(page)) if page.items.is_empty() => html! { <p>{ "None. You see nobody’s data." }</p> },
        Some(Ok(page)) => html! { <Grants grants={page.items.clone()} on_changed={on_again.clone()} /> },
    };
    html! {
        <>
            <p>
                { "You see a person’s data only while a reason stands that you stated. The person reads it word for word, " }
                { "and each look of yours, in their own record. What is sealed stays sealed." }
            </p>
            <section class="stack" aria-labelledby="standing-title">
                <h2 id="standing-title">{ "Your reasons that stand" }</h2>
                { standing }
            </section>
            <StateForm />
        </>
    }
}
