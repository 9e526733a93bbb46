use serde_json::json;

use super::details;
use crate::{World, browser::ADA};

#[tokio::test]
async fn what_details_said_before_is_for_auditors_and_for_nobody_else() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    let mut changed = details("1980-02-28", 1);
    changed["name"] = json!("Ada Tran");
    assert_eq!(browser.put("me/patient", changed).await.status, 200);

    let mut auditor = world.database.connect("users_audit").await;
    let before: Vec<(String, i32, jiff_sqlx::Timestamp)> =
        sqlx::query_as("select name, version, replaced_at from users.patient_history")
            .fetch_all(&mut auditor)
            .await
            .unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!((before[0].0.as_str(), before[0].1), ("Ada Nguyen", 1));
    assert_eq!(before[0].2.to_jiff(), world.core.now());
    for statement in [
        "select name from users.patient_history",
        "select * from users.patient_history",
        "update users.patient_history set name = 'x'",
        "insert into users.patient_history select * from users.patient_history",
    ] {
        let refused = sqlx::query(statement).execute(&world.core.pool).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied"), "{statement}: {refused}");
    }
    // Nor is it in what the person is handed out, but it goes with them.
    assert!(!browser.get("me/export").await.text.contains("1980-02-29"));
}
