//! How long a password takes where it is derived: in the vault's worker, in a real browser. Measured and written down, not
//! judged: a machine under test is no telephone.
//!
//! Chromium slows down a page's own thread and not its workers (`Emulation.setCPUThrottlingRate`), so the derivation itself
//! cannot be slowed from here. The file has what was measured, and four times that, which is what a processor of a quarter
//! of the speed would take; and how long the slowed page stood still meanwhile.

use std::fs;

use hellomapper_tests::{Browser, Running, running::workspace};
use serde_json::{Value, json};
use shared_types::users::Kdf;

/// Times one derivation with the usual costs, and the longest that the page did nothing else meanwhile.
const MEASURE: &str = r#"
    const worker = new Worker('/vault_loader.js');
    const request = { new_password: { password: 'teal wombats count backwards' } };
    let began = 0, last = 0, longest = 0;
    const beat = setInterval(() => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
    }, 10);
    worker.onmessage = ({ data }) => {
        if (data === '"ready"') {
            began = last = performance.now();
            longest = 0;
            worker.postMessage(JSON.stringify({ id: 1, request }));
            return;
        }
        const derived_ms = performance.now() - began;
        clearInterval(beat);
        worker.terminate();
        done({ derived_ms, page_stood_still_ms: longest, reply: JSON.parse(data).reply });
    };"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_derivation_in_the_browser_is_measured() {
    let running = Running::start().await;
    let browser = Browser::alone(&running).await;
    browser.visit("/account/sign-up").await;
    let plain = measured(&browser).await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({"rate": 4})).await;
    let slowed = measured(&browser).await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({"rate": 1})).await;
    let (memory_kib, passes, lanes) = Kdf::USUAL_COST;
    let report = json!({
        "memory_kib": memory_kib, "passes": passes, "lanes": lanes,
        "derived_ms": plain["derived_ms"],
        "four_times_ms": plain["derived_ms"].as_f64().map(|ms| ms * 4.0),
        "page_stood_still_ms": plain["page_stood_still_ms"],
        "with_the_page_slowed_four_times": {
            "derived_ms": slowed["derived_ms"],
            "page_stood_still_ms": slowed["page_stood_still_ms"],
        },
        "note": "Chromium slows the page's own thread only: the worker that derives runs at full speed.",
    });
    let folder = workspace().join("target/bench");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("argon2_browser.json"), format!("{report:#}\n")).unwrap();
    println!("{report:#}");
    browser.close().await;
}

/// One derivation that came to keys.
async fn measured(browser: &Browser) -> Value {
    let found = browser.eval_async(MEASURE).await;
    assert!(found["reply"]["derived"].is_object(), "{found}");
    assert!(found["derived_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{found}");
    found
}
