//! The balance after each of a practice's transactions, page by page.

use axum::http::Method;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx as _;
use serde_json::{Value, json};
use shared_types::users::StaffRole;
use uuid::Uuid;

use crate::{
    desk::{Desk, PRACTICE},
    money::practice,
};

const OTHER: Uuid = Uuid::from_u128(0xB2);
const COUNT: i64 = 130;

/// A posting of the practice's: when, which, and what it changed its balance by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    at: Timestamp,
    id: Uuid,
    cents: i64,
}

impl Change {
    /// Three at each moment, seven hours apart, in no order of their ids; some of them took something away.
    fn nth(n: i64) -> Self {
        let first: Timestamp = "2026-10-20T01:30:00Z".parse().unwrap();
        let cents = if n % 5 == 0 { -100 - n } else { 1_000 + 13 * n };
        let id = Uuid::from_u128(u128::try_from(n * 7_919 % 1_009 + 1).unwrap());
        Self { at: first + SignedDuration::from_hours(n / 3 * 7), id, cents }
    }
}

/// A practice's account and the processor's.
async fn accounts(desk: &Desk) {
    for (kind, whose) in
        [("processor", None), ("practice_balance", Some(PRACTICE.0)), ("practice_balance", Some(OTHER))]
    {
        sqlx::query(
            "insert into payments.account (ledger_account_id, kind, organization_id, created_at) \
             values ($1, $2, $3, now())",
        )
        .bind(desk.world.core.id::<Uuid>())
        .bind(kind)
        .bind(whose)
        .execute(&desk.world.core.pool)
        .await
        .unwrap();
    }
}

async fn book(desk: &Desk, whose: Uuid, change: Change) {
    let mut tx = desk.world.core.begin().await.unwrap();
    sqlx::query(
        "insert into payments.posting (posting_id, cause, cause_id, organization_id, occurred_at, created_at) \
         values ($1, 'capture', $1, $2, $3, now())",
    )
    .bind(change.id)
    .bind(whose)
    .bind(change.at.to_sqlx())
    .execute(&mut *tx)
    .await
    .unwrap();
    sqlx::query(
        "insert into payments.entry (posting_id, position, ledger_account_id, amount_cents) \
         select $1, case kind when 'processor' then 1 else 2 end, ledger_account_id, \
             case kind when 'processor' then $2 else -$2 end \
         from payments.account where organization_id is null or organization_id = $3",
    )
    .bind(change.id)
    .bind(change.cents)
    .bind(whose)
    .execute(&mut *tx)
    .await
    .unwrap();
    desk.world.core.commit(tx).await.unwrap();
}

/// All of them, those that happened in between last; and one of another practice in the middle of them.
async fn booked() -> (Desk, Vec<Change>) {
    let desk = Desk::without_number().await;
    accounts(&desk).await;
    let mut changes: Vec<_> = (0..COUNT).map(Change::nth).collect();
    for first in [1, 0] {
        for change in changes.iter().skip(first).step_by(2) {
            book(&desk, PRACTICE.0, *change).await;
        }
    }
    let of_another = Change { id: Uuid::from_u128(5_000), cents: 70_000, ..changes[60] };
    book(&desk, OTHER, of_another).await;
    changes.sort();
    (desk, changes)
}

async fn get(desk: &Desk, path: &str) -> Value {
    let billing = desk.staff(StaffRole::Billing);
    let (status, body) = desk.send(Method::GET, &practice(path), Some(&billing), Value::Null).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// Every page of a span: how many each has, and which changed the balance by how much to what.
async fn pages(desk: &Desk, span: &str) -> (Vec<usize>, Vec<(String, i64, i64)>) {
    let (mut sizes, mut rows, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = get(desk, &format!("/transactions?{span}{cursor}")).await;
        let items = page["items"].as_array().unwrap();
        sizes.push(items.len());
        rows.extend(items.iter().map(|item| {
            let cents = |name: &str| item[name].as_i64().unwrap();
            (item["posting_id"].as_str().unwrap().to_owned(), cents("net_cents"), cents("balance_cents"))
        }));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (sizes, rows),
        }
    }
}

/// What they should say, the latest first.
fn expected(changes: &[Change]) -> Vec<(String, i64, i64)> {
    let mut balance = 0;
    let mut rows: Vec<_> = changes
        .iter()
        .map(|change| {
            balance += change.cents;
            (change.id.to_string(), change.cents, balance)
        })
        .collect();
    rows.reverse();
    rows
}

#[tokio::test]
async fn balances_add_up_across_pages_and_end_with_the_statements() {
    let (desk, changes) = booked().await;
    let (sizes, rows) = pages(&desk, "from=2026-10-01&until=2026-12-01").await;
    assert_eq!((sizes, &rows), (vec![50, 50, 30], &expected(&changes)));
    let statement = get(&desk, "/statement?month=2026-11").await;
    assert_eq!(statement["closing_cents"], json!(rows[0].2));
}

#[tokio::test]
async fn a_span_that_begins_later_begins_with_the_balance_of_all_before_it() {
    let (desk, changes) = booked().await;
    // Midnight in Sydney of the 25th, which is in the middle of a day of the ledger's.
    let from: Timestamp = "2026-10-24T13:00:00Z".parse().unwrap();
    let (_, rows) = pages(&desk, "from=2026-10-25&until=2026-12-01").await;
    let within = changes.iter().filter(|change| change.at >= from).count();
    assert!((50..changes.len()).contains(&within), "{within}");
    assert_eq!(rows, expected(&changes)[..within]);
}

#[tokio::test]
async fn the_sums_of_days_are_those_of_their_entries() {
    let (desk, _) = booked().await;
    let different: i64 = sqlx::query_scalar(
        "with summed as ( \
             select entry.ledger_account_id, (posting.occurred_at at time zone 'UTC')::date as day, \
                 sum(entry.amount_cents)::bigint as net_cents \
             from payments.entry join payments.posting using (posting_id) join payments.account using (ledger_account_id) \
             where account.kind = 'practice_balance' group by 1, 2 \
         ) \
         select count(*) from summed full join payments.balance_day kept using (ledger_account_id, day) \
         where summed.net_cents is distinct from kept.net_cents",
    )
    .fetch_one(&desk.world.core.pool)
    .await
    .unwrap();
    let days: i64 = sqlx::query_scalar("select count(*) from payments.balance_day")
        .fetch_one(&desk.world.core.pool)
        .await
        .unwrap();
    assert_eq!((different, days), (0, 14));
}
