//! A patient's month with one appointment: booked with an account, moved by the link from the mail, answered and cancelled by
//! the links of a reminder, and an earlier time waited for. And one that is moved and cancelled out of the account, without a mouse.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    browser::key,
    mail,
};
use kernel::chance::hash_secret;
use shared_types::BookingId;

use super::pages::{faults, sideways};

const PATIENT: &str = "ada.month@example.org";
const YES: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NO: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
/// Another time than the one that is booked, and not the very first, which may begin too soon by the time that it is confirmed.
const OTHER_TIME: &str = ".times .time-list li:not(:first-child) .time:not([aria-current])";

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
    browser.click(OTHER_TIME).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_member_moves_an_appointment_and_cancels_it_without_a_mouse_on_a_phone() {
    const SEE_IT: &str = "main a.button--quiet[href^='/book/confirmed/']";
    const MOVE_IT: &str = "main a[href$='?step=move']";
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let (provider, _) = acts::somebody_bookable(&running).await;
    acts::open_account(&running, &browser, PATIENT).await;
    acts::sign_in(&browser, PATIENT, PASSWORD, "/account/appointments").await;
    acts::hold_time(&browser, &provider).await;
    acts::fill_details(&browser, "Ada Nguyen", PATIENT).await;
    acts::confirm(&running, &browser).await;
    mail::arrives_for(&running, PATIENT, "Appointment confirmed").await;

    browser.width(360).await;
    let enter = key::ENTER.to_string();
    browser.visit("/account").await;
    browser.tab_to("main a[href='/account/appointments']").await;
    browser.press(&enter).await;
    browser.is_at("/account/appointments").await;
    for (link, there) in [(SEE_IT, "/book/confirmed/"), (MOVE_IT, "step=move")] {
        browser.sees(link).await;
        browser.settled().await;
        browser.tab_to(link).await;
        browser.press(&enter).await;
        browser.arrives_at(there).await;
    }
    // Each step takes the focus, so that it is announced and the next stop is its own.
    browser.is_true("return document.activeElement.id === 'manage-title'").await;
    browser.sees(OTHER_TIME).await;
    browser.settled().await;
    assert_eq!(sideways(&browser).await, None);
    browser.tab_to(OTHER_TIME).await;
    browser.press(&enter).await;
    browser.is_true("return document.activeElement.id === 'move-title'").await;
    browser.tab_on("Move the appointment").await;
    browser.press(&enter).await;
    browser.reads("Moved to").await;
    browser.is_true("return document.activeElement.id === 'manage-title'").await;
    mail::arrives_for(&running, PATIENT, "Appointment moved").await;

    browser.tab_on("Cancel it").await;
    browser.press(&enter).await;
    browser.reads("Cancel this appointment?").await;
    browser.is_true("return document.activeElement.id === 'manage-title'").await;
    assert_eq!(sideways(&browser).await, None);
    browser.tab_on("Cancel the appointment").await;
    browser.press(&enter).await;
    browser.reads("The practice sees that you cancelled").await;
    mail::arrives_for(&running, PATIENT, "Appointment cancelled").await;
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
