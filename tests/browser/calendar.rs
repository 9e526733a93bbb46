//! A practice's calendar: a day at the desk with a mouse and with the keyboard alone, the grid with that too, and every page of it
//! on a phone.

use hellomapper_tests::{
    Browser, Running,
    browser::key,
    desk::{Desk, opened, stands},
    until,
};
use jiff::{SignedDuration, ToSpan as _, civil::Date};
use kernel::Clock;
use serde_json::json;

use super::pages::{faults, sideways, violations};

const CAME: &str = "Ada Nguyen";
const STAYED_AWAY: &str = "Grace Okafor";
const WALKED_IN: &str = "Tom Abara";
/// The rows of weekly hours.
const RULES: &str = "[aria-labelledby=rules-title] .hours__row";
/// Whether the heading of what is open beside the calendar has the focus.
const AT_TITLE: &str = "return document.activeElement.id === 'beside-title'";
/// Whether the mark of the focus lies around what has it.
const MARKED: &str = "
    const boxes = ['.cal__mark[data-of=focus]', ':focus'].map(css => document.querySelector(css).getBoundingClientRect());
    return ['left', 'top', 'width', 'height'].every(edge => Math.abs(boxes[0][edge] - boxes[1][edge]) < 3);";

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_sets_its_hours_and_works_through_a_day() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "olga.desk@example.org").await;
    sets_hours(&browser, &desk).await;
    offers_a_type(&browser, &desk).await;

    // Both should have come twenty minutes ago.
    let start = Clock::System.now() - SignedDuration::from_mins(20);
    let day = desk.zone.date(start);
    browser.visit(&desk.view("day", day)).await;
    desk.book(&browser, CAME, start).await;
    stands(&browser, "Confirmed").await;
    for (press, words) in [
        ("Check in", "Checked in"),
        ("Start the visit", "With the practitioner"),
        ("The visit is over", "Took place"),
    ] {
        browser.click_on(press).await;
        stands(&browser, words).await;
    }
    desk.book(&browser, STAYED_AWAY, start).await;
    browser.click_on("Did not come").await;
    // Without the word it needs it says so, and leads there.
    browser.click(".act__form button[type=submit]").await;
    browser.reads("Tick the box if it is so").await;
    browser.is_true("return document.activeElement.id === 'why-NoShow'").await;
    browser.click_on("The practice was ready").await;
    assert_eq!(faults(&browser).await, Vec::<String>::new());
    browser.click(".act__form button[type=submit]").await;
    stands(&browser, "The patient did not come").await;

    walks_in(&browser).await;
    is_seen_by_a_colleague(&browser, &desk, day).await;

    // On paper stands who came and who did not. Soon after midnight theirs was the day before the one that a walk-in is shown on.
    browser.visit(&desk.view("day", day)).await;
    browser.devtools("Emulation.setEmulatedMedia", json!({"media": "print"})).await;
    let sheet = browser.words_of(".day-sheet").await;
    for words in [CAME, "Took place", STAYED_AWAY, "The patient did not come"] {
        assert!(sheet.contains(words), "{words} in {sheet}");
    }
    browser.scheme("light").await;

    // The week has both, and so has the list.
    browser.click_on("Week").await;
    browser.arrives_at("view=week").await;
    let in_week = format!(
        "const entries = [...document.querySelectorAll('.cal-body[data-layout=week] .cal__entry')];
         return [{CAME:?}, {STAYED_AWAY:?}].every(who => entries.some(entry => entry.textContent.includes(who)));"
    );
    browser.is_true(&in_week).await;
    browser.click_on("Agenda").await;
    browser.sees(".agenda-item").await;
    browser.reads(STAYED_AWAY).await;

    for rest in ["/requests", "/unmarked", "/disputes", "/mistakes", "/waitlist", "/calendars", "/webhooks"] {
        browser.visit(&desk.path(rest)).await;
        assert_eq!(faults(&browser).await, Vec::<String>::new());
    }
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Somebody without an appointment is there while the desk books somebody else: one form of their own, and they are checked in.
async fn walks_in(browser: &Browser) {
    browser.click_on("New appointment").await;
    browser.fill("#name", STAYED_AWAY).await;
    browser.click_on("Walk-in").await;
    browser.sees("#new-fit-why").await;
    browser.is_true("return document.querySelector('#name').value === ''").await;
    let begun = "const ticked = document.querySelector('[aria-describedby=new-fit-why]').checked;
                 return ticked && document.querySelector('#new-time').value !== '';";
    browser.is_true(begun).await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    for (field, text) in [("#name", WALKED_IN), ("#dob-day", "4"), ("#dob-month", "7"), ("#dob-year", "1990")]
    {
        browser.fill(field, text).await;
    }
    browser.click_on("Book and check in").await;
    opened(browser, WALKED_IN).await;
    stands(browser, "Checked in").await;
}

/// On another screen a visit begins. Here it is read as soon as somebody looks, without loading the page, and the focus is not lost
/// with the button that it was on.
async fn is_seen_by_a_colleague(browser: &Browser, desk: &Desk, first: Date) {
    let (practice, last) = (desk.practice, desk.zone.date(Clock::System.now()));
    let begin = format!(
        "const practice = '/api/v1/bookings/practices/{practice}';
         (async () => {{
             const read = await fetch(`${{practice}}/calendar?from={first}&to={last}`);
             const all = (await read.json()).roles.flatMap((role) => role.appointments);
             const {{ appointment_id, version }} = all.find((one) => one.patient.name === {WALKED_IN:?});
             const act = await fetch(`${{practice}}/appointments/${{appointment_id}}/transitions`, {{
                 method: 'POST',
                 headers: {{ 'content-type': 'application/json' }},
                 body: JSON.stringify({{ version, action: 'start' }}),
             }});
             done(act.status);
         }})();"
    );
    browser.sees(".acts button").await;
    browser.eval("window.stayed = true; document.querySelector('.acts button').focus();").await;
    assert_eq!(browser.eval_async(&begin).await, json!(200));
    browser.eval("document.dispatchEvent(new Event('visibilitychange'));").await;
    stands(browser, "With the practitioner").await;
    browser.is_true("return document.activeElement.id === 'beside-title' && window.stayed").await;
    browser.reads("Updated ").await;
}

/// Opens on Saturdays, too, from seven o'clock.
async fn sets_hours(browser: &Browser, desk: &Desk) {
    browser.visit(&desk.of_role("/hours")).await;
    browser.sees(RULES).await;
    browser.click_on("Add weekly hours").await;
    browser.click(&format!("{RULES}:last-child label.chip:nth-of-type(6)")).await;
    browser.set(&format!("{RULES}:last-child input[id$='-opens']"), "07:00").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.click_on("Save these hours").await;
    browser.reads("Saved").await;
    browser.visit(&desk.of_role("/hours")).await;
    let kept = format!(
        "const opens = [...document.querySelectorAll(\"{RULES} input[id$='-opens']\")];
         return opens.some(field => field.value === '07:00');"
    );
    browser.is_true(&kept).await;
}

async fn offers_a_type(browser: &Browser, desk: &Desk) {
    browser.visit(&desk.of_role("/types")).await;
    browser.click_on("Add an appointment type").await;
    browser.click("form:has(#type-new-name) button[type=submit]").await;
    browser.sees("form:has(#type-new-name) .field__error span").await;
    assert_eq!(faults(browser).await, Vec::<String>::new());
    browser.fill("#type-new-name", "Saturday review").await;
    browser.fill("#type-new-price_cents", "95").await;
    browser.click("form:has(#type-new-name) button[type=submit]").await;
    browser.reads("Saturday review 30 minutes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_worked_through_without_a_mouse_on_a_phone() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "kim.desk@example.org").await;
    // Both should have come twenty minutes ago.
    let start = Clock::System.now() - SignedDuration::from_mins(20);
    let day = desk.view("day", desk.zone.date(start));
    browser.visit(&day).await;
    for who in [CAME, STAYED_AWAY] {
        desk.book(&browser, who, start).await;
    }

    browser.width(360).await;
    browser.visit(&day).await;
    let enter = key::ENTER.to_string();
    browser.tab_on("Agenda").await;
    browser.press(&enter).await;
    browser.sees(".agenda-item").await;
    opens_by_keys(&browser, CAME).await;
    for (press, words) in [
        ("Check in", "Checked in"),
        ("Start the visit", "With the practitioner"),
        ("The visit is over", "Took place"),
    ] {
        browser.tab_on(press).await;
        browser.press(&enter).await;
        stands(&browser, words).await;
        browser.is_true(AT_TITLE).await;
    }
    browser.press(&key::ESCAPE.to_string()).await;
    browser.is_true("return document.activeElement.matches('.agenda-item')").await;

    opens_by_keys(&browser, STAYED_AWAY).await;
    browser.tab_on("Did not come").await;
    browser.press(&enter).await;
    browser.sees(".act__form").await;
    // Without the word it needs it says so, and leads there.
    browser.tab_to(".act__form button[type=submit]").await;
    browser.press(&enter).await;
    browser.is_true("return document.activeElement.id === 'why-NoShow'").await;
    browser.press(&key::SPACE.to_string()).await;
    browser.is_true("return document.activeElement.checked").await;
    browser.tab_to(".act__form button[type=submit]").await;
    browser.press(&enter).await;
    stands(&browser, "The patient did not come").await;
    assert_eq!(sideways(&browser).await, None);
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
    running.quiet().await;
}

/// Goes to somebody in the list by Tab, and opens the panel about them.
async fn opens_by_keys(browser: &Browser, who: &str) {
    let find = format!(
        "const items = [...document.querySelectorAll('.agenda-item')];
         return items.find(item => item.textContent.includes({who:?}))?.id ?? null;"
    );
    let id = until(&format!("{who} in the list"), || async {
        browser.eval(&find).await.as_str().map(str::to_owned)
    })
    .await;
    browser.tab_to(&format!("#{id}")).await;
    browser.press(&key::ENTER.to_string()).await;
    opened(browser, who).await;
    browser.is_true(AT_TITLE).await;
    // The panel is drawn part by part.
    browser.sees(".acts button").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calendar_needs_no_mouse_and_fits_a_phone() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    browser.scheme("light").await;
    let desk = Desk::open(&running, &browser, "kim.desk@example.org").await;
    let enter = key::ENTER.to_string();

    // The grid is one stop; within it the arrows lead on. Nobody has booked a day so far ahead.
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    browser.visit(&desk.view("day", day)).await;
    browser.tab_to(".cal-body [tabindex='0']").await;
    browser.press(&key::ARROW_DOWN.to_string().repeat(4)).await;
    browser.press(&enter).await;
    browser.is_true("return document.activeElement.id === 'beside-title'").await;
    // With another time everything about it is begun anew, also in fields that somebody has chosen in.
    browser.set("#new-every", "week").await;
    browser.sees("#new-visits").await;
    browser.eval("document.querySelector(\".cal-body [tabindex='0']\").focus();").await;
    browser.press(&key::ARROW_DOWN.to_string()).await;
    browser.press(&enter).await;
    browser.is_true("return !document.querySelector('#new-visits')").await;
    browser.is_true("return document.querySelector('#new-every').value === ''").await;
    browser.is_true("return document.activeElement.id === 'beside-title'").await;
    for (field, text) in [
        ("#name", CAME),
        ("#dob-day", "27"),
        ("#dob-month", "3"),
        ("#dob-year", "1985"),
        ("#mobile", "0491570156"),
    ] {
        browser.tab_to(field).await;
        browser.press(text).await;
    }
    browser.tab_to(".beside form button[type=submit]").await;
    browser.press(&enter).await;
    opened(&browser, CAME).await;
    browser.is_true("return document.activeElement.id === 'beside-title'").await;

    // What moves it is the last that is drawn, and its fields are made once they are wanted.
    browser.sees(".move > summary").await;
    browser.tab_to(".move > summary").await;
    browser.press(&enter).await;
    browser.sees("#move-date").await;
    browser.tab_to("#move-date").await;

    // Escape leads back to the entry, which is taken up, carried half an hour on and dropped; then that is taken back.
    browser.press(&key::ESCAPE.to_string()).await;
    browser.is_true("return document.activeElement.matches('.cal__entry')").await;
    browser.is_true(MARKED).await;
    let before = browser.words_of(".cal__entry-time").await;
    browser.press("m").await;
    browser.press(&key::ARROW_DOWN.to_string().repeat(2)).await;
    browser.press(&enter).await;
    browser.reads(&format!("{CAME} is at")).await;
    browser.is_true("return document.activeElement.matches('.cal__entry')").await;
    assert_ne!(browser.words_of(".cal__entry-time").await, before);
    browser.tab_back().await;
    browser.is_true("return document.activeElement.matches('.toast button')").await;
    browser.press(&enter).await;
    browser.reads(&format!("{CAME} is back at")).await;
    // The button has gone with what it did, and the focus is on what it was about.
    browser.is_true("return document.activeElement.matches('.cal__entry')").await;
    let back = format!("return document.querySelector('.cal__entry-time').innerText.trim() === {before:?}");
    browser.is_true(&back).await;

    // What is taken up is put down by whoever goes on to something else: as long as it is carried, no news is read.
    browser.press("m").await;
    browser.is_true("return !document.querySelector('.cal__ghost').hidden").await;
    browser.tab_back().await;
    browser.is_true("return document.querySelector('.cal__ghost').hidden").await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());

    browser.width(360).await;
    // Without room beside the list, what is opened lies over it and is seen at once.
    browser.visit(&desk.view("agenda", day)).await;
    browser.click(".agenda-item").await;
    opened(&browser, CAME).await;
    browser.is_true("return document.activeElement.id === 'beside-title'").await;
    let seen = "const title = document.activeElement.getBoundingClientRect();
                return title.top >= 0 && title.bottom <= window.innerHeight;";
    browser.is_true(seen).await;
    let views = ["agenda", "day", "week", "month"].map(|layout| desk.view(layout, day));
    let pages = PAGES.map(|rest| desk.of_role(rest));
    let mut wrong = Vec::new();
    for path in views.iter().chain(&pages) {
        browser.visit(path).await;
        wrong.extend(violations(&browser).await);
        wrong.extend(sideways(&browser).await);
        let text = browser.text().await;
        let shown = !text.contains("Something went wrong") && !text.contains("needs a stronger sign-in");
        wrong.extend((!shown).then(|| format!("{path} shows {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_gives_the_focus_back_to_what_opened_it() {
    let running = Running::start().await;
    let browser = Browser::open(&running).await;
    let desk = Desk::open(&running, &browser, "kim.desk@example.org").await;
    let (enter, escape) = (key::ENTER.to_string(), key::ESCAPE.to_string());
    let day = desk.zone.date(Clock::System.now()) + 150.days();
    browser.visit(&desk.view("day", day)).await;
    browser.sees(".cal-body [tabindex='0']").await;
    for (opener, title) in [
        ("#cal-new", "New appointment"),
        // Who is there now is booked on today, which is shown then.
        ("#cal-walk-in", "Walk-in"),
        ("#cal-keys", "Keyboard shortcuts"),
    ] {
        browser.tab_to(opener).await;
        browser.press(&enter).await;
        browser.is_true(AT_TITLE).await;
        assert_eq!(browser.words_of("#beside-title").await, title);
        browser.tab_to(".beside__head button").await;
        browser.press(&enter).await;
        browser.is_true(&format!("return document.activeElement.matches('{opener}')")).await;
    }
    // From within the grid as well.
    browser.tab_to(".cal-body [tabindex='0']").await;
    browser.press("?").await;
    browser.is_true(AT_TITLE).await;
    browser.press(&escape).await;
    browser.is_true("return document.activeElement.matches('.cal-body [tabindex]')").await;

    // On a phone the practice's pages are behind one button.
    browser.width(360).await;
    browser.visit(&desk.of_role("/types")).await;
    browser.sees("#desk-pages-open").await;
    let hidden = "return document.querySelector('#desk-pages').offsetParent === null";
    browser.is_true(hidden).await;
    browser.tab_to("#desk-pages-open").await;
    browser.press(&enter).await;
    browser.is_true("return document.querySelector('#desk-pages').offsetParent !== null").await;
    browser.tab_to("#desk-pages a[href$='/resources']").await;
    browser.press(&escape).await;
    browser.is_true("return document.activeElement.id === 'desk-pages-open'").await;
    browser.is_true(hidden).await;
    assert_eq!(browser.console_errors().await, Vec::<String>::new());
    browser.close().await;
}

/// Every page of a practice's calendar besides its views.
pub const PAGES: [&str; 11] = [
    "/hours",
    "/types",
    "/waitlist",
    "/disputes",
    "/mistakes",
    "/requests",
    "/unmarked",
    "/calendars",
    "/resources",
    "/pools",
    "/webhooks",
];
