//! What is there before anybody came: listings that are invented or imported, and nobody who could sign in.

use hellomapper_tests::{Running, running::count};

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_installation_has_no_account_that_anybody_could_know() {
    let running = Running::without_bundle().await;
    let mut admin = running.database.administrator().await;
    assert!(count(&mut admin, "providers.practitioner_role").await > 0, "there is something to find");
    for table in
        ["account", "sign_up", "password_credential", "passkey", "session", "membership", "platform_staff"]
    {
        assert_eq!(count(&mut admin, &format!("users.{table}")).await, 0, "{table}");
    }
}
