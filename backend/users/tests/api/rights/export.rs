use serde_json::Value;
use shared_types::export::DataExport;
use uuid::Uuid;

use crate::{
    World,
    browser::{ADA, auth_key},
};

fn rows<'e>(export: &'e DataExport, part: &str) -> &'e [Value] {
    &export.parts.iter().find(|one| one.name == part).unwrap_or_else(|| panic!("no part {part}")).rows
}

#[tokio::test]
async fn a_person_gets_all_that_is_kept_of_them_and_no_secret() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let (browser, published) = world.account_with_keys(&service, ADA).await;
    let patient = world.becomes_a_patient(&browser, ADA, "1980-02-29").await;
    let bo = world.account(&service, "bo@example.org").await;
    world.becomes_a_patient(&bo, "bo@example.org", "1990-01-01").await;
    let account = world.account_id(ADA).await;
    let booking = Uuid::from_u128(0xB0);
    world
        .insert(
            "insert into users.booking (booking_id, organization_id, account_id, patient_id, starts_at, status, version) \
             values ('00000000-0000-0000-0000-0000000000b0', $1, $1, $2, now(), 'confirmed', 1)",
            account,
            patient,
        )
        .await;
    world
        .insert(
            "insert into users.note_thread (booking_id, organization_id, epoch, newest_at) values ($1, $2, 1, now())",
            booking,
            account,
        )
        .await;
    world
        .insert(
            "insert into users.sealed_note (note_id, version, booking_id, epoch, author_side, account_id, key_id, \
             padded_bytes, envelope, created_at) values ($1, 1, $1, 1, 'patient', $2, decode(repeat('07', 32), 'hex'), \
             1024, 'sealed bytes', now())",
            booking,
            account,
        )
        .await;
    let export: DataExport = serde_json::from_value(browser.get("me/export").await.json()).unwrap();
    assert_eq!(rows(&export, "account")[0]["email"], ADA);
    assert_eq!(rows(&export, "patient")[0]["name"], "Ada Nguyen");
    assert_eq!(rows(&export, "patient").len(), 1, "nobody else's");
    assert_eq!(rows(&export, "consent_receipt").len(), 2);
    assert_eq!((rows(&export, "session").len(), rows(&export, "wrapped_key").len()), (2, 2));
    assert_eq!(rows(&export, "sealed_note")[0]["padded_bytes"], 1024);
    let text = serde_json::to_string(&export).unwrap();
    let hash: String =
        sqlx::query_scalar("select auth_hash from users.password_credential where account_id = $1")
            .bind(account)
            .fetch_one(&world.core.pool)
            .await
            .unwrap();
    assert!(!text.contains(&hash) && !text.contains(&auth_key(1)) && !text.contains("sealed bytes"));
    for wrapped in &published.keys.account_key {
        assert!(!text.contains(&wrapped.blob), "a wrapped key");
    }
    assert!(text.contains("a password, kept as a hash"));
    assert_eq!(world.audited("export_record").await, [("account".to_owned(), "allowed".to_owned())]);
}

#[tokio::test]
async fn somebody_elses_record_is_not_there() {
    let world = World::new().await;
    let service = world.start().await.unwrap();
    let bo = world.account(&service, "bo@example.org").await;
    let bos = world.becomes_a_patient(&bo, "bo@example.org", "1990-01-01").await;
    let ada = world.account(&service, ADA).await;
    assert_eq!(ada.get(&format!("me/export?patient_id={bos}")).await.problem(), "not-found");
    assert_eq!(world.audited("export_record").await, [("account".to_owned(), "denied".to_owned())]);
}
