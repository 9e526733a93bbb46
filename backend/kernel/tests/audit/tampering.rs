//! What a superuser can do to the database, and where the verifier finds it.

use sqlx::SqlSafeStr;
use transparency::verify::Failure;

use super::kept::Kept;

/// Twenty entries are signed, then somebody does that: the first index that the verifier names.
async fn first_bad(statements: impl SqlSafeStr) -> u64 {
    let (kept, checkpoint) = Kept::signed(20).await;
    assert!(kept.verdict(&checkpoint, None).await.is_ok());
    kept.superuser(statements).await;
    match kept.verdict(&checkpoint, None).await {
        Err(Failure::Tampered { first, last, .. }) if first == last => first,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_byte_of_an_entry() {
    let at = first_bad(
        "update audit_entry set resource_id = overlay(resource_id placing 'x' from 5 for 1) \
         where audit_entry_id = (select audit_entry_id from audit_leaf where leaf_index = 7)",
    );
    assert_eq!(at.await, 7);
}

#[tokio::test]
async fn one_byte_of_a_leaf() {
    let at = first_bad(
        "update audit_leaf set data = set_byte(data, 40, get_byte(data, 40) # 1) where leaf_index = 7",
    );
    assert_eq!(at.await, 7);
}

#[tokio::test]
async fn the_last_row_deleted() {
    assert_eq!(first_bad("delete from audit_leaf where leaf_index = 19").await, 19);
}

#[tokio::test]
async fn a_middle_row_removed() {
    assert_eq!(first_bad("delete from audit_leaf where leaf_index = 7").await, 7);
}

#[tokio::test]
async fn an_entry_deleted() {
    let at = first_bad(
        "delete from audit_entry where audit_entry_id = (select audit_entry_id from audit_leaf where leaf_index = 7)",
    );
    assert_eq!(at.await, 7);
}

#[tokio::test]
async fn two_rows_swapped() {
    let at = first_bad(
        "update audit_leaf set leaf_index = 1000 where leaf_index = 7; \
         update audit_leaf set leaf_index = 7 where leaf_index = 9; \
         update audit_leaf set leaf_index = 9 where leaf_index = 1000",
    );
    assert_eq!(at.await, 7);
}

#[tokio::test]
async fn the_whole_tree_built_anew_contradicts_the_older_checkpoint() {
    let (kept, old) = Kept::signed(20).await;
    kept.superuser(
        "delete from audit_entry where audit_entry_id = (select audit_entry_id from audit_leaf where leaf_index = 7); \
         truncate audit_leaf, audit_node, audit_checkpoint; \
         insert into audit_pending (audit_entry_id) select audit_entry_id from audit_entry",
    )
    .await;
    kept.act(None).await;
    kept.act(None).await;
    kept.sequence().await;
    let refused = kept.log.checkpoint().await.unwrap_err().to_string();
    assert!(refused.contains("tampered"), "{refused}");
    // Whoever holds the key as well signs all the same.
    std::fs::remove_file(kept.home.path().join("audit/bookings/newest.checkpoint")).unwrap();
    let anew = kept.sign().await;
    assert!(kept.verdict(&anew, None).await.is_ok());
    assert!(matches!(kept.verdict(&anew, Some(&old)).await, Err(Failure::Inconsistent { size: 20 })));
}

#[tokio::test]
async fn an_entry_deleted_before_it_had_its_place() {
    let (kept, old) = Kept::signed(3).await;
    for _ in 0..3 {
        kept.act(None).await;
    }
    let taken = "delete from audit_entry where audit_entry_id = \
        (select audit_entry_id from audit_pending order by audit_entry_id offset 1 limit 1)";
    kept.superuser(taken).await;
    // The others get their places, and a leaf says what happened.
    let checkpoint = kept.sign().await;
    let (leaves, waiting): (i64, i64) = sqlx::query_as(
        "select count(*), (select count(*) from bookings.audit_pending) from bookings.audit_leaf",
    )
    .fetch_one(&mut kept.database.administrator().await)
    .await
    .unwrap();
    assert_eq!((leaves, waiting), (6, 0));
    let export = String::from_utf8(kept.export().await).unwrap();
    let marked: Vec<_> = export.lines().filter(|line| line.contains("entry_vanished")).collect();
    assert_eq!(marked.len(), 1, "{export}");
    assert!(marked[0].contains("\"index\":5") && !marked[0].contains("\"entry\":"), "{marked:?}");
    assert!(matches!(
        kept.verdict(&checkpoint, Some(&old)).await,
        Err(Failure::Tampered { first: 5, last: 5, .. })
    ));
    // Once and for all: nothing comes back, and the log grows on.
    kept.act(None).await;
    assert_eq!(kept.log.sequence().await.unwrap(), 1);
    assert_eq!(kept.log.sequence().await.unwrap(), 0);
}
