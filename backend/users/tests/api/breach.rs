//! Suspected breaches are kept with their thirty days and what was decided.

use users::breach::{self, BreachIncidentId, Decision, Status};
use uuid::Uuid;

use crate::World;

#[tokio::test]
async fn an_incident_is_opened_and_decided_and_both_are_in_the_audit_log() {
    let world = World::new().await;
    let suspected = "2026-11-22T00:00:00Z".parse().unwrap();
    let opened = breach::open(&world.core, suspected, "A staff password was guessed.").await.unwrap();
    assert_eq!((opened.assess_by, opened.status), ("2026-12-22".parse().unwrap(), Status::Assessing));
    let id = opened.breach_incident_id;
    assert_eq!(breach::find(&world.core, id).await.unwrap(), Some(opened));
    breach::decide(&world.core, id, Decision::Notifiable, "Health information was read.").await.unwrap();
    breach::decide(&world.core, id, Decision::Notified, "Told on the same day.").await.unwrap();
    let found = breach::find(&world.core, id).await.unwrap().unwrap();
    assert_eq!(found.status, Status::Decided(Decision::Notified));
    let mut admin = world.database.administrator().await;
    let decided: Vec<String> = sqlx::query_scalar("select status from users.breach_decision order by ctid")
        .fetch_all(&mut admin)
        .await
        .unwrap();
    assert_eq!(decided, ["notifiable", "notified"]);
    let written: Vec<String> =
        sqlx::query_scalar("select action from users.audit_entry where resource_id = $1 order by ctid")
            .bind(id.to_string())
            .fetch_all(&mut admin)
            .await
            .unwrap();
    assert_eq!(written, ["open_breach_incident", "decide_breach_incident", "decide_breach_incident"]);
}

#[tokio::test]
async fn nothing_is_suspected_in_the_future_and_nothing_decided_of_an_incident_that_is_not_there() {
    let world = World::new().await;
    let tomorrow = "2026-11-23T00:00:00Z".parse().unwrap();
    assert!(breach::open(&world.core, tomorrow, "Later.").await.is_err());
    let nowhere = BreachIncidentId(Uuid::from_u128(7));
    assert!(breach::decide(&world.core, nowhere, Decision::Notified, "No.").await.is_err());
    assert_eq!(breach::find(&world.core, nowhere).await.unwrap(), None);
}
