//! A patient's month with one appointment: booked with an account, moved by the link from the mail, answered and cancelled by
//! the links of a reminder, and an earlier time waited for.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    mail,
};
use kernel::chance::hash_secret;
use shared_types::BookingId;

use super::pages::faults;

const PATIENT: &str = "ada.month@example.org";
const YES: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NO: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_books_moves_says_that_they_will_come_cancels_and_waits() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let (provider, _) = acts::somebody_bookable(&running).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/appointments").await;
    browser.reads("Nothing is booked.").await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    let booking = acts::confirm(&running, &browser).await;
    browser.visit("/account/appointments").await;
    browser.reads(&provider.name).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());

    let letter = mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;
    acts::open_by_letter(&running, &browser, &letter).await;
    browser.click_on("Move it").await;
    browser.click(".times .times-day .time:not([aria-current])").await;
    browser.sees("#move-title").await;
    browser.click_on("Move the appointment").await;
    browser.reads("Moved to").await;
    mail::arrives_for(&running, PATIENT, "Appointment moved").await;

    remind(&running, booking).await;
    browser.visit(&format!("/reply/yes/{YES}")).await;
    browser.click_on("I will come").await;
    browser.reads("The practice knows that you will come").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    let said = "select count(*) from bookings.appointment where attendance_confirmed_at is not null";
    let said: i64 =
        sqlx::query_scalar(said).fetch_one(&mut running.database.administrator().await).await.unwrap();
    assert_eq!(said, 1);

    // The other link asks who one is, and shows nothing before.
    browser.visit(&format!("/reply/no/{NO}")).await;
    assert!(!browser.text().await.contains(&provider.name));
    acts::prove(&browser).await;
    browser.reads("Cancel this appointment?").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Cancel the appointment").await;
    browser.reads("The practice sees that you cancelled").await;
    mail::arrives_for(&running, PATIENT, "Appointment cancelled").await;

    browser.visit(&format!("/account/waitlist/{}", provider.practitioner_role_id)).await;
    browser.sees("#from").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click("main form button[type=submit]").await;
    browser.is_at("/account/waitlist").await;
    browser.reads(&provider.name).await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("Leave the waitlist").await;
    browser.reads("You left it.").await;
    browser.close().await;
    running.quiet().await;
}

/// Makes the links of a reminder work, as bookings hears of them: when reminders are written, the clock decides.
async fn remind(running: &Running, booking: BookingId) {
    for (token, purpose) in [(YES, "attend"), (NO, "cancel")] {
        let made = sqlx::query(
            "insert into bookings.reply_link (token_hash, booking_id, purpose, starts_at) \
             select $1, booking_id, $3, starts_at from bookings.appointment \
             where booking_id = $2 and status = 'confirmed'",
        )
        .bind(hash_secret(token).as_slice())
        .bind(booking.0)
        .bind(purpose)
        .execute(&mut running.database.administrator().await)
        .await
        .unwrap();
        assert_eq!(made.rows_affected(), 1);
    }
}
