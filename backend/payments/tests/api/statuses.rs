use shared_types::payments::PaymentStatus;

use crate::World;

#[tokio::test]
async fn the_database_knows_the_same_states() {
    let world = World::new().await;
    let mut admin = world.database.administrator().await;
    let definition: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint \
         where conname = 'payment_status' and conrelid = 'payments.payment'::regclass",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    let listed: Vec<_> = definition.split('\'').skip(1).step_by(2).collect();
    assert_eq!(listed, PaymentStatus::ALL.map(PaymentStatus::code));
}
