//! Addresses, statuses, caching, policy, files and sitemaps.

use axum::{
    body::{Body, to_bytes},
    http::{
        Request,
        header::{self, HeaderName},
    },
};
use frontend::server::BaseMap;
use serde_json::{Value, json};
use shared_types::Problem;
use tower::ServiceExt;

use crate::support::{Canned, SEARCH, archive, get, get_with, reply, site, site_with, three};

const COMPRESSED: (HeaderName, &str) = (header::ACCEPT_ENCODING, "br, gzip");

#[tokio::test]
async fn a_page_seen_before_is_not_sent_again() {
    let site = site(Canned::new().with(SEARCH, 200, &reply(three())));
    let first = get(&site, "/search?near=Parramatta").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(first.header("cache-control"), "public, max-age=0, must-revalidate");

    let again = get_with(&site, "/search?near=Parramatta", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((again.status, again.html.as_str()), (304, ""));
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("content-security-policy"), first.header("content-security-policy"));

    let other = get_with(&site, "/search?near=2150", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn every_page_says_what_may_run_and_who_is_told() {
    let page = get(&site(Canned::new()), "/").await;
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'sha256-"), "{policy}");
    for part in [
        "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        "; require-trusted-types-for 'script'; trusted-types default",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(page.html.contains("href=\"/base-12ab.css\" integrity=\"sha384-"), "{}", page.html);
}

const ID: &str = "00000000-0000-7000-8000-000000000001";
/// What each bundle is started by.
const BUNDLES: [&str; 3] =
    ["import init from \"/find-12ab.js\"", "from \"/book.js?v=", "from \"/member.js?v="];

#[tokio::test]
async fn each_page_starts_the_bundle_that_it_is_in_and_no_other() {
    let site = site(Canned::new());
    let [find, book, member] = BUNDLES;
    for (path, bundle) in [
        ("/", find),
        ("/search", find),
        ("/providers/priya-nairwood-1", find),
        ("/practices/wattle-lane-physio", find),
        ("/physiotherapist/parramatta-nsw-2150", find),
        ("/nothing/here/at-all", find),
        (&format!("/book/{ID}"), book),
        (&format!("/book/any/{ID}"), book),
        (&format!("/book/hold/{ID}"), book),
        (&format!("/book/confirmed/{ID}"), book),
        (&format!("/booked/{ID}/payment"), book),
        ("/manage/0123456789abcdef0123456789abcdef", book),
        ("/unsubscribe/0123456789abcdef0123456789abcdef", book),
        ("/account", member),
        ("/account/sign-in", member),
        ("/practice", member),
        (&format!("/calendar/{ID}"), member),
        ("/support", member),
    ] {
        let page = get(&site, path).await;
        for other in BUNDLES {
            assert_eq!(page.count(other), usize::from(other == bundle), "{path}: {other}");
        }
        assert_eq!(page.count("window.bundleWasm = fetch("), 1, "{path}");
        let policy = page.header("content-security-policy");
        assert_eq!(
            policy.matches("'sha256-").count(),
            3,
            "its import map and its two scripts: {path}: {policy}"
        );
    }
}

#[tokio::test]
async fn who_is_signed_in_books_with_every_page_at_hand() {
    let site = site(Canned::new());
    let signed_in = (header::COOKIE, "a=b; __Host-session=c");
    let page = get_with(&site, &format!("/book/hold/{ID}"), std::slice::from_ref(&signed_in)).await;
    page.has(BUNDLES[2]);
    page.lacks(BUNDLES[1]);
    // Pages that are kept by caches are the same for everybody.
    get_with(&site, "/search", &[signed_in]).await.has(BUNDLES[0]);
    get_with(&site, &format!("/book/hold/{ID}"), &[(header::COOKIE, "x__Host-session=c")])
        .await
        .has(BUNDLES[1]);
}

#[tokio::test]
async fn pages_of_words_run_no_script_and_lead_to_the_account() {
    let site = site(Canned::new());
    for path in ["/privacy", "/what-we-see", "/problems/time-taken"] {
        let page = get(&site, path).await;
        assert_eq!(page.status, 200, "{path}");
        for absent in ["<script", "<!--", "modulepreload"] {
            page.lacks(absent);
        }
        page.pairs("href=\"/account\"", &["button--quiet"]);
        assert_eq!(page.header("content-security-policy").matches("'sha256-").count(), 0, "{path}");
    }
}

#[tokio::test]
async fn the_worker_that_shows_messages_is_asked_about_each_time_and_may_fetch_nothing() {
    let worker = get(&site(Canned::new()), "/assets/push-worker.js").await;
    assert_eq!(worker.status, 200);
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert!(worker.header("content-type").starts_with("text/javascript"));
    let policy = worker.header("content-security-policy");
    assert_eq!(policy, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'");
    // Browsers let it control what lies beside it alone, unless a header says otherwise.
    assert_eq!(worker.header("service-worker-allowed"), "");
}

#[tokio::test]
async fn a_phone_can_keep_the_site_among_its_programs() {
    let address = "/assets/app.webmanifest";
    let frame = include_str!("../../../index.html");
    assert!(frame.contains(&format!("<link rel=\"manifest\" href=\"{address}\">")), "{frame}");
    let site = site(Canned::new());
    let page = get(&site, "/").await;
    assert!(page.header("content-security-policy").contains("; manifest-src 'self';"));

    let sent = get(&site, address).await;
    assert_eq!((sent.status, sent.header("content-type")), (200, "application/manifest+json"));
    let kept: Value = serde_json::from_str(&sent.html).unwrap();
    for (name, value) in [
        ("id", "/"),
        ("name", "HelloMapper"),
        ("short_name", "HelloMapper"),
        ("lang", "en-AU"),
        ("start_url", "/"),
        ("scope", "/"),
        ("display", "standalone"),
    ] {
        assert_eq!(kept[name], value, "{name}");
    }
    let tokens = include_str!("../../styles/tokens.css");
    for (name, token) in [("theme_color", "action"), ("background_color", "ground")] {
        let colour = kept[name].as_str().unwrap();
        assert!(tokens.contains(&format!("--{token}: {colour};")), "{name}: {colour}");
    }
    let icons = kept["icons"].as_array().unwrap();
    let said = |name: &str| icons.iter().map(|icon| icon[name].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(said("sizes"), ["any", "192x192", "512x512", "512x512"]);
    // One may be cut to any shape.
    assert_eq!(said("purpose"), ["any", "any", "any", "maskable"]);
    for icon in icons {
        let address = icon["src"].as_str().unwrap();
        let asked = Request::get(address).body(Body::empty()).unwrap();
        let (parts, body) = site.clone().oneshot(asked).await.unwrap().into_parts();
        assert_eq!(parts.status, 200, "{address}");
        assert_eq!(parts.headers[header::CONTENT_TYPE], icon["type"].as_str().unwrap(), "{address}");
        assert_eq!(parts.headers[header::CACHE_CONTROL], "public, max-age=86400", "{address}");
        let drawing = to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(size_of(&drawing), icon["sizes"].as_str().unwrap(), "{address}");
    }
}

/// How large a drawing says that it is, in the words of a manifest: `192x192`, or `any` where it is drawn at every size.
fn size_of(drawing: &[u8]) -> String {
    // After its signature, and how long the block is that says so, a PNG says how wide it is and how high.
    let Some(rest) = drawing.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") else {
        let text = String::from_utf8_lossy(drawing);
        assert!(text.contains(" viewBox=\"0 0 24 24\""), "{text}");
        return "any".to_owned();
    };
    let [wide, high] = [0, 4].map(|at| u32::from_be_bytes(rest[at..at + 4].try_into().unwrap()));
    format!("{wide}x{high}")
}

#[tokio::test]
async fn no_reply_is_shown_elsewhere_or_taken_for_what_it_is_not() {
    let site = site(Canned::new());
    for path in
        ["/", "/robots.txt", "/assets/icons.svg", "/base-12ab.css", "/nothing/here/at-all", "/search/"]
    {
        let reply = get(&site, path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' "), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), value, "{path}");
        }
        let powers = reply.header("permissions-policy");
        assert!(powers.starts_with("geolocation=(self), camera=(), "), "{path}: {powers}");
        assert_eq!(powers.matches("=(self)").count(), 1, "{path}: {powers}");
    }
}

#[tokio::test]
async fn each_page_has_one_address() {
    let site = site(Canned::new());
    for (path, to) in [
        ("/search/?near=2150", "/search?near=2150"),
        ("//evil.test/%2e%2e", "/evil.test/%2e%2e"),
        ("/Physiotherapist/Parramatta-NSW-2150", "/physiotherapist/parramatta-nsw-2150"),
    ] {
        let page = get(&site, path).await;
        assert_eq!((page.status, page.header("location")), (301, to), "{path}");
    }
}

#[tokio::test]
async fn a_moved_slug_is_followed_and_only_within_the_site() {
    let moved = |to: &str| Problem::new("moved", 301, "This page has moved").detail(to);
    let services = Canned::new()
        .with(
            "/api/v1/providers/landing/physio/parramatta",
            301,
            &moved("/physiotherapist/parramatta-nsw-2150"),
        )
        .with("/api/v1/providers/landing/physio/evil", 301, &moved("//evil.test/"));
    let site = site(services);
    let page = get(&site, "/physio/parramatta").await;
    assert_eq!((page.status, page.header("location")), (301, "/physiotherapist/parramatta-nsw-2150"));
    assert_eq!(get(&site, "/physio/evil").await.header("location"), "");
}

#[tokio::test]
async fn an_address_without_a_page_is_404() {
    let page = get(&site(Canned::new()), "/one/two/three").await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn a_program_that_asks_for_no_endpoint_gets_a_problem() {
    let page = get(&site(Canned::new()), "/api/v1/nowhere/").await;
    assert_eq!((page.status, page.header("content-type")), (404, "application/problem+json"));
    page.has("/problems/not-found");
}

#[tokio::test]
async fn files_are_cached_as_their_names_allow() {
    let site = site(Canned::new());
    let built = get(&site, "/base-12ab.css").await;
    assert_eq!((built.status, built.html.as_str()), (200, "a{}"));
    assert_eq!(built.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(get(&site, "/assets/icons.svg").await.header("cache-control"), "public, max-age=86400");
    // A name that stays, and an address that goes with the bytes.
    let page = get(&site, "/account").await;
    let (_, rest) = page.html.split_once("from \"/member.js").unwrap();
    let (version, _) = rest.split_once('"').unwrap();
    for (path, caching) in [
        ("/member.js".to_owned(), "no-cache"),
        ("/member.js?v=0123456789ab".to_owned(), "no-cache"),
        (format!("/member.js{version}"), "public, max-age=31536000, immutable"),
    ] {
        let file = get(&site, &path).await;
        assert_eq!(
            (file.html.as_str(), file.header("cache-control")),
            ("export default go;", caching),
            "{path}"
        );
    }
    assert_eq!(get(&site, "/assets/none.svg").await.status, 404);
    assert_eq!(get(&site, "/index.html").await.status, 404);
}

#[tokio::test]
async fn the_workers_script_knows_its_wasm_and_is_in_the_manifest_as_it_is_sent() {
    let site = site(Canned::new());
    let worker = get(&site, "/vault_loader.js").await;
    assert_eq!((worker.status, worker.header("cache-control")), (200, "no-cache"));
    assert_eq!(worker.header("content-type"), "text/javascript");
    assert!(worker.header("content-security-policy").contains("script-src 'self' 'wasm-unsafe-eval'"));
    // printf 'wasm' | openssl dgst -sha384 -binary | base64
    let hash = "sha384-boOOaqkCTcUlfiSLj0sYt5Ko4fy3O7Y0XS3Aba0eU9k1KwMGTQqNxweYTKrQVdvJ";
    assert!(worker.html.starts_with("let wasm_bindgen;\nwasm_bindgen({"), "{}", worker.html);
    worker.has(&format!("fetch(\"/vault_bg.wasm\", {{ integrity: \"{hash}\" }})"));
    let tag = worker.header("etag").to_owned();
    let again = get_with(&site, "/vault_loader.js", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((again.status, again.html.as_str()), (304, ""));

    let manifest = get(&site, "/assets/manifest.json").await;
    assert_eq!((manifest.status, manifest.header("content-type")), (200, "application/json"));
    let manifest: Value = serde_json::from_str(&manifest.html).unwrap();
    let names: Vec<_> = manifest["files"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "/assets/app.webmanifest",
            "/assets/favicon.svg",
            "/assets/icon-192.png",
            "/assets/icon-512-maskable.png",
            "/assets/icon-512.png",
            "/assets/icons.svg",
            "/assets/leaflet.js",
            "/assets/protomaps/pmtiles.js",
            "/assets/protomaps/protomaps-leaflet.js",
            "/assets/push-worker.js",
            "/base-12ab.css",
            "/book.js",
            "/book_bg.wasm",
            "/find-12ab.js",
            "/find-12ab_bg.wasm",
            "/member.js",
            "/member_bg.wasm",
            "/vault.js",
            "/vault_bg.wasm",
            "/vault_loader.js",
        ]
    );
    assert_eq!(manifest["files"]["/vault_bg.wasm"], hash);
    assert!(manifest["frame"].as_str().unwrap().starts_with("sha384-"));
}

#[tokio::test]
async fn an_archive_is_read_in_ranges_and_kept_for_ever() {
    let archive = archive();
    let address = archive.address().to_owned();
    let site = site_with(Canned::new(), BaseMap::Archive(archive));
    let page = get(&site, "/").await;
    page.has(&format!("<meta name=\"hm-pmtiles\" content=\"{address}\">"));
    page.has("<meta name=\"hm-pmtiles-reader\" content=\"/assets/protomaps/pmtiles.js?v=");
    assert_eq!(page.count(" sha384-"), 2, "both scripts by their hashes: {}", page.html);
    assert!(page.header("content-security-policy").contains("img-src 'self' data:; "));

    let part = get_with(&site, &address, &[(header::RANGE, "bytes=0-6"), COMPRESSED]).await;
    assert_eq!((part.status, part.html.as_str()), (206, "PMTiles"));
    assert_eq!(part.header("content-range"), "bytes 0-6/1024");
    assert_eq!(part.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(part.header("content-type"), "application/vnd.pmtiles");
    assert_eq!(part.header("x-content-type-options"), "nosniff");
    let tag = part.header("etag").to_owned();
    assert!(tag.starts_with('"'), "a strong tag, so that ranges of two files are never mixed: {tag}");
    assert!(!part.header("last-modified").is_empty());
    // What browsers ask first is more than a small archive has.
    let first = get_with(&site, &address, &[(header::RANGE, "bytes=0-16383")]).await;
    assert!(matches!(first.status, 206 | 416), "{}", first.status);
    assert!(first.header("content-range").ends_with("/1024"), "{}", first.header("content-range"));

    let whole = get_with(&site, &address, &[COMPRESSED]).await;
    assert_eq!((whole.status, whole.html.len(), whole.header("content-encoding")), (200, 1024, ""));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(get_with(&site, &address, &[(header::IF_NONE_MATCH, &tag)]).await.status, 304);
}

#[tokio::test]
async fn an_archive_that_was_replaced_has_no_address_any_more() {
    let site = site_with(Canned::new(), BaseMap::Archive(archive()));
    let gone = get(&site, "/assets/map/400-0.pmtiles").await;
    assert_eq!((gone.status, gone.header("cache-control")), (404, ""));
    assert_eq!(get(&site, "/assets/icons.svg").await.status, 200);
}

#[tokio::test]
async fn search_engines_find_the_sitemaps() {
    let services = Canned::new().with("/api/v1/providers/sitemap", 200, &json!({ "pages": 2 })).with(
        "/api/v1/providers/sitemap/2",
        200,
        &json!([{ "path": "/providers/a&b", "changed_on": "2026-11-01" }]),
    );
    let site = site(services);
    assert!(get(&site, "/robots.txt").await.html.contains("Sitemap: https://hm.test/sitemap.xml"));
    let index = get(&site, "/sitemap.xml").await;
    assert!(index.header("content-type").starts_with("application/xml"));
    assert_eq!(index.count("<sitemap>"), 3);
    index.has("<loc>https://hm.test/sitemaps/2.xml</loc>");
    get(&site, "/sitemaps/2.xml")
        .await
        .has("<loc>https://hm.test/providers/a&amp;b</loc><lastmod>2026-11-01</lastmod>");
    assert_eq!(get(&site, "/sitemaps/9.xml").await.status, 404);
    assert_eq!(get(&site, "/sitemaps/x").await.status, 404);
}
