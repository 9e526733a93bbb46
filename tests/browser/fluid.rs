//! How fluid a full week is: 500 entries, on a page slowed down four times. Measured and written down, not judged: a machine
//! under test draws without a graphics processor.

use std::fs;

use hellomapper_tests::{Browser, Running, desk::Desk, running::workspace};
use jiff::{SignedDuration, ToSpan as _};
use kernel::Clock;
use serde_json::{Value, json};

/// How many appointments the week has.
const ENTRIES: u64 = 500;

/// Makes 500 of the one appointment that the server knows, over the hours of five days: what the page draws, and not what the
/// server sends, is looked at here (`cargo xtask bench` has the server's side).
const COPY: &str = r#"
    const really = window.fetch;
    window.fetch = async (...asked) => {
        const reply = await really(...asked);
        const address = asked[0].url ?? String(asked[0]);
        if (!address.includes('/calendar?from=') || reply.status !== 200) { return reply; }
        const calendar = await reply.json();
        const [one] = calendar.roles[0].appointments;
        const monday = Date.parse(one.start);
        const at = (nth, minutes) => new Date(
            monday + ((Math.floor(nth / 100) * 24 + (nth % 25) * 0.4) * 60 + minutes) * 60000,
        ).toISOString();
        const id = (text, nth) => text.slice(0, -12) + nth.toString(16).padStart(12, '0');
        calendar.roles[0].appointments = Array.from({ length: 500 }, (_, nth) => ({
            ...one,
            appointment_id: id(one.appointment_id, nth),
            booking_id: id(one.booking_id, nth),
            start: at(nth, 0), end: at(nth, 20), takes: [at(nth, 0), at(nth, 20)],
        }));
        return new Response(JSON.stringify(calendar), { status: 200, headers: reply.headers });
    };"#;

/// The longest time between two frames, in milliseconds, while somebody scrolls, walks about with the arrows, carries an entry
/// and opens one; and of what was long in it, at which step that was and what took the time. What is before a
/// frame is work and waiting alike: its scripts say how much was work.
const MEASURE: &str = r#"
    const frame = () => new Promise((drawn) => requestAnimationFrame(() => drawn(performance.now())));
    const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const late = [];
    const watching = new PerformanceObserver((seen) => late.push(...seen.getEntries()));
    watching.observe({ type: 'long-animation-frame' });
    const longest = async (steps, act) => {
        let [last, most, each] = [await frame(), { ms: 0, step: 0, from: 0, to: 0 }, []];
        for (let step = 0; step < steps; step += 1) {
            act(step);
            const now = await frame();
            each.push(Math.round(now - last));
            if (now - last > most.ms) { most = { ms: now - last, step, from: last, to: now }; }
            last = now;
        }
        return { ...most, each };
    };
    const spent = ({ step, from, to, each }) => ({
        step,
        each_ms: each.join(' '),
        frames: late.filter((one) => one.startTime < to && one.startTime + one.duration > from).map((one) => ({
            before_it_ms: one.renderStart - one.startTime,
            in_its_callbacks_ms: one.styleAndLayoutStart - one.renderStart,
            in_drawing_it_ms: one.startTime + one.duration - one.styleAndLayoutStart,
            scripts: one.scripts.map((script) => ({
                by: script.invoker, ms: script.duration, of_it_in_layout_ms: script.forcedStyleAndLayoutDuration,
            })),
        })),
    });
    const entry = () => document.querySelector('.cal__entry');
    (async () => {
        const scrolled = await longest(40, () => window.scrollBy(0, 60));
        entry().focus();
        const walked = await longest(40, (step) => press(step % 8 < 6 ? 'ArrowDown' : 'ArrowRight'));
        entry().focus();
        press('m');
        const carried = await longest(20, () => press('ArrowDown'));
        press('Escape');
        const opened = await longest(20, (step) => { if (step === 5) { entry().click(); } });
        await frame();
        late.push(...watching.takeRecords());
        done({
            entries: document.querySelectorAll('.cal__entry').length,
            scrolled_ms: scrolled.ms, walked_ms: walked.ms, carried_ms: carried.ms, opened_ms: opened.ms,
            walked: spent(walked), opened: spent(opened),
        });
    })();"#;

/// Whether what is open can be seen in the grid, and is not below the panel.
const OPEN: &str = r#"
    const around = document.querySelector('.cal-scroll').getBoundingClientRect();
    const open = document.querySelector('.cal__entry[aria-current]').getBoundingClientRect();
    const panel = document.querySelector('.beside').getBoundingClientRect();
    return around.left <= open.left && open.right <= panel.left;"#;

/// The last entry of the last booked day.
const LAST: &str = "[...document.querySelectorAll('.cal__entry')].at(-1)";

/// Whether the last day can be scrolled to within the grid, under its heading and beside the panel, and the page is no wider than
/// the window.
const SUNDAY: &str = r#"
    const scroller = document.querySelector('.cal-scroll');
    scroller.scrollLeft = scroller.scrollWidth;
    const around = scroller.getBoundingClientRect();
    const head = [...document.querySelectorAll('.cal__head')].at(-1).getBoundingClientRect();
    const panel = document.querySelector('.beside').getBoundingClientRect();
    const shown = around.left <= head.left && head.right <= panel.left && around.top <= head.top;
    return shown && document.documentElement.scrollWidth <= window.innerWidth;"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_week_is_measured() {
    let running = Running::start().await;
    let browser = Browser::alone(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "wim.desk@example.org").await;
    // A Monday that nobody has booked, early.
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    let monday = day - i64::from(day.weekday().to_monday_zero_offset()).days();
    let start = desk.zone.start_of_day(monday) + SignedDuration::from_hours(7);
    browser.visit(&desk.view("week", monday)).await;
    desk.book(&browser, "Ada Nguyen", start).await;

    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": COPY})).await;
    browser.visit(&desk.view("week", monday)).await;
    browser.sees(".cal__entry").await;
    let plain = browser.eval_async(MEASURE).await;
    browser.visit(&desk.view("week", monday)).await;
    browser.sees(".cal__entry").await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({"rate": 4})).await;
    let slowed = browser.eval_async(MEASURE).await;
    browser.devtools("Emulation.setCPUThrottlingRate", json!({"rate": 1})).await;
    for found in [&plain, &slowed] {
        assert_eq!(found["entries"], json!(ENTRIES), "{found}");
        assert!(found["opened_ms"].as_f64().is_some_and(|ms| ms > 0.0), "{found}");
    }
    let opened: Value = browser.eval("return !!document.querySelector('#beside-title')").await;
    assert_eq!(opened, json!(true));
    // The panel lies over the last days: what is opened there comes out from under it.
    browser.is_true(OPEN).await;
    browser.eval(&format!("{LAST}.click();")).await;
    browser.is_true(&format!("return {LAST}.matches('[aria-current]')")).await;
    browser.is_true(OPEN).await;
    // The week is as wide as without it: its last day is scrolled to, and the page stays.
    for width in [1280, 1440] {
        browser.width(width).await;
        browser.is_true(SUNDAY).await;
    }

    let report = json!({
        "longest_frame": plain,
        "longest_frame_slowed_four_times": slowed,
        "note": "Drawn by the processor: the machine has no graphics processor, and runs the server and the driver as well.",
    });
    let folder = workspace().join("target/bench");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("calendar_browser.json"), format!("{report:#}\n")).unwrap();
    println!("{report:#}");
    browser.close().await;
}
