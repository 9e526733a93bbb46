//! The platform's own pages, for administrators.

use hellomapper_tests::{
    Browser, Running,
    acts::{self, PASSWORD},
    till::{Till, private},
};
use serde_json::json;
use shared_types::{BookingId, OrganizationId, providers::ProviderSummary};

use super::{super::pages::faults, are_sound, comes, give_card, money_moves, only_ours};

const ADMINISTRATOR: &str = "ines.platform@example.org";
const SECOND: &str = "jo.platform@example.org";
const PATIENT: &str = "ada.refunded@example.org";
const CARD: &str = "4242424242424242";
/// No other practice of the invented Australia has this name.
const CLINIC: &str = "Quokka Street Clinic";
/// The platform's pages.
pub const PAGES: [&str; 13] = [
    "/admin/payments",
    "/admin/refunds",
    "/admin/chargebacks",
    "/admin/payout-holds",
    "/admin/reconciliations",
    "/admin/statements",
    "/admin/disputes",
    "/admin/mistakes",
    "/admin/listings",
    "/admin/reviews",
    "/admin/messages",
    "/admin/previews",
    "/admin/mbs-loads",
];

/// An administrator with a passkey, signed in.
async fn administrator(running: &Running, browser: &Browser, email: &str, to: &str) {
    browser.scheme("light").await;
    browser.authenticator().await;
    acts::open_account(running, browser, email).await;
    acts::sign_in(browser, email, PASSWORD, "/account/keys").await;
    acts::make_keys(browser).await;
    acts::add_passkey(browser, "Laptop").await;
    acts::name_administrator(running, email).await;
    acts::sign_out(browser).await;
    acts::sign_in_with_passkey(browser, to).await;
    browser.console_errors().await;
}

/// Changes something that no page does.
async fn change(running: &Running, statement: &'static str) {
    let changed = sqlx::query(statement).execute(&mut running.database.administrator().await).await;
    assert_eq!(changed.unwrap().rows_affected(), 1, "{statement}");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_waits_for_them() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    administrator(&running, &browser, ADMINISTRATOR, "/admin/refunds").await;
    are_sound(&browser, &PAGES.map(str::to_owned)).await;

    // The comparison with the processor of the first night.
    comes(&browser, "/admin/reconciliations", "Finished, begun").await;
    browser.reads("0 different").await;

    // Something is different, and somebody sees to it by hand.
    change(
        &running,
        "insert into payments.difference (difference_id, reconciliation_id, kind, subject, ours, theirs, action, found_at) \
         select gen_random_uuid(), reconciliation_id, 'balance', 'platform', '100 cents', '0 cents', 'flagged', now() \
         from payments.reconciliation order by reconciliation_id desc limit 1",
    )
    .await;
    browser.visit("/admin/reconciliations").await;
    browser.reads("1 different, 1 still open").await;
    browser.click_on("What was different").await;
    browser.arrives_at("/admin/reconciliations/").await;
    browser.reads("The card processor has another balance").await;
    browser.reads("Ours: $1.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.fill("textarea[id^='note-']", "Paid out by hand.").await;
    browser.click_on("Close it").await;
    browser.reads("Nothing of it waits.").await;
    browser.reads("Paid out by hand.").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    only_ours(&browser, &running).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_asked_for_by_one_and_agreed_to_by_another_and_payouts_are_held_and_let_go() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let till = Till::open(&running).await;
    till.takes_cards(&running).await;
    let mut rule = private("prepaid", 0);
    rule["fee_cents"] = json!(25_000);
    till.prices(&running, &[rule]).await;
    let (provider, practice) = acts::somebody_bookable(&running).await;
    let booking = paid_visit(&running, &browser, &provider).await;

    // The payment is found by its booking, and a refund of it is asked for.
    administrator(&running, &browser, ADMINISTRATOR, "/admin/payments").await;
    browser.click_on("Find").await;
    browser.reads("Give the booking’s number").await;
    browser.is_true("return document.activeElement.id === 'wanted'").await;
    browser.fill("#wanted", &booking.to_string()).await;
    browser.click_on("Find").await;
    browser.reads("$250: Taken").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click_on("$250: Taken").await;
    browser.arrives_at("/admin/payments/").await;
    browser.reads("$250 can go back. Above $200").await;
    let payment = browser.here().await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.fill("#amount", "220").await;
    browser.fill("#note", "Charged twice").await;
    browser.click_on("Ask").await;
    browser.reads("$220: Waits for a second administrator").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());

    // Who asked cannot agree; somebody else does.
    browser.visit("/admin/refunds").await;
    browser.reads("Charged twice").await;
    browser.click_on("Agree").await;
    browser.reads("Somebody else has to agree").await;
    // A test has one at a time: whoever waits to have the machine alone would let no second one in beside the first.
    browser.close().await;
    let second = Browser::open(&running).await;
    administrator(&running, &second, SECOND, "/admin/refunds").await;
    second.reads("Charged twice").await;
    second.click_on("Agree").await;
    second.reads("Nothing waits for a second administrator.").await;
    money_moves(&running).await;
    comes(&second, &payment, "$220: Back on the card").await;
    second.reads("$30 can go back.").await;

    hold_and_let_go(&running, &second, practice).await;
    assert_eq!(second.console_errors().await, Vec::<String>::new());
    only_ours(&second, &running).await;
    second.close().await;
}

/// A patient pays $250 for a visit.
async fn paid_visit(running: &Running, browser: &Browser, provider: &ProviderSummary) -> BookingId {
    acts::open_account(running, browser, PATIENT).await;
    acts::sign_in(browser, PATIENT, PASSWORD, "/account/payments").await;
    acts::hold_time(browser, provider).await;
    acts::fill_details(browser, "Ada Nguyen", PATIENT).await;
    acts::confirm_to_pay(browser).await;
    browser.click_on("Pay $250").await;
    browser.arrives_at("/pay/").await;
    give_card(browser, CARD).await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("You are booked").await;
    let booking = acts::booking_shown(running, browser).await;
    money_moves(running).await;
    comes(browser, "/account/payments", "Paid, $250").await;
    acts::sign_out(browser).await;
    booking
}

/// A practice that is found by its name is not paid out for a time.
async fn hold_and_let_go(running: &Running, browser: &Browser, practice: OrganizationId) {
    let named = sqlx::query("update providers.organization set name = $2 where organization_id = $1")
        .bind(practice.0)
        .bind(CLINIC)
        .execute(&mut running.database.administrator().await)
        .await;
    assert_eq!(named.unwrap().rows_affected(), 1);
    browser.visit("/admin/payout-holds").await;
    browser.reads("Every practice is paid out.").await;
    // Nothing is held before a practice is chosen.
    browser.fill("#hold-reason", "Somebody has to look").await;
    browser.click_on("Hold").await;
    browser.reads("Choose the practice first").await;
    browser.is_true("return document.activeElement.id === 'practice'").await;
    browser.click_on("Look for it").await;
    browser.reads("Write at least").await;
    browser.is_true("return document.activeElement.id === 'practice'").await;
    browser.fill("#practice", "quokka").await;
    browser.click_on("Look for it").await;
    browser.click_on(CLINIC).await;
    browser.reads(&format!("Practice: {CLINIC}")).await;
    browser.is_true("return document.activeElement.textContent === 'Choose another'").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.click_on("Hold").await;
    browser.reads("Harbour Health Pty Ltd, since").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.fill("input[id^='release-']", "It is in order").await;
    browser.click_on("Pay out again").await;
    browser.reads("It is in order").await;
    browser.reads("Let go ").await;
}
