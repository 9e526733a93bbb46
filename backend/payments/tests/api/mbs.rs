//! The Medicare Benefits Schedule: twelve records written by hand in the official layout, and what becomes of them.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Request, header},
};
use kernel::testing::TokenIssuer;
use payments::mbs::{List, Loaded, Wish, load, load_list};
use serde_json::{Value, json};
use shared_types::{
    payments::funding::MbsLoadStatus,
    users::{Claims, PlatformRole, Strength},
};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::World;

/// A record: number, sort of fee and what belongs to it.
fn record(item: &str, rest: &str) -> String {
    format!(
        "<Data><ItemNum>{item}</ItemNum><SubItemNum></SubItemNum><ItemStartDate>01.12.1989</ItemStartDate>\
         <ItemEndDate></ItemEndDate><Category>1</Category><Group>A1</Group><BenefitType>C</BenefitType>{rest}\
         <DescriptionStartDate>01.11.2023</DescriptionStartDate><Description>Item {item} &amp; more</Description></Data>\n"
    )
}

fn fixed(item: &str, fee: &str, benefits: &str) -> String {
    let since = "<FeeStartDate>01.07.2026</FeeStartDate>";
    record(item, &format!("<FeeType>N</FeeType>{since}<ScheduleFee>{fee}</ScheduleFee>{benefits}"))
}

/// Fixed and derived fees, benefits of 100, 85 and 75 percent, an incentive, a field that nobody knows, an item that has ended, and one
/// that is there twice.
fn schedule() -> Vec<String> {
    vec![
        fixed("3", "20.05", "<Benefit100>20.05</Benefit100>"),
        fixed("23", "43.90", "<Benefit100>43.90</Benefit100>"),
        fixed("36", "84.90", "<Benefit100>84.90</Benefit100>"),
        record("4", "<FeeType>D</FeeType><DerivedFee>The fee for item 3, plus $30.55</DerivedFee>"),
        fixed("104", "101.30", "<Benefit75>76.00</Benefit75><Benefit85>86.15</Benefit85>"),
        fixed("30001", "50.00", "<Benefit75>37.50</Benefit75>"),
        fixed("10990", "8.10", "<Benefit85>6.90</Benefit85>"),
        fixed("75871", "39.10", "<Benefit85>33.25</Benefit85><Tomorrow>Y</Tomorrow>"),
        fixed("105", "50.95", ""),
        record("44", "<FeeType>N</FeeType><ScheduleFee>125.10</ScheduleFee><Benefit100>125.10</Benefit100>")
            .replace("<ItemEndDate></ItemEndDate>", "<ItemEndDate>31.10.2026</ItemEndDate>"),
        fixed("23", "43.90", "<Benefit100>43.90</Benefit100>"),
        fixed("2713", "80.60", "<Benefit100>80.60</Benefit100>"),
    ]
}

fn file(records: &[String]) -> Vec<u8> {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MBS_XML>\n{}</MBS_XML>\n", records.concat())
        .into_bytes()
}

async fn read(world: &World, wish: Wish, bytes: &[u8]) -> Loaded {
    load(&world.core, "MBS-XML.xml", wish, || Ok(Cursor::new(bytes.to_vec()))).await.unwrap()
}

/// The schedule, in force: for tests of what rests on it.
pub async fn in_force(world: &World) {
    let loaded = read(world, Wish::Apply, &file(&schedule())).await;
    assert_eq!(loaded.refused, None);
}

async fn get(world: &World, path: &str, cookie: Option<&str>) -> (u16, Value) {
    let mut request = Request::get(format!("/api/v1/payments{path}"));
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    let response = world.service.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_schedule_is_in_force_from_its_day_with_the_benefit_that_is_paid_out_of_hospital() {
    let world = World::new().await;
    let loaded = read(&world, Wish::Apply, &file(&schedule())).await;
    let load = &loaded.load;
    assert_eq!((load.status, load.items, load.added), (MbsLoadStatus::Applied, 11, 11));
    for (item, benefit) in
        [("23", json!(4390)), ("104", json!(8615)), ("10990", json!(690)), ("105", json!(4335))]
    {
        let (status, body) = get(&world, &format!("/items/{item}"), None).await;
        assert_eq!((status, &body["benefit_cents"]), (200, &benefit), "{item}: {body}");
    }
    let (_, derived) = get(&world, "/items/4", None).await;
    assert_eq!(derived["derived_fee"], "The fee for item 3, plus $30.55");
    assert_eq!((&derived["fee_type"], &derived["benefit_cents"]), (&json!("derived"), &Value::Null));
    assert_eq!(get(&world, "/items/30001", None).await.1["benefit_cents"], Value::Null);
    assert_eq!(get(&world, "/items/23", None).await.1["description"], "Item 23 & more");
    assert_eq!(get(&world, "/items/23?on=2026-06-30", None).await.0, 404);
    assert_eq!(get(&world, "/items/44?on=2026-10-31", None).await.0, 200);
    assert_eq!(get(&world, "/items/44?on=2026-11-01", None).await.0, 404);
    assert_eq!(get(&world, "/items/99", None).await.0, 404);
}

#[tokio::test]
async fn a_preview_shows_what_would_change_and_changes_nothing() {
    let world = World::new().await;
    let loaded = read(&world, Wish::Preview, &file(&schedule())).await;
    assert_eq!((loaded.load.status, loaded.changes.added.len()), (MbsLoadStatus::Previewed, 11));
    assert_eq!(get(&world, "/items/23", None).await.0, 404);
}

#[tokio::test]
async fn a_later_schedule_ends_the_old_fee_on_the_day_of_the_new_one() {
    let world = World::new().await;
    in_force(&world).await;
    let mut later = schedule();
    for at in [1, 10] {
        later[at] = later[at].replace("01.07.2026", "01.12.2026").replace("43.90", "45.00");
    }
    let loaded = read(&world, Wish::Apply, &file(&later)).await;
    assert_eq!((loaded.load.added, loaded.load.changed, loaded.load.ended), (0, 1, 0));
    let change = &loaded.changes.changed[0];
    assert_eq!((change.fee_before.unwrap().0, change.fee.unwrap().0), (4390, 4500));
    assert_eq!(get(&world, "/items/23?on=2026-11-30", None).await.1["schedule_fee_cents"], 4390);
    assert_eq!(get(&world, "/items/23?on=2026-12-01", None).await.1["schedule_fee_cents"], 4500);
    let again = read(&world, Wish::Apply, &file(&later)).await;
    assert_eq!(again.refused.as_deref(), Some("it is in force already"));
    let older = read(&world, Wish::Apply, &file(&schedule()[..9])).await;
    assert!(older.refused.unwrap().contains("2026-12-01"));
}

#[tokio::test]
async fn a_file_that_drops_more_than_one_item_in_twenty_is_refused_whole() {
    let world = World::new().await;
    let many: Vec<_> = (1..=40).map(|item| fixed(&item.to_string(), "10.00", "")).collect();
    read(&world, Wish::Apply, &file(&many)).await;
    let three_gone = read(&world, Wish::Apply, &file(&many[3..])).await;
    assert_eq!(three_gone.load.status, MbsLoadStatus::Refused);
    assert!(three_gone.refused.unwrap().contains("3 of 40"));
    assert_eq!(get(&world, "/items/1", None).await.0, 200);
    let two_gone = read(&world, Wish::Apply, &file(&many[2..])).await;
    assert_eq!((two_gone.refused, two_gone.load.ended), (None, 2));
}

#[tokio::test]
async fn what_is_no_schedule_is_refused_and_says_why() {
    let world = World::new().await;
    let differs = [fixed("23", "43.90", ""), fixed("23", "44.90", "")];
    for (bytes, why) in [
        (b"<MBS_XML><Data><ItemNum>23".to_vec(), "whole XML"),
        (b"<MBS_XML></MBS_XML>".to_vec(), "no items"),
        (file(&differs), "item 23 is there twice"),
        (file(&[fixed("23", "43,90 AUD", "")]), "item 23 has no ScheduleFee"),
        (file(&[record("23", "<FeeType>X</FeeType>")]), "item 23 has no FeeType"),
        (file(&[fixed("23A", "43.90", "")]), "item 23A has no number"),
    ] {
        let loaded = read(&world, Wish::Apply, &bytes).await;
        assert!(loaded.refused.as_ref().unwrap().contains(why), "{:?}", loaded.refused);
    }
    let kept: Vec<String> = sqlx::query_scalar("select distinct status from payments.mbs_load")
        .fetch_all(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(kept, ["refused"]);
}

#[tokio::test]
async fn administrators_see_what_was_read() {
    let world = World::new().await;
    in_force(&world).await;
    let issuer = TokenIssuer::known_to(&world.core).await;
    let claims = Claims {
        session_id: Uuid::from_u128(7).into(),
        account_id: Uuid::from_u128(8).into(),
        patient_id: None,
        strength: Strength::Passkey,
        acts_for: Vec::new(),
        memberships: Vec::new(),
        platform: vec![PlatformRole::Administrator],
        issued_at: world.core.now(),
        expires_at: world.core.now() + jiff::SignedDuration::from_mins(10),
    };
    let (status, body) = get(&world, "/platform/mbs-loads", Some(&issuer.cookie(&claims))).await;
    assert_eq!((status, body["items"].as_array().unwrap().len()), (200, 1));
    assert_eq!(body["items"][0]["file_name"], "MBS-XML.xml");
    assert_eq!(get(&world, "/platform/mbs-loads", None).await.0, 401);
}

#[tokio::test]
async fn a_list_takes_the_place_of_the_one_before_or_nothing_changes() {
    let world = World::new().await;
    let caps = "effective_from,cap_cents,source\n2025-11-01,10270,the schedule's notes\n";
    assert_eq!(load_list(&world.core, List::GapCaps, caps.as_bytes()).await.unwrap(), 1);
    let wrong = "effective_from,cap_cents,source\n2025-11-01,0,nothing\n";
    load_list(&world.core, List::GapCaps, wrong.as_bytes()).await.unwrap_err();
    let kept: i64 = sqlx::query_scalar("select cap_cents from payments.gap_cap")
        .fetch_one(&world.core.pool)
        .await
        .unwrap();
    assert_eq!(kept, 10_270);
}
