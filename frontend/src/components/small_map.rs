//! A small map of one place, for profiles. The address stands beside it in words.

use shared_types::providers::LocationSummary;
use yew::prelude::*;

use crate::map::{MapView, Style, one_place};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SmallMapProps {
    pub location: LocationSummary,
    /// What it shows, for screen readers: `Map of Wattle Lane Physio`.
    pub label: AttrValue,
}

/// `div.map.map--small`; filled in the browser.
#[component]
pub fn SmallMap(props: &SmallMapProps) -> Html {
    let container = use_node_ref();
    {
        let container = container.clone();
        use_effect_with(props.location.clone(), move |location| {
            let view = MapView::start(&container, Style::Small, Callback::noop());
            if let Some(view) = &view {
                view.show(one_place(location));
            }
            move || view.into_iter().for_each(MapView::end)
        });
    }
    html! { <div class="map map--small js-only" role="region" aria-label={props.label.clone()} ref={container}></div> }
}
