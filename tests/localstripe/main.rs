//! localstripe (<https://pypi.org/project/localstripe/> 1.15.10, read 2026-11-26) is a stateful fake of the card processor that
//! nobody here wrote. The same requests go to it and to our sandbox, and whatever localstripe says of states, amounts, errors and
//! signatures, the sandbox says too. Where it is known to differ from the real processor, the step says so and does not ask.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod both;
mod webhooks;

use both::Both;

const GOOD: &str = "4242424242424242";
const DECLINED_WHEN_KEPT: &str = "4000000000000002";
const DECLINED_WHEN_CHARGED: &str = "4000000000000341";
const WANTS_ITS_HOLDER: &str = "4000002760003184";

#[tokio::test]
async fn customers_are_kept_changed_and_forgotten() {
    let mut both = Both::start().await;
    both.post("customer", "/v1/customers", "email=a@example.org&name=A&metadata[reference]=r1").await;
    both.post("customer", "/v1/customers/{customer}", "email=b@example.org&metadata[more]=m").await;
    both.get("/v1/customers/{customer}").await;
    both.get("/v1/customers?limit=1").await;
    both.delete("/v1/customers/{customer}").await;
    both.get("/v1/customers/cus_nobody").await;
}

#[tokio::test]
async fn cards_are_kept_and_let_go() {
    let mut both = Both::start().await;
    both.customer().await;
    both.card(GOOD).await;
    both.post("", "/v1/payment_methods/{card}/attach", "customer={customer}").await;
    both.get("/v1/payment_methods?customer={customer}&type=card").await;
    both.post("", "/v1/payment_methods/{card}/detach", "").await;
    both.get("/v1/payment_methods/{card}").await;
    both.card(DECLINED_WHEN_KEPT).await;
    both.post("", "/v1/payment_methods/{card}/attach", "customer={customer}").await;
    both.get("/v1/payment_methods/pm_nobody").await;
}

#[tokio::test]
async fn money_is_held_and_taken() {
    let mut both = Both::start().await;
    both.kept_card(GOOD).await;
    let form = "amount=11000&currency=aud&customer={customer}&payment_method={card}&capture_method=manual";
    both.post("intent", "/v1/payment_intents", form).await;
    both.post("", "/v1/payment_intents/{intent}/confirm", "").await;
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
    both.post("", "/v1/payment_intents/{intent}/capture", "amount_to_capture=11000").await;
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
    both.post("", "/v1/payment_intents/{intent}/cancel", "").await;
    both.get("/v1/payment_intents/{intent}").await;
}

#[tokio::test]
async fn part_of_what_is_held_is_taken_and_the_rest_let_go() {
    let mut both = Both::start().await;
    both.kept_card(GOOD).await;
    let form = "amount=11000&currency=aud&customer={customer}&payment_method={card}&capture_method=manual&confirm=true";
    both.post("intent", "/v1/payment_intents", form).await;
    both.post("", "/v1/payment_intents/{intent}/capture", "amount_to_capture=11001").await;
    both.post("", "/v1/payment_intents/{intent}/capture", "amount_to_capture=4000").await;
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
}

#[tokio::test]
async fn what_is_held_can_be_let_go_and_is_not_taken_then() {
    let mut both = Both::start().await;
    both.kept_card(GOOD).await;
    let form = "amount=5000&currency=aud&customer={customer}&payment_method={card}&capture_method=manual&confirm=true";
    both.post("intent", "/v1/payment_intents", form).await;
    both.post("", "/v1/payment_intents/{intent}/cancel", "").await;
    both.post("", "/v1/payment_intents/{intent}/cancel", "").await;
    both.post("", "/v1/payment_intents/{intent}/confirm", "").await;
    both.get("/v1/payment_intents/{intent}").await;
}

#[tokio::test]
async fn a_card_that_declines_leaves_the_payment_without_one() {
    let mut both = Both::start().await;
    both.kept_card(DECLINED_WHEN_CHARGED).await;
    let form = "amount=5000&currency=aud&customer={customer}&payment_method={card}";
    both.post("intent", "/v1/payment_intents", form).await;
    both.post("", "/v1/payment_intents/{intent}/confirm", "").await;
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
}

#[tokio::test]
async fn a_bank_that_asks_leaves_the_payment_waiting() {
    let mut both = Both::start().await;
    both.kept_card(WANTS_ITS_HOLDER).await;
    let form = "amount=5000&currency=aud&customer={customer}&payment_method={card}&confirm=true";
    both.post("intent", "/v1/payment_intents", form).await;
    both.get("/v1/payment_intents/{intent}").await;
    both.post("", "/v1/payment_intents/{intent}/cancel", "").await;
}

#[tokio::test]
async fn requests_that_cannot_be_done_are_refused_alike() {
    let mut both = Both::start().await;
    for form in [
        "currency=aud",
        "amount=5000",
        "amount=ten&currency=aud",
        "amount=-1&currency=aud",
        "amount=0&currency=aud",
    ] {
        both.post("", "/v1/payment_intents", form).await;
    }
    both.post("", "/v1/payment_intents", "amount=5000&currency=aud&capture_method=never").await;
    both.post("intent", "/v1/payment_intents", "amount=5000&currency=aud").await;
    both.post("", "/v1/payment_intents/{intent}/confirm", "").await;
    both.get("/v1/payment_intents/pi_nobody").await;
    both.post("", "/v1/payment_intents/pi_nobody/capture", "").await;
    both.get("/v1/nowhere").await;
}

#[tokio::test]
async fn cards_are_set_up_for_later() {
    let mut both = Both::start().await;
    both.customer().await;
    for card in [GOOD, WANTS_ITS_HOLDER] {
        both.card(card).await;
        both.post("setup", "/v1/setup_intents", "customer={customer}&usage=off_session").await;
        both.post("", "/v1/setup_intents/{setup}/confirm", "payment_method={card}").await;
        both.get("/v1/setup_intents/{setup}").await;
    }
    both.card(DECLINED_WHEN_KEPT).await;
    both.post("setup", "/v1/setup_intents", "customer={customer}").await;
    // Afterwards localstripe has it canceled; the real processor lets another card be given, and so do we.
    both.post("", "/v1/setup_intents/{setup}/confirm", "payment_method={card}").await;
    both.post("setup", "/v1/setup_intents", "customer={customer}").await;
    both.post("", "/v1/setup_intents/{setup}/confirm", "").await;
    both.post("", "/v1/setup_intents/{setup}/cancel", "").await;
}

#[tokio::test]
async fn money_goes_back_whole_and_in_part() {
    let mut both = Both::start().await;
    both.kept_card(GOOD).await;
    let form = "amount=5000&currency=aud&customer={customer}&payment_method={card}&confirm=true";
    both.post("intent", "/v1/payment_intents", form).await;
    both.post("refund", "/v1/refunds", "payment_intent={intent}&amount=2000&metadata[reference]=r1").await;
    both.get("/v1/refunds/{refund}").await;
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
    both.post("refund", "/v1/refunds", "payment_intent={intent}&amount=3000").await;
    // localstripe gives back more than was taken; the real processor does not, and neither do we.
    both.get("/v1/payment_intents/{intent}?expand[]=latest_charge").await;
    both.get("/v1/refunds/re_nobody").await;
    both.get("/v1/refunds?limit=1").await;
}
