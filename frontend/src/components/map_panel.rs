//! The map beside the list: the same results at their places. An addition; everything on it is in the list.

use jiff::Timestamp;
use shared_types::{
    Bbox, PractitionerRoleId,
    providers::{Cluster, ProviderSummary},
};
use yew::prelude::*;

use super::provider_card::ProviderCard;
use crate::{
    browser,
    map::{MapContent, MapEvent, MapView, pins},
    search,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MapPanelProps {
    pub items: Vec<ProviderSummary>,
    pub as_of: Option<Timestamp>,
    pub clusters: Vec<Cluster>,
    /// How far was searched around a point, in metres.
    pub area: Option<((f64, f64), u32)>,
    /// What to show: the window asked for, or the place in the middle; absent shows the pins.
    pub frame: crate::map::Frame,
    /// Whether a phone shows the map instead of the list: only then are its cards made.
    pub cards: bool,
    /// Where each of them comes to, in a search for home visits.
    #[prop_or_default]
    pub visits: Option<search::Visits>,
    pub active: Option<PractitionerRoleId>,
    pub onactive: Callback<Option<PractitionerRoleId>>,
    /// Search in this window, at this zoom.
    pub onarea: Callback<(Bbox, u8)>,
}

/// Map, "search this area", and on phones a row of cards.
#[component]
pub fn MapPanel(props: &MapPanelProps) -> Html {
    let container = use_node_ref();
    let moved = use_state_eq(|| None::<(Bbox, u8)>);
    let onevent = {
        let (moved, onactive, onarea) = (moved.clone(), props.onactive.clone(), props.onarea.clone());
        Callback::from(move |event: MapEvent| match event {
            MapEvent::Moved(bbox, zoom) => moved.set(Some((bbox, zoom))),
            MapEvent::Settled => moved.set(None),
            MapEvent::Area(bbox, zoom) => onarea.emit((bbox, zoom)),
            MapEvent::Active(id) => onactive.emit(id),
            MapEvent::Chosen(id) => {
                onactive.emit(Some(id));
                browser::scroll_to(&format!("r-{id}"));
                browser::scroll_to(&format!("m-{id}"));
            }
        })
    };
    use_map(&container, props, onevent);
    let search_here = {
        let (moved, onarea, container) = (moved.clone(), props.onarea.clone(), container.clone());
        move |_: MouseEvent| {
            if let Some(area) = *moved {
                // The button goes away; the focus stays on the map.
                browser::focus_node(&container);
                moved.set(None);
                onarea.emit(area);
            }
        }
    };
    html! {
        <section class="map-panel" aria-label="Map of these results">
            <a class="skip-link" href="#map-end">{ "Skip the map" }</a>
            <div class="map js-only" role="group" aria-label="Map. Arrow keys move it, plus and minus zoom."
                ref={container}></div>
            <div class="map-here">
                if moved.is_some() {
                    <button type="button" class="button button--quiet" onclick={search_here}>{ "Search this area" }</button>
                }
            </div>
            <p class="no-js-only muted wrap">{ "The map needs scripts. Everything on it is in the list." }</p>
            <ul class="map-cards" aria-label="Results on the map">{ cards(props) }</ul>
            <span id="map-end" tabindex="-1"></span>
        </section>
    }
}

/// The phone's row of cards, one swipe from each other.
fn cards(props: &MapPanelProps) -> Html {
    const CARDS: usize = 20;
    let Some(as_of) = props.as_of.filter(|_| props.cards) else { return Html::default() };
    let placed = props.items.iter().filter(|item| item.location.is_some()).take(CARDS);
    let cards = placed.map(|item| {
        let id = item.practitioner_role_id;
        html! {
            <li key={id.to_string()} id={format!("m-{id}")}>
                <ProviderCard provider={item.clone()} {as_of} active={props.active == Some(id)} id_suffix="-m" level={3}
                    visits={props.visits.clone()} onactive={props.onactive.reform(move |on: bool| on.then_some(id))} />
            </li>
        }
    });
    html! { <>{ for cards }</> }
}

/// Keeps one map alive from the first effect to the end of the component, and tells it what to show.
#[hook]
fn use_map(container: &NodeRef, props: &MapPanelProps, onevent: Callback<MapEvent>) {
    let view = use_mut_ref(|| None::<MapView>);
    let latest = use_mut_ref(|| None::<Callback<MapEvent>>);
    *latest.borrow_mut() = Some(onevent);
    {
        let (view, container) = (view.clone(), container.clone());
        use_effect_with((), move |()| {
            // The map outlives many renders; it calls whatever the last of them gave.
            let onevent = Callback::from(move |event| {
                let callback = latest.borrow().clone();
                if let Some(callback) = callback {
                    callback.emit(event);
                }
            });
            *view.borrow_mut() = MapView::start(&container, crate::map::Style::Search, onevent);
            move || view.borrow_mut().take().into_iter().for_each(MapView::end)
        });
    }
    let content = MapContent {
        pins: props.as_of.map(|as_of| pins(&props.items, as_of)).unwrap_or_default(),
        clusters: props.clusters.clone(),
        area: props.area,
        frame: props.frame,
    };
    {
        let view = view.clone();
        use_effect_with(content, move |content| {
            if let Some(view) = &*view.borrow() {
                view.show(content.clone());
            }
        });
    }
    use_effect_with(props.active, move |active| {
        if let Some(view) = &*view.borrow() {
            view.mark(*active);
        }
    });
}
