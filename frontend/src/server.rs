//! The pages over HTTP: renders each for an anonymous visitor, and serves the bundle's files.
//!
//! Knows nothing of sessions: what one person may see is fetched by the browser afterwards, so no page here
//! carries personal data and each may be cached and revalidated.

mod archive;
mod developers;
mod document;
mod files;
mod integrity;
mod page;
mod sitemap;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    middleware::map_response,
    response::Response,
    routing::get,
};
use tower_http::compression::CompressionLayer;

use self::files::Files;
pub use self::{
    archive::{Archive, ArchiveError},
    document::{Document, DocumentError},
};
use crate::api::ApiClient;

/// What the pages need to know.
#[derive(Clone, Debug)]
pub struct PagesConfig {
    /// The services' router, called in process.
    pub api: Router,
    /// Trunk's output folder.
    pub dist: PathBuf,
    /// Scheme and host, such as `https://hellomapper.example`; for canonical links and sitemaps.
    pub public_url: String,
    /// What is drawn under the pins.
    pub base_map: BaseMap,
}

/// What is drawn under the pins.
#[derive(Clone, Debug, Default)]
pub enum BaseMap {
    /// Land, water, borders and names from the bundle's own files.
    #[default]
    BuiltIn,
    /// An archive that we serve.
    Archive(Archive),
    /// The URL template of a tile server behind our own address, such as `/tiles/{z}/{x}/{y}.png`: the content policy
    /// admits no other host's.
    TileServer(String),
}

impl std::fmt::Display for BaseMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::BuiltIn => f.write_str("built in"),
            Self::Archive(archive) => write!(f, "an archive, at {}", archive.address()),
            Self::TileServer(template) => write!(f, "a tile server, at {template}"),
        }
    }
}

#[derive(Debug)]
struct Pages {
    api: ApiClient,
    document: Document,
    files: Files,
    public_url: String,
}

/// Every path that is not a service's.
///
/// # Errors
/// When `dist/index.html` is absent or lacks its two places.
pub fn pages(config: PagesConfig) -> Result<Router, DocumentError> {
    let public_url = config.public_url.trim_end_matches('/').to_owned();
    let document = Document::read(&config.dist, &public_url, &config.base_map)?;
    let pages = Pages {
        files: Files::new(&config.dist, &document.frame())?,
        document,
        api: ApiClient::in_process(config.api),
        public_url,
    };
    let router = Router::new()
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{file}", get(sitemap::part))
        .route("/assets/{*file}", get(files::asset))
        .route("/developers", get(developers::index))
        .route("/developers/{service}", get(developers::service))
        .fallback(page::show)
        .with_state(Arc::new(pages))
        .layer(CompressionLayer::new());
    // Not compressed: ranges count the bytes of the file as it is.
    let archive = match &config.base_map {
        BaseMap::Archive(archive) => archive.router(),
        BaseMap::BuiltIn | BaseMap::TileServer(_) => Router::new(),
    };
    Ok(router.merge(archive).layer(map_response(with_common_headers)))
}

/// A browser shows nothing of ours inside another site, gives nothing of ours to one, and offers our pages no power
/// but the reader's place, which they ask for when told to.
async fn with_common_headers(mut response: Response) -> Response {
    const COMMON: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "geolocation=(self), camera=(), display-capture=(), microphone=(), midi=(), payment=(), serial=(), \
             usb=(), xr-spatial-tracking=()",
        ),
    ];
    // Of what is no page, only a worker's script needs anything: more of ours, and Wasm.
    const FILE_POLICY: HeaderValue = HeaderValue::from_static(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    );
    let headers = response.headers_mut();
    for (name, value) in COMMON {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(FILE_POLICY);
    response
}
