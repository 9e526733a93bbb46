//! What one patient should be written, by the same rules in small: a ledger in memory, without services, tables or events.

use std::mem;

use jiff::{SignedDuration, Timestamp, civil::time};
use shared_types::{Zone, time::clock_words};

use super::wall;

/// How many hours before the start each reminder is due, and from how many on it comes too late.
const REMINDERS: [(i64, i64); 2] = [(48, 24), (3, 1)];
/// Who was told of the appointment later than so many hours before a reminder is due needs none.
const AFTER_NEWS: i64 = 6;

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The practice was asked.
    Requested,
    /// It takes place.
    Confirmed,
    /// It takes place at another time.
    Moved,
    /// It does not take place.
    Cancelled,
    /// The practice did not take the request.
    NotTaken,
    /// Nobody marked it, so it counts as having taken place.
    Presumed,
    /// It is to come.
    Reminder,
}

impl Kind {
    /// What stands before the start in the subject.
    fn words(self) -> &'static str {
        match self {
            Self::Requested => "Appointment requested: ",
            Self::Confirmed => "Appointment confirmed: ",
            Self::Moved => "Appointment moved: now ",
            Self::Cancelled => "Appointment cancelled: ",
            Self::NotTaken => "Request not taken: ",
            Self::Presumed => "Did your visit take place? ",
            Self::Reminder => "Reminder: appointment on ",
        }
    }
}

/// A letter, by its headers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Letter {
    /// When it was written.
    pub date: String,
    /// What it is about, and the start that it speaks of.
    pub subject: String,
}

impl Letter {
    fn new(now: Timestamp, kind: Kind, start: Timestamp) -> Self {
        let (day, at) = (Zone::SYDNEY.date(start), clock_words(Zone::SYDNEY.time(start)));
        Self {
            date: now.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
            subject: format!("{}{}, {at}", kind.words(), day.strftime("%A %-d %B")),
        }
    }
}

/// A reminder to come.
#[derive(Clone, Copy)]
struct Planned {
    start: Timestamp,
    due: Timestamp,
    useful_until: Timestamp,
}

/// What a patient should be written of their appointment.
#[derive(Default)]
pub struct Ledger {
    planned: Vec<Planned>,
    /// What is written and not sent; a reminder with until when it is of use.
    waiting: Vec<(Letter, Option<Timestamp>)>,
    /// What went out.
    pub sent: Vec<Letter>,
    /// How many reminders were written and never went out, since something came between.
    pub taken_back: usize,
}

impl Ledger {
    /// Something happened to it.
    pub fn tell(&mut self, now: Timestamp, kind: Kind, start: Timestamp) {
        self.waiting.push((Letter::new(now, kind, start), None));
    }

    /// It takes place then, as the patient is told now: reminders of that and of nothing else are to come.
    pub fn plan(&mut self, now: Timestamp, start: Timestamp) {
        self.drop_reminders();
        let planned = REMINDERS.into_iter().map(|(lead, margin)| Planned {
            start,
            due: awake_by(start - hours(lead)),
            useful_until: start - hours(margin),
        });
        self.planned = planned.filter(|one| one.due.duration_since(now) >= hours(AFTER_NEWS)).collect();
    }

    /// Nobody is to be reminded of it any more, not by what is written already either.
    pub fn drop_reminders(&mut self) {
        self.planned.clear();
        let before = self.waiting.len();
        self.waiting.retain(|(_, useful_until)| useful_until.is_none());
        self.taken_back += before - self.waiting.len();
    }

    /// It is off: what waits to say otherwise is not sent, unless it may have the link behind which a guest objects to a fee.
    pub fn call_off(&mut self, is_late: bool) {
        let with_link = [Kind::Requested, Kind::Confirmed];
        let has_link =
            |letter: &Letter| with_link.iter().any(|kind| letter.subject.starts_with(kind.words()));
        self.waiting.retain(|(letter, _)| is_late && has_link(letter));
    }

    /// Whether a reminder is written and not sent.
    pub fn is_reminding(&self) -> bool {
        self.waiting.iter().any(|(_, useful_until)| useful_until.is_some())
    }

    /// What is due is written, and what comes too late is not.
    pub fn write(&mut self, now: Timestamp) {
        let (due, to_come): (Vec<_>, Vec<_>) =
            mem::take(&mut self.planned).into_iter().partition(|one| one.due <= now);
        self.planned = to_come;
        for one in due.into_iter().filter(|one| now < one.useful_until) {
            self.waiting.push((Letter::new(now, Kind::Reminder, one.start), Some(one.useful_until)));
        }
    }

    /// What is written goes out, but for reminders that are of no use any more.
    pub fn send(&mut self, now: Timestamp) {
        for (letter, useful_until) in mem::take(&mut self.waiting) {
            if useful_until.is_none_or(|until| now < until) {
                self.sent.push(letter);
            }
        }
    }

    /// How many reminders went out.
    pub fn reminders(&self) -> usize {
        self.sent.iter().filter(|letter| letter.subject.starts_with(Kind::Reminder.words())).count()
    }
}

/// The moment itself, or the evening before where it lies in the night. Visits begin by day, so what lies in the night is early in
/// the morning.
fn awake_by(instant: Timestamp) -> Timestamp {
    let (day, at) = (Zone::SYDNEY.date(instant), Zone::SYDNEY.time(instant));
    if at < time(8, 0, 0, 0) { wall(day.yesterday().unwrap(), 20, 30) } else { instant }
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}
