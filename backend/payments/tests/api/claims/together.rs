//! Staff, patients and what bookings tells at the same visit at the same time: who only reads waits for nobody, and no two wait for each
//! other, since all of them begin with the claimant.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use super::{completed, no_visit::ready, only_claim, path, post};
use crate::desk::{Desk, PRACTICE};

/// Until a statement waits for somebody who holds what it needs.
async fn until_somebody_waits(desk: &Desk) {
    let mut admin = desk.world.database.administrator().await;
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let waits = async {
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut admin).await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waits).await.unwrap();
}

#[tokio::test]
async fn who_reads_the_queue_waits_for_nobody() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let mut held = desk.world.core.begin().await.unwrap();
    for statement in ["select from payments.claimant for update", "select from payments.claim for update"] {
        sqlx::query(statement).execute(&mut *held).await.unwrap();
    }
    let read = tokio::time::timeout(Duration::from_secs(10), only_claim(&desk)).await;
    assert_eq!(read.unwrap()["patient_name"], "Ada Example");
    held.rollback().await.unwrap();
}

#[tokio::test]
async fn who_changes_a_claim_or_an_agreement_waits_for_its_claimant_and_holds_neither() {
    let desk = Desk::open().await;
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    let offered = desk.assignments(1).await.remove(0);
    let answer = format!("/assignments/{}/answer", offered["assignment_id"].as_str().unwrap());
    let declines =
        json!({"agrees": false, "document_sha256": offered["document_sha256"], "relation": "patient"});
    // One for every visit: the card that is given is kept for each of them.
    let ask = format!("/practices/{PRACTICE}/bookings/{}/assignments", Uuid::from_u128(1));
    let wanted = json!({"kind": "enduring", "ground": "my_medicare", "expires_on": "2027-11-21"});
    let (status, enduring) = post(&desk, &ask, wanted).await;
    assert_eq!(status, 201, "{enduring}");
    let answer_for_all = format!("/assignments/{}/answer", enduring["assignment_id"].as_str().unwrap());
    let agrees = json!({
        "agrees": true,
        "document_sha256": enduring["document_sha256"],
        "relation": "patient",
        "claimant": {
            "family_name": "Example",
            "given_name": "Ada",
            "date_of_birth": "1980-02-29",
            "medicare_number": "2123456701",
            "medicare_irn": "1",
        },
    });
    let no_assignment_is_held = "select from payments.assignment for update nowait";
    for (cookie, path, body, locks) in [
        (
            desk.staff(StaffRole::Billing),
            path(&draft, "/withdraw"),
            Value::Null,
            "select from payments.claim for update nowait",
        ),
        (desk.ada(), answer, declines, no_assignment_is_held),
        (desk.ada(), answer_for_all, agrees, no_assignment_is_held),
    ] {
        let mut held = desk.world.core.begin().await.unwrap();
        sqlx::query("select from payments.claimant for update").execute(&mut *held).await.unwrap();
        let goes_on = async {
            until_somebody_waits(&desk).await;
            sqlx::query(locks).execute(&mut *held).await.unwrap();
            held.rollback().await.unwrap();
        };
        let ((status, body), ()) = tokio::join!(desk.send(Method::POST, &path, Some(&cookie), body), goes_on);
        assert_eq!(status, 200, "{body}");
    }
}

/// As another of the same patient's is, that is being written and names the agreement.
#[tokio::test]
async fn who_changes_a_claim_does_not_wait_for_one_that_rests_on_the_same_agreement() {
    let desk = Desk::open().await;
    let (_, draft) = ready(&desk).await;
    let mut held = desk.world.core.begin().await.unwrap();
    sqlx::query("select from payments.assignment for key share").execute(&mut *held).await.unwrap();
    let at = path(&draft, "/withdraw");
    let withdrawn = tokio::time::timeout(Duration::from_secs(10), post(&desk, &at, Value::Null)).await;
    assert_eq!(withdrawn.unwrap().0, 200);
    held.rollback().await.unwrap();
}
