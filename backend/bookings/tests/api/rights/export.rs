use serde_json::Value;
use shared_types::{export::DataExport, page::Page, users::ConsentHeld};

use crate::{
    app::{App, details, monday},
    members::{ADA, CHILD, ada, claims, signed_in},
};

const EXPORT: &str = "/api/v1/bookings/me/export";

fn rows<'e>(export: &'e DataExport, part: &str) -> &'e [Value] {
    &export.parts.iter().find(|one| one.name == part).unwrap_or_else(|| panic!("no part {part}")).rows
}

#[tokio::test]
async fn a_person_gets_all_that_is_theirs_and_of_others_only_that_they_booked_for_them() {
    let app = App::new().await;
    let mut parent = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut parent, monday(10, 0)).await;
    let hold = app.hold(&mut parent, monday(11, 0)).await;
    let mut for_child = details(5);
    for_child["patient_id"] = CHILD.to_string().into();
    assert_eq!(parent.confirm(app.key(), &hold, &for_child).await.status, 200);
    app.book(&mut signed_in(&app, &claims(&app, 7)).await, monday(12, 0)).await;

    let export: DataExport = parent.get(EXPORT).await.read();
    assert_eq!((export.service.as_str(), export.as_of), ("bookings", app.core.now()));
    assert_eq!(rows(&export, "appointment").len(), 1);
    assert_eq!(rows(&export, "appointment")[0]["booking_id"], booked.booking_id.to_string());
    let parties = rows(&export, "appointment_party");
    assert_eq!(parties.len(), 2);
    let (own, childs): (Vec<_>, Vec<_>) = parties.iter().partition(|row| row["name"].is_string());
    assert_eq!(own[0]["patient_id"], ADA.to_string());
    assert_eq!(childs[0]["note"], "you booked this for somebody else");
    assert_eq!(rows(&export, "consent_receipt").len(), 1);
    assert_eq!(rows(&export, "manage_link").len(), 1);
    // Parts without rows are there, too.
    assert!(rows(&export, "party_statement").is_empty());
}

#[tokio::test]
async fn no_secret_leaves_in_an_export() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    let booked = app.book(&mut patient, monday(10, 0)).await;
    app.hold(&mut patient, monday(11, 0)).await;
    let token = app.manage_token(booked.booking_id.0).await;
    let export = patient.get(EXPORT).await.body.to_string();
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar(
        "select token_hash from bookings.manage_link union all select guest_hash from bookings.hold \
         union all select guest_hash from bookings.appointment_party",
    )
    .fetch_all(&app.core.pool)
    .await
    .unwrap();
    assert_eq!(hashes.len(), 4);
    for hash in hashes {
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!export.contains(&hex), "{export}");
    }
    assert!(!export.contains(&token) && export.contains("kept as its fingerprint"));
}

#[tokio::test]
async fn somebody_who_looks_after_a_childs_details_gets_the_childs_and_nobody_else_does() {
    let app = App::new().await;
    let path = format!("{EXPORT}?patient_id={CHILD}");
    // Leave to see appointments is not enough.
    signed_in(&app, &ada(&app)).await.get(&path).await.problem(404, "not-found");
    let mut parent = ada(&app);
    parent.acts_for[0].scopes = vec![
        shared_types::users::DelegationScope::Details,
        shared_types::users::DelegationScope::Appointments,
    ];
    let mut parent = signed_in(&app, &parent).await;
    let hold = app.hold(&mut parent, monday(11, 0)).await;
    let mut for_child = details(5);
    for_child["patient_id"] = CHILD.to_string().into();
    assert_eq!(parent.confirm(app.key(), &hold, &for_child).await.status, 200);
    let export: DataExport = parent.get(&path).await.read();
    assert_eq!(rows(&export, "appointment_party")[0]["name"], "Ada Nguyen 5");
    assert!(rows(&export, "hold").is_empty(), "what the parent holds is the parent's");
    app.browser().get(EXPORT).await.problem(401, "signed-out");
}

#[tokio::test]
async fn what_was_agreed_to_at_a_booking_is_listed_and_ends_with_it() {
    let app = App::new().await;
    let mut patient = signed_in(&app, &ada(&app)).await;
    app.book(&mut patient, monday(10, 0)).await;
    let held: Page<ConsentHeld> = patient.get("/api/v1/bookings/me/consents").await.read();
    assert_eq!(held.items.len(), 1);
    assert_eq!((held.items[0].text.as_str(), held.items[0].version), ("booking-collection", 1));
    assert!(!held.items[0].withdrawable && held.items[0].withdrawn_at.is_none());
    let other: Page<ConsentHeld> =
        signed_in(&app, &claims(&app, 7)).await.get("/api/v1/bookings/me/consents").await.read();
    assert!(other.items.is_empty());
}
