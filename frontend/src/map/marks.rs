//! Pins and clusters. Each is a `DivIcon` around an element of ours, made node by node: no text of a listing
//! is ever read as markup.

use std::collections::BTreeMap;

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Array, Object};
use leaflet::{Icon, LatLng, Layer, Map, Marker, MarkerOptions};
use shared_types::{PractitionerRoleId, providers::Cluster};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, HtmlElement};
use yew::Callback;

use super::{
    Frame, MapContent, Pin,
    base::AREA,
    js::{call, leaflet, set},
};
use crate::browser;

/// What happens at a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum MarkEvent {
    Active(Option<PractitionerRoleId>),
    Chosen(PractitionerRoleId),
    /// A cluster, at its place.
    Opened(f64, f64),
}

/// What is on the map now.
#[derive(Default)]
pub(super) struct Marks {
    pins: BTreeMap<PractitionerRoleId, (Pin, usize, Mark)>,
    others: Vec<Mark>,
    area: Option<Area>,
}

/// The circle that was searched, under everything else.
struct Area(Layer);

impl Drop for Area {
    fn drop(&mut self) {
        self.0.remove();
    }
}

struct Mark {
    marker: Marker,
    inner: Element,
    _listeners: Listeners,
}

/// Dropped after the marker.
#[derive(Default)]
struct Listeners {
    _click: Option<Closure<dyn Fn(JsValue)>>,
    _others: Vec<EventListener>,
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.marker.remove();
    }
}

impl Marks {
    /// Makes the map show this; pins that stay are left alone, with their focus.
    pub fn show(&mut self, map: &Map, content: &MapContent, told: &Callback<MarkEvent>) {
        self.area = content.area.map(|((lat, lon), radius_m)| area(map, lat, lon, radius_m));
        self.others.clear();
        self.others.extend(content.clusters.iter().filter_map(|cluster| cluster_mark(map, cluster, told)));
        if let Frame::Here((lat, lon)) = content.frame {
            self.others.extend(here_mark(map, lat, lon));
        }
        let before = std::mem::take(&mut self.pins);
        let mut kept = before;
        for (nth, pin) in spread(&content.pins) {
            let Some(id) = pin.id else {
                self.others.extend(pin_mark(map, pin, nth, told));
                continue;
            };
            let same = kept.remove(&id).filter(|(old, place, _)| old == pin && *place == nth);
            if let Some(entry) = same.or_else(|| Some((pin.clone(), nth, pin_mark(map, pin, nth, told)?))) {
                self.pins.insert(id, entry);
            }
        }
    }

    /// Sets one pin apart.
    pub fn mark(&self, active: Option<PractitionerRoleId>) {
        for (id, (_, _, mark)) in &self.pins {
            let on = active == Some(*id);
            let _ = mark.inner.set_attribute("data-active", if on { "true" } else { "false" });
            mark.marker.set_z_index_offset(if on { 1000.0 } else { 0.0 });
        }
    }

    /// Takes everything off.
    pub fn forget(&mut self) {
        self.pins.clear();
        self.others.clear();
        self.area = None;
    }
}

/// Each pin with its number among those at the same place: colleagues share an address.
fn spread(pins: &[Pin]) -> Vec<(usize, &Pin)> {
    let mut seen = BTreeMap::<(i64, i64), usize>::new();
    // A ten-thousandth of a degree is some ten metres; the cast keeps any degree.
    let cell = |degrees: f64| (degrees * 10_000.0).round() as i64;
    pins.iter()
        .map(|pin| {
            let count = seen.entry((cell(pin.lat), cell(pin.lon))).or_default();
            let nth = *count;
            *count += 1;
            (nth, pin)
        })
        .collect()
}

/// How far the nth pin of a place stands from it, in pixels: a row of five, then the next row above.
fn offset(nth: usize) -> (f64, f64) {
    const STEP: f64 = 54.0;
    const ROW: f64 = 36.0;
    // Small numbers: the casts are exact.
    let (row, column) = ((nth / 5) as f64, nth % 5);
    let steps = column.div_ceil(2) as f64;
    let side = if column % 2 == 1 { 1.0 } else { -1.0 };
    (side * steps * STEP, row * ROW)
}

fn pin_mark(map: &Map, pin: &Pin, nth: usize, told: &Callback<MarkEvent>) -> Option<Mark> {
    let inner = element("span", "pin")?;
    let _ = inner.set_attribute("data-kind", pin.kind);
    if pin.time.is_empty() {
        let icon = icon(if pin.id.is_some() { "phone" } else { "pin" })?;
        inner.append_child(&icon).ok()?;
    } else {
        if !pin.day.is_empty() {
            let day = element("small", "")?;
            day.set_text_content(Some(&pin.day));
            inner.append_child(&day).ok()?;
        }
        inner.append_with_str_1(&format!(" {}", pin.time)).ok()?;
    }
    let marker = place(map, pin.lat, pin.lon, &inner, offset(nth), pin.id.is_some());
    let listeners = match (pin.id, spot(&marker)) {
        (Some(id), Some(spot)) => {
            let _ = spot.set_attribute("aria-label", &pin.words);
            listen(&marker, &spot, told, MarkEvent::Chosen(id), Some(id))
        }
        _ => Listeners::default(),
    };
    Some(Mark { marker, inner, _listeners: listeners })
}

fn cluster_mark(map: &Map, cluster: &Cluster, told: &Callback<MarkEvent>) -> Option<Mark> {
    let inner = element("span", "cluster")?;
    let size = match cluster.count {
        0..50 => "s",
        50..500 => "m",
        _ => "l",
    };
    let _ = inner.set_attribute("data-size", size);
    let count = short_count(cluster.count);
    inner.set_text_content(Some(&count));
    let marker = place(map, cluster.lat, cluster.lon, &inner, (0.0, 0.0), true);
    let spot = spot(&marker)?;
    let _ = spot.set_attribute("aria-label", &format!("{count} providers here, zoom in"));
    let listeners = listen(&marker, &spot, told, MarkEvent::Opened(cluster.lat, cluster.lon), None);
    Some(Mark { marker, inner, _listeners: listeners })
}

fn area(map: &Map, lat: f64, lon: f64, radius_m: u32) -> Area {
    let colour: JsValue = browser::css_value("--map-area").unwrap_or_else(|| "gray".to_owned()).into();
    let options: JsValue = Object::new().into();
    set(&options, "radius", &radius_m.into());
    set(&options, "pane", &AREA.into());
    set(&options, "interactive", &JsValue::FALSE);
    set(&options, "color", &colour);
    set(&options, "weight", &1.5.into());
    set(&options, "fillOpacity", &0.05.into());
    let circle: Layer = leaflet("circle", &[LatLng::new(lat, lon).into(), options]).unchecked_into();
    circle.add_to(map);
    Area(circle)
}

fn here_mark(map: &Map, lat: f64, lon: f64) -> Option<Mark> {
    let inner = element("span", "you-are-here")?;
    let marker = place(map, lat, lon, &inner, (0.0, 0.0), false);
    Some(Mark { marker, inner, _listeners: Listeners::default() })
}

fn place(map: &Map, lat: f64, lon: f64, inner: &Element, (right, up): (f64, f64), keyboard: bool) -> Marker {
    let options = MarkerOptions::new();
    options.set_icon(div_icon("pin-spot", inner, Some((-right, up))));
    options.set_keyboard(keyboard);
    options.set_interactive(keyboard);
    options.set_rise_on_hover(true);
    let marker = Marker::new_with_options(&LatLng::new(lat, lon), &options);
    marker.add_to(map);
    marker
}

/// `L.divIcon` by name: the crate's `DivIcon::new` asks for `L.Icon` under the `wasm-bindgen` we use, because
/// its type borrows that name, and an `L.Icon` without an image throws.
pub(super) fn div_icon(class: &str, inner: &Element, anchor: Option<(f64, f64)>) -> Icon {
    let options: JsValue = Object::new().into();
    set(&options, "className", &class.into());
    set(&options, "html", inner);
    set(&options, "iconSize", &JsValue::NULL);
    if let Some((x, y)) = anchor {
        set(&options, "iconAnchor", &Array::of2(&x.into(), &y.into()).into());
    }
    leaflet("divIcon", &[options]).unchecked_into()
}

/// The element that Leaflet made for a marker on the map.
fn spot(marker: &Marker) -> Option<HtmlElement> {
    call(marker, "getElement", &[]).dyn_into().ok()
}

fn listen(
    marker: &Marker,
    spot: &HtmlElement,
    told: &Callback<MarkEvent>,
    chosen: MarkEvent,
    id: Option<PractitionerRoleId>,
) -> Listeners {
    // Leaflet's click, not the element's: it knows a drag that began on a pin from a click on it.
    let told_by_click = told.clone();
    let click = Closure::<dyn Fn(JsValue)>::new(move |_| told_by_click.emit(chosen));
    marker.on("click", click.as_ref());
    let told_by_key = told.clone();
    let options = EventListenerOptions::enable_prevent_default();
    let key = EventListener::new_with_options(spot, "keydown", options, move |event| {
        let key =
            event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key).unwrap_or_default();
        if key == "Enter" || key == " " {
            event.prevent_default();
            told_by_key.emit(chosen);
        }
    });
    let mut others = vec![key];
    if id.is_some() {
        for (event, active) in [("mouseenter", id), ("focus", id), ("mouseleave", None), ("blur", None)] {
            let told = told.clone();
            others.push(EventListener::new(spot, event, move |_| told.emit(MarkEvent::Active(active))));
        }
    }
    Listeners { _click: Some(click), _others: others }
}

/// An element with a class.
pub(super) fn element(tag: &str, class: &str) -> Option<Element> {
    let element = web_sys::window()?.document()?.create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Some(element)
}

fn icon(name: &str) -> Option<Element> {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    let document = web_sys::window()?.document()?;
    let svg = document.create_element_ns(SVG, "svg").ok()?;
    svg.set_attribute("class", "icon").ok()?;
    svg.set_attribute("aria-hidden", "true").ok()?;
    let shape = document.create_element_ns(SVG, "use").ok()?;
    shape.set_attribute("href", &format!("/assets/icons.svg#{name}")).ok()?;
    svg.append_child(&shape).ok()?;
    Some(svg)
}

/// `128`, `1.2k`, `12k`.
fn short_count(count: u32) -> String {
    match count {
        0..1000 => count.to_string(),
        1000..10_000 => format!("{}.{}k", count / 1000, count % 1000 / 100),
        _ => format!("{}k", count / 1000),
    }
}
