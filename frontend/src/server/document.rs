//! Trunk's `index.html` as a frame: read once at start. Each page starts the one bundle that it is in, and its content
//! policy is worked out from the scripts that are then in it.

use std::{fmt::Write as _, io, path::Path};

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    BaseMap,
    integrity::{at_bundle, sealed, sealed_script, start_of},
};
use crate::{head::Head, routes::Bundle};

/// The frame around every page.
#[derive(Clone, Debug)]
pub struct Document {
    frame: Frame,
    /// The same without its scripts.
    still: Frame,
    /// In the order of [`Bundle::ALL`].
    starts: [Start; 4],
    public_url: String,
    base_map: BaseMap,
    map_scripts: Vec<MapScript>,
}

/// A page around its three places: for its head, for what starts its bundle, and for its body.
#[derive(Clone, Debug)]
struct Frame {
    before_head: String,
    before_bundle: String,
    before_body: String,
    after_body: String,
}

/// What starts a bundle, and the content policy of the pages in it.
#[derive(Clone, Debug)]
struct Start {
    tags: String,
    policy: HeaderValue,
}

/// A script that a map with an archive loads: the name of its `<meta>`, its address, its hash.
type MapScript = (&'static str, String, String);

/// Protomaps' reader, and what draws vector tiles.
const MAP_SCRIPTS: [(&str, &str); 2] = [
    ("hm-pmtiles-reader", "/assets/protomaps/pmtiles.js"),
    ("hm-pmtiles-shapes", "/assets/protomaps/protomaps-leaflet.js"),
];

/// Why the frame could not be read.
#[derive(Debug)]
pub enum DocumentError {
    /// A file of the bundle could not be read.
    Unreadable(io::Error),
    /// `<!--head-->` or `<!--body-->` is absent, or comes in the wrong order.
    NoPlaces,
}

impl std::fmt::Display for DocumentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreadable(_) => "the browser bundle could not be read; build it with `cargo xtask run`",
            Self::NoPlaces => "the bundle's index.html lacks <!--head--> or <!--body-->",
        })
    }
}

impl std::error::Error for DocumentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable(source) => Some(source),
            Self::NoPlaces => None,
        }
    }
}

impl From<io::Error> for DocumentError {
    fn from(source: io::Error) -> Self {
        Self::Unreadable(source)
    }
}

impl Frame {
    fn parse(html: &str) -> Result<Self, DocumentError> {
        let (before_head, rest) = html.split_once("<!--head-->").ok_or(DocumentError::NoPlaces)?;
        let (before_body, after_body) = rest.split_once("<!--body-->").ok_or(DocumentError::NoPlaces)?;
        let (before_bundle, _, before_body) = at_bundle(before_body).unwrap_or(("", "", before_body));
        Ok(Self {
            before_head: before_head.to_owned(),
            before_bundle: before_bundle.to_owned(),
            before_body: before_body.to_owned(),
            after_body: after_body.to_owned(),
        })
    }

    fn without_scripts(&self) -> Self {
        Self {
            before_head: without_scripts(&self.before_head),
            before_bundle: without_scripts(&self.before_bundle),
            before_body: without_scripts(&self.before_body),
            after_body: without_scripts(&self.after_body),
        }
    }

    fn fill(&self, head: &str, bundle: &str, body: &str) -> String {
        let Self { before_head, before_bundle, before_body, after_body } = self;
        [before_head, head, before_bundle, bundle, before_body, body, after_body].concat()
    }
}

impl Document {
    /// Reads the frame from Trunk's output.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn read(dist: &Path, public_url: &str, base_map: &BaseMap) -> Result<Self, DocumentError> {
        let html = std::fs::read_to_string(dist.join("index.html"))?;
        let mut starts: [String; 4] = Default::default();
        for (bundle, start) in Bundle::ALL.into_iter().zip(&mut starts) {
            *start = start_of(bundle, &html, dist)?;
        }
        let mut document = Self::parse(&sealed(&html, dist)?, starts, public_url, base_map)?;
        document.map_scripts = match base_map {
            BaseMap::Archive(_) => map_scripts(dist)?,
            BaseMap::BuiltIn | BaseMap::TileServer(_) => Vec::new(),
        };
        Ok(document)
    }

    /// Splits the frame at its places. `starts` has what starts each of [`Bundle::ALL`].
    ///
    /// # Errors
    /// [`DocumentError::NoPlaces`].
    pub fn parse(
        html: &str,
        starts: [String; 4],
        public_url: &str,
        base_map: &BaseMap,
    ) -> Result<Self, DocumentError> {
        let frame = Frame::parse(html)?;
        let still = frame.without_scripts();
        let mut of = Bundle::ALL.into_iter();
        let starts = starts.map(|tags| {
            let frame = if of.next() == Some(Bundle::NoScript) { &still } else { &frame };
            let policy = policy(&frame.fill("", &tags, ""));
            let policy = HeaderValue::from_str(&policy).expect("a policy is words of ours and base64");
            Start { tags, policy }
        });
        Ok(Self {
            frame,
            still,
            starts,
            public_url: public_url.to_owned(),
            base_map: base_map.clone(),
            map_scripts: Vec::new(),
        })
    }

    /// The frame itself, with its places empty but for what starts the bundles.
    pub(super) fn frame(&self) -> String {
        let starts: String = self.starts.iter().map(|start| &*start.tags).collect();
        self.frame.fill("<!--head-->", &starts, "<!--body-->")
    }

    /// The `Content-Security-Policy` of a bundle's pages.
    pub fn policy(&self, bundle: Bundle) -> &HeaderValue {
        &self.starts[bundle as usize].policy
    }

    /// One whole page, which starts its bundle.
    pub fn fill(&self, bundle: Bundle, head: &Head, body: &str) -> String {
        let frame = match bundle {
            Bundle::NoScript => &self.still,
            Bundle::Find | Bundle::Book | Bundle::Member => &self.frame,
        };
        frame.fill(&self.head_html(head), &self.starts[bundle as usize].tags, body)
    }

    fn head_html(&self, head: &Head) -> String {
        let mut html = format!("<title>{}</title>\n", escaped(&head.full_title()));
        let mut meta = |kind: &str, name: &str, content: &str| {
            if !content.is_empty() {
                let _ = writeln!(html, "<meta {kind}=\"{name}\" content=\"{}\">", escaped(content));
            }
        };
        meta("name", "description", &head.description);
        meta("name", "robots", if head.robots_noindex { "noindex" } else { "" });
        match &self.base_map {
            BaseMap::BuiltIn => {}
            BaseMap::Archive(archive) => meta("name", "hm-pmtiles", archive.address()),
            BaseMap::TileServer(template) => meta("name", "hm-tiles", template),
        }
        for (name, address, hash) in &self.map_scripts {
            meta("name", name, &format!("{address} {hash}"));
        }
        if let Some(path) = &head.canonical {
            let url = format!("{}{path}", self.public_url);
            meta("property", "og:site_name", "HelloMapper");
            meta("property", "og:type", head.og_type);
            meta("property", "og:title", &head.title);
            meta("property", "og:description", &head.description);
            meta("property", "og:url", &url);
            let _ = writeln!(html, "<link rel=\"canonical\" href=\"{}\">", escaped(&url));
        }
        if let Some(json) = &head.json_ld {
            // Data, not a script: the content policy does not concern it. `<` could end the element.
            let json = json.replace("{public_url}", &self.public_url).replace('<', "\\u003c");
            let _ = writeln!(html, "<script type=\"application/ld+json\">{json}</script>");
        }
        html
    }
}

fn map_scripts(dist: &Path) -> io::Result<Vec<MapScript>> {
    let scripts = MAP_SCRIPTS.into_iter().map(|(name, address)| {
        let (address, hash) = sealed_script(address, dist)?;
        Ok((name, address, hash))
    });
    scripts.collect()
}

/// Nothing but our own files, and the inline scripts by their hashes. A nonce would not do: a page revalidated with a
/// 304 would carry the old one. Text becomes markup through `trusted-types.js` alone.
fn policy(html: &str) -> String {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self'{hashes} 'wasm-unsafe-eval'; connect-src 'self' data:; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
         trusted-types default"
    )
}

/// The text of every `<script>` without a source.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(text)
    })
}

/// A part of the frame without its scripts.
fn without_scripts(html: &str) -> String {
    let (mut kept, mut rest) = (String::new(), html);
    while let Some((before, script)) = rest.split_once("<script") {
        kept.push_str(before);
        rest = script.split_once("</script>").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Text that can stand between tags and within double quotes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{BaseMap, Document};
    use crate::{head::Head, routes::Bundle};

    const FRAME: &str = "<html><head><!--head--><script defer src=\"/a.js\"></script><link rel=\"icon\">\
        <!--bundle /a.js /a.wasm--></head><body><!--body--></body></html>";

    fn document(base_map: &BaseMap) -> Document {
        let start = |name: &str| format!("<script type=\"module\">{name}();</script>");
        let starts = [String::new(), start("find"), start("book"), start("member")];
        Document::parse(FRAME, starts, "https://x.test", base_map).unwrap()
    }

    #[test]
    fn a_page_starts_its_bundle_and_its_policy_names_that_and_nothing_else_inline() {
        let document = document(&BaseMap::BuiltIn);
        // printf 'find();' | openssl dgst -sha256 -binary | base64
        let bundles = [
            (Bundle::Find, "find();", "/mO8ueiCyPP1byKYfKep53A46QokAq1pqmMMGVlUzR8="),
            (Bundle::Book, "book();", "dv4/9uTJcJ2kavWX2sQfrksHoijEzaKvrpj7eyetLHI="),
            (Bundle::Member, "member();", "eynBkXvAnyoPwsfvfGMpiGjFImo7usxr7Ia5NTFrW7Q="),
        ];
        for (bundle, script, hash) in bundles {
            let html = document.fill(bundle, &Head::default(), "BODY");
            let policy = document.policy(bundle).to_str().unwrap();
            for (other, other_script, other_hash) in bundles {
                assert_eq!(html.contains(other_script), bundle == other, "{script}: {html}");
                assert_eq!(policy.contains(other_hash), bundle == other, "{hash}: {policy}");
            }
            assert_eq!(policy.matches("'sha256-").count(), 1, "{policy}");
            assert!(!policy.contains("unsafe-inline") && !html.contains("<!--"), "{policy} {html}");
            for part in [
                "img-src 'self' data:;",
                "base-uri 'none'",
                "object-src 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'; trusted-types default",
            ] {
                assert!(policy.contains(part), "{part} in {policy}");
            }
        }
    }

    #[test]
    fn a_tile_server_lets_no_other_host_in() {
        for template in ["/tiles/{z}/{x}/{y}.png", "https://tiles.test/{z}/{x}/{y}.png"] {
            let document = document(&BaseMap::TileServer(template.to_owned()));
            assert!(document.policy(Bundle::Find).to_str().unwrap().contains("img-src 'self' data:;"));
            let html = document.fill(Bundle::Find, &Head::default(), "");
            assert!(html.contains("<meta name=\"hm-tiles\""), "{html}");
        }
    }

    #[test]
    fn words_cannot_leave_their_place_in_the_head() {
        let head = Head {
            title: "a</title><script>".to_owned(),
            description: "\"><b>".to_owned(),
            json_ld: Some("{\"name\":\"</script><script>\"}".to_owned()),
            ..Head::default()
        };
        let html = document(&BaseMap::BuiltIn).fill(Bundle::Find, &head, "BODY");
        assert!(html.contains("a&lt;/title&gt;&lt;script&gt; | HelloMapper"), "{html}");
        assert!(html.contains("\\u003c/script>\\u003cscript>"), "{html}");
        assert!(html.contains("&quot;&gt;&lt;b&gt;"), "{html}");
        assert!(html.contains("<body>BODY</body>"), "{html}");
    }

    #[test]
    fn a_page_can_do_without_scripts() {
        let document = document(&BaseMap::BuiltIn);
        let html = document.fill(Bundle::NoScript, &Head::default(), "BODY");
        assert!(!html.contains("script") && !html.contains("<!--"), "{html}");
        assert!(html.contains("<link rel=\"icon\">") && html.contains("<body>BODY</body>"), "{html}");
        let policy = document.policy(Bundle::NoScript).to_str().unwrap();
        assert!(!policy.contains("'sha256-"), "{policy}");
    }

    #[test]
    fn a_frame_without_its_places_is_refused_and_one_without_bundles_is_not() {
        let parse = |html| Document::parse(html, Default::default(), "", &BaseMap::BuiltIn);
        assert!(parse("<html></html>").is_err());
        let bare = parse("<head><!--head--></head><body><!--body--></body>").unwrap();
        let html = bare.fill(Bundle::Find, &Head { title: "x".to_owned(), ..Head::default() }, "BODY");
        assert_eq!(html, "<head><title>x | HelloMapper</title>\n</head><body>BODY</body>");
    }
}
