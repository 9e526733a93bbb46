//! Grey shapes in the place of what is being fetched.

use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SkeletonProps {
    /// `title`, `line`, `short`, `tile` or `time`.
    pub kind: AttrValue,
}

/// One grey shape.
#[component]
pub fn Skeleton(props: &SkeletonProps) -> Html {
    html! { <span class={format!("skeleton skeleton--{}", props.kind)}></span> }
}

/// A provider card without its words.
#[component]
pub fn CardSkeleton() -> Html {
    html! {
        <div class="card provider-card" aria-hidden="true">
            <Skeleton kind="tile" />
            <div class="provider-card__who"><Skeleton kind="title" /><Skeleton kind="line" /></div>
            <Skeleton kind="line" />
            <Skeleton kind="short" />
            <div class="provider-card__times">
                <Skeleton kind="time" /><Skeleton kind="time" /><Skeleton kind="time" />
            </div>
        </div>
    }
}

/// A page on its way, after a link was followed in the browser.
#[component]
pub fn PageSkeleton() -> Html {
    html! {
        <main id="main" tabindex="-1" aria-busy="true"><div class="wrap stack">
            <p class="visually-hidden" role="status">{ "Loading" }</p>
            <div class="page-head" aria-hidden="true"><Skeleton kind="title" /><Skeleton kind="line" /></div>
            <CardSkeleton />
            <CardSkeleton />
        </div></main>
    }
}
