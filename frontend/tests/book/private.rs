//! Pages of one person: the server renders their shape and asks no service for anything.

use crate::support::{Canned, get, site};

const ID: &str = "00000000-0000-7000-8000-000000000009";

#[tokio::test]
async fn a_held_time_is_not_rendered_by_the_server() {
    let page = get(&site(Canned::new()), &format!("/book/hold/{ID}?step=check")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.has("aria-busy=\"true\"");
    page.says("Booking here needs JavaScript.");
}

#[tokio::test]
async fn a_confirmation_is_not_rendered_by_the_server() {
    let page = get(&site(Canned::new()), &format!("/book/confirmed/{ID}")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.lacks("You are booked</h1>");
}

#[tokio::test]
async fn the_way_back_from_the_processor_is_not_rendered_by_the_server() {
    let page = get(&site(Canned::new()), &format!("/booked/{ID}/payment")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.has("aria-busy=\"true\"");
}

#[tokio::test]
async fn a_patients_side_of_the_record_is_not_rendered_by_the_server() {
    let page = get(&site(Canned::new()), &format!("/book/confirmed/{ID}/disagreement")).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.has("<h1>Your side of the record</h1>");
    page.has("aria-busy=\"true\"");
    page.lacks("<form");
}

#[tokio::test]
async fn a_link_asks_for_the_date_of_birth_first() {
    let page = get(&site(Canned::new()), "/manage/kq3Vx0t1Yb2").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.says("tell us the patient’s date of birth");
    page.says("Send me a code by e-mail instead");
    for part in [
        "id=\"dob-day\"",
        "autocomplete=\"bday-month\"",
        "id=\"dob-error\"",
        "<legend>Date of birth</legend>",
    ] {
        page.has(part);
    }
    // The secret is in the address; the page has no need to repeat it.
    page.lacks("kq3Vx0t1Yb2");
}

#[tokio::test]
async fn an_answer_is_one_button_and_shows_nothing() {
    let page = get(&site(Canned::new()), "/reply/yes/kq3Vx0t1Yb2").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.says("I will come");
    page.says("this page does not show which that is");
    page.lacks("kq3Vx0t1Yb2");
}

#[tokio::test]
async fn a_link_to_cancel_asks_for_the_date_of_birth_first() {
    let page = get(&site(Canned::new()), "/reply/no/kq3Vx0t1Yb2").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.says("tell us the patient’s date of birth");
    page.lacks("kq3Vx0t1Yb2");
}

#[tokio::test]
async fn the_way_out_of_reminders_is_one_button_and_says_what_stays() {
    let page = get(&site(Canned::new()), "/unsubscribe/kq3Vx0t1Yb2").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    page.is_sound();
    page.has("noindex");
    page.says("Send no more reminders");
    page.says("We still tell you when an appointment is booked, moved or cancelled");
    page.lacks("kq3Vx0t1Yb2");
}
