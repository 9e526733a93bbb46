//! Entries go after seven years and their leaves stay: the log still verifies, and nothing younger can go.

use jiff::SignedDuration;
use sqlx::AssertSqlSafe;

use super::kept::Kept;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

/// The database's own clock has the last word, so what is old here is written by a clock that stands in the past.
async fn with_old_entries(count: usize) -> Kept {
    let kept = Kept::new().await;
    kept.core.clock.advance(-(YEAR * 20));
    for _ in 0..count {
        kept.act(None).await;
    }
    kept
}

async fn entries(kept: &Kept) -> i64 {
    sqlx::query_scalar("select count(*) from bookings.audit_entry")
        .fetch_one(&mut kept.database.administrator().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn old_entries_go_a_register_says_which_and_the_tree_still_stands() {
    let kept = with_old_entries(5).await;
    let old = kept.sign().await;
    kept.core.clock.advance(YEAR * 20);
    for _ in 0..3 {
        kept.act(None).await;
    }
    kept.sequence().await;
    assert_eq!(kept.log.destroy_old().await.unwrap(), 5);
    assert_eq!(kept.log.destroy_old().await.unwrap(), 0);
    assert_eq!(entries(&kept).await, 4, "three that are young, and the register");
    let checkpoint = kept.sign().await;
    let report = kept.verdict(&checkpoint, Some(&old)).await.unwrap();
    assert_eq!((report.vouched, report.destroyed), (9, 5));
    let registered: (String, i64) =
        sqlx::query_as("select record_class, row_count from bookings.destruction")
            .fetch_one(&mut kept.auditor().await)
            .await
            .unwrap();
    assert_eq!(registered, ("audit_entry".to_owned(), 5));
}

#[tokio::test]
async fn the_register_itself_stays_however_old_it_is() {
    let kept = with_old_entries(3).await;
    kept.sequence().await;
    kept.core.clock.advance(YEAR * 8);
    assert_eq!(kept.log.destroy_old().await.unwrap(), 3);
    kept.sequence().await;
    // Much later, the register is old enough for anything else to go.
    kept.core.clock.advance(YEAR * 20);
    assert_eq!(kept.log.destroy_old().await.unwrap(), 0);
    let checkpoint = kept.sign().await;
    assert_eq!(kept.verdict(&checkpoint, None).await.unwrap().destroyed, 3);
}

#[tokio::test]
async fn nothing_goes_that_is_younger_or_has_no_leaf_whoever_asks() {
    let kept = with_old_entries(2).await;
    assert_eq!(kept.log.destroy_old().await.unwrap(), 0, "no leaf yet");
    kept.core.clock.advance(YEAR * 20);
    kept.act(None).await;
    kept.sequence().await;
    // However late the caller says that it is.
    let late = "select destroy_audit_details(gen_random_uuid(), gen_random_uuid(), '2199-01-01', \
                uuid_send(gen_random_uuid()), 1000)";
    let gone: i64 = sqlx::query_scalar(late).fetch_one(&mut kept.auditor().await).await.unwrap();
    assert_eq!(gone, 2, "the old ones only");
    for (role, statement) in [
        ("bookings_app", late.to_owned()),
        ("bookings_app", "delete from bookings.audit_entry".to_owned()),
        ("bookings_audit", "delete from bookings.audit_entry".to_owned()),
        ("bookings_audit", "delete from bookings.destruction".to_owned()),
        ("bookings_migrate", "delete from bookings.audit_entry".to_owned()),
        ("bookings_migrate", "delete from bookings.destruction".to_owned()),
    ] {
        let mut conn = kept.database.connect(role).await;
        let error = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut conn).await.unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{role}: {statement}: {error}");
    }
    assert_eq!(entries(&kept).await, 2, "one that is young, and the register");
}
