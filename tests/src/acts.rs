//! What people do on the pages, step by step with a mouse: for tests that begin where somebody has an account, keys or a
//! practice already.

mod visits;

use std::path::Path;

use kernel::Clock;
use serde_json::Value;
use shared_types::{
    AccountId, AppointmentTypeId, BookingId, OrganizationId, PoolId,
    providers::{ProviderSummary, SearchReply},
};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

pub use self::visits::{
    answer_first, free_times, give_details, open_by_letter, prove, request, start_of, take_time, time_page,
    zone_of,
};
use crate::{Browser, Person, Running, mail};

/// Everybody's first password.
pub const PASSWORD: &str = "teal wombats count backwards";
/// Where people look for care.
const SEARCH: &str = "near=Sydney+NSW+2000&radius_m=50000&new_patients=true";
/// How long an authenticator's code lasts, in seconds (RFC 6238, section 4.1).
const HALF_MINUTE: u64 = 30;

/// Opens an account and confirms its address by the link from the mail.
pub async fn open_account(running: &Running, browser: &Browser, email: &str) {
    browser.visit("/account/sign-up").await;
    browser.fill("#email", email).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("label.check:has(#consent)").await;
    browser.click_on("Open the account").await;
    browser.reads("Look for our e-mail").await;
    let link = mail::arrives_for(running, email, "Confirm your e-mail").await;
    browser.visit(&link.path_with_secret(&running.settings.public_url, "/account/verify")).await;
    browser.click_on("Confirm my e-mail").await;
    browser.reads("Your e-mail is confirmed").await;
}

/// Signs in with address and password, and arrives at a page of ours.
pub async fn sign_in(browser: &Browser, email: &str, password: &str, to: &str) {
    give_password(browser, email, password, to).await;
    browser.is_at(to).await;
}

/// The first half of signing in: a code may be asked for next.
pub async fn give_password(browser: &Browser, email: &str, password: &str, to: &str) {
    browser.visit(&format!("/account/sign-in?to={to}")).await;
    browser.fill("#email", email).await;
    browser.fill("#password", password).await;
    browser.click(".booking__form button[type=submit]").await;
}

/// Signs in with the one passkey that the browser has for us.
pub async fn sign_in_with_passkey(browser: &Browser, to: &str) {
    browser.visit(&format!("/account/sign-in?to={to}")).await;
    browser.click_on("Use a passkey").await;
    browser.is_at(to).await;
}

/// Signs out where one is.
pub async fn sign_out(browser: &Browser) {
    browser.visit("/account").await;
    browser.click("#sign-out").await;
    browser.is_at("/").await;
}

/// Forgets the password, and chooses another by the link from the mail.
pub async fn reset_password(running: &Running, browser: &Browser, email: &str, password: &str) {
    browser.visit("/account/forgotten").await;
    browser.fill("#email", email).await;
    browser.click_on("Send the link").await;
    browser.reads("If that address has an account").await;
    let letter = mail::arrives_for(running, email, "Choose a new password").await;
    assert!(letter.text().contains("recovery code"), "it says that it opens nothing: {}", letter.text());
    browser.visit(&letter.path_with_secret(&running.settings.public_url, "/account/reset")).await;
    browser.fill("#password", password).await;
    browser.click_on("Change the password").await;
    browser.reads("Your password is changed").await;
}

/// Makes the first keys of whoever has just signed in with a password and stands on `/account/keys`. Gives the recovery
/// code, which was kept.
pub async fn make_keys(browser: &Browser) -> String {
    browser.click_on("Make my keys").await;
    keep_code(browser).await
}

/// Keeps the recovery code that is shown on `/account/keys`. Gives it.
pub async fn keep_code(browser: &Browser) -> String {
    browser.sees("#last-group").await;
    let code = printed(browser, ".sheet__code").await.remove(0);
    let (_, last) = code.rsplit_once('-').expect("groups");
    browser.fill("#last-group", last).await;
    browser.click_on("I have kept it").await;
    browser.reads("Your keys are open in this tab").await;
    code
}

/// Opens keys with the password, on a page that asks for them.
pub async fn open_keys(browser: &Browser, password: &str) {
    browser.fill("#unlock-password", password).await;
    browser.click_on("Open my keys").await;
    until_open(browser).await;
}

/// Opens keys with the printed code.
pub async fn open_keys_with_code(browser: &Browser, code: &str) {
    browser.fill("#unlock-code", code).await;
    browser.click_on("Open my keys").await;
    until_open(browser).await;
}

async fn until_open(browser: &Browser) {
    browser.is_true("return !document.querySelector('#unlock-password, #unlock-code')").await;
}

/// Gives the account a passkey that signs in and opens the keys, which are open in this tab. Once there is one, a password
/// alone changes nothing any more, so it is used at once.
pub async fn add_passkey(browser: &Browser, name: &str) {
    go_to(browser, "/account/security").await;
    browser.fill("#passkey_name", name).await;
    browser.click("form:has(#passkey_name) button[type=submit]").await;
    browser.reads(&format!("{name} is added")).await;
    browser.click_on("Let it open sealed messages").await;
    browser.click("[aria-labelledby=again-title] button.button--quiet").await;
    browser.reads("It signs you in and opens your sealed messages").await;
}

/// Goes to a page of the account by the menu, so that open keys stay open.
pub async fn go_to(browser: &Browser, path: &str) {
    browser.click("#account-menu").await;
    browser.click(&format!(".menu__link[href='{path}']")).await;
    browser.is_at(path).await;
}

/// Somebody with an account, keys, and a passkey that opens them owns the practice and has begun its mailbox. Gives the
/// recovery sheets. They are signed out again.
pub async fn open_practice(
    running: &Running,
    browser: &Browser,
    email: &str,
    practice: OrganizationId,
) -> Vec<String> {
    open_account(running, browser, email).await;
    sign_in(browser, email, PASSWORD, "/account/keys").await;
    make_keys(browser).await;
    add_passkey(browser, "Front desk").await;
    employ(running, email, practice, "owner").await;
    sign_out(browser).await;
    sign_in_with_passkey(browser, &format!("/practice/{practice}/keys")).await;
    browser.click_on("Make the practice’s key").await;
    let sheets = keep_sheets(browser).await;
    browser.reads("Patients can write to your practice now").await;
    sign_out(browser).await;
    sheets
}

/// Keeps the recovery sheets that are shown, and lets the new key begin.
pub async fn keep_sheets(browser: &Browser) -> Vec<String> {
    browser.sees("#kept-apart").await;
    let sheets = printed(browser, ".sheet--page .sheet__code").await;
    assert_eq!(sheets.len(), 3);
    browser.click("label.check:has(#kept-apart)").await;
    browser.click_on("Begin the new key").await;
    sheets
}

/// Lets somebody who has an account work at a practice, as accepting an invitation does. Their next sign-in knows.
pub async fn employ(running: &Running, email: &str, practice: OrganizationId, role: &str) {
    let account_id = account_of(running, email).await;
    sqlx::query(
        "insert into users.membership (organization_id, account_id, email, roles, created_at, updated_at) \
         values ($1, $2, $3, array[$4], now(), now())",
    )
    .bind(practice.0)
    .bind(account_id.0)
    .bind(email)
    .bind(role)
    .execute(&mut running.database.administrator().await)
    .await
    .expect("a practice and an account");
}

/// Lets somebody who has an account help people by a stated reason. Their next sign-in knows.
pub async fn name_support(running: &Running, email: &str) {
    name_platform_staff(running, email, "support").await;
}

/// Lets somebody who has an account look after the platform itself. Their next sign-in knows.
pub async fn name_administrator(running: &Running, email: &str) {
    name_platform_staff(running, email, "administrator").await;
}

async fn name_platform_staff(running: &Running, email: &str, role: &str) {
    let account_id = account_of(running, email).await;
    sqlx::query(
        "insert into users.platform_staff (account_id, roles, created_at, updated_at) \
         values ($1, array[$2], now(), now())",
    )
    .bind(account_id.0)
    .bind(role)
    .execute(&mut running.database.administrator().await)
    .await
    .expect("an account");
}

/// Whose account it is that has an address.
pub async fn account_of(running: &Running, email: &str) -> AccountId {
    let account_id: Uuid = sqlx::query_scalar("select account_id from users.account where email_lower = $1")
        .bind(email)
        .fetch_one(&mut running.database.administrator().await)
        .await
        .expect("an account has the address");
    account_id.into()
}

/// Somebody who can be booked at a practice, and that practice.
pub async fn somebody_bookable(running: &Running) -> (ProviderSummary, OrganizationId) {
    let person = Person::new(&running.settings.public_url);
    let reply: SearchReply = person.get(&format!("/api/v1/providers/search?{SEARCH}")).await;
    let free = |found: &ProviderSummary| found.bookable && !found.next_free.is_empty();
    let found = reply.items.into_iter().find(|found| free(found) && found.organization.is_some());
    let found = found.expect("the invented Australia has somebody to book near Sydney");
    let practice = found.organization.as_ref().expect("looked for above").organization_id;
    (found, practice)
}

/// A practice offers a type of one of its people as a pool, in which one chooses with whom.
pub async fn offer_pool(
    running: &Running,
    practice: OrganizationId,
    appointment_type: AppointmentTypeId,
) -> PoolId {
    let pool_id: Uuid = sqlx::query_scalar(
        "with made as (insert into bookings.pool (pool_id, organization_id, name, rotation, created_at) \
             values (gen_random_uuid(), $1, 'Whoever is free', 'choose', now()) returning pool_id) \
         insert into bookings.pool_member (pool_id, appointment_type_id, position) \
         select pool_id, $2, 0 from made returning pool_id",
    )
    .bind(practice.0)
    .bind(appointment_type.0)
    .fetch_one(&mut running.database.administrator().await)
    .await
    .expect("a practice and a type of one of its people");
    pool_id.into()
}

/// Whatever a provider is booked for, their practice asks these questions.
pub async fn ask(running: &Running, provider: &ProviderSummary, questions: &Value) {
    sqlx::query(
        "update bookings.appointment_type set questions = $2::jsonb, version = version + 1 where practitioner_role_id = $1",
    )
    .bind(provider.practitioner_role_id.0)
    .bind(questions.to_string())
    .execute(&mut running.database.administrator().await)
    .await
    .expect("the provider can be booked");
}

/// Searches, finds the provider in the list, and holds the last free time of their first day: the first one may begin too soon
/// by the time it is pressed.
pub async fn hold_time(browser: &Browser, provider: &ProviderSummary) {
    browser.visit(&format!("/search?{SEARCH}")).await;
    browser.click(&format!(".provider-card__name a[href*='/providers/{}']", provider.slug)).await;
    browser.arrives_at("/providers/").await;
    browser.click(".times .times-day:first-child .times-part:last-child li:last-child .time").await;
    browser.arrives_at("/book/hold/").await;
    browser.sees("#name").await;
}

/// Says who comes.
pub async fn fill_details(browser: &Browser, name: &str, email: &str) {
    browser.fill("#name", name).await;
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
    browser.fill("#email", email).await;
    browser.fill("#mobile", "0491 570 006").await;
}

/// Writes why one comes, adds files, and agrees to the notice about it.
pub async fn tell_practice(browser: &Browser, reason: &str, files: &[&Path]) {
    browser.fill("#reason", reason).await;
    for file in files {
        browser.attach("#files", file).await;
        let name = file.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
        browser.reads(name).await;
    }
    browser.click("label.check:has(#intake-consent)").await;
}

/// Looks over everything and books. Gives the booking.
pub async fn confirm(running: &Running, browser: &Browser) -> BookingId {
    check(browser).await;
    browser.click_on("Confirm booking").await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("You are booked").await;
    booking_shown(running, browser).await
}

/// Looks over everything and confirms what is only booked once it is paid.
pub async fn confirm_to_pay(browser: &Browser) {
    check(browser).await;
    browser.click_on("Confirm booking").await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("One more step").await;
}

/// The booking that the page is about: the one that was just confirmed.
pub async fn booking_shown(running: &Running, browser: &Browser) -> BookingId {
    let appointment = browser.here().await.trim_start_matches("/book/confirmed/").to_owned();
    let booking_id: Uuid =
        sqlx::query_scalar("select booking_id from bookings.appointment where appointment_id = $1::uuid")
            .bind(appointment)
            .fetch_one(&mut running.database.administrator().await)
            .await
            .expect("the appointment is there");
    booking_id.into()
}

/// Goes to the last look over everything, and agrees there.
pub async fn check(browser: &Browser) {
    browser.click("button[form=party]").await;
    browser.arrives_at("step=check").await;
    browser.click("label.check:has(#consent)").await;
}

/// Writes a message where a booking's notes are open, and waits until it is there.
pub async fn write(browser: &Browser, words: &str) {
    browser.fill("#message", words).await;
    browser.click_on("Send").await;
    browser.is_true(&format!("return document.querySelector('.thread').innerText.includes({words:?})")).await;
    browser.is_true("return document.querySelector('#message').value === ''").await;
}

/// What is printed on each of some sheets, its groups joined as the sheets have them.
async fn printed(browser: &Browser, sheets: &str) -> Vec<String> {
    let script = format!(
        "const groups = sheet => [...sheet.querySelectorAll('code')].map(group => group.textContent).join('-');
         return [...document.querySelectorAll('{sheets}')].map(groups);"
    );
    let found = browser.eval(&script).await;
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// An authenticator app.
pub struct App {
    totp: Totp,
    /// The half minute whose code was given last: each works once.
    used: u64,
}

impl App {
    /// With a secret as it was shown, in base32.
    pub fn new(secret: &str) -> Self {
        let secret: String = secret.split_whitespace().collect();
        let secret = Secret::try_from_base32(secret).expect("a secret is shown in base32");
        let totp = Builder::new().with_secret(secret).build().expect("a secret has at least 128 bits");
        Self { totp, used: 0 }
    }

    /// Sets one up for whoever has just signed in and stands on `/account/security`. Gives the recovery codes too.
    pub async fn set_up(browser: &Browser) -> (Self, Vec<String>) {
        browser.click_on("Set up an authenticator app").await;
        let mut app = Self::new(&browser.words_of(".secret").await);
        browser.fill("#totp_code", &app.code()).await;
        browser.click_on("Turn it on").await;
        browser.sees(".codes").await;
        let codes = browser.words_of(".codes").await.split_whitespace().map(str::to_owned).collect();
        browser.click_on("I have kept them").await;
        browser.reads("It is on").await;
        (app, codes)
    }

    /// The code of this half minute, or of the next one once that is used: a clock may be ahead of the server's by one.
    pub fn code(&mut self) -> String {
        let now = u64::try_from(Clock::System.now().as_second()).expect("the clock is after 1970");
        self.used = (now / HALF_MINUTE).max(self.used + 1);
        self.totp.generate(self.used * HALF_MINUTE).to_string()
    }
}
