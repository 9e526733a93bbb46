//! The bundle's files. Trunk puts a hash into the names of what it builds, so those never change; what is
//! copied as it is (fonts, icons, the base map) is looked at again each day.

use std::{collections::HashSet, io, path::Path, sync::Arc};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::Pages;

/// What may be served besides pages.
#[derive(Clone, Debug)]
pub struct Files {
    dir: ServeDir,
    /// Names at the top of the folder; anything else there is a page's address.
    hashed: HashSet<String>,
}

impl Files {
    /// Looks at the folder once.
    pub fn new(dist: &Path) -> io::Result<Self> {
        let names = std::fs::read_dir(dist)?.filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            // The frame is no page by itself, and a hidden file is the builder's own.
            let own = name.starts_with("index.html") || name.starts_with('.');
            (entry.file_type().ok()?.is_file() && !own).then_some(name)
        });
        let dir = ServeDir::new(dist).append_index_html_on_directories(false);
        Ok(Self { hashed: names.collect(), dir: dir.precompressed_br().precompressed_gzip() })
    }

    /// Whether a path names a built file.
    pub fn has(&self, path: &str) -> bool {
        path.strip_prefix('/').is_some_and(|name| self.hashed.contains(name))
    }

    /// A file whose name changes with its content.
    pub async fn built(&self, request: Request) -> Response {
        self.serve(request, "public, max-age=31536000, immutable").await
    }

    async fn serve(&self, request: Request, caching: &'static str) -> Response {
        let Ok(response) = self.dir.clone().oneshot(request).await;
        let mut response = response.map(Body::new).into_response();
        if response.status().is_success() {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        }
        response
    }
}

/// A file that keeps its name.
pub async fn asset(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    pages.files.serve(request, "public, max-age=86400").await
}
