//! With a mouse: from a search to a booked appointment, and its cancellation by the link from the mail.

use hellomapper_tests::{Browser, Running, browser::key, mail};

use super::pages::{sideways, violations};

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_searches_moves_the_map_books_and_cancels() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    browser.sees(".provider-card .time").await;

    // Filter: the address is the whole state, and the list follows.
    browser.click("label.chip:has(input[name=new_patients])").await;
    browser.arrives_at("new_patients=true").await;
    // The address changes a moment before the page does: that counts this filter and the distance.
    browser
        .is_true("return document.querySelector('#filters-open .chip__count').textContent === '2 on'")
        .await;
    browser.settled().await;
    browser.sees(".provider-card .time").await;

    // Map: the same results.
    browser.sees(".map .pin").await;
    browser.is_true("return !document.querySelector('.map-here button')").await;
    browser.eval("document.querySelector('.map').focus(); return true").await;
    browser.press(&key::ARROW_RIGHT.to_string()).await;
    browser.click(".map-here button").await;
    browser.arrives_at("bbox=").await;
    browser.reads("in this area").await;
    browser.settled().await;
    assert!(browser.here().await.contains("new_patients=true"), "{}", browser.here().await);
    let name = browser.sees(".provider-card:has(.time) .provider-card__name a").await.text().await.unwrap();

    // Profile: its times lead to a hold.
    browser.click(".provider-card:has(.time) .provider-card__name a").await;
    browser.arrives_at("/providers/").await;
    assert_eq!(browser.words_of(".profile__head h1").await, name);
    browser.click(".times .times-day .time").await;
    browser.arrives_at("/book/hold/").await;
    browser.sees(".hold-bar").await;

    // Details: what is missing is said before anything is sent.
    browser.click(".booking__form button[type=submit]").await;
    browser.sees(".error-summary").await;
    browser.is_true("return document.activeElement.matches('.error-summary')").await;
    fill_details(&browser).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.arrives_at("step=check").await;
    browser.click("label.check:has(#consent)").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.arrives_at("/book/confirmed/").await;
    browser.reads("You are booked").await;
    browser.is_true("return document.activeElement.id === 'done-title'").await;

    // Mail, and the link in it.
    let message = mail::arrives(&running, "Appointment confirmed").await;
    assert!(message.calendar().iter().any(|line| line == "METHOD:PUBLISH"), "{}", message.text());
    browser.visit(&message.manage_path(&running.settings.public_url)).await;
    fill_birth(&browser).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Confirmed").await;
    browser.reads(&name).await;
    click_button(&browser, "Cancel it").await;
    browser.reads("Cancel this appointment?").await;
    click_button(&browser, "Cancel the appointment").await;
    browser.reads("The practice sees that you cancelled").await;
    let message = mail::arrives(&running, "Appointment cancelled").await;
    assert!(message.calendar().iter().any(|line| line == "METHOD:CANCEL"), "{}", message.text());
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_somebody_else_takes_is_answered_with_others_and_typed_words_are_kept() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.visit("/search?near=Sydney+NSW+2000&radius_m=50000").await;
    browser.click(".provider-card:has(.time) .provider-card__name a").await;
    browser.arrives_at("/providers/").await;
    browser.settled().await;
    let wanted = browser.sees(".times .times-day .time").await.attr("href").await.unwrap().unwrap();
    take(&running, &wanted).await;
    browser.click(".times .times-day .time").await;
    browser.arrives_at("/book/").await;
    browser.sees(".notice--soon .time").await;
    browser.is_true("return document.activeElement.matches('.notice--soon')").await;
    browser.click(".notice--soon .time").await;
    browser.arrives_at("/book/hold/").await;
    fill_details(&browser).await;
    // A reload loses nothing.
    let here = browser.here().await;
    browser.visit(&here).await;
    browser.is_true("return document.querySelector('#name')?.value === 'Ada Nguyen'").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_of_a_booking_meet_wcag_and_fit_a_phone() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.width(360).await;
    browser.scheme("light").await;
    let mut wrong = Vec::new();
    let search = "/search?near=Sydney+NSW+2000&radius_m=50000&new_patients=true";
    browser.visit(search).await;
    // On a phone the map is the other half of the page.
    browser.click(".map-toggle").await;
    browser.sees(".map .pin").await;
    browser.sees(".map-cards .provider-card").await;
    look(&browser, &mut wrong).await;
    browser.click(".map-toggle").await;
    browser.is_true("return document.querySelector('main').dataset.view === 'list'").await;
    // After so long a look the first time may be too soon to be booked.
    browser.visit(search).await;
    browser.click(".provider-card .time").await;
    browser.arrives_at("/book/hold/").await;
    browser.sees("#name").await;
    look(&browser, &mut wrong).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.sees(".error-summary").await;
    look(&browser, &mut wrong).await;
    fill_details(&browser).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.sees("#consent").await;
    look(&browser, &mut wrong).await;
    browser.click("label.check:has(#consent)").await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("You are booked").await;
    look(&browser, &mut wrong).await;
    let message = mail::arrives(&running, "Appointment confirmed").await;
    browser.visit(&message.manage_path(&running.settings.public_url)).await;
    look(&browser, &mut wrong).await;
    fill_birth(&browser).await;
    browser.click(".booking__form button[type=submit]").await;
    browser.reads("Confirmed").await;
    look(&browser, &mut wrong).await;
    click_button(&browser, "Move it").await;
    browser.sees(".times .times-day .time:not([aria-current])").await;
    look(&browser, &mut wrong).await;
    browser.click(".times .times-day .time:not([aria-current])").await;
    browser.sees("#move-title").await;
    look(&browser, &mut wrong).await;
    click_button(&browser, "Move the appointment").await;
    browser.reads("Moved to").await;
    look(&browser, &mut wrong).await;
    mail::arrives(&running, "Appointment moved").await;
    click_button(&browser, "Cancel it").await;
    browser.reads("Cancel this appointment?").await;
    look(&browser, &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    let ours = format!("{}/", running.settings.public_url);
    let others: Vec<_> = browser.requests().await.into_iter().filter(|url| !url.starts_with(&ours)).collect();
    assert_eq!(others, Vec::<String>::new());
    // Nothing of who comes outlives the booking on the device.
    let kept =
        browser.eval("return [localStorage.length, JSON.stringify(sessionStorage), document.cookie]").await;
    assert_eq!(kept[0], 0, "{kept}");
    assert!(!kept[1].as_str().unwrap().contains("Nguyen"), "{kept}");
    assert_eq!(kept[2], "", "no script reads a cookie of ours");
    browser.close().await;
    running.quiet().await;
}

/// Notes what is wrong with the page as it stands.
async fn look(browser: &Browser, wrong: &mut Vec<String>) {
    browser.settled().await;
    wrong.extend(sideways(browser).await);
    wrong.extend(violations(browser).await);
}

/// Somebody else holds the time that a link names.
async fn take(running: &Running, href: &str) {
    let (path, query) = href.split_once('?').unwrap();
    let field = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.replace("%3A", ":"));
        found.next_back().unwrap()
    };
    let hold = serde_json::json!({
        "practitioner_role_id": path.trim_start_matches("/book/"),
        "appointment_type_id": field("type"),
        "start": field("start"),
    });
    let rival = hellomapper_tests::Person::new(&running.settings.public_url);
    let reply = rival.send(reqwest::Method::POST, "/api/v1/bookings/holds", Some(&hold)).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.body);
}

async fn fill_details(browser: &Browser) {
    browser.fill("#name", "Ada Nguyen").await;
    fill_birth(browser).await;
    browser.fill("#email", "ada.nguyen@example.org").await;
    browser.fill("#mobile", "0491 570 006").await;
}

async fn fill_birth(browser: &Browser) {
    browser.fill("#dob-day", "27").await;
    browser.fill("#dob-month", "3").await;
    browser.fill("#dob-year", "1985").await;
}

/// Clicks the button in the page's body that says that.
async fn click_button(browser: &Browser, words: &str) {
    let mark = format!(
        "const found = [...document.querySelectorAll('main button')].find(b => b.innerText.trim() === {words:?});
         if (found) found.dataset.wanted = 'true';
         return !!found"
    );
    browser.is_true(&mark).await;
    browser.click("[data-wanted=true]").await;
}
