//! What is drawn under the pins: a PMTiles archive of our own server, read in ranges and painted within the policy.

use hellomapper_tests::{Browser, Running, archive, until};
use serde_json::{Value, json};

const PAGE: &str = "/search?near=Hobart+TAS+7000&radius_m=50000";

/// The colour in the middle of a painted tile, red, green and blue.
const COLOUR: &str = "
    const tiles = [...document.querySelectorAll('.leaflet-tile-pane canvas.leaflet-tile-loaded')];
    const tile = tiles.find(tile => tile.width > 0);
    if (!tile) { return null; }
    const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    copy.drawImage(tile, Math.floor(tile.width / 2), Math.floor(tile.height / 2), 1, 1, 0, 0, 1, 1);
    return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);";

/// Whether land of the built-in base is on its canvas.
const BUILT_IN: &str = "
    const canvas = document.querySelector('.leaflet-overlay-pane canvas');
    if (!canvas || !canvas.width) { return false; }
    const copy = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0, canvas.width, canvas.height, 0, 0, 300, 150);
    return copy.getImageData(0, 0, 300, 150).data.some(byte => byte > 0);";

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_pictures_is_drawn_and_credited_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pictures.pmtiles");
    let attribution = "<a href=\"https://elsewhere.example\">&copy; Invented</a> &lt;Maps&gt; \
                       <img src=\"https://elsewhere.example/seen.png\"><script>alert(1)</script>";
    archive::of_pictures(&file, attribution);
    let running = Running::with_archive(&file).await;
    let browser = Browser::open(&running).await;
    browser.visit(PAGE).await;
    assert_eq!(painted(&browser, &json!(null)).await, json!(archive::COLOUR));

    let credit = browser.sees(".leaflet-control-attribution").await;
    let words = credit.text().await.unwrap();
    assert!(words.starts_with("© Invented <Maps>"), "{words}");
    let inside = "return document.querySelector('.leaflet-control-attribution').children.length";
    assert_eq!(browser.eval(inside).await, json!(0), "the archive's words became elements");
    stayed_here(&browser, &running, &["/assets/map/", "/assets/protomaps/pmtiles.js"]).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_of_shapes_is_drawn_in_the_colours_of_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shapes.pmtiles");
    archive::of_shapes(&file, "earth");
    let running = Running::with_archive(&file).await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.visit(PAGE).await;
    let light = painted(&browser, &json!(null)).await;
    browser.scheme("dark").await;
    let dark = painted(&browser, &light).await;
    assert!(brightness(&light) > brightness(&dark), "{light} by day, {dark} by night");
    stayed_here(&browser, &running, &["/assets/map/", "/assets/protomaps/protomaps-leaflet.js"]).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_cannot_be_drawn_leaves_the_built_in_base() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.pmtiles");
    // Of another schema than the one we have colours for.
    archive::of_shapes(&file, "transportation");
    let running = Running::with_archive(&file).await;
    let browser = Browser::open(&running).await;
    browser.visit(PAGE).await;
    browser.is_true(BUILT_IN).await;
    browser.reads("Natural Earth").await;
    stayed_here(&browser, &running, &["/assets/map/", "/assets/basemap/"]).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_archive_its_reader_is_not_fetched() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit(PAGE).await;
    browser.is_true(BUILT_IN).await;
    let asked = browser.requests().await;
    assert!(!asked.iter().any(|url| url.contains("/assets/protomaps/")), "{asked:?}");
    browser.close().await;
}

/// The colour of the tiles, once it is another than before.
async fn painted(browser: &Browser, before: &Value) -> Value {
    until("painted tiles", || async {
        let colour = browser.eval(COLOUR).await;
        (!colour.is_null() && colour != *before).then_some(colour)
    })
    .await
}

fn brightness(colour: &Value) -> u64 {
    colour.as_array().unwrap().iter().filter_map(Value::as_u64).sum()
}

/// Each of these was asked for, everything from our own host, and the console is quiet: the policy refused nothing.
async fn stayed_here(browser: &Browser, running: &Running, parts: &[&str]) {
    let asked = browser.requests().await;
    for part in parts {
        assert!(asked.iter().any(|url| url.contains(part)), "{part} in {asked:?}");
    }
    let home = format!("{}/", running.settings.public_url);
    let elsewhere: Vec<_> = asked.iter().filter(|url| !url.starts_with(&home)).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
}
