//! What the program refuses to do for people who mean it, before anything is made or started.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::{fs, process::Command};

use hellomapper::claims;
use kernel::{
    Chance, Clock,
    config::{Mode, Settings},
};

#[test]
fn production_loads_no_demo_data() {
    for arguments in [["demo"].as_slice(), &["serve", "--demo-if-empty", "10"]] {
        let home = tempfile::tempdir().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_hellomapper"))
            .env_clear()
            .current_dir(home.path())
            .env("HELLOMAPPER_ENV", "production")
            .env("HELLOMAPPER_HOME", home.path())
            .env("HELLOMAPPER_PUBLIC_URL", "https://hellomapper.example")
            .env("SMTP_URL", "smtps://mail.example")
            .args(arguments)
            .output()
            .unwrap();
        let wrong = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(wrong.contains("production never loads demo data"), "{arguments:?}: {wrong}");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[tokio::test]
async fn production_has_nobody_who_pretends_to_be_medicare() {
    let home = tempfile::tempdir().unwrap();
    let settings =
        Settings { mode: Mode::Production, home: home.path().to_owned(), ..Settings::from_env().unwrap() };
    let started = claims::start(&settings, &Clock::System, &Chance::system()).await.unwrap();
    assert!(started.is_none());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}
