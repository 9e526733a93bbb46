//! A practice's calendar as its pages draw it, and what is asked for by what is let go in it.

use std::rc::Rc;

use jiff::{SignedDuration, civil::Date};
use shared_types::{BookingId, bookings::practice::PracticeCalendar};

use super::create::Draft;
use crate::{
    calendar::{
        away::{Spell, spells},
        drag::Spot,
        sessions::SessionKey,
        sheet::{Column, Entry, columns, entries, instant_at},
        view::CalendarView,
    },
    hooks::use_reschedule::Change,
};

/// What was read last, if anything. Mostly it is the very same as before, which costs nothing to see.
pub(super) struct Answer(pub Option<Rc<PracticeCalendar>>);

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(another)) => Rc::ptr_eq(one, another) || one == another,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// A calendar as it is drawn.
#[derive(Clone, PartialEq)]
pub(super) struct Shown {
    pub entries: Rc<Vec<Entry>>,
    pub away: Rc<Vec<Spell>>,
    pub columns: Rc<Vec<Column>>,
}

impl Shown {
    pub fn of(calendar: &PracticeCalendar, view: &CalendarView, today: Date) -> Self {
        Self {
            entries: Rc::new(entries(calendar)),
            away: Rc::new(spells(calendar)),
            columns: Rc::new(columns(calendar, view, today)),
        }
    }

    /// The session that a booking stands for in the grid.
    pub fn session_at(&self, booking_id: BookingId) -> Option<SessionKey> {
        let mut blocks = self.columns.iter().flat_map(|column| &column.blocks);
        let block = blocks.find(|block| block.entry.booking_id() == booking_id)?;
        block.session.as_ref().map(|session| session.key())
    }

    /// What letting a booking go at a place asks for.
    pub fn change(&self, booking_id: BookingId, spot: Spot) -> Option<Change> {
        let column = self.columns.get(spot.column)?;
        let entry = self.entries.iter().find(|entry| entry.booking_id() == booking_id)?;
        let start = instant_at(column.date, spot.span.from, column.zone);
        Some(Change {
            before: Rc::clone(&entry.appointment),
            role_id: column.role_id,
            start,
            end: start + SignedDuration::from_mins(spot.span.minutes().into()),
            fit_in: false,
            patient_asked: false,
            undoes: false,
        })
    }

    /// What a place that was drawn or chosen begins; how long is open where it was only chosen.
    pub fn draft(&self, spot: Spot, drawn: bool) -> Option<Draft> {
        let column = self.columns.get(spot.column)?;
        Some(Draft {
            role_id: column.role_id,
            date: Some(column.date),
            minute: Some(spot.span.from),
            minutes: drawn.then(|| spot.span.minutes()),
            walk_in: false,
        })
    }
}
