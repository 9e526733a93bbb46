//! Payouts: what practices' are made of, where some of them cannot be read; and the platform's own.

use axum::{
    body::Body,
    http::{Request, header},
};
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx as _;
use payments::ledger_proof::verify;
use processor_sandbox::KEY;
use shared_types::payments::quote::Collection;
use stripe_client::Window;
use tower::ServiceExt as _;

use super::till::{PAYS_AT_ONCE, Till, balances};
use crate::desk::PRACTICE;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const READ: &str = "select string_agg(amount_cents || ' ' || net_cents, ', ') from ( \
                    select payout.amount_cents, sum(line.net_cents) as net_cents \
                    from payments.payout join payments.payout_line line using (payout_id) group by payout_id) summed";

/// The platform sends a practice $50, which can be paid out at once.
async fn send(till: &Till, account: &str) {
    let request = Request::post("/v1/transfers")
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("amount=5000&currency=aud&destination={account}")))
        .unwrap();
    let response = till.sandbox.router().oneshot(request).await.unwrap();
    assert!(response.status().is_success(), "{}", response.status());
}

/// Payouts that are known here: one by one, the earliest last.
async fn know(till: &Till, payouts: impl Iterator<Item = (String, i64)>) {
    for (number, (name, cents)) in (0_i64..).zip(payouts) {
        let made_at = till.world.core.now() - SignedDuration::from_mins(number);
        sqlx::query(
            "insert into payments.payout (payout_id, organization_id, processor_payout, amount_cents, status, created_at, \
             updated_at) values (gen_random_uuid(), $1, $2, $3, 'paid', $4, $4)",
        )
        .bind(PRACTICE.0)
        .bind(name)
        .bind(cents)
        .bind(made_at.to_sqlx())
        .execute(&till.world.core.pool)
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn payouts_that_cannot_be_read_stand_in_no_others_way_and_are_not_asked_for_for_ever() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(PAYS_AT_ONCE).await;
    till.standing().await;
    let account = till.read("select processor_account from payments.practice_account").await;
    // At midnight the practice's share goes to its bank.
    till.world.core.clock.advance(DAY + SignedDuration::from_hours(1));
    let window = Window { from: till.world.core.now() - DAY * 2, until: till.world.core.now() + DAY };
    let paid_out = till.client.list_payouts(Some(&account), window, None).await.unwrap().items;
    let [first] = paid_out.as_slice() else { panic!("{paid_out:?}") };
    // We know it with another amount than its lines have; and more others than are read at once, of which there are no lines.
    let others = (0..120).map(|number| (format!("po_by_hand_{number}"), 700));
    know(&till, [(first.id.clone(), first.amount_cents + 1)].into_iter().chain(others)).await;
    send(&till, &account).await;
    for _ in 0..2 {
        // The one that comes after them is made, and then it arrives.
        till.world.core.clock.advance(DAY);
        till.run("payments.read_payouts").await;
    }
    assert_eq!(till.read(READ).await, "5000 5000");

    till.world.core.clock.advance(DAY * 20);
    let asked = till.sandbox.figures().requests;
    till.run("payments.read_payouts").await;
    assert_eq!(till.sandbox.figures().requests - asked, 1, "this week's payouts alone are asked for");
}

/// What the ledger has at the processor and at the platform's bank, which the processor's balances say, too.
async fn held(till: &Till) -> Vec<(String, i64)> {
    let proof = verify(&till.world.core, Some(&till.processor)).await.unwrap();
    assert!(proof.is_whole(), "{proof:?}");
    assert_eq!(proof.at_processor, []);
    let mut held = balances(till).await;
    held.retain(|(kind, _)| ["processor", "platform_bank"].contains(&kind.as_str()));
    held
}

#[tokio::test]
async fn what_goes_to_the_platforms_own_bank_is_booked_at_night_and_comes_back_where_that_fails() {
    let till = Till::open().await;
    till.start(&till.quote(Collection::Prepaid, 30), 1).await;
    till.pay(PAYS_AT_ONCE).await;
    till.standing().await;
    // By then the platform can be paid out its fee, less what the processor kept.
    till.world.core.clock.advance(DAY * 2 + SignedDuration::from_hours(1));
    till.control("platform/itself/pay-out", "").await;
    till.world.core.clock.advance(SignedDuration::from_mins(15));
    till.run("payments.read_payouts").await;
    while till.run("payments.reconcile").await > 0 {}
    let found = "select string_agg(kind || ' ' || action, ', ') from payments.difference";
    assert_eq!(till.read(found).await, "webhook applied", "no balance is another");
    let left = 550 - 217;
    assert_eq!(held(&till).await, [("platform_bank".to_owned(), left)]);

    let payout = "select processor_object from payments.posting where cause = 'platform_payout'";
    let payout = till.read(payout).await;
    till.control(&format!("payouts/{payout}/fail"), "").await;
    for event in ["evt_1", "evt_2"] {
        assert_eq!(till.tell(event, &payout, "whsec_sandbox").await, 204);
        while till.run("payments.apply_webhooks").await > 0 {}
        assert_eq!(held(&till).await, [("processor".to_owned(), left)]);
    }
    assert_eq!(
        till.read("select string_agg(status, ', ') from payments.webhook_received").await,
        "applied, applied"
    );
}
