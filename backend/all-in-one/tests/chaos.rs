//! A small run of `hellomapper chaos payments`, and the same with a mistake planted, which it has to notice.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::path::Path;

use hellomapper::chaos::{Found, Options, payments};

const PROGRAM: &str = env!("CARGO_BIN_EXE_hellomapper");

/// In a cluster of its own, which is stopped at the end.
async fn run(options: Options) -> Found {
    let home = tempfile::tempdir().unwrap();
    payments(&options, home.path(), Path::new(PROGRAM)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_whatever_goes_wrong() {
    let found = run(Options { bookings: 60, kills: 5, seed: 1, ignore_key: false }).await;
    assert!(found.is_well(), "{}", found.words());
    assert_eq!((found.kills, found.database_restarts), (5, 1));
    assert!(found.claimed.lodged > 0 && found.claimed.lodged_twice == 0, "{}", found.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_processor_ignores_is_noticed() {
    let found = run(Options { bookings: 60, kills: 0, seed: 1, ignore_key: true }).await;
    assert_eq!(found.processor.keys_ignored, 1, "{}", found.words());
    assert!(!found.is_well() && found.charged_twice == 1, "{}", found.words());
}
