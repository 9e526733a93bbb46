//! What time brings.

use crate::{Processor, id};

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn held_money_is_let_go_after_seven_days() {
    let processor = Processor::open();
    let held = id(&processor.pay("pm_card_visa", "capture_method=manual").await);
    let path = format!("/v1/payment_intents/{held}");
    processor.pass(7 * DAY - 1);
    assert_eq!(processor.get(&path).await["status"], "requires_capture");
    processor.pass(1);
    let gone = processor.get(&path).await;
    assert_eq!((&gone["status"], &gone["cancellation_reason"]), (&"canceled".into(), &"expired".into()));
    assert_eq!(processor.happened("charge.expired").await, 1);
}

#[tokio::test]
async fn money_that_was_held_without_the_holder_is_let_go_sooner() {
    let processor = Processor::open();
    let held = id(&processor.pay("pm_card_visa", "capture_method=manual&off_session=true").await);
    processor.pass(4 * DAY + 18 * 60 * 60);
    assert_eq!(processor.get(&format!("/v1/payment_intents/{held}")).await["status"], "canceled");
}

#[tokio::test]
async fn refunds_may_be_slow_and_may_come_back() {
    let processor = Processor::open();
    for (card, first, then) in
        [("pm_card_pendingRefund", "pending", "succeeded"), ("pm_card_refundFail", "succeeded", "failed")]
    {
        let paid = id(&processor.pay(card, "").await);
        let refund = processor.post("/v1/refunds", &format!("payment_intent={paid}")).await;
        assert_eq!(refund["status"], first, "{card}");
        processor.pass(10);
        let refund = processor.get(&format!("/v1/refunds/{}", id(&refund))).await;
        assert_eq!(refund["status"], then, "{card}");
    }
    assert_eq!(processor.happened("refund.failed").await, 1);
}
