//! What is written down of a list is what would be written down of each thing in it.

use kernel::audit::{self, Actor, Entry, Outcome, Purpose, Signed};
use serde_json::Value;
use shared_types::{BookingId, users::Strength};
use uuid::Uuid;

use super::kept::Kept;

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// Everybody who may act, each with a booking of their own.
fn entries() -> Vec<Entry> {
    let signed = Signed {
        account_id: id(1),
        session_id: id(2),
        strength: Strength::Passkey,
        organization_id: Some(id(3)),
        on_behalf_of: Some(id(4)),
        access_grant_id: Some(id(5)),
    };
    let alone = Signed {
        strength: Strength::Password,
        organization_id: None,
        on_behalf_of: None,
        access_grant_id: None,
        ..signed.clone()
    };
    let actors = [
        Actor::Anonymous,
        Actor::Guest([7; 32]),
        Actor::Link(id(8)),
        Actor::Feed(id(9)),
        Actor::Account(signed),
        Actor::Account(alone),
        Actor::System("a test"),
    ];
    let entry = |(number, actor): (u128, Actor)| Entry {
        actor,
        action: "find_appointment",
        resource: id::<BookingId>(100 + number).into(),
        whose: (number % 2 == 1).then(|| id(200 + number)),
        purpose: if number == 3 { Purpose::Care } else { Purpose::Practice },
        outcome: if number == 5 { Outcome::Denied } else { Outcome::Allowed },
    };
    (0..).zip(actors).map(entry).collect()
}

#[tokio::test]
async fn a_list_is_written_as_each_of_its_entries_would_be_in_their_order_and_in_one_statement() {
    let kept = Kept::new().await;
    let all = entries().len();
    let mut tx = kept.core.begin().await.unwrap();
    for entry in entries() {
        audit::record(&mut tx, &kept.core, entry).await.unwrap();
    }
    assert!(audit::record_all(&mut tx, &kept.core, &entries()).await.unwrap().is_some());
    kept.core.commit(tx).await.unwrap();
    let mut admin = kept.database.administrator().await;
    // Rows never move, so that they lie in the order of writing. PostgreSQL numbers the statements of a transaction.
    let rows: Vec<(Value, String)> = sqlx::query_as(
        "select to_jsonb(entry) - 'audit_entry_id' - 'salt', entry.cmin::text from bookings.audit_entry as entry \
         order by entry.ctid",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(rows.len(), 2 * all);
    let (singly, together) = rows.split_at(all);
    for (one, other) in singly.iter().zip(together) {
        assert_eq!(one.0, other.0);
    }
    assert!(together.iter().all(|(_, statement)| *statement == together[0].1));
    assert!(singly.iter().all(|(_, statement)| *statement != together[0].1));
    let salts: i64 = sqlx::query_scalar("select count(distinct salt) from bookings.audit_entry")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    assert_eq!(usize::try_from(salts).unwrap(), 2 * all, "no two have the same");
}

#[tokio::test]
async fn each_entry_of_a_list_has_its_place_in_the_log() {
    let kept = Kept::new().await;
    let mut tx = kept.core.begin().await.unwrap();
    audit::record_all(&mut tx, &kept.core, &entries()).await.unwrap();
    kept.core.commit(tx).await.unwrap();
    let checkpoint = kept.sign().await;
    let report = kept.verdict(&checkpoint, None).await.unwrap();
    assert_eq!((report.vouched, report.after), (entries().len() as u64, 0));
}

#[tokio::test]
async fn nothing_is_written_of_a_list_without_entries_and_there_is_no_receipt() {
    let kept = Kept::new().await;
    let mut tx = kept.core.begin().await.unwrap();
    assert!(audit::record_all(&mut tx, &kept.core, &[]).await.unwrap().is_none());
    kept.core.commit(tx).await.unwrap();
    let written: i64 = sqlx::query_scalar("select count(*) from bookings.audit_entry")
        .fetch_one(&mut kept.database.administrator().await)
        .await
        .unwrap();
    assert_eq!(written, 0);
}
