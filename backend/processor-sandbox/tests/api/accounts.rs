//! Connected accounts: what a practice gets, and what goes back.

use crate::{Processor, id};

async fn paid_to(processor: &Processor, practice: &str) -> String {
    let form = format!("application_fee_amount=550&transfer_data[destination]={practice}");
    id(&processor.pay("pm_card_visa", &form).await)
}

#[tokio::test]
async fn the_practice_gets_all_but_the_platforms_fee() {
    let processor = Processor::open();
    let practice = processor.practice().await;
    let paid = paid_to(&processor, &practice).await;
    assert_eq!(processor.balance(Some(&practice)).await, 11_000 - 550);
    // The platform keeps its fee and pays the processor's.
    assert_eq!(processor.balance(None).await, 550 - 217);
    let charge = processor.get(&format!("/v1/payment_intents/{paid}?expand[]=latest_charge")).await;
    assert!(charge["latest_charge"]["transfer"].as_str().unwrap().starts_with("tr_"));
}

#[tokio::test]
async fn a_refund_takes_back_the_share_and_the_fee_in_proportion() {
    let processor = Processor::open();
    let practice = processor.practice().await;
    let paid = paid_to(&processor, &practice).await;
    for amount in [3_333, 3_333, 4_334] {
        let form = format!(
            "payment_intent={paid}&amount={amount}&reverse_transfer=true&refund_application_fee=true"
        );
        processor.post("/v1/refunds", &form).await;
    }
    assert_eq!(processor.balance(Some(&practice)).await, 0);
    assert_eq!(processor.balance(None).await, -217);
}

#[tokio::test]
async fn nobody_is_paid_who_has_not_said_who_they_are() {
    let processor = Processor::open();
    let practice = id(&processor.post("/v1/accounts", "type=express").await);
    let form = format!("amount=5000&currency=aud&transfer_data[destination]={practice}");
    let refused = processor.refused("/v1/payment_intents", &form).await;
    assert_eq!(refused, (400, "insufficient_capabilities_for_transfer".to_owned()));
}

#[tokio::test]
async fn payouts_go_by_day_and_wait_while_they_are_held() {
    const DAY: i64 = 24 * 60 * 60;
    let processor = Processor::open();
    let practice = processor.practice().await;
    paid_to(&processor, &practice).await;
    let account = format!("/v1/accounts/{practice}");
    processor.post(&account, "settings[payouts][schedule][interval]=manual").await;
    processor.pass(3 * DAY);
    let of_practice = [("stripe-account", practice.as_str())];
    let (_, none) = processor.ask_with("GET", "/v1/payouts", "", &of_practice).await;
    assert_eq!(none["data"].as_array().unwrap().len(), 0);
    processor.post(&account, "settings[payouts][schedule][interval]=daily").await;
    processor.pass(DAY);
    let (_, payouts) = processor.ask_with("GET", "/v1/payouts", "", &of_practice).await;
    assert_eq!(payouts["data"][0]["amount"], 11_000 - 550);
    let path = format!("/v1/balance_transactions?payout={}", id(&payouts["data"][0]));
    let (_, lines) = processor.ask_with("GET", &path, "", &of_practice).await;
    let net: i64 = lines["data"].as_array().unwrap().iter().map(|line| line["net"].as_i64().unwrap()).sum();
    assert_eq!((lines["data"].as_array().unwrap().len(), net), (2, 0));
    processor.pass(DAY);
    let (_, paid) = processor.ask_with("GET", "/v1/payouts", "", &of_practice).await;
    assert_eq!(paid["data"][0]["status"], "paid");
}

#[tokio::test]
async fn another_accounts_payout_is_nobody_elses_to_see() {
    let processor = Processor::open();
    let (practice, other) = (processor.practice().await, processor.practice().await);
    paid_to(&processor, &practice).await;
    let of_practice = [("stripe-account", practice.as_str())];
    let (_, lines) = processor.ask_with("GET", "/v1/balance_transactions", "", &of_practice).await;
    let line = id(&lines["data"][0]);
    let path = format!("/v1/balance_transactions/{line}");
    let (status, _) = processor.ask_with("GET", &path, "", &[("stripe-account", other.as_str())]).await;
    assert_eq!(status.as_u16(), 404);
}

#[tokio::test]
async fn of_an_account_that_has_left_nothing_is_shown_and_of_others_all() {
    let processor = Processor::open();
    let (left, other) = (processor.practice().await, processor.practice().await);
    processor.post(&format!("/_sandbox/accounts/{left}/leave"), "").await;
    for (account, status) in [(&left, 403), (&other, 200)] {
        let (itself, body) = processor.ask_with("GET", &format!("/v1/accounts/{account}"), "", &[]).await;
        let of_account = [("stripe-account", account.as_str())];
        let (balance, _) = processor.ask_with("GET", "/v1/balance", "", &of_account).await;
        assert_eq!((itself.as_u16(), balance.as_u16()), (status, status), "{body}");
    }
    assert_eq!(processor.happened("account.application.deauthorized").await, 1);
}

#[tokio::test]
async fn an_account_that_it_is_told_of_is_paid_and_stays_what_it_is() {
    let processor = Processor::open();
    for _ in 0..2 {
        processor.sandbox.know_account("acct_demo1", "practice");
    }
    let account = processor.get("/v1/accounts/acct_demo1").await;
    assert_eq!(account["charges_enabled"], true);
    assert_eq!(account["metadata"]["reference"], "practice");
    paid_to(&processor, "acct_demo1").await;
    assert_eq!(processor.balance(Some("acct_demo1")).await, 11_000 - 550);
    processor.sandbox.know_account("acct_demo1", "practice");
    assert_eq!(processor.balance(Some("acct_demo1")).await, 11_000 - 550);
}
