//! A practice's week with a mouse: an appointment is pulled to another day and hour or to another length, and put back, and a new one
//! is drawn. A length is changed with the keys as well.

use hellomapper_tests::{
    Browser, Running,
    browser::key,
    desk::{Desk, opened},
};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::Clock;

const CAME: &str = "Ada Nguyen";

/// Where the only appointment of the week is held, and that place a day and an hour later.
const HELD_AND_LATER: &str = "
    const entry = document.querySelector('.cal__entry');
    entry.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const box = entry.getBoundingClientRect();
    const places = css => [...document.querySelectorAll(css)].map(found => found.getBoundingClientRect());
    const [days, rows] = [places('.cal__head'), places('.cal__row:not(.cal__row--head)')];
    const zoom = Number(document.querySelector('.cal-body').dataset.zoom);
    const [day, hour] = [days[1].left - days[0].left, (rows[1].top - rows[0].top) * 60 / zoom];
    const [x, y] = [box.left + box.width / 2, box.top + 8];
    return [x, y, x + day, y + hour];";

/// Where the only appointment, which starts at ten, is held to pull at its end, and half past eleven below that.
const EDGE_AND_LATER: &str = "
    const entry = document.querySelector('.cal__entry');
    entry.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const [box, grip] = [entry, entry.querySelector('.cal__grip')].map(found => found.getBoundingClientRect());
    const rows = [...document.querySelectorAll('.cal__row:not(.cal__row--head)')].map(row => row.getBoundingClientRect());
    const minute = (rows[1].top - rows[0].top) / Number(document.querySelector('.cal-body').dataset.zoom);
    const x = grip.left + grip.width / 2;
    return [x, grip.top + grip.height / 2, x, box.top + 90 * minute];";

/// Soon after ten o'clock on the second day, and soon before eleven.
const DRAWN: &str = "
    const cell = document.querySelectorAll(\".cal__cell[aria-label^='10:00 am, ']\")[1];
    cell.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const box = cell.getBoundingClientRect();
    const minute = box.height / Number(document.querySelector('.cal-body').dataset.zoom);
    const x = box.left + box.width / 2;
    return [x, box.top + 5 * minute, x, box.top + 55 * minute];";

/// In which column the appointment is, counted from nought.
const COLUMN: &str = "
    const middle = box => box.left + box.width / 2;
    const at = middle(document.querySelector('.cal__entry').getBoundingClientRect());
    const days = [...document.querySelectorAll('.cal__head')].map(head => head.getBoundingClientRect());
    return days.findIndex(day => day.left <= at && at < day.right);";

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_pulled_to_another_day_and_put_back() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.desk@example.org").await;
    let tuesday = far_tuesday(&desk);
    browser.visit(&desk.view("day", tuesday)).await;
    desk.book(&browser, CAME, wall(&desk, tuesday, 10)).await;

    browser.visit(&desk.view("week", tuesday)).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "10:00 am");
    assert_eq!(browser.eval(COLUMN).await, 1);
    pulls(&browser, HELD_AND_LATER).await;
    browser.reads(&format!("{CAME} is at")).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "11:00 am");
    assert_eq!(browser.eval(COLUMN).await, 2);
    assert!(browser.sees_nothing(".cal__ghost").await, "what showed where it would lie is gone");
    assert!(browser.sees_nothing(".beside").await, "letting go of it is no press that opens it");

    browser.click(".toast button").await;
    browser.reads(&format!("{CAME} is back at")).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "10:00 am");
    assert_eq!(browser.eval(COLUMN).await, 1);
    // Once more from the beginning: it is so, and does not only look so.
    browser.visit(&desk.view("week", tuesday)).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "10:00 am");
    let wednesday = tuesday + 1.day();
    let starts = [(tuesday, 10), (wednesday, 11), (tuesday, 10)].map(|(day, hour)| wall(&desk, day, hour));
    assert_eq!(links(&running).await, starts.map(Timestamp::as_second));
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appointment_is_made_longer_by_its_edge_and_with_the_keys_and_put_back() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.longer@example.org").await;
    let (tuesday, enter) = (far_tuesday(&desk), key::ENTER.to_string());
    browser.visit(&desk.view("day", tuesday)).await;
    desk.book(&browser, CAME, wall(&desk, tuesday, 10)).await;
    let before = minutes(&running).await;

    // With the keys. Escape leads out of the panel, once that has the focus, to the entry.
    browser.is_true("return document.activeElement.id === 'beside-title'").await;
    browser.press(&key::ESCAPE.to_string()).await;
    browser.is_true("return document.activeElement.matches('.cal__entry')").await;
    browser.press("m").await;
    browser.is_true("return !document.querySelector('.cal__ghost').hidden").await;
    for _ in 0..2 {
        browser.press_with_shift(key::ARROW_DOWN).await;
    }
    browser.press(&enter).await;
    browser.reads(&format!("{CAME} is at")).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "10:00 am");
    browser.is_true("return document.activeElement.matches('.cal__entry')").await;
    let longer = minutes(&running).await;
    assert!(longer > before, "{longer} minutes, and before {before}");
    browser.tab_back().await;
    browser.is_true("return document.activeElement.matches('.toast button')").await;
    browser.press(&enter).await;
    browser.reads(&format!("{CAME} is back at")).await;
    assert_eq!(minutes(&running).await, before);

    // With the mouse.
    browser.visit(&desk.view("week", tuesday)).await;
    browser.sees(".cal__entry").await;
    pulls(&browser, EDGE_AND_LATER).await;
    browser.reads(&format!("{CAME} is at")).await;
    let ends = "const label = document.querySelector('.cal__entry').ariaLabel;
                return label.startsWith('10:00 am, ') && label.includes(', until 11:30 am, ');";
    browser.is_true(ends).await;
    assert!(browser.sees_nothing(".beside").await, "letting go of its edge is no press that opens it");
    assert_eq!(minutes(&running).await, 90);
    browser.click(".toast button").await;
    browser.reads(&format!("{CAME} is back at")).await;
    assert_eq!(minutes(&running).await, before);
    let starts = links(&running).await;
    assert_eq!(starts, [wall(&desk, tuesday, 10).as_second(); 5]);
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_is_drawn_in_the_grid_is_booked_with_its_start_and_its_length() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.draws@example.org").await;
    let tuesday = far_tuesday(&desk);
    browser.visit(&desk.view("week", tuesday)).await;
    browser.sees(".cal__cell").await;
    pulls(&browser, DRAWN).await;
    browser.sees("#new-date").await;
    for (field, value) in [
        ("#new-date", tuesday.to_string()),
        ("#new-time", "10:00".to_owned()),
        ("#new-minutes", "60".to_owned()),
    ] {
        browser.is_true(&format!("return document.querySelector('{field}').value === {value:?}")).await;
    }
    for (field, text) in [("#name", CAME), ("#dob-day", "27"), ("#dob-month", "3"), ("#dob-year", "1985")] {
        browser.fill(field, text).await;
    }
    browser.click_on("Book it").await;
    opened(&browser, CAME).await;
    assert_eq!(links(&running).await, [wall(&desk, tuesday, 10).as_second()]);
    assert_eq!(minutes(&running).await, 60);
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Pulls with the mouse from one point to another that a script finds.
async fn pulls(browser: &Browser, find: &str) {
    let points = browser.eval(find).await;
    let point = |nth: usize| points[nth].as_f64().unwrap();
    browser.pull((point(0), point(1)), (point(2), point(3))).await;
}

/// A Tuesday in whose week nobody has booked: it is far ahead.
fn far_tuesday(desk: &Desk) -> Date {
    let far = desk.zone.date(Clock::System.now()) + 150.days();
    far - i64::from(far.weekday().to_monday_zero_offset()).days() + 1.day()
}

/// A full hour on the wall of the practice.
fn wall(desk: &Desk, day: Date, hour: i8) -> Timestamp {
    day.at(hour, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp()
}

/// When each link of the booking's chain starts, the first one first, in seconds of the epoch.
async fn links(running: &Running) -> Vec<i64> {
    sqlx::query_scalar(
        "select extract(epoch from starts_at)::bigint from bookings.appointment join bookings.appointment_party party \
         using (booking_id) where party.name = $1 order by appointment.sequence",
    )
    .bind(CAME)
    .fetch_all(&mut running.database.administrator().await)
    .await
    .unwrap()
}

/// How long the newest link of the booking's chain takes, in minutes.
async fn minutes(running: &Running) -> i64 {
    sqlx::query_scalar(
        "select (extract(epoch from ends_at - starts_at) / 60)::bigint from bookings.appointment \
         join bookings.appointment_party party using (booking_id) where party.name = $1 \
         order by appointment.sequence desc limit 1",
    )
    .bind(CAME)
    .fetch_one(&mut running.database.administrator().await)
    .await
    .unwrap()
}
