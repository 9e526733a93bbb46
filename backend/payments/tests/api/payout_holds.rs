//! The list of held payouts, page by page.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    desk::{Desk, PRACTICE},
    money::{administrator, paid},
};

/// Seventy practices are held, one after another; the first ten are paid out again.
async fn seventy() -> Desk {
    let desk = Desk::without_number().await;
    sqlx::query(
        "insert into payments.payout_hold (payout_hold_id, organization_id, reason, held_by, held_at, released_by, \
         released_at, release_reason) \
         select id, id, 'Somebody has to look', $1, '2026-11-01T00:00:00Z'::timestamptz + n * interval '1 minute', \
         case when n <= 10 then $1 end, case when n <= 10 then '2026-11-20T00:00:00Z'::timestamptz end, \
         case when n <= 10 then 'It is in order' end \
         from generate_series(1, 70) n, lateral (select lpad(to_hex(n), 32, '0')::uuid as id) named",
    )
    .bind(Uuid::from_u128(0xEE))
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    desk
}

/// The numbers of the holds on a page, and where it goes on.
async fn page(desk: &Desk, cursor: Option<&str>) -> (Vec<u128>, Option<String>) {
    let path = match cursor {
        Some(cursor) => format!("/platform/payout-holds?cursor={cursor}"),
        None => "/platform/payout-holds".to_owned(),
    };
    let admin = administrator(desk, 0xEE);
    let (status, body) = desk.send(Method::GET, &path, Some(&admin), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let id = |hold: &Value| hold["payout_hold_id"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128();
    let holds = body["items"].as_array().unwrap().iter().map(id).collect();
    (holds, body["next"].as_str().map(str::to_owned))
}

fn down(from: u128, to: u128) -> Vec<u128> {
    (to..=from).rev().collect()
}

#[tokio::test]
async fn held_payouts_come_in_pages_the_open_ones_first() {
    let desk = seventy().await;
    let (first, next) = page(&desk, None).await;
    assert_eq!(first, down(70, 21));
    let (second, end) = page(&desk, next.as_deref()).await;
    assert_eq!((second, end), (down(20, 1), None));
}

#[tokio::test]
async fn one_that_is_let_go_between_two_pages_hides_none() {
    let desk = seventy().await;
    let (_, next) = page(&desk, None).await;
    // The last of the first page.
    let release = format!("/platform/payout-holds/{}/release", Uuid::from_u128(21));
    let admin = administrator(&desk, 0xEE);
    let (status, body) =
        desk.send(Method::POST, &release, Some(&admin), json!({"reason": "It is in order"})).await;
    assert_eq!(status, 200, "{body}");
    let (second, end) = page(&desk, next.as_deref()).await;
    assert_eq!((second, end), ([down(20, 11), vec![21], down(10, 1)].concat(), None));
}

#[tokio::test]
async fn what_is_no_cursor_is_refused() {
    let desk = Desk::without_number().await;
    let admin = administrator(&desk, 0xEE);
    let path = "/platform/payout-holds?cursor=yesterday";
    let (status, body) = desk.send(Method::GET, path, Some(&admin), Value::Null).await;
    assert_eq!((status, body["errors"][0]["pointer"].as_str()), (422, Some("cursor")));
}

#[tokio::test]
async fn a_hold_names_the_practice_as_its_documents_do() {
    let desk = paid().await;
    sqlx::query(
        "insert into payments.payout_hold (payout_hold_id, organization_id, reason, held_by, held_at) \
         values ($1, $2, 'Somebody has to look', $1, now())",
    )
    .bind(Uuid::from_u128(0xEE))
    .bind(PRACTICE.0)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let admin = administrator(&desk, 0xEE);
    let (status, body) = desk.send(Method::GET, "/platform/payout-holds", Some(&admin), Value::Null).await;
    assert_eq!((status, &body["items"][0]["legal_name"]), (200, &json!("Harbour Pty Ltd")), "{body}");
}
