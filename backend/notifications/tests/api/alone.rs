use std::process::Command;

use kernel::testing::Database;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hellomapper-notifications");

#[tokio::test]
async fn its_program_runs_with_its_own_database_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    kernel::testing::runs_alone("notifications", PROGRAM, home.path()).await;
}

#[tokio::test]
async fn in_production_its_program_makes_no_key_for_push_services() {
    let (database, home) = (Database::new().await, tempfile::tempdir().unwrap());
    let ended = Command::new(PROGRAM)
        .env_clear()
        .env("DATABASE_URL_NOTIFICATIONS", database.url("notifications_app"))
        .env("HELLOMAPPER_ENV", "production")
        .env("HELLOMAPPER_HOME", home.path())
        .env("HELLOMAPPER_ADDR", "127.0.0.1:0")
        .env("HELLOMAPPER_PUBLIC_URL", "https://hellomapper.example")
        .env("SMTP_URL", "smtps://mail.hellomapper.example")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success(), "{words}");
    assert!(
        words.contains("production generates no keys") && words.contains("notifications-push-key"),
        "{words}"
    );
    assert!(!home.path().join("keys").exists());
}
