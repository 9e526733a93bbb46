//! The platform's own pages, for administrators.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
};

use super::{are_sound, comes, only_ours};

const ADMINISTRATOR: &str = "ines.platform@example.org";
/// The platform's pages.
const PAGES: [&str; 8] = [
    "/admin/refunds",
    "/admin/chargebacks",
    "/admin/payout-holds",
    "/admin/reconciliations",
    "/admin/disputes",
    "/admin/mistakes",
    "/admin/listings",
    "/admin/reviews",
];

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_waits_for_them() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    browser.authenticator().await;
    acts::open_account(&running, &browser, ADMINISTRATOR).await;
    acts::sign_in(&browser, ADMINISTRATOR, PASSWORD, "/account/keys").await;
    acts::make_keys(&browser).await;
    acts::add_passkey(&browser, "Laptop").await;
    acts::name_administrator(&running, ADMINISTRATOR).await;
    acts::sign_out(&browser).await;
    acts::sign_in_with_passkey(&browser, "/admin/refunds").await;
    browser.console_errors().await;
    are_sound(&browser, &PAGES.map(str::to_owned)).await;

    // The comparison with the processor of the first night.
    comes(&browser, "/admin/reconciliations", "Finished, begun").await;
    browser.reads("0 different").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    only_ours(&browser, &running).await;
    browser.close().await;
}
