//! PMTiles archives of an invented world: the same tile everywhere, on the first zooms.

use std::{fs::File, path::Path};

use pmtiles::{PmTilesWriter, TileCoord, TileType};
use serde_json::json;

/// The colour of every picture.
pub const COLOUR: [u8; 3] = [200, 30, 120];
const MAX_ZOOM: u8 = 3;

/// One pixel of [`COLOUR`], as PNG.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\
    \0\0\0\x0cIDATx\xdac8!W\x01\0\x03\x10\x01_\xde\x9dkm\0\0\0\0IEND\xaeB`\x82";

/// A layer `earth` with one polygon that covers the tile (Mapbox Vector Tile 2.1, section 4).
const LAND: &[u8] = b"\x1a x\x02\n\x05earth\x12\x12\x18\x03\"\x0e\t\0\0\x1a\x80@\0\0\x80@\xff?\0\x0f(\x80 ";

/// Writes an archive of pictures that credits itself in this HTML.
///
/// # Panics
/// When the file cannot be written.
pub fn of_pictures(path: &Path, attribution: &str) {
    let metadata = json!({"attribution": attribution}).to_string();
    write(path, PmTilesWriter::new(TileType::Png).metadata(metadata), PICTURE);
}

/// Writes an archive of shapes whose one layer the metadata calls `layer`.
///
/// # Panics
/// When the file cannot be written.
pub fn of_shapes(path: &Path, layer: &str) {
    let metadata = json!({"vector_layers": [{"id": layer, "fields": {}}]}).to_string();
    write(path, PmTilesWriter::new(TileType::Mvt).metadata(metadata), LAND);
}

fn write(path: &Path, archive: PmTilesWriter, tile: &[u8]) {
    let file = File::create(path).expect("a file for the archive");
    let mut archive = archive.min_zoom(0).max_zoom(MAX_ZOOM).create(file).expect("an archive begins");
    for z in 0..=MAX_ZOOM {
        for (x, y) in (0..1 << z).flat_map(|x| (0..1 << z).map(move |y| (x, y))) {
            let place = TileCoord::new(z, x, y).expect("a place of that zoom");
            archive.add_tile(place, tile).expect("a tile is written");
        }
    }
    archive.finalize().expect("an archive ends");
}
