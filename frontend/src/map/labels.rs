//! Names on the built-in base: as many as fit without touching each other, the more important first.

use js_sys::Array;
use leaflet::{LatLng, Map, Marker, MarkerOptions};
use wasm_bindgen::{JsCast, JsValue};

use super::{
    js::{get, set},
    marks::{div_icon, element},
};

/// How many names at once.
const MAX_LABELS: usize = 60;
const PANE: &str = "labels";

/// A name at its place.
pub(super) struct Label {
    name: String,
    lon: f64,
    lat: f64,
    rank: u8,
}

impl Label {
    /// From a row `[name, lon, lat, rank]`, the more important first.
    pub fn of(row: &JsValue) -> Option<Self> {
        let row = row.dyn_ref::<Array>()?;
        // Ranks are 1 to 5.
        let rank = row.get(3).as_f64()? as u8;
        Some(Self {
            name: row.get(0).as_string()?,
            lon: row.get(1).as_f64()?,
            lat: row.get(2).as_f64()?,
            rank,
        })
    }
}

/// Makes room for names on a map, out of reach of pointers and screen readers.
pub(super) fn make_pane(map: &Map) {
    let pane = map.create_pane_by_name(PANE);
    let _ = pane.style().set_property("z-index", "450");
    let _ = pane.style().set_property("pointer-events", "none");
    let _ = pane.set_attribute("aria-hidden", "true");
}

/// Puts the names in view on a map.
pub(super) fn show(map: &Map, labels: &[Label]) -> Vec<Marker> {
    choose(map, labels).into_iter().filter_map(|label| marker(map, label)).collect()
}

/// Names in view that do not touch each other.
fn choose<'a>(map: &Map, labels: &'a [Label]) -> Vec<&'a Label> {
    let max_rank = match map.get_zoom() {
        zoom if zoom < 5.0 => 1,
        zoom if zoom < 6.0 => 2,
        zoom if zoom < 8.0 => 3,
        zoom if zoom < 10.0 => 4,
        _ => 5,
    };
    let size = map.get_size();
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let mut chosen = Vec::new();
    for label in labels.iter().filter(|label| label.rank <= max_rank) {
        let point = map.lat_lng_to_container_point(&LatLng::new(label.lat, label.lon));
        let (x, y) = (point.x(), point.y());
        // Half the width of the words, about 7 px a letter.
        let half = label.name.len() as f64 * 3.5 + 6.0;
        let inside = x > -half && y > 0.0 && x < size.x() + half && y < size.y();
        let free =
            taken.iter().all(|(at, line, wide)| (at - x).abs() > wide + half || (line - y).abs() > 18.0);
        if inside && free {
            taken.push((x, y, half));
            chosen.push(label);
            if chosen.len() == MAX_LABELS {
                break;
            }
        }
    }
    chosen
}

fn marker(map: &Map, label: &Label) -> Option<Marker> {
    const WIDTH: f64 = 160.0;
    let inner = element("span", "")?;
    inner.set_text_content(Some(&label.name));
    let icon = div_icon("map-label", &inner, None);
    // Centred on the place.
    set(&get(&icon, "options"), "iconSize", &Array::of2(&WIDTH.into(), &16.0.into()).into());
    let marker_options = MarkerOptions::new();
    marker_options.set_icon(icon);
    marker_options.set_interactive(false);
    marker_options.set_keyboard(false);
    marker_options.set_pane(PANE.to_owned());
    let marker = Marker::new_with_options(&LatLng::new(label.lat, label.lon), &marker_options);
    marker.add_to(map);
    Some(marker)
}
