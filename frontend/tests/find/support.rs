//! Canned services, a frame as Trunk makes one, and pages taken apart for reading.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, Uri, header},
    response::IntoResponse,
};
use frontend::server::{Archive, BaseMap, PagesConfig, pages};
use jiff::Timestamp;
use serde::Serialize;
use shared_types::{
    OrganizationId, PractitionerRoleId, Zone,
    providers::{
        Facts, Landing, LocationSummary, OrganizationRef, Place, PlaceKind, ProfessionRef, Professions,
        ProviderSummary, SearchReply,
    },
};
use tower::ServiceExt;
use uuid::Uuid;

pub const SEARCH: &str = "/api/v1/providers/search";
pub const PROFESSIONS: &str = "/api/v1/providers/professions";
pub const PUBLIC_URL: &str = "https://hm.test";

/// Services that answer these paths and nothing else.
#[derive(Clone, Default)]
pub struct Canned(Vec<(String, u16, String)>);

impl Canned {
    /// Knows the professions, as every test of a working site does.
    pub fn new() -> Self {
        Self::default().with(PROFESSIONS, 200, &Professions { items: vec![physio()] })
    }

    pub fn with(mut self, path: &str, status: u16, body: &impl Serialize) -> Self {
        self.0.push((path.to_owned(), status, serde_json::to_string(body).unwrap()));
        self
    }

    /// The last reply given for a path stands; a path with a query is preferred to one without.
    fn router(self) -> Router {
        let replies = Arc::new(self.0);
        Router::new().fallback(move |uri: Uri| {
            let whole = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
            let find = |wanted: &str| replies.iter().rev().find(|(path, ..)| path == wanted).cloned();
            let reply = find(&whole).or_else(|| find(uri.path()));
            async move {
                let (_, status, body) = reply.unwrap_or((String::new(), 404, String::new()));
                (StatusCode::from_u16(status).unwrap(), body).into_response()
            }
        })
    }
}

/// A page as it was sent.
pub struct Page {
    pub status: u16,
    pub headers: HeaderMap,
    pub html: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The words a reader sees, with single spaces.
    pub fn text(&self) -> String {
        words(self.html.split_once("<body>").map_or(&*self.html, |(_, body)| body))
    }

    pub fn count(&self, part: &str) -> usize {
        self.html.matches(part).count()
    }

    /// The tag that has this attribute; the order of attributes is nobody's business.
    #[track_caller]
    pub fn tag(&self, attribute: &str) -> &str {
        let at = self.html.find(attribute).unwrap_or_else(|| panic!("{attribute} not in {}", self.html));
        let start = self.html[..at].rfind('<').unwrap();
        let end = at + self.html[at..].find('>').unwrap();
        &self.html[start..=end]
    }

    /// The tag with the first attribute has all the others.
    #[track_caller]
    pub fn pairs(&self, attribute: &str, others: &[&str]) {
        let tag = self.tag(attribute);
        for other in others {
            assert!(tag.contains(other), "{other} not in {tag}");
        }
    }

    #[track_caller]
    pub fn says(&self, words: &str) {
        assert!(self.text().contains(words), "{words:?} not in: {}", self.text());
    }

    #[track_caller]
    pub fn has(&self, part: &str) {
        assert!(self.html.contains(part), "{part:?} not in: {}", self.html);
    }

    #[track_caller]
    pub fn lacks(&self, part: &str) {
        assert!(!self.html.contains(part), "{part:?} in: {}", self.html);
    }

    /// What holds for every page of ours.
    #[track_caller]
    pub fn is_sound(&self) {
        assert_eq!(self.count("<main "), 1, "one main: {}", self.html);
        assert_eq!(self.count("<h1"), 1, "one h1: {}", self.html);
        for landmark in ["<header ", "<footer ", "id=\"main\"", "aria-label=\"Main\"", "role=\"status\""] {
            self.has(landmark);
        }
        // The content policy refuses inline styles and handlers.
        for refused in [" style=", " onclick=", "javascript:"] {
            self.lacks(refused);
        }
        let own = ["https://hm.test", "https://schema.org", "http://www.w3.org"];
        for (at, _) in self.html.match_indices("http") {
            let url = &self.html[at..];
            if url.starts_with("http://") || url.starts_with("https://") {
                assert!(
                    own.iter().any(|own| url.starts_with(own)),
                    "somebody else's address: {}",
                    &url[..60.min(url.len())]
                );
            }
        }
        let mut ids: Vec<_> =
            self.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id is there twice");
        names_hold_what_is_written(&self.html);
    }
}

/// The words of some markup, with single spaces.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((words, tag)) = rest.split_once('<') {
        text.push_str(words);
        rest = if tag.starts_with("!--") {
            tag.split_once("-->").map_or("", |(_, rest)| rest)
        } else if tag.starts_with("script") {
            tag.split_once("</script>").map_or("", |(_, rest)| rest)
        } else {
            // Blocks are words of their own; inline elements stand inside a sentence.
            let inline = ["strong", "/strong", "small", "/small", "span", "/span", "a", "/a"];
            let name = tag.split([' ', '>']).next().unwrap_or_default();
            if !inline.contains(&name) {
                text.push(' ');
            }
            tag.split_once('>').map_or("", |(_, rest)| rest)
        };
    }
    text.push_str(rest);
    let text = text.replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Who speaks to their computer presses what they read: where a link, a button or a cell of a grid has a name of its own, all that
/// is written there is in that name, in one piece. WCAG 2.2, 2.5.3; commas are not spoken.
#[track_caller]
pub fn names_hold_what_is_written(html: &str) {
    for (at, _) in html.match_indices(" aria-label=\"") {
        let element = &html[html[..at].rfind('<').unwrap()..];
        let (tag, rest) = element.split_once('>').unwrap();
        let end = match tag.split(' ').next() {
            Some("<a") => "</a>",
            Some("<button") => "</button>",
            Some("<div") if tag.contains("role=\"gridcell\"") => "</div>",
            _ => continue,
        };
        let (inside, _) = rest.split_once(end).unwrap();
        let name = html[at..].split('"').nth(1).unwrap();
        let [name, written] = [name, inside].map(|part| words(part).replace(',', "").to_lowercase());
        let holds = written.is_empty() || format!(" {name} ").contains(&format!(" {written} "));
        assert!(holds, "{written:?} is not in the name {name:?}");
    }
}

/// The pages over these services.
pub fn site(services: Canned) -> Router {
    site_with(services, BaseMap::BuiltIn)
}

/// The same, over another base map.
pub fn site_with(services: Canned, base_map: BaseMap) -> Router {
    let dist = tempfile::tempdir().unwrap();
    frame(dist.path());
    // The router keeps what it read; the folder may go when the process does.
    let dist = dist.keep();
    pages(PagesConfig { api: services.router(), dist, public_url: PUBLIC_URL.to_owned(), base_map }).unwrap()
}

/// A PMTiles archive of a kilobyte: a header that says PNG, and nothing drawn in it.
pub fn archive() -> Archive {
    let mut bytes = vec![b' '; 1024];
    bytes[..127].fill(0);
    bytes[..8].copy_from_slice(b"PMTiles\x03");
    // Gzip within, tiles as they are, PNG.
    bytes[97..100].copy_from_slice(&[2, 1, 2]);
    let file = tempfile::tempdir().unwrap().keep().join("australia.pmtiles");
    std::fs::write(&file, bytes).unwrap();
    Archive::open(&file).unwrap()
}

fn frame(dist: &Path) {
    let html = "<!doctype html><html lang=\"en-AU\"><head><!--head--><link rel=\"stylesheet\" href=\"/base-12ab.css\">\
                <script defer src=\"/assets/leaflet.js\"></script><!--bundle /find-12ab.js /find-12ab_bg.wasm-->\
                </head><body><!--body--></body></html>";
    std::fs::write(dist.join("index.html"), html).unwrap();
    std::fs::write(dist.join("base-12ab.css"), "a{}").unwrap();
    std::fs::create_dir(dist.join("assets")).unwrap();
    let ours: [(&str, &[u8]); 5] = [
        ("app.webmanifest", include_bytes!("../../static/app.webmanifest")),
        ("favicon.svg", include_bytes!("../../static/favicon.svg")),
        ("icon-192.png", include_bytes!("../../static/icon-192.png")),
        ("icon-512.png", include_bytes!("../../static/icon-512.png")),
        ("icon-512-maskable.png", include_bytes!("../../static/icon-512-maskable.png")),
    ];
    for (name, bytes) in ours {
        std::fs::write(dist.join("assets").join(name), bytes).unwrap();
    }
    std::fs::write(dist.join("assets/icons.svg"), "<svg/>").unwrap();
    std::fs::write(dist.join("assets/leaflet.js"), "go()").unwrap();
    std::fs::write(dist.join("assets/push-worker.js"), "go()").unwrap();
    for bundle in ["find-12ab", "book", "member"] {
        std::fs::write(dist.join(format!("{bundle}.js")), "export default go;").unwrap();
        std::fs::write(dist.join(format!("{bundle}_bg.wasm")), "wasm").unwrap();
    }
    let loader = "importScripts(\"./vault.js\");wasm_bindgen(\"./vault_bg.wasm\");";
    for (file, text) in
        [("vault_loader.js", loader), ("vault.js", "let wasm_bindgen;"), ("vault_bg.wasm", "wasm")]
    {
        std::fs::write(dist.join(file), text).unwrap();
    }
    std::fs::create_dir(dist.join("assets/protomaps")).unwrap();
    for script in ["pmtiles.js", "protomaps-leaflet.js"] {
        std::fs::write(dist.join("assets/protomaps").join(script), "go()").unwrap();
    }
}

pub async fn get(site: &Router, path: &str) -> Page {
    get_with(site, path, &[]).await
}

pub async fn get_with(site: &Router, path: &str, headers: &[(header::HeaderName, &str)]) -> Page {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response = site.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let html = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Page { status: parts.status.as_u16(), headers: parts.headers, html }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Monday 23 November 2026, 9:00 am in Sydney.
pub fn as_of() -> Timestamp {
    at("2026-11-22T22:00:00Z")
}

pub fn physio() -> ProfessionRef {
    ProfessionRef {
        slug: "physiotherapist".to_owned(),
        name: "Physiotherapist".to_owned(),
        plural: "Physiotherapists".to_owned(),
        icon: "body".to_owned(),
    }
}

pub fn parramatta() -> Place {
    Place {
        kind: PlaceKind::Locality,
        label: "Parramatta NSW 2150".to_owned(),
        name: "Parramatta".to_owned(),
        state: "NSW".to_owned(),
        postcode: "2150".to_owned(),
        lat: -33.8136,
        lon: 151.0034,
        slug: Some("parramatta-nsw-2150".to_owned()),
        corrected_from: None,
    }
}

/// The nth provider, so many metres away, free at these times.
pub fn provider(nth: u128, name: &str, metres: f64, next_free: &[&str]) -> ProviderSummary {
    ProviderSummary {
        practitioner_role_id: PractitionerRoleId(Uuid::from_u128(nth)),
        slug: format!("{}-{nth}", name.to_lowercase().replace(' ', "-")),
        name: name.to_owned(),
        profession: Some("physiotherapist".to_owned()),
        profession_name: Some("Physiotherapist".to_owned()),
        organization: Some(OrganizationRef {
            organization_id: OrganizationId(Uuid::from_u128(1000 + nth)),
            slug: "wattle-lane-physio".to_owned(),
            name: "Wattle Lane Physio".to_owned(),
            phone: Some("(02) 5550 1234".to_owned()),
        }),
        location: Some(LocationSummary {
            location_id: None,
            lat: -33.81,
            lon: 151.0,
            time_zone: Zone::SYDNEY,
            approximate: false,
            line: Some("12 Church Street".to_owned()),
            suburb: "Parramatta".to_owned(),
            state: "NSW".to_owned(),
            postcode: "2150".to_owned(),
        }),
        distance_m: Some(metres),
        next_free: next_free.iter().map(|start| at(start)).collect(),
        bookable: true,
        facts: Facts {
            bulk_billing: true,
            languages: vec!["en".to_owned(), "hi".to_owned()],
            ..Facts::default()
        },
    }
}

pub fn reply(items: Vec<ProviderSummary>) -> SearchReply {
    SearchReply {
        items,
        as_of: as_of(),
        next: None,
        place: Some(parramatta()),
        other_places: Vec::new(),
        profession: Some(physio()),
        radius_m: Some(10_000),
        clusters: None,
        facets: None,
    }
}

/// Two that can be booked and one that cannot.
pub fn three() -> Vec<ProviderSummary> {
    let mut imported = provider(3, "Margaret Osample", 3100.0, &[]);
    imported.bookable = false;
    vec![
        provider(
            1,
            "Priya Nairwood",
            1200.0,
            &["2026-11-23T22:15:00Z", "2026-11-24T00:00:00Z", "2026-11-24T21:30:00Z", "2026-11-25T21:30:00Z"],
        ),
        provider(2, "Tom Banksiafield", 1900.0, &["2026-11-23T03:30:00Z"]),
        imported,
    ]
}

pub fn landing(results: SearchReply, nearby: Vec<Place>) -> Landing {
    Landing { profession: physio(), place: parramatta(), results, nearby }
}
