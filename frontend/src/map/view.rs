//! What of the world the map shows: windows, and moving to them without animation.

use js_sys::{Array, Object};
use leaflet::{LatLng, LatLngBounds, Map};
use shared_types::Bbox;
use wasm_bindgen::JsValue;

use super::{Frame, MapContent, js::set};

/// All of the country, and its nearer islands.
pub(super) const AUSTRALIA: Bbox = Bbox { west: 112.0, south: -44.5, east: 154.5, north: -9.5 };

/// How far from the edges points are shown.
const MARGIN: f64 = 48.0;

/// Shows what the content asks for; points above the lower part of the map that is covered, which is so high.
pub(super) fn frame(map: &Map, content: &MapContent, covered: f64) {
    let around = |point: Option<(f64, f64)>| {
        let pins = content.pins.iter().map(|pin| (pin.lat, pin.lon));
        let clusters = content.clusters.iter().map(|cluster| (cluster.lat, cluster.lon));
        // Where nobody was found, the reader sees how far that was.
        let searched = content.area.filter(|_| content.pins.is_empty()).into_iter().flat_map(corners);
        bounds(pins.chain(clusters).chain(searched).chain(point))
    };
    match content.frame {
        Frame::Australia => fit(map, AUSTRALIA, 0.0, 16.0),
        Frame::Pins(point) => fit_points(map, around(point), covered),
        Frame::Here(point) => fit_points(map, around(Some(point)), covered),
        Frame::Close((lat, lon)) => drop(map.set_view_with_options(&LatLng::new(lat, lon), 14.0, &still())),
        Frame::Window(bbox) => {
            // Fitting the very window that is shown would step back by one zoom.
            if !window_of(map).is_some_and(|(shown, _)| same_window(shown, bbox)) {
                fit(map, bbox, 0.0, 16.0);
            }
        }
    }
}

/// Two corners of a square around a circle, near enough for a view of it.
fn corners(((lat, lon), radius_m): ((f64, f64), u32)) -> [(f64, f64); 2] {
    const METRES_PER_DEGREE: f64 = 111_200.0;
    let degrees = f64::from(radius_m) / METRES_PER_DEGREE;
    [(lat - degrees, lon - degrees), (lat + degrees, lon + degrees)]
}

/// The smallest window around some points.
fn bounds(points: impl Iterator<Item = (f64, f64)>) -> Option<Bbox> {
    points.fold(None, |bbox: Option<Bbox>, (lat, lon)| {
        let known = bbox.unwrap_or(Bbox { west: lon, south: lat, east: lon, north: lat });
        Some(Bbox {
            west: known.west.min(lon),
            south: known.south.min(lat),
            east: known.east.max(lon),
            north: known.north.max(lat),
        })
    })
}

/// Shows the smallest window around some points.
fn fit_points(map: &Map, around: Option<Bbox>, covered: f64) {
    fit_within(map, around.unwrap_or(AUSTRALIA), (MARGIN, MARGIN + covered), 14.0);
}

/// Shows a window whole.
pub(super) fn fit(map: &Map, bbox: Bbox, padding: f64, max_zoom: f64) {
    fit_within(map, bbox, (padding, padding), max_zoom);
}

/// The same, with another padding below than on the other sides.
fn fit_within(map: &Map, bbox: Bbox, (padding, below): (f64, f64), max_zoom: f64) {
    let bounds = LatLngBounds::new(&LatLng::new(bbox.south, bbox.west), &LatLng::new(bbox.north, bbox.east));
    let options = still();
    set(&options, "paddingTopLeft", &Array::of2(&padding.into(), &padding.into()).into());
    set(&options, "paddingBottomRight", &Array::of2(&padding.into(), &below.into()).into());
    set(&options, "maxZoom", &max_zoom.into());
    map.fit_bounds_with_options(&bounds, &options);
}

/// Options of a move without animation: it is over when the call returns.
pub(super) fn still() -> JsValue {
    let options: JsValue = Object::new().into();
    set(&options, "animate", &JsValue::FALSE);
    options
}

/// The window in view and its zoom.
pub(super) fn window_of(map: &Map) -> Option<(Bbox, u8)> {
    let bounds = map.get_bounds();
    let (south_west, north_east) = (bounds.get_south_west(), bounds.get_north_east());
    let bbox = Bbox {
        west: south_west.lng().max(-180.0),
        south: south_west.lat().max(-85.0),
        east: north_east.lng().min(180.0),
        north: north_east.lat().min(85.0),
    };
    // A zoom is 3 to 19 here, so the cast keeps it.
    (bbox.west < bbox.east && bbox.south < bbox.north)
        .then(|| (bbox, map.get_zoom().round().clamp(0.0, 19.0) as u8))
}

fn same_window(a: Bbox, b: Bbox) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
    near(a.west, b.west) && near(a.south, b.south) && near(a.east, b.east) && near(a.north, b.north)
}
