//! Every address of the site is looked at by axe: a new page does not pass until it is in a list of those that are visited, or
//! somebody has written down which journey looks at it.

use std::{collections::BTreeSet, fs};

use hellomapper_tests::{Running, running::workspace};

use super::{account, calendar, money, pages::public_pages, practice_money};

/// What only a journey comes to, and the file that looks at it there.
const ON_THE_WAY: [(&str, &str); 16] = [
    ("/book/hold/:hold_id", "booking.rs"),
    ("/book/confirmed/:appointment_id", "booking.rs"),
    ("/book/confirmed/:appointment_id/disagreement", "rights.rs"),
    ("/booked/:booking_id/payment", "money/paying.rs"),
    ("/account/waitlist/:role_id", "month.rs"),
    ("/account/appointments/:booking_id/notes", "sealed.rs"),
    ("/practice/:organization_id", "sealed.rs"),
    ("/practice/:organization_id/bookings/:booking_id", "sealed.rs"),
    ("/practice/:organization_id/staff", "sealed.rs"),
    ("/practice/:organization_id/keys", "keyboard.rs"),
    ("/practice/:organization_id/messages", "messages.rs"),
    ("/practice/:organization_id/messages/previews", "messages.rs"),
    ("/admin/payments/:payment_id", "money/platform.rs"),
    ("/admin/reconciliations/:reconciliation_id", "money/platform.rs"),
    ("/support", "support.rs"),
    ("/support/:patient_id", "support.rs"),
];
/// What stands for an address that is no page's.
const NOT_FOUND: &str = "/404";

#[tokio::test(flavor = "multi_thread")]
async fn every_address_of_the_site_is_looked_at() {
    let running = Running::start().await;
    let routes = fs::read_to_string(workspace().join("frontend/src/routes.rs")).unwrap();
    let addresses: Vec<&str> = routes.lines().filter_map(address).collect();
    let public = public_pages(&running).await.into_iter().map(|(path, _)| path);
    let visited: Vec<String> = public
        .chain(account::BEFORE.iter().chain(&account::PAGES).map(|path| (*path).to_owned()))
        .chain(calendar::PAGES.iter().chain(&[""]).map(|rest| format!("/calendar/any{rest}")))
        .chain(practice_money::PAGES.map(|rest| format!("/practice/any{rest}")))
        .chain(money::platform::PAGES.map(str::to_owned))
        .collect();
    let mut looked_at: BTreeSet<&str> = visited.iter().map(|path| address_of(path, &addresses)).collect();
    for (on_the_way, file) in ON_THE_WAY {
        let journey = fs::read_to_string(workspace().join("tests/browser").join(file)).unwrap();
        let looks = ["faults(", "violations("].iter().any(|look| journey.contains(look));
        assert!(looks, "{file} looks at no page");
        assert!(looked_at.insert(on_the_way), "{on_the_way} is visited anyway");
    }
    let all: BTreeSet<&str> = addresses.iter().copied().collect();
    assert_eq!(all.len(), routes.matches("#[at(").count(), "each address is read, and is there once");
    let unseen: Vec<_> = all.difference(&looked_at).collect();
    assert!(unseen.is_empty(), "have axe look at {unseen:#?}");
    let gone: Vec<_> = looked_at.difference(&all).collect();
    assert!(gone.is_empty(), "there is no page at {gone:#?}");
}

/// The address that a line of the routes gives to a page.
fn address(line: &str) -> Option<&str> {
    line.trim().strip_prefix("#[at(\"")?.strip_suffix("\")]")
}

/// Which address a path is at: the first that it suits, as the router takes it.
fn address_of<'a>(path: &str, addresses: &[&'a str]) -> &'a str {
    let path = path.split('?').next().unwrap_or_default();
    let suits = |address: &&&str| {
        let (wanted, given) = (address.split('/'), path.split('/'));
        wanted.clone().count() == given.clone().count()
            && wanted.zip(given).all(|(wanted, given)| wanted.starts_with(':') || wanted == given)
    };
    addresses.iter().find(suits).copied().unwrap_or(NOT_FOUND)
}
