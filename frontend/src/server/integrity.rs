//! Subresource Integrity: the frame says which bytes its scripts and styles have (W3C SRI), so that a file that was
//! changed on its way, in a cache or in the folder, is not run. The hashes are of the files as they lie there at the
//! start; Trunk's own would not cover what is copied. Wasm has none: browsers know no hash for what a script fetches
//! unless the script names it, and ours is Trunk's.

use std::{fmt::Write as _, io, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256, Sha384};

/// The frame with `integrity` on every script, module and style sheet of ours. Before them stands an import map that
/// says the same of the modules, since an `import` carries no attribute.
///
/// # Errors
/// When a file that the frame names cannot be read.
pub fn sealed(html: &str, dist: &Path) -> io::Result<String> {
    let mut sealed = String::with_capacity(html.len() + 1024);
    let mut modules = String::new();
    let mut rest = html;
    while let Some((at, end)) = next_tag(rest) {
        let (before, tag) = (&rest[..at], &rest[at..end]);
        sealed.push_str(before);
        match Subject::of(tag) {
            Some(subject) => {
                let bytes = std::fs::read(dist.join(subject.address.trim_start_matches('/')))?;
                let hash = hash(&bytes);
                if subject.is_module {
                    let comma = if modules.is_empty() { "" } else { "," };
                    let _ = write!(modules, "{comma}\"{}\":\"{hash}\"", subject.address);
                }
                sealed.push_str(&subject.named(tag, &hash, &bytes));
            }
            None => sealed.push_str(tag),
        }
        rest = &rest[end..];
    }
    sealed.push_str(rest);
    if !modules.is_empty() {
        let map = format!("<script type=\"importmap\">{{\"integrity\":{{{modules}}}}}</script>\n<!--head-->");
        sealed = sealed.replacen("<!--head-->", &map, 1);
    }
    Ok(sealed)
}

/// A script that a page loads later by itself: its address and its hash, as in the frame.
///
/// # Errors
/// When the file cannot be read.
pub fn sealed_script(address: &str, dist: &Path) -> io::Result<(String, String)> {
    let bytes = std::fs::read(dist.join(address.trim_start_matches('/')))?;
    Ok((versioned(address, &bytes), hash(&bytes)))
}

fn hash(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// A file that keeps its name gets a part of its hash into its address: a browser that kept the old file for the day it
/// may would otherwise refuse it.
fn versioned(address: &str, bytes: &[u8]) -> String {
    if address.starts_with("/assets/") {
        format!("{address}?v={}", hex::encode(&Sha256::digest(bytes)[..6]))
    } else {
        address.to_owned()
    }
}

/// Where the next `<script …>` or `<link …>` begins and ends.
fn next_tag(html: &str) -> Option<(usize, usize)> {
    let at = ["<script", "<link"].iter().filter_map(|start| html.find(start)).min()?;
    let length = html[at..].find('>')? + 1;
    Some((at, at + length))
}

/// A file of ours that a tag loads.
struct Subject<'h> {
    address: &'h str,
    is_module: bool,
}

impl<'h> Subject<'h> {
    fn of(tag: &'h str) -> Option<Self> {
        let relation = value(tag, "rel").unwrap_or_default();
        let name = match (tag.starts_with("<script"), relation) {
            (true, _) => "src",
            (false, "stylesheet" | "modulepreload") => "href",
            (false, _) => return None,
        };
        let address = value(tag, name).filter(|address| address.starts_with('/'))?;
        let is_sealed = value(tag, "integrity").is_some();
        (!is_sealed).then_some(Self { address, is_module: relation == "modulepreload" })
    }

    /// The tag with its hash and its versioned address.
    fn named(&self, tag: &str, hash: &str, bytes: &[u8]) -> String {
        let address = versioned(self.address, bytes);
        let end = if tag.ends_with("/>") { "/>" } else { ">" };
        let tag = tag.trim_end_matches(end).trim_end().replacen(self.address, &address, 1);
        format!("{tag} integrity=\"{hash}\"{end}")
    }
}

/// The value of an attribute, as Trunk and we write them: in double quotes.
fn value<'h>(tag: &'h str, name: &str) -> Option<&'h str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::sealed;

    // printf 'go();' | openssl dgst -sha384 -binary | base64
    const GO: &str = "sha384-5wkaRRwIRwYheGjkdYf3Fgqyckn5FXrHinISYL/yhmFAVIXrMWoUMImANhyJsqZS";

    #[test]
    fn scripts_modules_and_styles_of_ours_are_sealed_and_nothing_else() {
        let dist = tempfile::tempdir().unwrap();
        fs::create_dir(dist.path().join("assets")).unwrap();
        for file in ["a-1.js", "b-1.css", "assets/c.js"] {
            fs::write(dist.path().join(file), "go();").unwrap();
        }
        let html = "<head><!--head--><link rel=\"icon\" href=\"/assets/favicon.svg\">\
            <script defer src=\"/assets/c.js\"></script><link rel=\"stylesheet\" href=\"/b-1.css\" />\
            <script type=\"module\">import '/a-1.js';</script>\
            <link rel=\"modulepreload\" href=\"/a-1.js\" crossorigin=\"anonymous\">\
            <link rel=\"preload\" href=\"/a-1_bg.wasm\" as=\"fetch\"></head>";
        let page = sealed(html, dist.path()).unwrap();
        for part in [
            &format!(
                "<script type=\"importmap\">{{\"integrity\":{{\"/a-1.js\":\"{GO}\"}}}}</script>\n<!--head-->"
            ),
            &format!("<link rel=\"stylesheet\" href=\"/b-1.css\" integrity=\"{GO}\"/>"),
            &format!("href=\"/a-1.js\" crossorigin=\"anonymous\" integrity=\"{GO}\">"),
            &format!("integrity=\"{GO}\"></script>"),
            "<script defer src=\"/assets/c.js?v=",
            "<link rel=\"icon\" href=\"/assets/favicon.svg\">",
            "<link rel=\"preload\" href=\"/a-1_bg.wasm\" as=\"fetch\">",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(page.matches("integrity=\"").count(), 3, "{page}");
        assert_eq!(sealed(&page, dist.path()).unwrap().matches("integrity=\"").count(), 3);
    }

    #[test]
    fn a_frame_that_names_a_missing_file_is_refused() {
        let dist = tempfile::tempdir().unwrap();
        assert!(sealed("<script src=\"/a.js\"></script>", dist.path()).is_err());
    }
}
