//! Money that goes back.

use crate::{Processor, id};

#[tokio::test]
async fn somebody_gives_back_on_the_processors_own_page_and_takes_the_share_back_only_if_they_say_so() {
    let processor = Processor::open();
    let practice = processor.practice().await;
    let more = format!("transfer_data[destination]={practice}&application_fee_amount=550");
    let paid = processor.pay("pm_card_visa", &more).await;
    let path = format!("/_sandbox/charges/{}/refund", paid["latest_charge"].as_str().unwrap());
    processor.post(&path, "amount=5000").await;
    let refund = processor.get("/v1/refunds").await["data"][0].clone();
    assert_eq!((&refund["amount"], &refund["payment_intent"]), (&5_000.into(), &id(&paid).into()));
    assert_eq!(refund["metadata"], serde_json::json!({}), "it has no name of the seller's");
    assert_eq!(processor.balance(Some(&practice)).await, 10_450);
    processor.post(&path, "reverse_transfer=true").await;
    assert_eq!(processor.balance(Some(&practice)).await, 10_450 - 6_000);
    assert_eq!(processor.refused(&path, "").await, (400, "charge_already_refunded".to_owned()));
    assert_eq!(processor.happened("refund.created").await, 2);
}
