//! Somebody waits for a time that somebody else gives back: the letter, taking it, and the practice's calendar.

use hellomapper_tests::{
    Browser, Person, Running,
    acts::{self, PASSWORD},
    desk::{Desk, stands},
    mail,
    running::count,
    until_true,
};
use jiff::{Timestamp, ToSpan as _, civil::Date};
use kernel::Clock;
use shared_types::{
    PractitionerRoleId, Zone,
    bookings::waitlist::{ASKED_FROM_HOUR, ASKED_UNTIL_HOUR},
    time,
};

use super::pages::faults;

const WAITING: &str = "ada.hopes@example.org";
const WHO: &str = "Ada Nguyen";
const GIVING_BACK: &str = "grace.cancels@example.org";
const OTHER: &str = "Grace Okafor";
/// For how many days beyond today somebody waits at most, as the form offers it, and a little longer.
const WAITED_DAYS: i64 = 35;

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_is_given_back_is_offered_by_letter_and_taken() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    let (role, name, zone) = (provider.practitioner_role_id, &provider.name, acts::zone_of(&provider));
    let stranger = Person::new(&running.settings.public_url);
    let (of, times) = acts::free_times(&stranger, role, zone).await;
    // The days that suit are from Monday to Friday, unless somebody says otherwise.
    let suits = |start: &&Timestamp| zone.date(**start).weekday().to_monday_zero_offset() < 5;
    let start = *times.iter().rfind(suits).expect("a free time on a weekday in four weeks");

    // Nothing else is free that could be offered.
    acts::take_time(&browser, role, of, start).await;
    acts::fill_details(&browser, OTHER, GIVING_BACK).await;
    acts::confirm(&running, &browser).await;
    let letter = mail::arrives_for(&running, GIVING_BACK, "Appointment confirmed").await;
    is_away_but_on(&running, role, zone.date(start), zone).await;

    acts::open_account(&running, &browser, WAITING).await;
    acts::sign_in(&browser, WAITING, PASSWORD, "/account/waitlist").await;
    browser.visit(&format!("/account/waitlist/{role}?type={of}")).await;
    let clock = zone.time(start).strftime("%H:%M").to_string();
    browser.set("#from", &clock).await;
    browser.set("#until", &clock).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Join the waitlist").await;
    browser.is_at("/account/waitlist").await;
    browser.reads("You are asked first when a time frees up that suits you.").await;
    acts::sign_out(&browser).await;

    acts::open_by_letter(&running, &browser, &letter).await;
    browser.click_on("Cancel it").await;
    browser.click_on("Cancel the appointment").await;
    browser.reads("The practice sees that you cancelled").await;
    let by_day = by_day(zone);
    until_true("the time to be offered", || async {
        running.run_job_at("bookings.offer_times", by_day).await;
        count(&mut running.database.administrator().await, "bookings.waitlist_offer").await == 1
    })
    .await;

    let offer = mail::arrives_for(&running, WAITING, "A time is held for you").await;
    assert!(offer.text().contains(&running.url("/account/waitlist")), "{}", offer.text());
    assert!(!offer.text().contains(name.as_str()), "with whom stands in no letter: {}", offer.text());
    acts::sign_in(&browser, WAITING, PASSWORD, "/account/waitlist").await;
    browser.reads(&format!("with {name} is held for you.")).await;
    let day = time::long_date(zone.date(start));
    browser.reads(&format!("{day}, {}.", time::wall_words(zone))).await;
    browser.reads("It is offered to you because, of all whom it suits, you joined first.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Take it").await;
    browser.arrives_at("/book/hold/").await;
    acts::fill_details(&browser, WHO, WAITING).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let taken = acts::confirm(&running, &browser).await;
    assert_eq!(acts::start_of(&running, taken).await, start);
    browser.visit("/account/waitlist").await;
    browser.reads("You took a time.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    acts::sign_out(&browser).await;

    let desk = Desk::open_at(&running, &browser, "olga.waits@example.org", (&provider, practice)).await;
    desk.look_at(&browser, OTHER, start).await;
    stands(&browser, "Cancelled by the patient").await;
    desk.look_at(&browser, WHO, start).await;
    stands(&browser, "Confirmed").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Now, or the next ten o'clock where it is night: nobody is asked then. In an hour in which the server asks by itself it is now,
/// for what the server has offered would have ended by tomorrow.
fn by_day(zone: Zone) -> Timestamp {
    let now = Clock::System.now();
    let (today, hour) = (zone.date(now), zone.time(now).hour());
    let ten = |day: Date| day.at(10, 0, 0, 0).to_zoned(zone.time_zone()).unwrap().timestamp();
    match hour {
        ASKED_FROM_HOUR..ASKED_UNTIL_HOUR => now,
        ..ASKED_FROM_HOUR => ten(today),
        ASKED_UNTIL_HOUR.. => ten(today + 1.day()),
    }
}

/// The practitioner is on leave for as long as somebody waits, but for one day.
async fn is_away_but_on(running: &Running, role: PractitionerRoleId, day: Date, zone: Zone) {
    let today = zone.date(Clock::System.now());
    for (first, last) in [(today, day - 1.day()), (day + 1.day(), today + WAITED_DAYS.days())] {
        sqlx::query(
            "insert into bookings.availability_exception (availability_exception_id, practitioner_role_id, kind, first_date, \
             last_date) select gen_random_uuid(), $1, 'leave', $2::date, $3::date where $2::date <= $3::date",
        )
        .bind(role.0)
        .bind(first.to_string())
        .bind(last.to_string())
        .execute(&mut running.database.administrator().await)
        .await
        .unwrap();
    }
}
