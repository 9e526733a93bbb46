//! The bundles' files. Trunk puts a hash into the names of much that pages load, so those never change, and pages ask for
//! the rest by an address with a hash; the vault's files are asked about each time; what else is copied as it is (fonts,
//! icons, the base map) is looked at again each day. The worker's script and the manifest are made at the start and sent
//! from memory. The worker that shows messages is asked about each time too, and may fetch nothing.

use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
    sync::Arc,
};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, uri::PathAndQuery},
    response::{IntoResponse, Response},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::{
    Pages,
    integrity::{WORKER, manifest, sealed_worker},
    page::{entity_tag_of, has_tag},
};

/// How long a browser may keep what never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Shows messages on a device. Browsers let it speak for what lies beside it, where there is no page.
const PUSH_WORKER: &str = "/assets/push-worker.js";

/// Where the manifest is.
const MANIFEST: &str = "/assets/manifest.json";

/// What may be served besides pages.
#[derive(Clone, Debug)]
pub struct Files {
    dir: ServeDir,
    /// Names at the top of the folder; anything else there is a page's address.
    built: HashSet<String>,
    /// Addresses with a hash, as pages name them: another hash is of another file.
    versioned: HashSet<String>,
    /// By their addresses.
    made: HashMap<&'static str, Made>,
}

/// What stands in memory.
#[derive(Clone, Debug)]
struct Made {
    kind: HeaderValue,
    tag: String,
    bytes: Bytes,
}

impl Files {
    /// Looks at the folder once. `frame` goes into the manifest.
    pub fn new(dist: &Path, frame: &str) -> io::Result<Self> {
        let names = std::fs::read_dir(dist)?.filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            // The frame is no page by itself, and a hidden file is the builder's own.
            let own = name.starts_with("index.html") || name.starts_with('.');
            (entry.file_type().ok()?.is_file() && !own).then_some(name)
        });
        let dir = ServeDir::new(dist).append_index_html_on_directories(false);
        let worker = sealed_worker(dist)?;
        let manifest = Made::new("application/json", manifest(dist, frame, worker.as_deref())?);
        let worker = worker.map(|worker| (WORKER, Made::new("text/javascript", worker)));
        let made = worker.into_iter().chain([(MANIFEST, manifest)]).collect();
        let versioned = frame.split('"').filter(|part| part.contains("?v=")).map(str::to_owned).collect();
        Ok(Self { built: names.collect(), versioned, made, dir: dir.precompressed_br().precompressed_gzip() })
    }

    /// Whether a path names a built file.
    pub fn has(&self, path: &str) -> bool {
        path.strip_prefix('/').is_some_and(|name| self.built.contains(name))
    }

    /// A file that Trunk built.
    pub async fn built(&self, request: Request) -> Response {
        let caching = if is_hashed(request.uri().path()) { FOR_EVER } else { "no-cache" };
        self.serve(request, caching).await
    }

    async fn serve(&self, request: Request, caching: &'static str) -> Response {
        if let Some(made) = self.made.get(request.uri().path()) {
            return made.answer(request.headers());
        }
        let whole = request.uri().path_and_query().map_or("", PathAndQuery::as_str);
        let caching = if self.versioned.contains(whole) { FOR_EVER } else { caching };
        let Ok(response) = self.dir.clone().oneshot(request).await;
        let mut response = response.map(Body::new).into_response();
        if response.status().is_success() {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        }
        response
    }
}

impl Made {
    fn new(kind: &'static str, text: String) -> Self {
        let tag = entity_tag_of(&text);
        Self { kind: HeaderValue::from_static(kind), tag, bytes: text.into() }
    }

    /// Asked about each time: the name is always the same.
    fn answer(&self, asked: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        if asked.get_all(header::IF_NONE_MATCH).iter().any(|kept| has_tag(kept, &self.tag)) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        headers.insert(header::CONTENT_TYPE, self.kind.clone());
        (headers, self.bytes.clone()).into_response()
    }
}

/// Whether a name ends in a hash, as Trunk writes them, without leading zeros: `find-da46cb893bfcf7d0_bg.wasm`.
pub(super) fn is_hashed(name: &str) -> bool {
    name.rsplit_once('-').is_some_and(|(_, rest)| rest.bytes().take_while(u8::is_ascii_hexdigit).count() >= 4)
}

/// A file that keeps its name.
pub async fn asset(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    if request.uri().path() != PUSH_WORKER {
        return pages.files.serve(request, "public, max-age=86400").await;
    }
    let mut response = pages.files.serve(request, "no-cache").await;
    // A worker's policy is its script's own.
    let policy = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_a_name_that_changes_with_its_content_is_kept_for_ever() {
        for name in
            ["/find-da46cb893bfcf7d0.js", "/find-da46cb893bfcf7d0_bg.wasm", "/map-9019f03a52036c4d.css"]
        {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["/book.js", "/vault_bg.wasm", "/vault_loader.js", "/no-hash.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
