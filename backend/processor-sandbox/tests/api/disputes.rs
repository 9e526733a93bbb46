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

/// A payment that a bank has asked about, and what it asked.
async fn asked_about(processor: &Processor) -> (String, String) {
    let charge = processor.pay("pm_card_visa", "").await["latest_charge"].as_str().unwrap().to_owned();
    processor.post(&format!("/_sandbox/charges/{charge}/inquire"), "").await;
    let asked = processor.get("/v1/disputes").await["data"][0].clone();
    assert_eq!(asked["status"], "warning_needs_response");
    (charge, id(&asked))
}

#[tokio::test]
async fn an_inquiry_takes_nothing_until_it_becomes_a_dispute() {
    for is_answered in [false, true] {
        let processor = Processor::open();
        let (_, asked) = asked_about(&processor).await;
        assert_eq!(processor.balance(None).await, 11_000 - 217);
        let path = format!("/v1/disputes/{asked}");
        if is_answered {
            let sent = processor.post(&path, "evidence[uncategorized_text]=Here it is.&submit=true").await;
            assert_eq!(sent["status"], "warning_under_review");
        }
        processor.post(&format!("/_sandbox/disputes/{asked}/escalate"), "").await;
        assert_eq!(processor.get(&path).await["status"], "needs_response");
        assert_eq!(processor.balance(None).await, -217 - 2_500);
        assert_eq!(processor.happened("charge.dispute.funds_withdrawn").await, 1);
        processor.post(&format!("/_sandbox/disputes/{asked}/win"), "").await;
        assert_eq!(processor.balance(None).await, 11_000 - 217);
    }
}

#[tokio::test]
async fn an_inquiry_that_is_dropped_or_that_nobody_answers_rests() {
    for is_dropped in [true, false] {
        let processor = Processor::open();
        let (charge, asked) = asked_about(&processor).await;
        if is_dropped {
            processor.post(&format!("/_sandbox/disputes/{asked}/drop"), "").await;
        } else {
            processor.pass(15 * 24 * 60 * 60);
        }
        assert_eq!(processor.get(&format!("/v1/disputes/{asked}")).await["status"], "warning_closed");
        assert_eq!(processor.get(&format!("/v1/charges/{charge}")).await["disputed"], false);
        assert_eq!(processor.balance(None).await, 11_000 - 217);
    }
}

#[tokio::test]
async fn a_dispute_that_was_an_inquiry_has_its_own_time_for_evidence() {
    let processor = Processor::open();
    let (_, asked) = asked_about(&processor).await;
    processor.pass(10 * 24 * 60 * 60);
    processor.post(&format!("/_sandbox/disputes/{asked}/escalate"), "").await;
    let path = format!("/v1/disputes/{asked}");
    processor.pass(5 * 24 * 60 * 60);
    assert_eq!(processor.get(&path).await["status"], "needs_response");
    processor.pass(10 * 24 * 60 * 60);
    assert_eq!(processor.get(&path).await["status"], "lost");
}
