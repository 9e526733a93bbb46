#[tokio::test]
async fn its_program_runs_with_its_own_database_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    kernel::testing::runs_alone(
        "notifications",
        env!("CARGO_BIN_EXE_hellomapper-notifications"),
        home.path(),
    )
    .await;
}
