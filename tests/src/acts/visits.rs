//! A patient's visits: what can be had and when, asking for it, and getting back to it by a letter.

use jiff::{Timestamp, ToSpan as _};
use kernel::Clock;
use shared_types::{
    AppointmentTypeId, BookingId, PractitionerRoleId, Zone,
    bookings::{AppointmentType, AppointmentTypes, Audience, FreeTimes},
    providers::ProviderSummary,
};

use super::{booking_shown, check};
use crate::{Browser, Person, Running, mail::Mail};

/// Whatever a provider is booked for, their practice answers it first.
pub async fn answer_first(running: &Running, provider: &ProviderSummary) {
    sqlx::query(
        "update bookings.appointment_type set needs_acceptance = true, version = version + 1 where practitioner_role_id = $1",
    )
    .bind(provider.practitioner_role_id.0)
    .execute(&mut running.database.administrator().await)
    .await
    .expect("the provider can be booked");
}

/// The zone of the place of somebody who was found near Sydney.
pub fn zone_of(provider: &ProviderSummary) -> Zone {
    provider.location.as_ref().expect("whoever was found near Sydney has a place").time_zone
}

/// What new patients can book to come to somebody's practice, and every free time for it in the coming four weeks.
pub async fn free_times(
    person: &Person,
    role: PractitionerRoleId,
    zone: Zone,
) -> (AppointmentTypeId, Vec<Timestamp>) {
    let types: AppointmentTypes =
        person.get(&format!("/api/v1/bookings/roles/{role}/appointment-types")).await;
    let suits = |of: &&AppointmentType| of.is_at_practice() && of.audience != Audience::Existing;
    let of = types.items.iter().find(suits).expect("a type for new patients").appointment_type_id;
    let today = zone.date(Clock::System.now());
    let last = today + 27.days();
    let path =
        format!("/api/v1/bookings/roles/{role}/free-times?appointment_type={of}&from={today}&to={last}");
    let times: FreeTimes = person.get(&path).await;
    (of, times.starts)
}

/// The page that takes a time.
pub fn time_page(role: PractitionerRoleId, of: AppointmentTypeId, start: Timestamp) -> String {
    format!("/book/{role}?type={of}&start={start}")
}

/// Holds a time by the page that takes it.
pub async fn take_time(browser: &Browser, role: PractitionerRoleId, of: AppointmentTypeId, start: Timestamp) {
    browser.load(&time_page(role, of, start)).await;
    browser.arrives_at("/book/hold/").await;
    browser.sees("#name").await;
}

/// Looks over everything and asks for what the practice answers first. Gives the booking.
pub async fn request(running: &Running, browser: &Browser) -> BookingId {
    check(browser).await;
    browser.click_on("Confirm booking").await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("Your request is with the practice").await;
    booking_shown(running, browser).await
}

/// When a booking begins that was never moved.
pub async fn start_of(running: &Running, booking: BookingId) -> Timestamp {
    let seconds: i64 = sqlx::query_scalar(
        "select extract(epoch from starts_at)::bigint from bookings.appointment where booking_id = $1",
    )
    .bind(booking.0)
    .fetch_one(&mut running.database.administrator().await)
    .await
    .expect("the booking is there");
    Timestamp::from_second(seconds).expect("a start within the calendar")
}

/// Opens an appointment by the link from a letter about it, for whoever has the date of birth of [`fill_details`](super::fill_details).
pub async fn open_by_letter(running: &Running, browser: &Browser, letter: &Mail) {
    browser.visit(&letter.manage_path(&running.settings.public_url)).await;
    prove(browser).await;
}

/// Says the date of birth of [`fill_details`](super::fill_details), which an appointment's link asks for.
pub async fn prove(browser: &Browser) {
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
    browser.click(".booking__form button[type=submit]").await;
}

/// Gives an account the details of its own patient, with the date of birth of [`fill_details`](super::fill_details). Somebody is signed in.
pub async fn give_details(browser: &Browser, name: &str) {
    browser.visit("/account/profile").await;
    browser.fill("#name", name).await;
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
    browser.click("label.check:has(#consent)").await;
    browser.click_on("Save").await;
    browser.reads("Your details are saved").await;
}
