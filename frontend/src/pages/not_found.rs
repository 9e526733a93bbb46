//! For addresses that lead nowhere.

use yew::prelude::*;

use crate::{components::icon::Icon, head::Head, hooks::use_head};

/// 404, with ways on.
#[component]
pub fn NotFoundPage() -> Html {
    use_head(Head {
        title: "We cannot find that page".to_owned(),
        status: 404,
        robots_noindex: true,
        ..Head::default()
    });
    html! {
        <main id="main" tabindex="-1"><div class="wrap wrap--narrow fault">
            <h1>{ "We cannot find that page" }</h1>
            <p>
                { "The address may have a typing mistake, or the listing has closed. Nothing of yours is " }
                { "lost." }
            </p>
            <div class="button-row">
                <a class="button" href="/search"><Icon name="search" />{ "Find care" }</a>
                <a class="button button--quiet" href="/">{ "Go to the start" }</a>
            </div>
        </div></main>
    }
}
