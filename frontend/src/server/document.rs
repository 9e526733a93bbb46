//! Trunk's `index.html` as a frame: read once at start, with its content policy worked out from the scripts
//! that are in it.

use std::{fmt::Write as _, io, path::Path};

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    BaseMap,
    integrity::{sealed, sealed_script},
};
use crate::head::Head;

/// The frame around every page.
#[derive(Clone, Debug)]
pub struct Document {
    before_head: String,
    before_body: String,
    after_body: String,
    public_url: String,
    base_map: BaseMap,
    map_scripts: Vec<MapScript>,
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

impl Document {
    /// Reads the frame from Trunk's output.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn read(dist: &Path, public_url: &str, base_map: &BaseMap) -> Result<Self, DocumentError> {
        let html = std::fs::read_to_string(dist.join("index.html"))?;
        let mut document = Self::parse(&sealed(&html, dist)?, public_url, base_map)?;
        document.map_scripts = match base_map {
            BaseMap::Archive(_) => map_scripts(dist)?,
            BaseMap::BuiltIn | BaseMap::TileServer(_) => Vec::new(),
        };
        Ok(document)
    }

    /// Splits the frame at its two places.
    ///
    /// # Errors
    /// [`DocumentError::NoPlaces`].
    pub fn parse(html: &str, public_url: &str, base_map: &BaseMap) -> Result<Self, DocumentError> {
        let (before_head, rest) = html.split_once("<!--head-->").ok_or(DocumentError::NoPlaces)?;
        let (before_body, after_body) = rest.split_once("<!--body-->").ok_or(DocumentError::NoPlaces)?;
        let policy = HeaderValue::from_str(&policy(html)).expect("a policy is words of ours and base64");
        Ok(Self {
            before_head: before_head.to_owned(),
            before_body: before_body.to_owned(),
            after_body: after_body.to_owned(),
            public_url: public_url.to_owned(),
            base_map: base_map.clone(),
            map_scripts: Vec::new(),
            policy,
        })
    }

    /// The frame itself, with its two places empty.
    pub(super) fn frame(&self) -> String {
        let parts = [&*self.before_head, "<!--head-->", &self.before_body, "<!--body-->", &self.after_body];
        parts.concat()
    }

    /// The `Content-Security-Policy` of every page.
    pub fn policy(&self) -> &HeaderValue {
        &self.policy
    }

    /// One whole page.
    pub fn fill(&self, head: &Head, body: &str) -> String {
        let head = self.head_html(head);
        [&*self.before_head, &*head, &*self.before_body, body, &*self.after_body].concat()
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

/// Text that can stand between tags and within double quotes.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{BaseMap, Document};
    use crate::head::Head;

    const FRAME: &str = "<html><head><!--head--><script defer src=\"/a.js\"></script>\
        <script type=\"module\">go();</script></head><body><!--body--></body></html>";

    #[test]
    fn the_policy_names_the_inline_script_and_nothing_else_inline() {
        let document = Document::parse(FRAME, "https://x.test", &BaseMap::BuiltIn).unwrap();
        let policy = document.policy().to_str().unwrap();
        // printf 'go();' | openssl dgst -sha256 -binary | base64
        assert_eq!(policy.matches("'sha256-").count(), 1, "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
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

    #[test]
    fn a_tile_server_lets_no_other_host_in() {
        for template in ["/tiles/{z}/{x}/{y}.png", "https://tiles.test/{z}/{x}/{y}.png"] {
            let tiles = BaseMap::TileServer(template.to_owned());
            let document = Document::parse(FRAME, "https://x.test", &tiles).unwrap();
            assert!(document.policy().to_str().unwrap().contains("img-src 'self' data:;"));
            assert!(document.fill(&Head::default(), "").contains("<meta name=\"hm-tiles\""));
        }
    }

    #[test]
    fn words_cannot_leave_their_place_in_the_head() {
        let document = Document::parse(FRAME, "https://x.test", &BaseMap::BuiltIn).unwrap();
        let head = Head {
            title: "a</title><script>".to_owned(),
            description: "\"><b>".to_owned(),
            json_ld: Some("{\"name\":\"</script><script>\"}".to_owned()),
            ..Head::default()
        };
        let html = document.fill(&head, "BODY");
        assert!(html.contains("a&lt;/title&gt;&lt;script&gt; | HelloMapper"), "{html}");
        assert!(html.contains("\\u003c/script>\\u003cscript>"), "{html}");
        assert!(html.contains("&quot;&gt;&lt;b&gt;"), "{html}");
        assert!(html.contains("<body>BODY</body>"), "{html}");
    }

    #[test]
    fn a_frame_without_its_places_is_refused() {
        assert!(Document::parse("<html></html>", "", &BaseMap::BuiltIn).is_err());
    }
}
