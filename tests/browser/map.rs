//! List and map beside each other: what one looks at on one side is set apart on the other.

use hellomapper_tests::{Browser, Running};
use serde_json::{Value, json};

/// The middle of a pin that nothing covers there, and what it is called.
const PIN: &str = "
    for (const spot of document.querySelectorAll('.map .pin-spot[aria-label]:has(.pin)')) {
        const box = spot.querySelector('.pin').getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        if (spot.contains(document.elementFromPoint(x, y))) { return [x, y, spot.getAttribute('aria-label')]; }
    }
    return null;";

/// The middle of the first card's name, and that name.
const CARD: &str = "
    const name = document.querySelector('.results .provider-card__name');
    const box = name.getBoundingClientRect();
    return [box.x + 4, box.y + box.height / 2, name.innerText.trim()];";

/// Who is set apart: in the list, and on the map.
const MARKED: &str = "
    const cards = document.querySelectorAll('.results .provider-card[data-active=true] .provider-card__name');
    const pins = document.querySelectorAll('.map .pin-spot:has(.pin[data-active=true])');
    return [[...cards].map(card => card.innerText.trim()), [...pins].map(pin => pin.getAttribute('aria-label'))];";

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_marks_its_card_and_a_card_its_pin() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    browser.sees(".map .pin").await;
    nobody_is_marked(&browser).await;

    let (x, y, words) = place(&browser, PIN).await;
    point_at(&browser, x, y).await;
    one_is_marked(&browser, |_, pin| pin == words).await;
    point_at(&browser, 1.0, 1.0).await;
    nobody_is_marked(&browser).await;

    let focus = format!(
        "[...document.querySelectorAll('.map .pin-spot')].find(pin => pin.getAttribute('aria-label') === {}).focus()",
        json!(words)
    );
    browser.eval(&focus).await;
    one_is_marked(&browser, |_, pin| pin == words).await;
    browser.eval("document.activeElement.blur()").await;
    nobody_is_marked(&browser).await;

    let (x, y, name) = place(&browser, CARD).await;
    point_at(&browser, x, y).await;
    one_is_marked(&browser, |card, _| card == name).await;
    point_at(&browser, 1.0, 1.0).await;
    nobody_is_marked(&browser).await;

    browser.eval("document.querySelector('.results .provider-card__name a').focus()").await;
    one_is_marked(&browser, |card, _| card == name).await;
    browser.eval("document.activeElement.blur()").await;
    nobody_is_marked(&browser).await;
    browser.close().await;
}

async fn place(browser: &Browser, script: &str) -> (f64, f64, String) {
    let found = browser.eval(script).await;
    serde_json::from_value(found).expect("there is one on the screen")
}

/// Moves the mouse, as somebody does: a made-up event would find what no pointer reaches.
async fn point_at(browser: &Browser, x: f64, y: f64) {
    browser.devtools("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": y})).await;
}

/// Waits until one card and one pin are set apart, of the same person, and the wanted ones.
async fn one_is_marked(browser: &Browser, wanted: impl Fn(&str, &str) -> bool) {
    let marked = hellomapper_tests::until("one card and its pin to be set apart", || async {
        let marked = browser.eval(MARKED).await;
        (marked[0] != json!([]) && marked[1] != json!([])).then_some(marked)
    })
    .await;
    let only = |side: usize| match marked[side].as_array().map(Vec::as_slice) {
        Some([Value::String(words)]) => words.clone(),
        _ => panic!("more than one is set apart: {marked}"),
    };
    let (card, pin) = (only(0), only(1));
    assert!(pin.starts_with(&format!("{card}, ")), "{card} in the list and {pin} on the map");
    assert!(wanted(&card, &pin), "another is set apart: {marked}");
}

async fn nobody_is_marked(browser: &Browser) {
    hellomapper_tests::until_true("nobody to be set apart", || async {
        browser.eval(MARKED).await == json!([[], []])
    })
    .await;
}
