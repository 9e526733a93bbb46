//! Bulk billing instead, where a bank decides about one of the charges of a visit: what it has cannot be given back, so that nothing
//! else goes back in vain.

use serde_json::json;

use super::{
    bulk_billed::{FINISH, TOLD, bulk_bill, has_a_number, kind, names_an_item, of_booking},
    lost_disputes::{both_disputed, charged_twice},
    staff::Staff,
    till::Till,
};

const WISHED: &str = "select count(*)::text from payments.payment where bulk_bill_asked_at is not null";
const REFUNDS: &str = "select coalesce(string_agg(reason || ' ' || amount_cents || ' ' || status, ', '), '') from payments.refund";

/// A bank decides, and the processor tells it.
async fn decided(till: &Till, dispute: &str, decision: &str) {
    till.control(&format!("disputes/{dispute}/{decision}"), "").await;
    assert_eq!(till.tell(&format!("evt_{decision}"), dispute, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
    till.work().await;
}

#[tokio::test]
async fn of_two_charges_the_lost_one_ends_the_wish_and_the_other_stays_with_the_practice() {
    let (till, _) = charged_twice().await;
    names_an_item(&till).await;
    has_a_number(&till).await;
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    let (first, second) = both_disputed(&till).await;
    decided(&till, &first, "win").await;
    assert_eq!(till.standing().await["status"], "won");
    assert_eq!(till.run(FINISH).await, 0);
    assert_eq!((till.read(REFUNDS).await.as_str(), till.read(WISHED).await.as_str()), ("", "1"), "it waits");

    // Some of what was won goes back for another reason, so that the payment is not one that is lost.
    let (status, body) = Staff::at(&till).await.refund(&till, 500).await;
    assert_eq!(status, 201, "{body}");
    till.work().await;
    decided(&till, &second, "lose").await;
    assert_eq!(till.standing().await["status"], "part_refunded");
    assert_eq!(till.run(FINISH).await, 0);
    assert_eq!(till.read(WISHED).await, "0", "it is not tried for ever");
    assert_eq!(till.read(REFUNDS).await, "goodwill 500 succeeded");
    assert_eq!(till.read(TOLD).await, "0");
    let (status, said) = of_booking(&till).await;
    assert_eq!((status, &said["bulk_billing"]["status"]), (200, &json!("not_refunded")), "{said}");
    let (status, body) = bulk_bill(&till, 2).await;
    assert_eq!((status, kind(&body)), (409, "wrong-state"), "{body}");
    assert_eq!(till.read(WISHED).await, "0");
}

#[tokio::test]
async fn once_both_are_won_all_of_it_goes_back() {
    let (till, _) = charged_twice().await;
    names_an_item(&till).await;
    has_a_number(&till).await;
    assert_eq!(bulk_bill(&till, 1).await.0, 202);
    let (first, second) = both_disputed(&till).await;
    decided(&till, &first, "win").await;
    assert_eq!(till.run(FINISH).await, 0);
    till.control(&format!("disputes/{second}/win"), "").await;
    assert_eq!(till.tell("evt_second", &second, "whsec_sandbox").await, 204);
    while till.run("payments.apply_webhooks").await > 0 {}
    assert_eq!(till.run(FINISH).await, 0);
    till.work().await;
    assert_eq!(till.standing().await["status"], "refunded");
    assert_eq!((till.run(FINISH).await, till.read(TOLD).await.as_str()), (1, "1"));
}
