//! A practice's week with a mouse: an appointment is pulled to another day and hour, and put back.

use hellomapper_tests::{Browser, Running, desk::Desk};
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
    // Nobody has booked a day so far ahead.
    let far = desk.zone.date(Clock::System.now()) + 150.days();
    let tuesday = far - i64::from(far.weekday().to_monday_zero_offset()).days() + 1.day();
    let wall = |day: Date, hour: i8| -> Timestamp {
        day.at(hour, 0, 0, 0).to_zoned(desk.zone.time_zone()).unwrap().timestamp()
    };
    browser.visit(&desk.view("day", tuesday)).await;
    desk.book(&browser, CAME, wall(tuesday, 10)).await;

    browser.visit(&desk.view("week", tuesday)).await;
    assert_eq!(browser.words_of(".cal__entry-time").await, "10:00 am");
    assert_eq!(browser.eval(COLUMN).await, 1);
    let points = browser.eval(HELD_AND_LATER).await;
    let point = |nth: usize| points[nth].as_f64().unwrap();
    browser.pull((point(0), point(1)), (point(2), point(3))).await;
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
    let starts = [wall(tuesday, 10), wall(wednesday, 11), wall(tuesday, 10)];
    assert_eq!(links(&running).await, starts.map(Timestamp::as_second));
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
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
