//! No cent comes from nowhere and none is lost, whatever is done in whatever order.

use kernel::Chance;

use crate::{Processor, id};

/// A number below this one.
fn below(chance: &Chance, most: i64) -> i64 {
    i64::from(u32::from_be_bytes(chance.bytes())) % most
}

#[tokio::test]
async fn what_was_taken_is_on_somebodys_balance_or_went_back() {
    let chance = Chance::seeded(11);
    let processor = Processor::open();
    let practice = processor.practice().await;
    let (mut taken, mut back, mut fees) = (0, 0, 0);
    for _ in 0..40 {
        let amount = 1_000 + below(&chance, 50_000);
        let fee = below(&chance, 500);
        let form = format!(
            "amount={amount}&currency=aud&payment_method=pm_card_visa&confirm=true&capture_method=manual\
             &application_fee_amount={fee}&transfer_data[destination]={practice}"
        );
        let intent = id(&processor.post("/v1/payment_intents", &form).await);
        let part = 1_000 + below(&chance, amount - 999);
        let form = format!("amount_to_capture={part}&expand[]=latest_charge.balance_transaction");
        let done = processor.post(&format!("/v1/payment_intents/{intent}/capture"), &form).await;
        taken += part;
        fees += done["latest_charge"]["balance_transaction"]["fee"].as_i64().unwrap();
        let mut left = part;
        for _ in 0..below(&chance, 4) {
            let amount = 1 + below(&chance, left);
            let form = format!(
                "payment_intent={intent}&amount={amount}&reverse_transfer=true&refund_application_fee={}",
                below(&chance, 2) == 0 && fee > 0
            );
            processor.post("/v1/refunds", &form).await;
            back += amount;
            left -= amount;
            if left == 0 {
                break;
            }
        }
    }
    let balances = processor.balance(None).await + processor.balance(Some(&practice)).await;
    assert_eq!(balances, taken - back - fees);
}
