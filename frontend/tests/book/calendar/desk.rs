//! What stands above the calendar and beside it for the desk: how old it is, and who is there and was not checked in.

use std::rc::Rc;

use frontend::{
    components::birth_fields::{BirthFields, BirthFieldsProps},
    forms::birth_date::BirthDate,
    pages::calendar::{
        not_checked_in::{NotCheckedIn, NotCheckedInProps},
        read_at::{ReadAt, ReadAtProps},
    },
};
use shared_types::{
    Zone,
    bookings::{AppointmentStatus, practice::ActName},
};
use yew::Callback;

use super::appointment;
use crate::{
    parts::{html, in_order},
    support::at,
};

/// The line at 9:00 am in Sydney on the Monday.
async fn line(read_at: Option<&'static str>) -> String {
    let now = at("2026-11-22T22:00:00Z");
    html::<ReadAt>(move || ReadAtProps { read_at: read_at.map(at), now, zone: Zone::SYDNEY }).await
}

#[tokio::test]
async fn how_old_the_calendar_is_is_said_aloud_only_where_it_may_be_wrong() {
    let fresh = line(Some("2026-11-22T21:58:00Z")).await;
    in_order(&fresh, &["Updated 8:58 am", "role=\"status\""]);
    let old = line(Some("2026-11-22T21:57:00Z")).await;
    in_order(&old, &["role=\"status\"", "Not updated since 8:57 am"]);
    assert!(!old.contains("Updated 8:57"), "{old}");
    assert!(
        line(Some("2026-11-21T06:10:00Z")).await.contains("Not updated since Saturday 21 November, 5:10 pm")
    );
    let none = line(None).await;
    assert!(!none.contains("pdated"), "{none}");
}

#[tokio::test]
async fn who_is_there_and_was_not_checked_in_is_said_with_what_to_do() {
    let said = async |status: AppointmentStatus, acts: &'static [ActName]| {
        html::<NotCheckedIn>(move || {
            let mut one = appointment(1, "Ada Nguyen", "2026-11-22T22:15:00Z", status);
            one.acts = acts.to_vec();
            NotCheckedInProps { appointment: Some(Rc::new(one)) }
        })
        .await
    };
    let now = said(AppointmentStatus::Confirmed, &[ActName::CheckIn]).await;
    in_order(
        &now,
        &["role=\"alert\"", "Booked, but not checked in", "The appointment is there. Press “Check in”"],
    );
    let later = said(AppointmentStatus::Confirmed, &[]).await;
    assert!(later.contains("from an hour before it starts"), "{later}");
    assert!(!said(AppointmentStatus::CheckedIn, &[]).await.contains("not checked in"));
    let elsewhere = html::<NotCheckedIn>(|| NotCheckedInProps { appointment: None }).await;
    assert!(elsewhere.contains("Turn to its day"), "{elsewhere}");
}

#[tokio::test]
async fn each_box_of_a_wrong_date_of_birth_is_marked_and_says_why() {
    let boxes = async |error: Option<&'static str>| {
        html::<BirthFields>(move || BirthFieldsProps {
            born: BirthDate::default(),
            error: error.map(Into::into),
            oninput: Callback::noop(),
        })
        .await
    };
    let page = boxes(Some("Enter a date of birth")).await;
    assert_eq!(page.matches("aria-describedby=\"dob-error\"").count(), 3, "{page}");
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 3, "{page}");
    assert!(!boxes(None).await.contains("aria-invalid"));
}
