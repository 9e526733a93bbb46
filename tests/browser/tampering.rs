//! Files of the bundles that were changed after the server had looked at them: browsers refuse to run them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use hellomapper_tests::{Browser, Running, running::bundle, until_true};
use tempfile::TempDir;

/// A section of a name and nothing else: Wasm with it is valid, and does what it did before.
const SECTION: [u8; 4] = [0, 2, 1, b'x'];

/// The pages over a bundle of their own. Their Wasm whose name begins so is changed once they are served.
async fn changed(name: &str) -> (Running, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    copy(&bundle(), folder.path());
    let running = Running::with_bundle(folder.path()).await;
    let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let (wasm, compressed): (Vec<PathBuf>, Vec<PathBuf>) = files
        .filter(|path| {
            let file = path.file_name().unwrap().to_str().unwrap();
            file.starts_with(name) && file.contains(".wasm")
        })
        .partition(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    assert_eq!(wasm.len(), 1, "{name}: {wasm:?}");
    let bytes = fs::read(&wasm[0]).unwrap();
    fs::write(&wasm[0], [bytes.as_slice(), &SECTION].concat()).unwrap();
    compressed.iter().for_each(|path| fs::remove_file(path).unwrap());
    (running, folder)
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&copied).unwrap();
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).unwrap();
        }
    }
}

/// Waits until the console says that a file has not got its hash.
async fn is_refused(browser: &Browser) {
    until_true("the browser to refuse a file", || async {
        browser.console_errors().await.iter().any(|error| error.contains("integrity"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_vault_does_not_run_and_nothing_is_sent() {
    let (running, _folder) = changed("vault").await;
    let browser = Browser::open(&running).await;
    browser.visit("/account/sign-up").await;
    browser.fill("#email", "ada.changed@example.org").await;
    browser.fill("#password", "teal wombats count backwards").await;
    browser.click("label.check:has(#consent)").await;
    browser.requests().await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Your browser could not start the part that keeps your keys").await;
    is_refused(&browser).await;
    let sent = browser.requests().await;
    assert!(!sent.iter().any(|url| url.ends_with("/api/v1/users/accounts")), "{sent:?}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_page_does_not_run_and_can_still_be_read() {
    let (running, _folder) = changed("find").await;
    let browser = Browser::open(&running).await;
    browser.load("/").await;
    is_refused(&browser).await;
    // What the server marked for the page's code to take over is still as it was sent.
    let waiting = "const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
        while (walker.nextNode()) { if (walker.currentNode.data.startsWith('<[')) { return true; } }
        return false;";
    browser.is_true(waiting).await;
    browser.reads("Find care").await;
    browser.close().await;
}
