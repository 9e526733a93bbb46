use shared_types::notifications::MessageStatus;

use crate::World;

#[tokio::test]
async fn the_database_knows_the_same_states() {
    let world = World::new().await;
    let mut admin = world.database.administrator().await;
    let definition: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint \
         where conname = 'message_status' and conrelid = 'notifications.message'::regclass",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    let listed: Vec<_> = definition.split('\'').skip(1).step_by(2).collect();
    assert_eq!(listed, MessageStatus::ALL.map(MessageStatus::code));
}

#[tokio::test]
async fn a_sent_message_cannot_keep_its_words() {
    let world = World::new().await;
    world.receive(&crate::confirmed(&world.core, 1)).await;
    let refused = sqlx::query("update notifications.message set status = 'sent'")
        .execute(&world.core.pool)
        .await
        .unwrap_err();
    let refused = refused.into_database_error().unwrap();
    assert_eq!(refused.constraint(), Some("message_sent_is_forgotten"));
}
