//! A program that is asked to end before it has come to serving. In a program of its own, for what listens to signals here does so
//! until the process is gone.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{
    process::{self, Command},
    time::Duration,
};

use kernel::run::asked_to_end;
use tokio::time::timeout;

#[tokio::test]
async fn who_is_asked_to_end_while_it_starts_is_not_killed_and_ends_once_it_serves() {
    let asked = asked_to_end().unwrap();
    // Were nobody listening yet, the system would end this process here.
    let signal = format!("kill -TERM {}", process::id());
    assert!(Command::new("sh").args(["-c", &signal]).status().unwrap().success());
    timeout(Duration::from_secs(10), asked).await.unwrap();
}
