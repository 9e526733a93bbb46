//! The PMTiles archive of the base map: one file of the operator's, looked at once at start and then served as it
//! is. Browsers ask for the ranges they need.
//!
//! Reads the header and nothing else: tiles and words are the browser's business. Layout of the header: PMTiles
//! version 3, "Header Design" (github.com/protomaps/PMTiles, spec/v3/spec.md, read 2026-11-23).

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use axum::{
    Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
};
use pmtiles::{Compression, Header, PmtError, TileType};
use thiserror::Error;
use tower_http::services::ServeFile;

const HEADER_BYTES: usize = 127;
/// Where the header keeps offset and length of the root directory, the metadata, the leaf directories and the tiles.
const SECTIONS: [usize; 4] = [8, 24, 40, 56];

/// An archive that browsers can draw.
#[derive(Clone, Debug)]
pub struct Archive {
    file: ServeFile,
    address: String,
}

/// Why a file cannot be the base map. Says what to do.
#[derive(Debug, Error)]
pub enum ArchiveError {
    #[error("{} cannot be read; name a file that this process may read", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    #[error(
        "{} is not a PMTiles archive of version 3; `pmtiles convert` makes one from MBTiles or an older archive",
        .0.display()
    )]
    NotAnArchive(PathBuf, #[source] Option<PmtError>),
    #[error("{} ends before its last tile; copy it again, whole", .0.display())]
    CutShort(PathBuf),
    #[error(
        "{} holds tiles of a kind that we do not draw; use vector tiles (MVT), PNG, JPEG, WebP or AVIF",
        .0.display()
    )]
    OtherTiles(PathBuf),
    #[error(
        "{} is compressed in a way that browsers do not read; make it again with gzip or uncompressed",
        .0.display()
    )]
    OtherCompression(PathBuf),
}

impl Archive {
    /// Looks at the file.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let unreadable = |error| ArchiveError::Unreadable(path.to_owned(), error);
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        let mut header = Vec::new();
        file.take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(unreadable)?;
        check(path, &header, about.len())?;
        // Copies on several machines agree when they keep the file's time; what replaces it has an address of its own.
        let changed = about.modified().map_err(unreadable)?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let address = format!("/assets/map/{:x}-{:x}.pmtiles", about.len(), changed.as_secs());
        Ok(Self { file: ServeFile::new(path), address })
    }

    /// Its path on our own host; another one for another content.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Answers that path, whole or in ranges.
    pub(super) fn router(&self) -> Router {
        Router::new().route_service(&self.address, self.file.clone()).layer(map_response(unchanging))
    }
}

/// Another content would have another address, so this may be kept for as long as caches keep anything.
async fn unchanging(mut response: Response) -> Response {
    if response.status().is_success() {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.pmtiles"));
        headers
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    }
    response
}

fn check(path: &Path, bytes: &[u8], file_length: u64) -> Result<(), ArchiveError> {
    let path = || path.to_owned();
    let header = Header::try_from_bytes(bytes.to_vec().into());
    let header = header.map_err(|error| ArchiveError::NotAnArchive(path(), Some(error)))?;
    if header.spec_version() != 3 {
        return Err(ArchiveError::NotAnArchive(path(), None));
    }
    match header.tile_type {
        TileType::Mvt | TileType::Png | TileType::Jpeg | TileType::Webp | TileType::Avif => {}
        TileType::Unknown | TileType::Mlt => return Err(ArchiveError::OtherTiles(path())),
    }
    for compression in [header.internal_compression(), header.tile_compression] {
        match compression {
            Compression::Unknown | Compression::None | Compression::Gzip => {}
            Compression::Brotli | Compression::Zstd => return Err(ArchiveError::OtherCompression(path())),
        }
    }
    if SECTIONS.iter().any(|at| end_of_section(bytes, *at) > file_length) {
        return Err(ArchiveError::CutShort(path()));
    }
    Ok(())
}

/// Where a section ends in the file: two little-endian numbers of eight bytes, its offset and its length.
fn end_of_section(header: &[u8], at: usize) -> u64 {
    let number = |at: usize| {
        let bytes = header.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(u64::MAX, u64::from_le_bytes)
    };
    number(at).saturating_add(number(at + 8))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Archive, ArchiveError, check};

    /// The header of an archive with PNG tiles and a kilobyte in it.
    fn header() -> Vec<u8> {
        let mut bytes = vec![0; 127];
        bytes[..8].copy_from_slice(b"PMTiles\x03");
        for (at, number) in [(8, 127_u64), (16, 25), (24, 152), (32, 48), (56, 200), (64, 824)] {
            bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        }
        // Gzip within, tiles as they are, PNG.
        bytes[97..100].copy_from_slice(&[2, 1, 2]);
        bytes
    }

    fn refused(change: impl FnOnce(&mut Vec<u8>), length: u64) -> ArchiveError {
        let mut bytes = header();
        change(&mut bytes);
        check(Path::new("australia.pmtiles"), &bytes, length).unwrap_err()
    }

    #[test]
    fn an_archive_of_version_3_is_taken() {
        check(Path::new("australia.pmtiles"), &header(), 1024).unwrap();
    }

    #[test]
    fn what_browsers_could_not_draw_is_refused() {
        let not_an_archive = |error| matches!(error, ArchiveError::NotAnArchive(..));
        assert!(not_an_archive(refused(|bytes| bytes[0] = b'X', 1024)), "another format");
        assert!(not_an_archive(refused(|bytes| bytes[7] = 4, 1024)), "another version");
        assert!(not_an_archive(refused(|bytes| bytes.truncate(100), 1024)), "half a header");
        assert!(not_an_archive(refused(|bytes| bytes[99] = 200, 1024)), "no such kind of tile");
        for kind in [0, 6] {
            let error = refused(|bytes| bytes[99] = kind, 1024);
            assert!(matches!(error, ArchiveError::OtherTiles(_)), "{error}");
        }
        for (at, compression) in [(97, 3), (97, 4), (98, 3), (98, 4)] {
            let error = refused(|bytes| bytes[at] = compression, 1024);
            assert!(matches!(error, ArchiveError::OtherCompression(_)), "{error}");
        }
    }

    #[test]
    fn half_a_copy_is_refused() {
        assert!(matches!(refused(|_| (), 1023), ArchiveError::CutShort(_)));
        let far = refused(|bytes| bytes[56..64].copy_from_slice(&u64::MAX.to_le_bytes()), 1024);
        assert!(matches!(far, ArchiveError::CutShort(_)), "{far}");
    }

    #[test]
    fn a_missing_file_is_refused_by_name() {
        let error = Archive::open(Path::new("/nowhere/australia.pmtiles")).unwrap_err();
        assert!(matches!(error, ArchiveError::Unreadable(..)));
        assert!(error.to_string().starts_with("/nowhere/australia.pmtiles cannot be read"), "{error}");
    }

    #[test]
    fn another_content_has_another_address() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("australia.pmtiles");
        let mut bytes = header();
        bytes.resize(1024, 0);
        std::fs::write(&path, &bytes).unwrap();
        let first = Archive::open(&path).unwrap();
        assert_eq!(first.address(), Archive::open(&path).unwrap().address());
        bytes.push(0);
        std::fs::write(&path, &bytes).unwrap();
        assert_ne!(first.address(), Archive::open(&path).unwrap().address());
    }
}
