//! What runs in browsers is named by its hash, and the hashes are those of the files.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hellomapper_tests::Running;
use serde_json::Value;
use sha2::{Digest as _, Sha384};

use crate::client;

async fn bytes(running: &Running, path: &str) -> Vec<u8> {
    let reply = client().get(running.url(path)).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 200, "{path}");
    reply.bytes().await.unwrap().to_vec()
}

async fn text(running: &Running, path: &str) -> String {
    String::from_utf8(bytes(running, path).await).unwrap()
}

fn hash(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// The addresses and hashes of `fetch("…", { integrity: "…" })` in a script.
fn fetched(script: &str) -> Vec<(String, String)> {
    script
        .split("fetch(\"")
        .skip(1)
        .filter_map(|rest| {
            let (address, rest) = rest.split_once("\", { integrity: \"")?;
            let (hash, _) = rest.split_once("\" })")?;
            Some((address.to_owned(), hash.to_owned()))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_fetch_wasm_by_the_hash_that_it_has() {
    let running = Running::start().await;
    let hold = "/book/hold/018f0000-0000-7000-8000-000000000000";
    let mut wasm = Vec::new();
    for script in ["/", "/search", hold, "/account/sign-up", "/vault_loader.js"] {
        let script = text(&running, script).await;
        let found = fetched(&script);
        assert_eq!(found.len(), 1, "{script}");
        for (address, named) in found {
            assert!(address.split('?').next().unwrap().ends_with(".wasm"), "{address}");
            assert_eq!(named, hash(&bytes(&running, &address).await), "{address}");
            wasm.push(address);
        }
        // Nothing else loads Wasm, or a second script into the worker.
        assert!(!script.contains(".wasm'") && !script.contains("importScripts"), "{script}");
    }
    wasm.sort_unstable();
    wasm.dedup();
    assert_eq!(wasm.len(), 4, "the three bundles' and the vault's: {wasm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_names_every_file_by_the_hash_that_it_has() {
    let running = Running::start().await;
    let manifest: Value = serde_json::from_str(&text(&running, "/assets/manifest.json").await).unwrap();
    let files = manifest["files"].as_object().unwrap();
    for kind in [".js", ".css", ".wasm", ".woff2", ".json", ".svg"] {
        assert!(files.keys().any(|address| address.ends_with(kind)), "no {kind}");
    }
    assert!(files.contains_key("/vault_loader.js"));
    for (address, named) in files {
        assert_eq!(*named, hash(&bytes(&running, address).await), "{address}");
    }
    // What pages load is in it.
    for page in ["/", "/manage/0123456789abcdef0123456789abcdef", "/account"] {
        let page = text(&running, page).await;
        for tag in page.split('<').filter(|tag| tag.contains(" integrity=\"sha384-")) {
            let loads = ["src=\"", "href=\""].iter().find_map(|name| tag.split_once(name));
            let address = loads.unwrap().1.split(['"', '?']).next().unwrap();
            assert!(tag.contains(files[address].as_str().unwrap()), "{tag}");
        }
    }
}
