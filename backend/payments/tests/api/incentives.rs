//! The incentives that go with bulk billing a visit's services.

use serde_json::{Value, json};

use crate::{
    claims::{completed, items, only_claim, put},
    desk::Desk,
};

/// A visit of a desk where items 3, 23 and 36 have an incentive each.
async fn over() -> (Desk, Value) {
    let desk = Desk::open().await;
    sqlx::query(
        "insert into payments.eligible_item (item_number, effective_from, incentive_kind, source) \
         select item, '2025-11-01', 'single', 'a test' from unnest(array['3', '23', '36']) as item",
    )
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    completed(&desk).await;
    let draft = only_claim(&desk).await;
    (desk, draft)
}

/// Each service of a claim: its item, which time it is given, and whether it is an incentive.
fn services(case: &Value) -> Vec<(&str, i64, bool)> {
    let services = case["services"].as_array().unwrap().iter();
    services
        .map(|it| {
            let (item, occurrence) = (it["item_number"].as_str(), it["occurrence"].as_i64());
            (item.unwrap(), occurrence.unwrap(), it["incentive"].as_bool().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn each_service_has_its_own_incentive_and_a_service_that_has_none_adds_none() {
    let (desk, draft) = over().await;
    let (status, case) = put(&desk, &draft, items(&["23", "36", "105"], 1)).await;
    assert_eq!(status, 200, "{case}");
    let expected =
        [("23", 1, false), ("36", 1, false), ("105", 1, false), ("10990", 1, true), ("10990", 2, true)];
    assert_eq!(services(&case), expected);
    assert_eq!(case["claim"]["claimed_cents"], json!(4_390 + 8_490 + 4_335 + 2 * 690));
}

#[tokio::test]
async fn an_incentive_that_staff_name_for_themselves_is_claimed_as_one() {
    let (desk, draft) = over().await;
    // Nothing proposes one for item 105.
    let (status, case) = put(&desk, &draft, items(&["105", "10990"], 1)).await;
    assert_eq!(status, 200, "{case}");
    assert_eq!(services(&case), [("105", 1, false), ("10990", 1, true)]);
    assert_eq!(case["claim"]["claimed_cents"], json!(4_335 + 690));
}

#[tokio::test]
async fn an_incentive_that_was_named_as_well_is_claimed_no_more_often() {
    let (desk, draft) = over().await;
    let (status, case) = put(&desk, &draft, items(&["23", "10990"], 1)).await;
    assert_eq!(status, 200, "{case}");
    assert_eq!(services(&case), [("23", 1, false), ("10990", 1, true)]);
}
