//! Support's pages: sent empty to everybody alike, and the parts that only a browser fills, rendered by themselves.

use frontend::pages::account::record::reasons::{StatedReasons, StatedReasonsProps};
use shared_types::{
    AccessGrantId, PatientId,
    users::{AccessGrant, GrantCategory},
};
use uuid::Uuid;

use crate::{
    parts::{html, in_order},
    support::{Canned, at, get, site},
};

const ID: &str = "00000000-0000-7000-8000-000000000009";

#[tokio::test]
async fn pages_of_support_are_sent_empty_and_are_neither_kept_nor_indexed() {
    for (path, heading) in
        [("/support".to_owned(), "Helping by a stated reason"), (format!("/support/{ID}"), "A person’s data")]
    {
        let page = get(&site(Canned::new()), &path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        page.is_sound();
        page.has("noindex");
        page.has(&format!("<h1>{heading}</h1>"));
        page.has("aria-busy=\"true\"");
        for private in ["<form", "class=\"card"] {
            page.lacks(private);
        }
    }
}

#[tokio::test]
async fn a_person_reads_each_stated_reason_with_its_time_and_their_own_number() {
    let patient_id = PatientId(Uuid::from_u128(9));
    let html = html::<StatedReasons>(move || StatedReasonsProps {
        grants: vec![AccessGrant {
            access_grant_id: AccessGrantId(Uuid::from_u128(4)),
            patient_id,
            category: GrantCategory::PersonAsked,
            reason: "You asked us to find a booking.".to_owned(),
            granted_at: at("2026-11-22T22:15:00Z"),
            expires_at: at("2026-11-22T22:45:00Z"),
        }],
        patient_id: Some(patient_id),
    })
    .await;
    in_order(
        &html,
        &[
            "When our support helps",
            "Help was asked for",
            "You asked us to find a booking.",
            "Monday 23 November 2026, 9:15 am",
            "Monday 23 November 2026, 9:45 am",
            "00000000-0000-0000-0000-000000000009",
        ],
    );
}
