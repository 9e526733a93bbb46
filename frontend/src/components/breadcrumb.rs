//! Where a page sits.

use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BreadcrumbProps {
    /// The pages above this one: words and path, outermost first.
    pub above: Vec<(AttrValue, AttrValue)>,
    /// This page.
    pub here: AttrValue,
}

/// The way from the home page to here.
#[component]
pub fn Breadcrumb(props: &BreadcrumbProps) -> Html {
    let above = props.above.iter().map(|(words, path)| {
        html! { <li key={path.to_string()}><a href={path.clone()}>{ words }</a></li> }
    });
    html! {
        <nav class="breadcrumb" aria-label="Breadcrumb"><ol>
            { for above }
            <li key="here"><span aria-current="page">{ &props.here }</span></li>
        </ol></nav>
    }
}
