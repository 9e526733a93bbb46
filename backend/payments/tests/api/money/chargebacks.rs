//! In which order chargebacks are looked through.

use axum::http::Method;
use serde_json::Value;
use shared_types::users::StaffRole;

use super::{PAYMENT, administrator, paid, practice};

#[tokio::test]
async fn those_to_answer_come_first_by_their_limit_and_then_the_others_the_latest_first() {
    let desk = paid().await;
    sqlx::query(
        "insert into payments.chargeback (chargeback_id, payment_id, processor_dispute, amount_cents, reason, status, \
         evidence_due_at, opened_at, updated_at) \
         select gen_random_uuid(), $1, name, 1000, name, status, until::timestamptz, opened::timestamptz, now() \
         from (values ('old', 'won', '2026-11-10', '2026-11-01'), ('later', 'needs_response', '2026-12-20', '2026-11-02'), \
             ('new', 'lost', '2026-11-20', '2026-11-05'), ('newest', 'closed', null, '2026-11-06'), \
             ('soon', 'needs_response', '2026-12-10', '2026-11-03')) one (name, status, until, opened)",
    )
    .bind(PAYMENT)
    .execute(&desk.world.core.pool)
    .await
    .unwrap();
    let (billing, administrator) = (desk.staff(StaffRole::Billing), administrator(&desk, 0xEE));
    for (path, cookie) in
        [("/platform/chargebacks".to_owned(), administrator), (practice("/chargebacks"), billing)]
    {
        let (status, page) = desk.send(Method::GET, &path, Some(&cookie), Value::Null).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap().iter();
        let order: Vec<_> = items.map(|item| item["reason"].as_str().unwrap()).collect();
        assert_eq!(order, ["soon", "later", "newest", "new", "old"], "{path}");
    }
}
