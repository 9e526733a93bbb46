//! A practice's desk, for tests that begin where somebody keeps one, and booking there by the form.

use jiff::{Timestamp, civil::Date};
use kernel::Clock;
use shared_types::{OrganizationId, PractitionerRoleId, Zone, providers::ProviderSummary};

use crate::{
    Browser, Running,
    acts::{self, App, PASSWORD},
};

/// From which hour on a day has too little left of it …
const LATE_HOUR: i8 = 20;
/// … and where it is some hours earlier.
const FURTHER_WEST: &str = "Australia/Perth";

/// Where somebody works, and whose appointments they look at.
pub struct Desk {
    /// The practice.
    pub practice: OrganizationId,
    /// One of its people.
    pub role: PractitionerRoleId,
    /// The zone of the place.
    pub zone: Zone,
}

impl Desk {
    /// Somebody with an account and an authenticator app owns the practice, and is signed in with both.
    pub async fn open(running: &Running, browser: &Browser, email: &str) -> Self {
        let (provider, practice) = acts::somebody_bookable(running).await;
        Self::open_at(running, browser, email, (&provider, practice)).await
    }

    /// The same at a practice that was found before, whoever is bookable by now.
    pub async fn open_at(
        running: &Running,
        browser: &Browser,
        email: &str,
        (provider, practice): (&ProviderSummary, OrganizationId),
    ) -> Self {
        let zone = acts::zone_of(provider);
        acts::open_account(running, browser, email).await;
        acts::sign_in(browser, email, PASSWORD, "/account/security").await;
        let (mut app, _) = App::set_up(browser).await;
        acts::employ(running, email, practice, "owner").await;
        acts::sign_out(browser).await;
        let desk = Self { practice, role: provider.practitioner_role_id, zone };
        let here = desk.path("");
        acts::give_password(browser, email, PASSWORD, &here).await;
        browser.fill("#code", &app.code()).await;
        browser.click_on("Sign in").await;
        browser.is_at(&here).await;
        // What was asked for before anybody was signed in is no fault of the pages that follow.
        browser.console_errors().await;
        desk
    }

    /// A page of the practice's calendar.
    pub fn path(&self, rest: &str) -> String {
        format!("/calendar/{}{rest}", self.practice)
    }

    /// A page about the practitioner.
    pub fn of_role(&self, rest: &str) -> String {
        self.path(&format!("{rest}?who={}", self.role))
    }

    /// The practitioner's days around one of them, laid out like that.
    pub fn view(&self, layout: &str, day: Date) -> String {
        self.path(&format!("?view={layout}&day={day}&who={}", self.role))
    }

    /// Has the practice's place where the day goes on for some hours yet, for what counts on its day alone. Which day it is on its pages
    /// goes by the first of its people.
    pub async fn before_midnight(&mut self, running: &Running) {
        if self.zone.time(Clock::System.now()).hour() < LATE_HOUR {
            return;
        }
        self.zone = FURTHER_WEST.parse().expect("a zone of Australia");
        sqlx::query("update bookings.role set time_zone = $2 where organization_id = $1")
            .bind(self.practice.0)
            .bind(FURTHER_WEST)
            .execute(&mut running.database.administrator().await)
            .await
            .expect("an administrator may move a place");
    }

    /// Begins a new appointment at that time. The calendar shows the practitioner's day.
    pub async fn begin(&self, browser: &Browser, start: Timestamp) {
        browser.click_on("New appointment").await;
        browser.set("#new-date", &self.zone.date(start).to_string()).await;
        browser.set("#new-time", &self.zone.time(start).strftime("%H:%M").to_string()).await;
    }

    /// Books somebody who gets letters by the form, beside whatever is booked then, and sees them in the panel.
    pub async fn book_by_mail(&self, browser: &Browser, who: &str, email: &str, start: Timestamp) {
        self.begin(browser, start).await;
        browser.click_on("Fit it in").await;
        acts::fill_details(browser, who, email).await;
        browser.click_on("Book it").await;
        opened(browser, who).await;
    }

    /// Books somebody by the form, beside whatever is booked then, and sees them in the panel. The calendar shows the day.
    pub async fn book(&self, browser: &Browser, who: &str, start: Timestamp) {
        self.begin(browser, start).await;
        browser.click_on("Fit it in").await;
        browser.fill("#name", who).await;
        browser.fill("#dob-day", "9").await;
        browser.fill("#dob-month", "12").await;
        browser.fill("#dob-year", "1971").await;
        browser.click_on("Book it").await;
        opened(browser, who).await;
    }

    /// Finds somebody in the list of a day, and opens the panel about them.
    pub async fn look_at(&self, browser: &Browser, who: &str, start: Timestamp) {
        browser.visit(&self.view("agenda", self.zone.date(start))).await;
        let mark = format!(
            "const found = [...document.querySelectorAll('.agenda-item')].find(item => item.innerText.includes({who:?}));
             if (found) {{ found.dataset.wanted = 'true'; }}
             return !!found;"
        );
        browser.is_true(&mark).await;
        browser.click(".agenda-item[data-wanted=true]").await;
        opened(browser, who).await;
    }
}

/// Waits until the panel beside the calendar is about somebody.
pub async fn opened(browser: &Browser, who: &str) {
    let script = format!("return document.querySelector('#beside-title')?.textContent === {who:?}");
    browser.is_true(&script).await;
}

/// Waits until the appointment that is open beside the calendar stands like that.
pub async fn stands(browser: &Browser, words: &str) {
    let script = format!("return document.querySelector('.beside .badge')?.innerText.trim() === {words:?}");
    browser.is_true(&script).await;
}
