use std::fs;

use serde_json::{Value, json};
use shared_types::users::ErasureRequest;
use users::Reapplied;
use uuid::Uuid;

use crate::{World, browser::ADA};

/// The register outside the database.
fn register(world: &World) -> std::path::PathBuf {
    world.home.path().join("audit/users/erasures.ndjson")
}

fn written(world: &World) -> Vec<Value> {
    let text = fs::read_to_string(register(world)).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn who_was_erased_is_written_down_outside_the_database_once_and_without_a_name() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let job = service.jobs.iter().find(|job| job.name == "users.write_erasures").unwrap();
    job.run_once().await.unwrap();
    assert_eq!(written(&world), Vec::<Value>::new());
    let browser = world.account(&service, ADA).await;
    let patient = world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    let account = world.account_id(ADA).await;
    let asked = browser.post("me/erasure", json!({"email": ADA})).await.json();
    for _ in 0..2 {
        job.run_once().await.unwrap();
    }
    let expected = json!({
        "erasure_id": asked["erasure_id"],
        "account_id": account,
        "patients": [patient],
        "asked_at": asked["asked_at"],
    });
    assert_eq!(written(&world), [expected]);
}

#[tokio::test]
async fn a_restored_database_forgets_again_who_was_erased_since() {
    // The database is as it was before Ada and Cy asked to be erased; Cy's account is younger still.
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let browser = world.account(&service, ADA).await;
    let patient = world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    let account = world.account_id(ADA).await;
    world.account(&service, "bo@example.org").await;
    let none = users::reapply_erasures(&world.core, &world.settings(), None).await.unwrap_err();
    assert!(none.to_string().contains("there is no register"), "{none}");

    let line = |nth: u128, account: Uuid, patients: &[Uuid]| {
        json!({"erasure_id": Uuid::from_u128(nth), "account_id": account, "patients": patients,
            "asked_at": "2026-11-21T00:00:00Z"})
    };
    let (ada, cy) = (line(1, account, &[patient]), line(2, Uuid::from_u128(99), &[]));
    fs::create_dir_all(register(&world).parent().unwrap()).unwrap();
    fs::write(register(&world), format!("{ada}\n{cy}\n{ada}\n{{\"erasure_id\":\n")).unwrap();
    let letters = world.told().await.iter().filter(|name| *name == "mail_requested").count();
    let done = users::reapply_erasures(&world.core, &world.settings(), None).await.unwrap();
    let expected = Reapplied { erased: 1, absent: 1, unreadable: 1, ..Reapplied::default() };
    assert_eq!(done, expected);

    assert_eq!(browser.sign_in(ADA, 1).await.problem(), "wrong-sign-in");
    for table in [
        "patient",
        "password_credential where account_id = (select account_id from users.erasure where \
                   erasure_id = '00000000-0000-0000-0000-000000000001')",
    ] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    assert_eq!(world.count("account where closed_at is null").await, 1, "nobody else is touched");
    let told: Value = sqlx::query_scalar("select body from users.outbox where name = 'erasure_requested'")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    let told: ErasureRequest = serde_json::from_value(told).unwrap();
    assert_eq!((told.erasure_id.0, told.account_id.0), (Uuid::from_u128(1), account));
    assert_eq!(told.patients().iter().map(|id| id.0).collect::<Vec<_>>(), [patient]);
    let after = world.told().await.iter().filter(|name| *name == "mail_requested").count();
    assert_eq!(after, letters, "they had their letter");

    let again = users::reapply_erasures(&world.core, &world.settings(), None).await.unwrap();
    assert_eq!(again, Reapplied { known: 2, unreadable: 1, ..Reapplied::default() });
}
