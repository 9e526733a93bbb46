//! Patients who hold a time and think about it: it is theirs for ten minutes, unless they give it back before. What has lapsed stands in
//! nobody's way, whether it was cleared away yet or not.

use jiff::Timestamp;
use shared_types::{
    PractitionerRoleId,
    bookings::{HOLD_MINUTES, Hold},
};

use super::{Found, World};
use crate::app::{Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, ROLE, minutes};

/// A time that somebody holds.
pub struct Kept {
    browser: Browser,
    hold: Hold,
}

impl Kept {
    /// The time with a role, while it is held.
    pub fn keeps(&self, role: PractitionerRoleId, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let is_live = now < self.hold.expires_at;
        let is_theirs = self.hold.role.practitioner_role_id == role;
        (is_live && is_theirs).then_some((self.hold.start, self.hold.end))
    }

    /// What the database should have of it.
    pub fn found(&self) -> Found {
        let (from, until) = (self.hold.start.as_second(), self.hold.end.as_second());
        ("kept".to_owned(), self.hold.hold_id.0, String::new(), 0, from, until)
    }
}

impl World {
    pub async fn keep(&mut self) -> String {
        let (role, of) = if self.pick(3) == 0 { (COLLEAGUE, LONG_COLLEAGUE) } else { (ROLE, LONG) };
        let (start, mut browser) = (self.slot(), self.app.browser());
        let end = start + minutes(30);
        let expected =
            self.is_offered(role == COLLEAGUE, start, end) && self.is_clear(role, start, end, None);
        let reply = browser.hold(self.app.key(), role, of, start).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            let hold: Hold = reply.read();
            assert_eq!((hold.start, hold.end), (start, end));
            assert_eq!(hold.expires_at, self.now() + minutes(HOLD_MINUTES));
            self.kept.push(Kept { browser, hold });
        }
        format!("keep {start}: {expected}")
    }

    /// Somebody books what they hold, or gives it back.
    pub async fn end_hold(&mut self) -> String {
        if self.kept.is_empty() {
            return "nobody holds a time".to_owned();
        }
        let (nth, takes) = (self.pick(self.kept.len()), self.pick(2) == 0);
        let Kept { mut browser, hold } = self.kept.remove(nth);
        if takes {
            self.take_held(browser, &hold).await;
        } else {
            let reply = browser.release(&hold).await;
            assert_eq!(reply.status, 204, "{}", reply.body);
        }
        format!("{} is held no more, taken: {takes}", hold.start)
    }

    /// Somebody else wants what has lapsed just now, before anything has cleared it away. Says what came of it.
    pub async fn need_lapsed(&mut self) -> String {
        let now = self.now();
        let wanted = self.pick(3);
        let lapsed = self.kept.iter().find(|one| now >= one.hold.expires_at).filter(|_| wanted > 0);
        let Some(Kept { hold, .. }) = lapsed else { return String::new() };
        let (role, start, end) = (hold.role.practitioner_role_id, hold.start, hold.end);
        let came = if role == ROLE && wanted == 1 {
            self.desk_at(start, end, self.pick(2) == 0).await
        } else {
            self.book_at(role, start).await
        };
        format!(", and {came}")
    }

    /// What has lapsed can be booked by nobody who held it.
    pub async fn forget_lapsed(&mut self) {
        let now = self.now();
        let (kept, lapsed): (Vec<_>, Vec<_>) = self.kept.drain(..).partition(|one| now < one.hold.expires_at);
        self.kept = kept;
        for Kept { mut browser, hold } in lapsed {
            let reply = browser.confirm(self.app.key(), &hold, &self.app.details()).await;
            reply.problem(410, "hold-expired");
        }
    }
}
