//! Cardholders who want their money back.

use crate::{Processor, id};

#[tokio::test]
async fn a_disputed_charge_is_won_with_good_evidence() {
    let processor = Processor::open();
    processor.pay("pm_card_createDispute", "").await;
    processor.pass(10);
    let dispute = processor.get("/v1/disputes").await["data"][0].clone();
    assert_eq!((&dispute["status"], &dispute["amount"]), (&"needs_response".into(), &11_000.into()));
    assert_eq!(processor.balance(None).await, -217 - 2_500);
    let path = format!("/v1/disputes/{}", id(&dispute));
    let sent = processor.post(&path, "evidence[uncategorized_text]=winning_evidence&submit=true").await;
    assert_eq!(sent["status"], "under_review");
    processor.pass(10);
    assert_eq!(processor.get(&path).await["status"], "won");
    assert_eq!(processor.balance(None).await, 11_000 - 217);
    assert_eq!(processor.happened("charge.dispute.funds_reinstated").await, 1);
}

#[tokio::test]
async fn a_dispute_that_nobody_answers_is_lost() {
    let processor = Processor::open();
    let paid = id(&processor.pay("pm_card_createDispute", "").await);
    processor.pass(10);
    let refused = processor.refused("/v1/refunds", &format!("payment_intent={paid}")).await;
    assert_eq!(refused, (400, "charge_disputed".to_owned()));
    processor.pass(15 * 24 * 60 * 60);
    assert_eq!(processor.get("/v1/disputes").await["data"][0]["status"], "lost");
    assert_eq!(processor.happened("charge.dispute.closed").await, 1);
}
