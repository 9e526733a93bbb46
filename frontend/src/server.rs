//! The pages over HTTP: renders each for an anonymous visitor, and serves the bundle's files.
//!
//! Knows nothing of sessions: what one person may see is fetched by the browser afterwards, so no page here
//! carries personal data and each may be cached and revalidated.

mod document;
mod files;
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

pub use self::document::{Document, DocumentError};
use self::files::Files;
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
    /// A tile server's URL template (`https://tiles.example/{z}/{x}/{y}.png`), when one is configured; the
    /// built-in base map is drawn otherwise.
    pub tiles: Option<String>,
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
    let pages = Pages {
        document: Document::read(&config.dist, &public_url, config.tiles.as_deref())?,
        files: Files::new(&config.dist)?,
        api: ApiClient::in_process(config.api),
        public_url,
    };
    let router = Router::new()
        .route("/robots.txt", get(sitemap::robots))
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{file}", get(sitemap::part))
        .route("/assets/{*file}", get(files::asset))
        .fallback(page::show)
        .with_state(Arc::new(pages))
        .layer(map_response(with_common_headers))
        .layer(CompressionLayer::new());
    Ok(router)
}

async fn with_common_headers(mut response: Response) -> Response {
    const COMMON: [(HeaderName, &str); 3] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(self)"),
    ];
    for (name, value) in COMMON {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
