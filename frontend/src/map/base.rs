//! The base map: an archive or a tile server when one is configured, otherwise land, water, borders and names from
//! our own files, drawn on one canvas in the colours of the page.

use std::{cell::Cell, cell::RefCell, rc::Rc, rc::Weak};

use js_sys::{Array, JSON, Object};
use leaflet::{Canvas, CanvasOptions, Layer, Map, Marker, TileLayer, TileLayerOptions};
use wasm_bindgen::{JsCast, JsValue};
use yew::platform::spawn_local;

use super::{
    archive::{Archive, ArchiveLayer},
    js::{call, get, leaflet, set},
    labels::{self, Label},
    marks::element,
};
use crate::browser;

/// From this zoom on, the coast is drawn finely.
const FINE_FROM: f64 = 8.0;
/// Where the searched circle is drawn.
pub(super) const AREA: &str = "area";
/// How close one may look at tiles, and at our own drawing.
pub(super) const MAX_TILE_ZOOM: f64 = 19.0;
const MAX_DRAWN_ZOOM: f64 = 16.0;

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

/// What the base is made of.
enum Ground {
    /// Nothing yet: an archive is being opened.
    Awaited,
    /// Our own drawing.
    Drawn,
    /// A tile server's pictures.
    TileServer,
    /// An archive's tiles, while they are on the map.
    Archive(Archive, Option<ArchiveLayer>),
}

/// The base of one map.
pub(super) struct Base {
    me: Weak<Self>,
    ground: RefCell<Ground>,
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
        let base = Rc::new_cyclic(|me| Self {
            me: me.clone(),
            ground: RefCell::new(Ground::Awaited),
            canvas: Canvas::with_options(&options),
            labels: RefCell::default(),
            shown: RefCell::default(),
            layers: RefCell::default(),
            fine: Cell::new(None),
        });
        // Between the drawing (400) and the pins (600): a canvas of its own, since the drawing comes late.
        let _ = map.create_pane_by_name(AREA).style().set_property("z-index", "420");
        map.set_max_zoom(MAX_TILE_ZOOM);
        match (browser::meta("hm-pmtiles"), browser::meta("hm-tiles")) {
            (Some(address), _) => base.open_archive(map, address),
            (None, Some(template)) => {
                let options = TileLayerOptions::new();
                options.set_max_zoom(MAX_TILE_ZOOM);
                TileLayer::new_options(&template, &options).add_to(map);
                base.ground.replace(Ground::TileServer);
            }
            (None, None) => base.start_drawing(map),
        }
        base
    }

    /// Shows the archive's tiles once it is open, or our own drawing when it cannot be.
    fn open_archive(&self, map: &Map, address: String) {
        let (me, map) = (self.me.clone(), map.clone());
        spawn_local(async move {
            let archive = Archive::open(&address).await;
            // The map may be gone by now.
            let Some(base) = me.upgrade() else { return };
            let shown = archive.and_then(|archive| Some((archive.show(&map)?, archive)));
            match shown {
                Some((layer, archive)) => {
                    if let Some(words) = &archive.credit {
                        credit(&map, words);
                    }
                    base.ground.replace(Ground::Archive(archive, Some(layer)));
                }
                None => base.start_drawing(&map),
            }
        });
    }

    fn start_drawing(&self, map: &Map) {
        self.ground.replace(Ground::Drawn);
        map.set_max_zoom(MAX_DRAWN_ZOOM);
        credit(map, "Natural Earth, © OpenStreetMap contributors, GeoNames");
        labels::make_pane(map);
        self.draw(map);
        self.load_labels(map);
    }

    /// Draws again, in the colours there are now.
    pub fn redraw(&self, map: &Map) {
        if let Ground::Archive(archive, layer) = &mut *self.ground.borrow_mut()
            && archive.has_dark_colours()
        {
            // The old one goes first.
            *layer = None;
            *layer = archive.show(map);
        }
        self.fine.set(None);
        self.relabel(map);
    }

    /// After every move: the right coast, and the names that fit.
    pub fn relabel(&self, map: &Map) {
        match *self.ground.borrow() {
            Ground::Drawn => {}
            Ground::Awaited | Ground::TileServer | Ground::Archive(..) => return,
        }
        self.draw(map);
        for old in self.shown.borrow_mut().drain(..) {
            old.remove();
        }
        let labels = Rc::clone(&self.labels.borrow());
        self.shown.borrow_mut().extend(labels::show(map, &labels));
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
                *base.labels.borrow_mut() = Rc::new(rows.iter().filter_map(|row| Label::of(&row)).collect());
                base.relabel(&map);
            }
        });
    }
}

/// Says whose the map is. The control reads HTML; what it gets is words.
fn credit(map: &Map, words: &str) {
    let Some(text) = element("span", "") else { return };
    text.set_text_content(Some(words));
    call(&get(map, "attributionControl"), "addAttribution", &[text.inner_html().into()]);
}

/// One of our files; without it the map is emptier and nothing else.
async fn fetch(file: &str) -> Option<JsValue> {
    let response = gloo_net::http::Request::get(&format!("/assets/basemap/{file}.json")).send().await.ok()?;
    if !response.ok() {
        return None;
    }
    JSON::parse(&response.text().await.ok()?).ok()
}
