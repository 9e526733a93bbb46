//! Demo practices that collect through us.

use demo::{Plan, PlanInput, testing::input};

use crate::World;

#[tokio::test]
async fn demo_practices_collect_in_every_way_and_the_others_hear_of_it() {
    let world = World::new().await;
    let plan = Plan::new(PlanInput { appointments_max: 1_000, ..input(400, 1) }).unwrap();
    let loaded = payments::demo::load(&world.core, &plan).await.unwrap();
    assert!(loaded > 10, "{loaded} practices");
    assert_eq!(payments::demo::load(&world.core, &plan).await.unwrap(), 0, "they are there");
    assert_eq!(payments::demo::accounts(&world.core.pool).await.unwrap().len(), loaded);
    let ways: Vec<(String, String)> = sqlx::query_as(
        "select distinct mode, collection from payments.funding_rule order by mode, collection",
    )
    .fetch_all(&world.core.pool)
    .await
    .unwrap();
    for (mode, collection) in [
        ("bulk_billed", "at_practice"),
        ("private", "after_visit"),
        ("private", "deposit"),
        ("private", "prepaid"),
    ] {
        assert!(ways.contains(&(mode.to_owned(), collection.to_owned())), "{mode} {collection}: {ways:?}");
    }
    let told: Vec<(String, i64)> =
        sqlx::query_as("select name, count(*) from payments.outbox group by name order by name")
            .fetch_all(&world.core.pool)
            .await
            .unwrap();
    let types: i64 = sqlx::query_scalar("select count(*) from payments.funding")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    let practices = i64::try_from(loaded).unwrap();
    assert_eq!(
        told,
        [("funding_changed".to_owned(), types), ("practice_account_changed".to_owned(), practices)]
    );
}

/// Nobody takes them for the Medicare Benefits Schedule.
#[tokio::test]
async fn demo_items_say_that_they_are_invented() {
    let world = World::new().await;
    let plan = Plan::new(PlanInput { appointments_max: 1_000, ..input(60, 1) }).unwrap();
    payments::demo::load(&world.core, &plan).await.unwrap();
    let said: Vec<String> = sqlx::query_scalar("select description from payments.fee_item")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(said.len(), 4);
    assert!(said.iter().all(|description| description.starts_with("Invented for the demo")), "{said:?}");
    let lists: i64 = sqlx::query_scalar(
        "select count(*) from (select source from payments.gap_cap union all select source from payments.eligible_item) \
         list where source = 'Invented for the demo'",
    )
    .fetch_one(&world.core.pool)
    .await
    .unwrap();
    assert_eq!(lists, 5);
}
