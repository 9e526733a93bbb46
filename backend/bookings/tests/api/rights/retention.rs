use std::sync::Arc;

use jiff::civil::{Date, date};
use shared_types::bookings::BookingsEvent;

use crate::app::{App, details, minutes, monday};

const DESTROY: &str = "bookings.destroy_expired";

impl App {
    /// Somebody born on that day comes on Monday 23 November 2026.
    async fn patient_born(&self, born: &str) {
        let mut browser = self.browser();
        let hold = self.hold(&mut browser, monday(10, 0)).await;
        let mut party = details(1);
        party["date_of_birth"] = born.into();
        let reply = browser.confirm(self.key(), &hold, &party).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

/// The rows of the register: class, name, and the days that were covered.
async fn register(app: &App) -> Vec<(String, Option<String>, jiff_sqlx::Date, jiff_sqlx::Date)> {
    sqlx::query_as(
        "select record_class, name, covers_from, covers_until from bookings.destruction order by ctid",
    )
    .fetch_all(&mut app.administrator().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_record_goes_the_day_after_its_last_one_and_not_before() {
    for (born, last_day) in
        [("1980-05-01", "2033-11-23"), ("2020-02-29", "2045-03-01"), ("2009-01-10", "2034-01-10")]
    {
        let app = App::new().await;
        app.patient_born(born).await;
        app.on("2033-11-23");
        while app.run(DESTROY).await > 0 {}
        app.on(last_day);
        while app.run(DESTROY).await > 0 {}
        assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 1, "born {born}");
        let last_day: Date = last_day.parse().unwrap();
        app.on(&last_day.tomorrow().unwrap().to_string());
        assert_eq!(app.run(DESTROY).await, 1, "born {born}");
        assert_eq!(app.run(DESTROY).await, 0);
        for table in ["appointment_party", "appointment", "reservation", "manage_link"] {
            let left: i64 =
                sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from bookings.{table}")))
                    .fetch_one(&mut app.administrator().await)
                    .await
                    .unwrap();
            assert_eq!(left, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn the_register_says_whose_record_it_was_which_time_it_covered_and_nobody_changes_it() {
    let app = App::new().await;
    app.patient_born("1980-05-01").await;
    app.on("2033-11-24");
    assert_eq!(app.run(DESTROY).await, 1);
    let rows = register(&app).await;
    let (class, name, from, until) = &rows[0];
    assert_eq!((rows.len(), class.as_str(), name.as_deref()), (1, "booking", Some("Ada Nguyen 1")));
    let day = date(2026, 11, 23);
    assert_eq!((from.to_jiff(), until.to_jiff()), (day, day));
    let told = app.told("booking_destroyed").await;
    assert!(matches!(told.as_slice(), [BookingsEvent::BookingDestroyed { .. }]), "{told:?}");
    for attempt in ["update bookings.destruction set name = 'x'", "delete from bookings.destruction"] {
        assert!(sqlx::query(attempt).execute(&app.core.pool).await.is_err(), "{attempt}");
    }
    let acts = app.count("select count(*) from bookings.audit_entry where action = 'destroy_booking'").await;
    assert_eq!(acts, 1);
}

#[tokio::test]
async fn a_later_visit_to_the_practice_keeps_the_earlier_record() {
    let app = App::new().await;
    app.patient_born("1980-05-01").await;
    app.on("2030-06-03");
    let mut browser = app.browser();
    let start = app.core.now() + minutes(60 * 33);
    let hold = app.hold(&mut browser, start).await;
    let mut party = details(1);
    // The same person by number and date of birth, with another address.
    (party["email"], party["date_of_birth"]) = ("new@example.org".into(), "1980-05-01".into());
    assert_eq!(browser.confirm(app.key(), &hold, &party).await.status, 200);
    app.on("2033-11-24");
    while app.run(DESTROY).await > 0 {}
    assert_eq!(app.count("select count(*) from bookings.appointment_party").await, 2);
    app.on("2037-06-05");
    assert_eq!(app.run(DESTROY).await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_workers_destroy_each_record_once() {
    let app = Arc::new(App::new().await);
    for index in 0..16 {
        app.book(&mut app.browser(), monday(9, 0) + minutes(30) * index).await;
    }
    app.on("2033-11-24");
    let workers = (0..4).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { app.run(DESTROY).await })
    });
    let gone = futures::future::join_all(workers.collect::<Vec<_>>()).await;
    assert_eq!(gone.into_iter().map(Result::unwrap).sum::<u64>(), 16);
    assert_eq!(app.count("select count(*) from bookings.destruction").await, 16);
}
