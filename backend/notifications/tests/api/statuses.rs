use notifications::domain::plan::{Kind, PlanState, Why};
use shared_types::{
    notifications::{MessageStatus, NoticeKind, ReminderNames},
    users::ContactChannel,
};

use crate::World;

#[tokio::test]
async fn the_database_knows_the_same_states() {
    let world = World::new().await;
    let mut admin = world.database.administrator().await;
    for (constraint, table, codes) in [
        ("message_status", "message", MessageStatus::ALL.map(MessageStatus::code).to_vec()),
        ("message_plan_state", "message_plan", PlanState::ALL.map(PlanState::code).to_vec()),
        ("message_plan_kind", "message_plan", Kind::ALL.map(Kind::code).to_vec()),
        ("message_plan_dropped_why", "message_plan", Why::ALL.map(Why::code).to_vec()),
        ("preference_names", "preference", ReminderNames::ALL.map(ReminderNames::code).to_vec()),
        ("notice_kind", "notice", NoticeKind::ALL.map(NoticeKind::code).to_vec()),
        (
            "reminder_stop_channel",
            "reminder_stop",
            [ContactChannel::Email, ContactChannel::Sms].map(ContactChannel::code).to_vec(),
        ),
    ] {
        let definition: String = sqlx::query_scalar(
            "select pg_get_constraintdef(oid) from pg_constraint \
             where conname = $1 and conrelid = ('notifications.' || $2)::regclass",
        )
        .bind(constraint)
        .bind(table)
        .fetch_one(&mut admin)
        .await
        .unwrap();
        let listed: Vec<_> = definition.split('\'').skip(1).step_by(2).collect();
        assert_eq!(listed, codes, "{constraint}");
    }
}

#[tokio::test]
async fn a_sent_message_cannot_keep_its_words_nor_can_a_dropped_one() {
    let world = World::new().await;
    world.receive(&crate::confirmed(&world.core, 1)).await;
    for status in ["sent", "dropped"] {
        let refused = sqlx::query("update notifications.message set status = $1")
            .bind(status)
            .execute(&world.core.pool)
            .await
            .unwrap_err();
        let refused = refused.into_database_error().unwrap();
        assert_eq!(refused.constraint(), Some("message_sent_is_forgotten"));
    }
}
