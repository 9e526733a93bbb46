//! Subresource Integrity: the frame says which bytes its scripts, styles and Wasm have (W3C SRI), so that a file that was
//! changed on its way, in a cache or in the folder, is not run. The hashes are of the files as they lie there at the
//! start; Trunk's own would not cover what is copied.
//!
//! Wasm is fetched by scripts, which name its hash: the frame's own begins to fetch the page's, and the worker's script,
//! which is made here, fetches the vault's. Browsers know no hash for a worker's script itself, so that is sent from
//! memory as it was at the start, in one piece. All hashes together are the bundle's manifest.

use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest, Sha256, Sha384};

/// The worker's script, under the name that Trunk gives it.
pub const WORKER: &str = "/vault_loader.js";
/// What a manifest does not name: the frame, which is no file that is served, and what is the same compressed.
const UNNAMED: [&str; 4] = ["index.html", ".br", ".gz", ".d.ts"];

/// The frame with `integrity` on every script, module and style sheet of ours. Before them stands an import map that
/// says the same of the modules, since an `import` carries no attribute. Where Trunk has the page's Wasm preloaded, which
/// browsers do without a look at its hash, a script begins to fetch it with one.
///
/// # Errors
/// When a file that the frame names cannot be read, or the frame loads Wasm in another way than Trunk's.
pub fn sealed(html: &str, dist: &Path) -> io::Result<String> {
    let mut sealed = String::with_capacity(html.len() + 1024);
    let mut modules = String::new();
    let mut wasm = None;
    let mut rest = html;
    while let Some((at, end)) = next_tag(rest) {
        let (before, tag) = (&rest[..at], &rest[at..end]);
        sealed.push_str(before);
        match Subject::of(tag) {
            Some(subject) => {
                let bytes = read(subject.address, dist)?;
                let hash = hash(&bytes);
                match subject.kind {
                    Kind::ScriptOrStyle => {}
                    Kind::Module => {
                        let comma = if modules.is_empty() { "" } else { "," };
                        let _ = write!(modules, "{comma}\"{}\":\"{hash}\"", subject.address);
                    }
                    Kind::Wasm => wasm = Some(subject.address),
                }
                sealed.push_str(&subject.named(tag, &hash, &bytes));
            }
            None => sealed.push_str(tag),
        }
        rest = &rest[end..];
    }
    sealed.push_str(rest);
    if let Some(address) = wasm {
        // Trunk's script would fetch it again, and take what comes.
        let named = format!("module_or_path: '{address}'");
        sealed = sealed.replace(&named, &format!("module_or_path: {FETCHED}"));
    }
    if sealed.contains(".wasm'") {
        return Err(unlike_trunk("index.html"));
    }
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
    let bytes = read(address, dist)?;
    Ok((versioned(address, &bytes), hash(&bytes)))
}

/// The worker's script in one piece, which checks the Wasm that it fetches; none without a worker. Trunk's own would
/// load two files that nobody has looked at. An error is thrown where the page hears of it.
///
/// # Errors
/// When its files cannot be read, or it is another script than Trunk's.
pub fn sealed_worker(dist: &Path) -> io::Result<Option<String>> {
    let loader = match fs::read_to_string(dist.join(WORKER.trim_start_matches('/'))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        loader => loader?,
    };
    let named = |before: &str| loader.split_once(before)?.1.split_once('"').map(|(name, _)| name);
    let (glue, wasm) = match (named("importScripts(\"./"), named("wasm_bindgen(\"./")) {
        (Some(glue), Some(wasm)) => (format!("/{glue}"), format!("/{wasm}")),
        (_, _) => return Err(unlike_trunk(WORKER)),
    };
    let glue = String::from_utf8(read(&glue, dist)?).map_err(|_| unlike_trunk(WORKER))?;
    let fetch = fetch(&wasm, &hash(&read(&wasm, dist)?));
    Ok(Some(format!(
        "{glue}\nwasm_bindgen({{ module_or_path: {fetch} }})\
         .catch(error => setTimeout(() => {{ throw error; }}));\n"
    )))
}

/// The hashes of everything that makes up the pages: of each file by its address, of the worker's script as it is sent,
/// and of the sealed frame. The same bundle has the same manifest.
///
/// # Errors
/// When a file cannot be read.
pub fn manifest(dist: &Path, frame: &str, worker: Option<&str>) -> io::Result<String> {
    let mut files = BTreeMap::new();
    collect(dist, "", &mut files)?;
    if let Some(worker) = worker {
        files.insert(WORKER.to_owned(), hash(worker.as_bytes()));
    }
    Ok(format!("{:#}\n", json!({ "files": files, "frame": hash(frame.as_bytes()) })))
}

fn collect(folder: &Path, address: &str, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let address = format!("{address}/{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &address, files)?;
        } else if !name.starts_with('.') && !UNNAMED.iter().any(|end| name.ends_with(end)) {
            files.insert(address, hash(&fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// Where a page keeps its Wasm on the way.
const FETCHED: &str = "window.hydrateWasm";

fn fetch(address: &str, hash: &str) -> String {
    format!("fetch(\"{address}\", {{ integrity: \"{hash}\" }})")
}

fn read(address: &str, dist: &Path) -> io::Result<Vec<u8>> {
    fs::read(dist.join(address.trim_start_matches('/')))
}

fn unlike_trunk(file: &str) -> io::Error {
    let words = format!("{file} is not as Trunk writes it, so nothing would check the Wasm that it loads");
    io::Error::new(io::ErrorKind::InvalidData, words)
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
    kind: Kind,
}

/// As what it is loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    ScriptOrStyle,
    Module,
    Wasm,
}

impl<'h> Subject<'h> {
    fn of(tag: &'h str) -> Option<Self> {
        let (name, kind) = match (tag.starts_with("<script"), value(tag, "rel").unwrap_or_default()) {
            (true, _) => ("src", Kind::ScriptOrStyle),
            (false, "stylesheet") => ("href", Kind::ScriptOrStyle),
            (false, "modulepreload") => ("href", Kind::Module),
            (false, "preload") => ("href", Kind::Wasm),
            (false, _) => return None,
        };
        let address = value(tag, name).filter(|address| address.starts_with('/'))?;
        // What else is preloaded (fonts) runs nothing.
        let runs = kind != Kind::Wasm || address.ends_with(".wasm");
        (runs && value(tag, "integrity").is_none()).then_some(Self { address, kind })
    }

    /// The tag with its hash and its versioned address; for Wasm, what begins to fetch it.
    fn named(&self, tag: &str, hash: &str, bytes: &[u8]) -> String {
        if self.kind == Kind::Wasm {
            return format!("<script>{FETCHED} = {};</script>", fetch(self.address, hash));
        }
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

    use serde_json::Value;
    use tempfile::TempDir;

    use super::{manifest, sealed, sealed_worker};

    // printf 'go();' | openssl dgst -sha384 -binary | base64
    const GO: &str = "sha384-5wkaRRwIRwYheGjkdYf3Fgqyckn5FXrHinISYL/yhmFAVIXrMWoUMImANhyJsqZS";

    /// A folder where every file says the same.
    fn dist(files: &[&str]) -> TempDir {
        let dist = tempfile::tempdir().unwrap();
        fs::create_dir(dist.path().join("assets")).unwrap();
        for file in files {
            fs::write(dist.path().join(file), "go();").unwrap();
        }
        dist
    }

    #[test]
    fn scripts_modules_styles_and_wasm_of_ours_are_sealed_and_nothing_else() {
        let dist = dist(&["a-1.js", "a-1_bg.wasm", "b-1.css", "assets/c.js"]);
        let html = "<head><!--head--><link rel=\"icon\" href=\"/assets/favicon.svg\">\
            <script defer src=\"/assets/c.js\"></script><link rel=\"stylesheet\" href=\"/b-1.css\" />\
            <link rel=\"preload\" href=\"/assets/a.woff2\" as=\"font\">\
            <script type=\"module\">import init from '/a-1.js';\
            const wasm = await init({ module_or_path: '/a-1_bg.wasm' });</script>\
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
            "<link rel=\"preload\" href=\"/assets/a.woff2\" as=\"font\">",
            &format!(
                "window.hydrateWasm = fetch(\"/a-1_bg.wasm\", {{ integrity: \"{GO}\" }});</script></head>"
            ),
            "await init({ module_or_path: window.hydrateWasm });",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(page.matches("integrity=\"").count(), 3, "{page}");
        assert_eq!(sealed(&page, dist.path()).unwrap().matches("integrity=\"").count(), 3);
    }

    #[test]
    fn a_frame_that_names_a_missing_file_or_loads_wasm_unseen_is_refused() {
        let dist = dist(&["a_bg.wasm"]);
        assert!(sealed("<script src=\"/a.js\"></script>", dist.path()).is_err());
        let unseen = "<script type=\"module\">init({ module_or_path: '/a_bg.wasm' });</script>";
        let error = sealed(unseen, dist.path()).unwrap_err().to_string();
        assert!(error.contains("not as Trunk writes it"), "{error}");
    }

    #[test]
    fn the_worker_is_one_script_that_knows_its_wasm() {
        let dist = dist(&["vault.js", "vault_bg.wasm"]);
        assert_eq!(sealed_worker(dist.path()).unwrap(), None, "no worker in this bundle");
        let trunks = "importScripts(\"./vault.js\");wasm_bindgen(\"./vault_bg.wasm\");";
        fs::write(dist.path().join("vault_loader.js"), trunks).unwrap();
        let worker = sealed_worker(dist.path()).unwrap().unwrap();
        let fetched = format!("fetch(\"/vault_bg.wasm\", {{ integrity: \"{GO}\" }})");
        assert!(worker.starts_with("go();\nwasm_bindgen({ module_or_path: fetch("), "{worker}");
        assert!(worker.contains(&fetched) && !worker.contains("importScripts"), "{worker}");
        fs::write(dist.path().join("vault_loader.js"), "import init from './vault.js';").unwrap();
        assert!(sealed_worker(dist.path()).is_err());
    }

    #[test]
    fn the_manifest_has_every_file_as_it_is_sent() {
        let dist =
            dist(&["a-1.js", "assets/c.js", "assets/c.js.br", "index.html", ".stamp", "vault_loader.js"]);
        let text = manifest(dist.path(), "go();", Some("other();")).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let files = read["files"].as_object().unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["/a-1.js", "/assets/c.js", "/vault_loader.js"]);
        assert_eq!((&files["/a-1.js"], &read["frame"]), (&Value::from(GO), &Value::from(GO)));
        assert_ne!(files["/vault_loader.js"], GO);
    }
}
