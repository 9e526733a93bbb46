//! A time that is taken off out of the calendar, and taken back while that is offered.

use hellomapper_tests::{Browser, Running, desk::Desk};
use jiff::ToSpan as _;
use kernel::Clock;

use super::pages::faults;

/// Keeps which timers of ten seconds run on the page.
const WATCH_TIMERS: &str = "
    const [set, clear] = [window.setTimeout, window.clearTimeout];
    window.ends = new Set();
    window.setTimeout = (call, millis, ...rest) => {
        const id = set(call, millis, ...rest);
        if (millis === 10000) { window.ends.add(id); }
        return id;
    };
    window.clearTimeout = id => { window.ends.delete(id); clear(id); };";

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_taken_off_in_the_calendar_and_taken_back_as_long_as_the_button_is_in_use() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.away@example.org").await;
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    let at_ten = day.at(10, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp();
    browser.visit(&desk.view("day", day)).await;
    browser.is_true(&away(false)).await;
    browser.eval(WATCH_TIMERS).await;
    desk.begin(&browser, at_ten).await;
    browser.reads("or take it off: what is booked then stays.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Not available then").await;

    // While its button has the focus, nothing takes it away; afterwards its time begins.
    browser.sees(".toast button").await;
    browser.eval("document.querySelector('.toast button').focus();").await;
    browser.is_true("return window.ends.size === 0").await;
    browser.reads("is not available on").await;
    browser.is_true(&away(true)).await;
    browser.eval("document.activeElement.blur();").await;
    browser.is_true("return window.ends.size === 1").await;

    browser.click_on("Undo").await;
    browser.reads("is available again on").await;
    browser.is_true("return document.activeElement.id === 'main'").await;
    browser.is_true(&away(false)).await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Whether the day is shown, with or without a part that is off.
fn away(is: bool) -> String {
    format!("return !!document.querySelector('.cal') && !!document.querySelector('.cal__away') === {is}")
}
