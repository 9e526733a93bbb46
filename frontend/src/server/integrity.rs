//! Subresource Integrity: the frame says which bytes its scripts, styles and Wasm have (W3C SRI), so that a file that was
//! changed on its way, in a cache or in the folder, is not run. The hashes are of the files as they lie there at the
//! start; Trunk's own would not cover what is copied.
//!
//! Wasm is fetched by scripts, which name its hash: a page's own begins to fetch its bundle's, and the worker's script,
//! which is made here, fetches the vault's. Browsers know no hash for a worker's script itself, so that is sent from
//! memory as it was at the start, in one piece. All hashes together are the manifest.

use std::{collections::BTreeMap, fs, io, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest, Sha256, Sha384};

use super::files::is_hashed;
use crate::routes::Bundle;

/// The worker's script, under the name that Trunk gives it.
pub const WORKER: &str = "/vault_loader.js";
/// What a manifest does not name: the frame, which is no file that is served, and what is the same compressed.
const UNNAMED: [&str; 4] = ["index.html", ".br", ".gz", ".d.ts"];

/// The frame with `integrity` on every script and style sheet of ours.
///
/// # Errors
/// When a file that the frame names cannot be read, or the frame starts a bundle by itself.
pub fn sealed(html: &str, dist: &Path) -> io::Result<String> {
    if html.contains("type=\"module\"") {
        return Err(unlike_trunk("index.html"));
    }
    let mut sealed = String::with_capacity(html.len() + 1024);
    let mut rest = html;
    while let Some((at, end)) = next_tag(rest) {
        let (before, tag) = (&rest[..at], &rest[at..end]);
        sealed.push_str(before);
        match loaded_by(tag) {
            Some(address) => sealed.push_str(&named(tag, address, &read(address, dist)?)),
            None => sealed.push_str(tag),
        }
        rest = &rest[end..];
    }
    sealed.push_str(rest);
    Ok(sealed)
}

/// Where the frame leaves the start of a bundle to us: `main` is the one that Trunk gave these names.
const BUNDLE: &str = "<!--bundle ";

/// The frame around the place where a bundle is started, if it has one, with the files that are named there.
pub fn at_bundle(html: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = html.split_once(BUNDLE)?;
    let (files, after) = rest.split_once("-->")?;
    Some((before, files, after))
}

/// What has a browser start a bundle; nothing where the frame has no place for one. An import map says which bytes its
/// module has, since an `import` carries no attribute; a script begins to fetch its Wasm by a hash, since browsers preload
/// none by one.
///
/// # Errors
/// When a file of the bundle cannot be read.
pub fn start_of(bundle: Bundle, html: &str, dist: &Path) -> io::Result<String> {
    let Some((_, main, _)) = at_bundle(html) else { return Ok(String::new()) };
    let (glue, wasm) = match bundle {
        Bundle::NoScript => return Ok(String::new()),
        Bundle::Find => main.split_once(' ').ok_or_else(|| unlike_trunk("index.html"))?,
        Bundle::Book => ("/book.js", "/book_bg.wasm"),
        Bundle::Member => ("/member.js", "/member_bg.wasm"),
    };
    let (glue_bytes, wasm_bytes) = (read(glue, dist)?, read(wasm, dist)?);
    let (glue, glue_hash) = (versioned(glue, &glue_bytes), hash(&glue_bytes));
    let fetch = fetch(&versioned(wasm, &wasm_bytes), &hash(&wasm_bytes));
    Ok(format!(
        "<script type=\"importmap\">{{\"integrity\":{{\"{glue}\":\"{glue_hash}\"}}}}</script>\n\
         <link rel=\"modulepreload\" href=\"{glue}\" crossorigin=\"anonymous\" integrity=\"{glue_hash}\">\n\
         <script>window.bundleWasm = {fetch};</script>\n\
         <script type=\"module\">import init from \"{glue}\"; await init({{ module_or_path: window.bundleWasm }});</script>\n"
    ))
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

fn fetch(address: &str, hash: &str) -> String {
    format!("fetch(\"{address}\", {{ integrity: \"{hash}\" }})")
}

fn read(address: &str, dist: &Path) -> io::Result<Vec<u8>> {
    fs::read(dist.join(address.trim_start_matches('/')))
}

fn unlike_trunk(file: &str) -> io::Error {
    let words =
        format!("{file} is not as we have Trunk write it, so nothing would check the Wasm that it loads");
    io::Error::new(io::ErrorKind::InvalidData, words)
}

fn hash(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// A file that keeps its name gets a part of its hash into its address: a browser that kept the old file for the day it
/// may would otherwise refuse it.
fn versioned(address: &str, bytes: &[u8]) -> String {
    if is_hashed(address) && !address.starts_with("/assets/") {
        address.to_owned()
    } else {
        format!("{address}?v={}", hex::encode(&Sha256::digest(bytes)[..6]))
    }
}

/// Where the next `<script …>` or `<link …>` begins and ends.
fn next_tag(html: &str) -> Option<(usize, usize)> {
    let at = ["<script", "<link"].iter().filter_map(|start| html.find(start)).min()?;
    let length = html[at..].find('>')? + 1;
    Some((at, at + length))
}

/// The file of ours that a tag loads and runs, or styles the page by.
fn loaded_by(tag: &str) -> Option<&str> {
    let name = match (tag.starts_with("<script"), value(tag, "rel").unwrap_or_default()) {
        (true, _) => "src",
        (false, "stylesheet") => "href",
        (false, _) => return None,
    };
    let address = value(tag, name).filter(|address| address.starts_with('/'))?;
    value(tag, "integrity").is_none().then_some(address)
}

/// The tag with its file's hash and versioned address.
fn named(tag: &str, address: &str, bytes: &[u8]) -> String {
    let end = if tag.ends_with("/>") { "/>" } else { ">" };
    let tag = tag.trim_end_matches(end).trim_end().replacen(address, &versioned(address, bytes), 1);
    format!("{tag} integrity=\"{}\"{end}", hash(bytes))
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

    use super::{manifest, sealed, sealed_worker, start_of};
    use crate::routes::Bundle;

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
    fn scripts_and_styles_of_ours_are_sealed_and_nothing_else() {
        let dist = dist(&["b-12ab.css", "assets/c.js"]);
        let html = "<head><!--head--><link rel=\"icon\" href=\"/assets/favicon.svg\">\
            <script defer src=\"/assets/c.js\"></script><link rel=\"stylesheet\" href=\"/b-12ab.css\" />\
            <link rel=\"preload\" href=\"/assets/a.woff2\" as=\"font\"></head>";
        let page = sealed(html, dist.path()).unwrap();
        for part in [
            &format!("<link rel=\"stylesheet\" href=\"/b-12ab.css\" integrity=\"{GO}\"/>"),
            &format!("integrity=\"{GO}\"></script>"),
            "<script defer src=\"/assets/c.js?v=",
            "<link rel=\"icon\" href=\"/assets/favicon.svg\">",
            "<link rel=\"preload\" href=\"/assets/a.woff2\" as=\"font\">",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(page.matches("integrity=\"").count(), 2, "{page}");
    }

    #[test]
    fn a_bundle_is_started_by_the_hashes_of_its_two_files() {
        let dist = dist(&["find-12ab.js", "find-12ab_bg.wasm", "book.js", "book_bg.wasm"]);
        let html = "<head><!--bundle /find-12ab.js /find-12ab_bg.wasm--></head>";
        let find = start_of(Bundle::Find, html, dist.path()).unwrap();
        for part in [
            &*format!("<script type=\"importmap\">{{\"integrity\":{{\"/find-12ab.js\":\"{GO}\"}}}}</script>"),
            &format!("href=\"/find-12ab.js\" crossorigin=\"anonymous\" integrity=\"{GO}\">"),
            &format!(
                "window.bundleWasm = fetch(\"/find-12ab_bg.wasm\", {{ integrity: \"{GO}\" }});</script>"
            ),
            "import init from \"/find-12ab.js\"; await init({ module_or_path: window.bundleWasm });",
        ] {
            assert!(find.contains(part), "{part} in {find}");
        }
        // One whose names never change is known by its bytes.
        let book = start_of(Bundle::Book, html, dist.path()).unwrap();
        for part in [
            "{\"/book.js?v=",
            "href=\"/book.js?v=",
            "fetch(\"/book_bg.wasm?v=",
            "import init from \"/book.js?v=",
        ] {
            assert!(book.contains(part), "{part} in {book}");
        }
        assert_eq!(start_of(Bundle::NoScript, html, dist.path()).unwrap(), "");
        assert!(start_of(Bundle::Member, html, dist.path()).is_err(), "it was not built");
        assert_eq!(
            start_of(Bundle::Member, "<head></head>", dist.path()).unwrap(),
            "",
            "a frame without bundles"
        );
    }

    #[test]
    fn a_frame_that_names_a_missing_file_or_starts_a_bundle_unseen_is_refused() {
        let dist = dist(&["a_bg.wasm"]);
        assert!(sealed("<script src=\"/a.js\"></script>", dist.path()).is_err());
        let unseen = "<script type=\"module\">init({ module_or_path: '/a_bg.wasm' });</script>";
        let error = sealed(unseen, dist.path()).unwrap_err().to_string();
        assert!(error.contains("not as we have Trunk write it"), "{error}");
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
