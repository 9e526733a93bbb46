//! The base map: a tile server when one is configured, otherwise land, water, borders and names from our own
//! files, drawn on one canvas in the colours of the page.

use std::{cell::Cell, cell::RefCell, rc::Rc, rc::Weak};

use js_sys::{Array, JSON, Object};
use leaflet::{
    Canvas, CanvasOptions, LatLng, Layer, Map, Marker, MarkerOptions, TileLayer, TileLayerOptions,
};
use wasm_bindgen::{JsCast, JsValue};
use yew::platform::spawn_local;

use super::{
    js::{leaflet, set},
    marks::{div_icon, element},
};
use crate::browser;

/// From this zoom on, the coast is drawn finely.
const FINE_FROM: f64 = 8.0;
/// How many names at once.
const MAX_LABELS: usize = 60;
const LABELS: &str = "labels";
/// Where the searched circle is drawn.
pub(super) const AREA: &str = "area";

/// A drawn file: its address and how it looks.
struct Sheet {
    file: &'static str,
    fill: Option<&'static str>,
    line: Option<&'static str>,
    dash: Option<&'static str>,
}

const fn land(file: &'static str) -> Sheet {
    Sheet { file, fill: Some("--map-land"), line: Some("--map-coast"), dash: None }
}

const fn water(file: &'static str) -> Sheet {
    Sheet { file, fill: Some("--map-sea"), line: None, dash: None }
}

const BORDERS: Sheet = Sheet { file: "states", fill: None, line: Some("--map-state"), dash: Some("4 4") };
const COARSE: [Sheet; 3] = [land("land-low"), water("water-low"), BORDERS];
const FINE: [Sheet; 3] = [land("land-high"), water("water-high"), BORDERS];

struct Label {
    name: String,
    lon: f64,
    lat: f64,
    rank: u8,
}

/// The base of one map.
pub(super) struct Base {
    me: Weak<Self>,
    tiles: bool,
    canvas: Canvas,
    labels: RefCell<Rc<Vec<Label>>>,
    shown: RefCell<Vec<Marker>>,
    layers: RefCell<Vec<Layer>>,
    fine: Cell<Option<bool>>,
}

impl Base {
    /// Begins to draw.
    pub fn start(map: &Map) -> Rc<Self> {
        let options = CanvasOptions::new();
        options.set_padding(0.3);
        let tiles = browser::meta("hm-tiles");
        let base = Rc::new_cyclic(|me| Self {
            me: me.clone(),
            tiles: tiles.is_some(),
            canvas: Canvas::with_options(&options),
            labels: RefCell::default(),
            shown: RefCell::default(),
            layers: RefCell::default(),
            fine: Cell::new(None),
        });
        // Between the drawing (400) and the pins (600): a canvas of its own, since the drawing comes late.
        let _ = map.create_pane_by_name(AREA).style().set_property("z-index", "420");
        match tiles {
            Some(template) => {
                let options = TileLayerOptions::new();
                options.set_max_zoom(19.0);
                TileLayer::new_options(&template, &options).add_to(map);
            }
            None => {
                let pane = map.create_pane_by_name(LABELS);
                // Out of reach of pointers and screen readers.
                let _ = pane.style().set_property("z-index", "450");
                let _ = pane.style().set_property("pointer-events", "none");
                let _ = pane.set_attribute("aria-hidden", "true");
                base.draw(map);
                base.load_labels(map);
            }
        }
        base
    }

    /// Draws again, in the colours there are now.
    pub fn redraw(&self, map: &Map) {
        self.fine.set(None);
        self.relabel(map);
    }

    /// After every move: the right coast, and the names that fit.
    pub fn relabel(&self, map: &Map) {
        if self.tiles {
            return;
        }
        self.draw(map);
        for old in self.shown.borrow_mut().drain(..) {
            old.remove();
        }
        let labels = Rc::clone(&self.labels.borrow());
        let chosen = choose(map, &labels);
        self.shown.borrow_mut().extend(chosen.into_iter().filter_map(|label| label_marker(map, label)));
    }

    fn draw(&self, map: &Map) {
        let fine = map.get_zoom() >= FINE_FROM;
        if self.fine.replace(Some(fine)) == Some(fine) {
            return;
        }
        let (me, map) = (self.me.clone(), map.clone());
        spawn_local(async move {
            let mut drawn = Vec::new();
            for sheet in if fine { &FINE } else { &COARSE } {
                let data = fetch(sheet.file).await;
                // The map may be gone by now, or show something else.
                let Some(base) = me.upgrade().filter(|base| base.fine.get() == Some(fine)) else { return };
                if let Some(data) = data {
                    // The crate keeps its function for this to itself.
                    drawn.push(leaflet("geoJSON", &[data, base.look(sheet)]).unchecked_into::<Layer>());
                }
            }
            let Some(base) = me.upgrade() else { return };
            let before = std::mem::take(&mut *base.layers.borrow_mut());
            for layer in &drawn {
                layer.add_to(&map);
            }
            for layer in before {
                layer.remove();
            }
            *base.layers.borrow_mut() = drawn;
        });
    }

    fn look(&self, sheet: &Sheet) -> JsValue {
        let colour =
            |property: &str| JsValue::from(browser::css_value(property).unwrap_or_else(|| "gray".to_owned()));
        let options: JsValue = Object::new().into();
        set(&options, "renderer", &self.canvas);
        set(&options, "interactive", &JsValue::FALSE);
        set(&options, "stroke", &sheet.line.is_some().into());
        if let Some(line) = sheet.line {
            set(&options, "weight", &1.0.into());
            set(&options, "color", &colour(line));
        }
        set(&options, "fill", &sheet.fill.is_some().into());
        if let Some(fill) = sheet.fill {
            set(&options, "fillColor", &colour(fill));
            set(&options, "fillOpacity", &1.0.into());
        }
        if let Some(dash) = sheet.dash {
            set(&options, "dashArray", &dash.into());
        }
        options
    }

    fn load_labels(&self, map: &Map) {
        let (me, map) = (self.me.clone(), map.clone());
        spawn_local(async move {
            let Some(rows) = fetch("places").await.and_then(|rows| rows.dyn_into::<Array>().ok()) else {
                return;
            };
            if let Some(base) = me.upgrade() {
                *base.labels.borrow_mut() = Rc::new(rows.iter().filter_map(|row| label(&row)).collect());
                base.relabel(&map);
            }
        });
    }
}

/// One of our files; without it the map is emptier and nothing else.
async fn fetch(file: &str) -> Option<JsValue> {
    let response = gloo_net::http::Request::get(&format!("/assets/basemap/{file}.json")).send().await.ok()?;
    if !response.ok() {
        return None;
    }
    JSON::parse(&response.text().await.ok()?).ok()
}

/// `[name, lon, lat, rank]`, the more important first.
fn label(row: &JsValue) -> Option<Label> {
    let row = row.dyn_ref::<Array>()?;
    // Ranks are 1 to 5.
    let rank = row.get(3).as_f64()? as u8;
    Some(Label { name: row.get(0).as_string()?, lon: row.get(1).as_f64()?, lat: row.get(2).as_f64()?, rank })
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

fn label_marker(map: &Map, label: &Label) -> Option<Marker> {
    const WIDTH: f64 = 160.0;
    let inner = element("span", "")?;
    inner.set_text_content(Some(&label.name));
    let icon = div_icon("map-label", &inner, None);
    // Centred on the place.
    let options = leaflet_options(&icon);
    set(&options, "iconSize", &Array::of2(&WIDTH.into(), &16.0.into()).into());
    let marker_options = MarkerOptions::new();
    marker_options.set_icon(icon);
    marker_options.set_interactive(false);
    marker_options.set_keyboard(false);
    marker_options.set_pane(LABELS.to_owned());
    let marker = Marker::new_with_options(&LatLng::new(label.lat, label.lon), &marker_options);
    marker.add_to(map);
    Some(marker)
}

fn leaflet_options(icon: &JsValue) -> JsValue {
    js_sys::Reflect::get(icon, &"options".into()).unwrap_or_default()
}
