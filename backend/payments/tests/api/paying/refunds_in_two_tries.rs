//! What an administrator gives back of two charges, or in two refunds, counts together: above the limit a second one agrees.

use axum::http::Method;
use serde_json::{Value, json};
use shared_types::{
    AudCents,
    bookings::{AppointmentFact, AppointmentStatus},
    users::StaffRole,
};
use uuid::Uuid;

use crate::{
    appointment,
    desk::Desk,
    money::{BOOKING, PAYMENT, administrator, paid, practice},
};

/// A payment of $300, taken by two charges of $150.
async fn paid_twice() -> Desk {
    let desk = paid().await;
    for statement in [
        "update payments.payment set price_cents = 30000, patient_charge_cents = 30000, captured_cents = 30000 \
         where payment_id = $1",
        "update payments.intent set amount_cents = 15000, captured_cents = 15000 where payment_id = $1",
        "insert into payments.intent (intent_id, payment_id, purpose, kind, status, number, amount_cents, \
         captured_cents, processor_charge, created_at, updated_at) values \
         ('00000000-0000-0000-0000-0000000000e5', $1, 'balance', 'charge', 'captured', 1, 15000, 15000, 'ch_2', \
         now() + interval '1 minute', now())",
    ] {
        sqlx::query(statement).bind(PAYMENT).execute(&desk.world.core.pool).await.unwrap();
    }
    desk
}

async fn ask(desk: &Desk, cookie: &str, cents: i64) -> (u16, Value) {
    let path = format!("/platform/payments/{PAYMENT}/refunds");
    let wish = json!({"amount_cents": cents, "reason": "goodwill", "note": "A late start"});
    desk.send(Method::POST, &path, Some(cookie), wish).await
}

async fn approve(desk: &Desk, cookie: &str, refund: &Value) -> (u16, Value) {
    let path = format!("/platform/refunds/{}/decide", refund["refund_id"].as_str().unwrap());
    let decision = json!({"approve": true, "amount_cents": refund["amount_cents"]});
    desk.send(Method::POST, &path, Some(cookie), decision).await
}

/// Those that wait for a second administrator, the smallest first.
async fn waiting(desk: &Desk, cookie: &str) -> Vec<Value> {
    let path = "/platform/refunds?status=awaiting_approval";
    let (status, body) = desk.send(Method::GET, path, Some(cookie), Value::Null).await;
    assert_eq!(status, 200, "{body}");
    let mut items = body["items"].as_array().unwrap().clone();
    items.sort_by_key(|it| it["amount_cents"].as_i64());
    items
}

/// How often the processor is to be asked to give something back.
async fn asked(desk: &Desk) -> i64 {
    sqlx::query_scalar("select count(*) from payments.processor_call where operation = 'refund'")
        .fetch_one(&desk.world.core.pool)
        .await
        .unwrap()
}

fn too_much(reply: &(u16, Value)) {
    assert_eq!((reply.0, reply.1["type"].as_str()), (409, Some("/problems/too-much")), "{}", reply.1);
}

#[tokio::test]
async fn parts_that_are_each_below_the_limit_wait_where_they_are_above_it_together() {
    let desk = paid_twice().await;
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let (status, body) = ask(&desk, &one, 30_000).await;
    assert_eq!((status, &body["status"]), (201, &json!("awaiting_approval")), "{body}");
    let parts = waiting(&desk, &other).await;
    let cents: Vec<_> = parts.iter().map(|part| part["amount_cents"].as_i64().unwrap()).collect();
    assert_eq!((cents, asked(&desk).await), (vec![15_000, 15_000], 0));
    // What waits counts: nothing is left for anybody who wishes more meanwhile.
    too_much(&ask(&desk, &other, 1).await);
    let wish = json!({"amount_cents": 1, "reason": "goodwill"});
    let path = practice(&format!("/payments/{PAYMENT}/refunds"));
    too_much(&desk.send(Method::POST, &path, Some(&desk.staff(StaffRole::Billing)), wish).await);
    for part in &parts {
        let (status, body) = approve(&desk, &one, part).await;
        assert_eq!((status, body["type"].as_str()), (409, Some("/problems/same-person")), "{body}");
        let (status, body) = approve(&desk, &other, part).await;
        assert_eq!((status, &body["status"]), (200, &json!("due")), "{body}");
    }
    assert_eq!(asked(&desk).await, 2);
}

#[tokio::test]
async fn a_second_one_that_is_asked_for_while_the_first_waits_counts_with_it() {
    let desk = paid_twice().await;
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    for (cookie, cents) in [(&one, 20_001), (&other, 1)] {
        let (status, body) = ask(&desk, cookie, cents).await;
        assert_eq!((status, &body["status"]), (201, &json!("awaiting_approval")), "{body}");
    }
    assert_eq!(asked(&desk).await, 0);
}

#[tokio::test]
async fn two_that_are_asked_for_at_once_are_counted_one_after_the_other() {
    let desk = paid_twice().await;
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    let (first, second) = tokio::join!(ask(&desk, &one, 15_000), ask(&desk, &other, 15_000));
    let mut statuses = [first.1["status"].clone(), second.1["status"].clone()].map(|it| it.to_string());
    statuses.sort_unstable();
    assert_eq!(statuses, ["\"awaiting_approval\"", "\"due\""]);
}

#[tokio::test]
async fn one_is_not_agreed_to_once_its_charge_has_gone_back_by_a_rule() {
    let desk = paid_twice().await;
    let (one, other) = (administrator(&desk, 0xEE), administrator(&desk, 0xEF));
    assert_eq!(ask(&desk, &one, 21_000).await.0, 201);
    // The visit is cancelled late for $210, so $90 go back: of the later charge, as what waits would.
    let fact = AppointmentFact {
        booking_id: BOOKING.into(),
        status: AppointmentStatus::CancelledLate,
        late_fee_cents: AudCents(21_000),
        ..appointment(0xD4)
    };
    desk.world.receive(&desk.world.cancelled(&fact)).await.unwrap();
    assert_eq!(asked(&desk).await, 1);
    let parts = waiting(&desk, &other).await;
    let [small, large] = parts.as_slice() else { panic!("{parts:?}") };
    assert_eq!((&small["amount_cents"], &large["amount_cents"]), (&json!(6_000), &json!(15_000)));
    too_much(&approve(&desk, &other, large).await);
    let (status, body) = approve(&desk, &other, small).await;
    assert_eq!((status, &body["status"]), (200, &json!("due")), "{body}");
}

#[tokio::test]
async fn the_database_lets_nobody_alone_give_back_more_in_several() {
    let desk = paid_twice().await;
    let insert = "insert into payments.refund (refund_id, payment_id, intent_id, cause_id, amount_cents, reason, note, \
                  status, requested_as, requested_by, created_at, updated_at) select $1, payment_id, intent_id, $1, 15000, \
                  'goodwill', 'A late start', 'due', 'platform', $1, now(), now() from payments.intent \
                  where payment_id = $2 and purpose = $3";
    let mut refused = Vec::new();
    for (number, purpose) in [(0xE6, "visit"), (0xE7, "balance")] {
        let written = sqlx::query(insert)
            .bind(Uuid::from_u128(number))
            .bind(PAYMENT)
            .bind(purpose)
            .execute(&desk.world.core.pool)
            .await;
        refused.push(written.err().map(|error| {
            let error = error.into_database_error().unwrap();
            error.constraint().unwrap_or_default().to_owned()
        }));
    }
    assert_eq!(refused, [None, Some("refund_four_eyes_together".to_owned())]);
}
