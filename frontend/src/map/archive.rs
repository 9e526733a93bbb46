//! A PMTiles archive of our own server as the base map. Protomaps' reader asks for the ranges it needs; images are
//! drawn here, vector tiles by protomaps-leaflet. Both scripts are fetched when the first such map appears.
//!
//! The reader brings a layer for images that makes `blob:` addresses, which the content policy does not admit. Here
//! images are decoded and drawn on canvases instead, which asks for no address at all.

use js_sys::{Array, Object};
use leaflet::{Layer, Map};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};
use yew::platform::spawn_local;

use super::{
    base::MAX_TILE_ZOOM,
    js::{call, construct, get, leaflet, promised, script, set},
    marks::element,
};
use crate::browser;

/// An archive that can be drawn.
pub(super) struct Archive {
    reader: JsValue,
    tiles: Tiles,
    min_zoom: f64,
    max_zoom: f64,
    /// Whose the map is, as the archive says, in plain words.
    pub credit: Option<String>,
}

enum Tiles {
    /// Pictures of this media type.
    Images(&'static str),
    /// Shapes in the layers of Protomaps' base map.
    Vector,
}

/// An archive's tiles on a map, until dropped.
pub(super) struct ArchiveLayer {
    layer: Layer,
    _create_tile: Option<Closure<dyn Fn(JsValue, JsValue) -> JsValue>>,
}

impl Archive {
    /// Reads what the archive says of itself. `None` when it cannot be read or drawn.
    pub async fn open(address: &str) -> Option<Self> {
        script(&browser::meta("hm-pmtiles-reader")?, "pmtiles").await?;
        let reader = construct("pmtiles", "PMTiles", &[address.into()])?;
        let header = promised(call(&reader, "getHeader", &[])).await?;
        let metadata = promised(call(&reader, "getMetadata", &[])).await?;
        let number = |name: &str| get(&header, name).as_f64();
        let tiles = Tiles::of_type(number("tileType")?, &metadata)?;
        match tiles {
            Tiles::Vector => script(&browser::meta("hm-pmtiles-shapes")?, "protomapsL").await?,
            Tiles::Images(_) => {}
        }
        let credit = get(&metadata, "attribution").as_string().as_deref().and_then(plain_words);
        Some(Self { reader, tiles, min_zoom: number("minZoom")?, max_zoom: number("maxZoom")?, credit })
    }

    /// Whether the same tiles look different on a dark page.
    pub fn has_dark_colours(&self) -> bool {
        match self.tiles {
            Tiles::Images(_) => false,
            Tiles::Vector => true,
        }
    }

    /// Puts its tiles on a map, in the colours that the page has now.
    pub fn show(&self, map: &Map) -> Option<ArchiveLayer> {
        let shown = match self.tiles {
            Tiles::Images(media_type) => self.images(media_type)?,
            Tiles::Vector => self.shapes(browser::matches_media("(prefers-color-scheme: dark)"))?,
        };
        shown.layer.add_to(map);
        Some(shown)
    }

    fn images(&self, media_type: &'static str) -> Option<ArchiveLayer> {
        let options: JsValue = Object::new().into();
        set(&options, "minNativeZoom", &self.min_zoom.into());
        // From the archive's last zoom on, its tiles are drawn larger.
        set(&options, "maxNativeZoom", &self.max_zoom.into());
        set(&options, "maxZoom", &MAX_TILE_ZOOM.into());
        let layer = leaflet("gridLayer", &[options]).dyn_into::<Object>().ok()?;
        let reader = self.reader.clone();
        let create_tile = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(move |at, done| {
            image_tile(reader.clone(), media_type, at, done).map(JsValue::from).unwrap_or_default()
        });
        // Leaflet counts a function's parameters: with two, it waits until the second is called.
        let two: JsValue = Object::new().into();
        set(&two, "value", &2.into());
        let function: &Object = create_tile.as_ref().unchecked_ref();
        <Object>::define_property(function, &"length".into(), two.unchecked_ref());
        set(&layer, "createTile", function);
        Some(ArchiveLayer { layer: layer.unchecked_into(), _create_tile: Some(create_tile) })
    }

    fn shapes(&self, dark: bool) -> Option<ArchiveLayer> {
        let options: JsValue = Object::new().into();
        set(&options, "url", &self.reader);
        set(&options, "flavor", &if dark { "dark" } else { "light" }.into());
        set(&options, "lang", &"en".into());
        set(&options, "maxDataZoom", &self.max_zoom.into());
        set(&options, "maxZoom", &MAX_TILE_ZOOM.into());
        // We credit the archive in its own words.
        set(&options, "attribution", &"".into());
        let layer = call(&get(&js_sys::global(), "protomapsL"), "leafletLayer", &[options]);
        let layer = layer.dyn_into::<Object>().ok()?;
        Some(ArchiveLayer { layer: layer.unchecked_into(), _create_tile: None })
    }
}

impl Tiles {
    /// By the "tile type enum" of the header (PMTiles version 3, "Header Design"; the server's module says where).
    fn of_type(number: f64, metadata: &JsValue) -> Option<Self> {
        match number as u8 {
            1 => is_protomaps_base_map(metadata).then_some(Self::Vector),
            2 => Some(Self::Images("image/png")),
            3 => Some(Self::Images("image/jpeg")),
            4 => Some(Self::Images("image/webp")),
            5 => Some(Self::Images("image/avif")),
            _ => None,
        }
    }
}

impl Drop for ArchiveLayer {
    fn drop(&mut self) {
        self.layer.remove();
    }
}

/// Whether vector tiles have the layers that we know how to colour; others would be an empty map.
fn is_protomaps_base_map(metadata: &JsValue) -> bool {
    let layers = get(metadata, "vector_layers").dyn_into::<Array>().unwrap_or_default();
    layers.iter().any(|layer| get(&layer, "id").as_string().as_deref() == Some("earth"))
}

/// The words of a piece of HTML. The parser makes a document that fetches and runs nothing.
fn plain_words(html: &str) -> Option<String> {
    let parser = web_sys::DomParser::new().ok()?;
    let document = parser.parse_from_string(html, web_sys::SupportedType::TextHtml).ok()?;
    let text = document.query_selector("body").ok()??.text_content()?;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then_some(words)
}

/// An empty canvas that is painted once its tile is there; then Leaflet is told, as it asks of a tile.
fn image_tile(
    reader: JsValue,
    media_type: &'static str,
    at: JsValue,
    done: JsValue,
) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = element("canvas", "")?.dyn_into().ok()?;
    let tile = canvas.clone();
    spawn_local(async move {
        let painted = paint(&reader, media_type, &at, &tile).await;
        let error = if painted.is_some() { JsValue::NULL } else { "no such tile".into() };
        call(&done, "call", &[JsValue::UNDEFINED, error, tile.into()]);
    });
    Some(canvas)
}

async fn paint(reader: &JsValue, media_type: &str, at: &JsValue, canvas: &HtmlCanvasElement) -> Option<()> {
    let place = [get(at, "z"), get(at, "x"), get(at, "y")];
    // An archive need not have every tile; where it has none, the sea shows through.
    let tile = promised(call(reader, "getZxy", &place)).await.filter(JsValue::is_object)?;
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let bytes = Array::of1(&get(&tile, "data"));
    let blob = Blob::new_with_buffer_source_sequence_and_options(&bytes, &kind).ok()?;
    let decoded = web_sys::window()?.create_image_bitmap_with_blob(&blob).ok()?;
    let image: ImageBitmap = promised(decoded.into()).await?.dyn_into().ok()?;
    canvas.set_width(image.width());
    canvas.set_height(image.height());
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_image_bitmap(&image, 0.0, 0.0).ok()
}
