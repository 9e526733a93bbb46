//! A practice's share that the processor gives no answer about for most of a day: whether it was moved nobody knows.

use std::collections::HashSet;

use axum::http::Method;
use jiff::SignedDuration;
use processor_sandbox::Faults;
use serde_json::{Value, json};

use super::{
    refunded_at_processor::{ASKED_BACK, owed, paid, refused_shares, told},
    staff::Staff,
    till::Till,
};

/// Longer than the longest pause before it is asked again.
const LATER: SignedDuration = SignedDuration::from_mins(90);
/// How often it is asked for without an answer.
const TRIES: usize = 20;

/// The practice's share of a refund at the processor was asked back all day, and nobody answered.
async fn given_up() -> (Till, Staff) {
    let (till, charge) = paid().await;
    till.control(&format!("charges/{charge}/refund"), "amount=5000").await;
    told(&till, "evt_1", &charge).await;
    no_answer(&till, TRIES).await;
    let staff = Staff::at(&till).await;
    (till, staff)
}

async fn no_answer(till: &Till, times: usize) {
    till.sandbox.set_faults(Faults { busy_percent: 100, ..Faults::default() });
    for _ in 0..times {
        assert_eq!(till.run("payments.run_processor_calls").await, 1);
        till.world.core.clock.advance(LATER);
    }
    assert_eq!(till.run("payments.run_processor_calls").await, 0, "it is not asked any more");
    till.sandbox.set_faults(Faults::default());
}

async fn ask_again(till: &Till, staff: &Staff, share: &Value) -> (u16, Value) {
    let path = format!("/shares/{}/ask-again", share["processor_call_id"].as_str().unwrap());
    staff.of_platform(till, Method::POST, &path).await
}

#[tokio::test]
async fn an_administrator_finds_it_and_has_it_asked_for_again() {
    let (till, staff) = given_up().await;
    till.work().await;
    assert_eq!(owed(&till).await, 5_700, "it is booked as it is to be");
    let [share]: [Value; 1] = refused_shares(&till, &staff).await.try_into().unwrap();
    let shown =
        ["to", "legal_name", "amount_cents", "times", "why", "asked_at"].map(|field| share[field].clone());
    let harbour = json!("Harbour Pty Ltd");
    assert_eq!(
        shown,
        [json!("reverse_transfer"), harbour, json!(4_750), json!(0), Value::Null, Value::Null],
        "{share}"
    );
    let (status, asked) = ask_again(&till, &staff, &share).await;
    assert_eq!((status, &asked["asked_at"]), (200, &json!(till.world.core.now())), "{asked}");
    assert_eq!(till.entries("ask_again_for_share").await, 1);
    till.work().await;
    assert_eq!(refused_shares(&till, &staff).await, Vec::<Value>::new());
    assert_eq!(till.read(ASKED_BACK).await, "done 4750");
    let (status, problem) = ask_again(&till, &staff, &share).await;
    assert_eq!((status, &problem["type"]), (409, &json!("/problems/wrong-state")), "{problem}");
}

#[tokio::test]
async fn without_an_answer_once_more_it_is_there_again_and_was_not_asked_for_first() {
    let (till, staff) = given_up().await;
    let [share]: [Value; 1] = refused_shares(&till, &staff).await.try_into().unwrap();
    assert_eq!(ask_again(&till, &staff, &share).await.0, 200);
    assert_eq!(
        till.read("select attempts::text from payments.processor_call where status = 'due'").await,
        "1"
    );
    no_answer(&till, TRIES - 1).await;
    assert_eq!(refused_shares(&till, &staff).await, [share]);
}

#[tokio::test]
async fn more_than_a_hundred_are_shown_on_several_pages() {
    let (till, _) = paid().await;
    let staff = Staff::at(&till).await;
    sqlx::query(
        "insert into payments.processor_call (processor_call_id, idempotency_key, operation, amount_cents, status, \
         attempts, answer, created_at, updated_at) \
         select gen_random_uuid(), number || ':send_share', 'send_share', number, 'given_up', 20, 'no answer', now(), now() \
         from generate_series(1, 150) number",
    )
    .execute(&till.world.core.pool)
    .await
    .unwrap();
    let (mut seen, mut pages, mut next) = (HashSet::new(), Vec::new(), Some(String::new()));
    while let Some(cursor) = next {
        let (status, page) = staff.of_platform(&till, Method::GET, &format!("/shares{cursor}")).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap();
        pages.push(items.len());
        seen.extend(items.iter().map(|share| share["amount_cents"].as_i64().unwrap()));
        next = page["next"].as_str().map(|next| format!("?cursor={next}"));
    }
    assert_eq!((pages, seen), (vec![100, 50], (1..=150).collect()));
}
