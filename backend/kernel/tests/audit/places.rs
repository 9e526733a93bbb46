//! Every entry has its place, whoever writes at the same time.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::SignedDuration;
use kernel::audit::{self, log::Log};

use super::kept::{Kept, entry, open_log};

/// Entries of each writer.
const EACH: u64 = 10_000;
/// Entries in one transaction.
const TOGETHER: u64 = 20;

#[tokio::test]
async fn two_writers_and_two_sequencers_leave_a_dense_index() {
    let kept = Kept::new().await;
    let other = open_log(&kept.database, &kept.core, &kept.home).await;
    let placed = AtomicU64::new(0);
    let sequence = async |log: &Log| {
        while placed.load(Ordering::SeqCst) < 2 * EACH {
            placed.fetch_add(log.sequence().await.unwrap(), Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(write(&kept), write(&kept), sequence(&kept.log), sequence(&other));
    let dense: (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), min(leaf_index), max(leaf_index), (select count(*) from bookings.audit_pending) \
         from bookings.audit_leaf",
    )
    .fetch_one(&mut kept.database.administrator().await)
    .await
    .unwrap();
    let all = 2 * EACH as i64;
    assert_eq!(dense, (all, 0, all - 1, 0));
    let checkpoint = kept.sign().await;
    let report = kept.verdict(&checkpoint, None).await.unwrap();
    assert_eq!((report.vouched, report.after, report.clock_back), (2 * EACH, 0, 0));
}

async fn write(kept: &Kept) {
    for transaction in 0..EACH / TOGETHER {
        let mut tx = kept.core.begin().await.unwrap();
        for _ in 0..TOGETHER {
            audit::record(&mut tx, &kept.core, entry(kept.core.id(), None)).await.unwrap();
        }
        kept.core.commit(tx).await.unwrap();
        if transaction % 10 == 0 {
            // A database sequence would leave a gap for this one.
            let mut tx = kept.core.begin().await.unwrap();
            audit::record(&mut tx, &kept.core, entry(kept.core.id(), None)).await.unwrap();
            tx.rollback().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_clock_moved_back_shows_in_the_leaf() {
    let kept = Kept::new().await;
    kept.act(None).await;
    kept.core.clock.advance(SignedDuration::from_secs(-30));
    kept.act(None).await;
    kept.sequence().await;
    kept.core.clock.advance(SignedDuration::from_hours(-1));
    kept.act(None).await;
    let checkpoint = kept.sign().await;
    let report = kept.verdict(&checkpoint, None).await.unwrap();
    assert_eq!((report.vouched, report.clock_back), (3, 1));
}

#[tokio::test]
async fn a_checkpoint_is_signed_when_something_is_new_and_lies_outside_the_database() {
    let (kept, first) = Kept::signed(3).await;
    assert!(kept.log.checkpoint().await.unwrap().is_none());
    kept.act(None).await;
    let second = kept.sign().await;
    let folder = kept.home.path().join("audit/bookings");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("000000000003.checkpoint"), first.to_string());
    assert_eq!(read("newest.checkpoint"), second.to_string());
    assert_eq!(read("log.vkey"), format!("{}\n", kept.log.key()));
    assert_eq!(second.verified(kept.log.key()).unwrap().origin, "hellomapper.example/audit/bookings");
    assert!(kept.verdict(&second, Some(&first)).await.is_ok());
    // Entries that nobody has signed for yet are said to be so.
    kept.act(None).await;
    kept.sequence().await;
    let report = kept.verdict(&second, Some(&first)).await.unwrap();
    assert_eq!((report.vouched, report.after), (4, 1));
}

#[tokio::test]
async fn a_job_sequences_and_signs_at_its_end() {
    let kept = Kept::new().await;
    kept.act(None).await;
    let stop = tokio_util::sync::CancellationToken::new();
    stop.cancel();
    kept.log.clone().job().run(stop).await;
    let newest = std::fs::read_to_string(kept.home.path().join("audit/bookings/newest.checkpoint")).unwrap();
    assert!(kept.verdict(&newest.parse().unwrap(), None).await.is_ok());
}
