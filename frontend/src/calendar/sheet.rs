//! A practice's calendar as days, columns and rows: who stands where.

#[cfg(test)]
mod tests;

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp, civil::Date};
use shared_types::{
    BookingId, PractitionerRoleId, Zone,
    bookings::practice::{CalendarAppointment, PracticeCalendar, RoleCalendar, TakenBy},
};

use super::{
    DAY, Span,
    away::NOT_AVAILABLE,
    cursor::Cells,
    lanes::{Lane, lanes},
    sessions::{Item, Session, folded, is_in_group},
    view::{CalendarView, Layout},
    words::{clock_at, is_on_the_wall, span_words, until_words},
};
use crate::components::agenda::plus_days;

/// The hours that a grid shows where nothing asks for more.
const USUAL: Span = Span { from: 8 * 60, to: 18 * 60 };

/// An appointment, and whose clock it goes by.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The appointment.
    pub appointment: Rc<CalendarAppointment>,
    /// The practitioner's name.
    pub with: Rc<str>,
    /// The place's zone.
    pub zone: Zone,
}

impl PartialEq for Entry {
    /// Most are the very same as before, which costs nothing to see.
    fn eq(&self, other: &Self) -> bool {
        let same = Rc::ptr_eq(&self.appointment, &other.appointment) || self.appointment == other.appointment;
        same && self.with == other.with && self.zone == other.zone
    }
}

impl Entry {
    /// The appointment of a role.
    pub fn of(appointment: &CalendarAppointment, with: &Rc<str>, zone: Zone) -> Self {
        Self { appointment: Rc::new(appointment.clone()), with: Rc::clone(with), zone }
    }

    /// On which day it starts.
    pub fn date(&self) -> Date {
        self.zone.date(self.appointment.start)
    }

    /// Whether some of it lies in a day.
    pub fn is_on(&self, date: Date) -> bool {
        span_on(date, self.appointment.start, self.appointment.end, self.zone).is_some()
    }

    /// Whether it began the day before one that it is on: nothing lasts a day.
    pub fn began_before(&self, date: Date) -> bool {
        self.date() < date
    }

    /// When it starts, as a day that it is on says it: `9:15 am`, or `from 11:30 pm the day before`.
    pub fn start_words(&self, date: Date) -> String {
        let clock = clock_at(self.appointment.start, self.zone);
        if self.began_before(date) { format!("from {clock} the day before") } else { clock }
    }

    /// The same and until when: `9:15 am to 10:00 am`, or `from 11:30 pm the day before, until 12:30 am`. A session may last
    /// longer than the entry that it is known by.
    pub fn when_words(&self, date: Date, end: Timestamp) -> String {
        if self.began_before(date) {
            format!("{}, {}", self.start_words(date), until_words(end, self.zone))
        } else {
            span_words(self.appointment.start, end, self.zone)
        }
    }

    /// The booking that it is the newest link of: what it is known by, also when it has moved.
    pub fn booking_id(&self) -> BookingId {
        self.appointment.booking_id
    }
}

/// Everything in a calendar, in order of time.
pub fn entries(calendar: &PracticeCalendar) -> Vec<Entry> {
    let mut entries: Vec<Entry> = calendar.roles.iter().flat_map(entries_of).collect();
    entries.sort_by_key(|entry| (entry.appointment.start, entry.appointment.appointment_id));
    entries
}

fn entries_of(role: &RoleCalendar) -> impl Iterator<Item = Entry> {
    let with: Rc<str> = role.name.as_str().into();
    role.appointments.iter().map(move |appointment| Entry::of(appointment, &with, role.time_zone))
}

/// A booking that is in a calendar.
pub fn entry_of(calendar: &PracticeCalendar, booking_id: BookingId) -> Option<Entry> {
    calendar.roles.iter().find_map(|role| {
        let appointment = role.appointments.iter().find(|one| one.booking_id == booking_id)?;
        Some(Entry::of(appointment, &role.name.as_str().into(), role.time_zone))
    })
}

/// Where a stretch of time stands on a day's wall; `None` where it does not touch the day.
pub fn span_on(date: Date, start: Timestamp, end: Timestamp, zone: Zone) -> Option<Span> {
    let day = zone.days(date, date);
    let (from, to) = (start.max(day.start), end.min(day.end));
    if to <= from {
        return None;
    }
    let first = minute_of(from, zone);
    let minutes = i32::try_from(to.duration_since(from).as_mins()).unwrap_or(DAY);
    Some(Span { from: first, to: (first + minutes.max(1)).min(DAY) })
}

/// The minute of the day that the wall shows.
pub fn minute_of(instant: Timestamp, zone: Zone) -> i32 {
    let time = zone.time(instant);
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

/// The instant at a minute of a day's wall. A minute that the clock skips is the one as long after it; of one that it shows
/// twice, it is the first.
pub fn instant_at(date: Date, minute: i32, zone: Zone) -> Timestamp {
    let wall = date
        .at(0, 0, 0, 0)
        .checked_add(SignedDuration::from_mins(minute.into()))
        .unwrap_or(date.at(0, 0, 0, 0));
    zone.time_zone().to_timestamp(wall).unwrap_or_else(|_| zone.start_of_day(date))
}

/// A column of the grid: one practitioner on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Who.
    pub role_id: PractitionerRoleId,
    /// Their name.
    pub name: Rc<str>,
    /// The place's zone.
    pub zone: Zone,
    /// When.
    pub date: Date,
    /// The open hours.
    pub open: Vec<Span>,
    /// Why no rule counts: a holiday's name, or leave.
    pub closed: Option<Rc<str>>,
    /// The parts of the day that are off.
    pub away: Vec<Span>,
    /// By how many minutes they run late, where that is said of the day.
    pub late: Option<u16>,
    /// What takes time and is no appointment of the practice.
    pub taken: Vec<(Span, TakenBy)>,
    /// The appointments that stand, in order.
    pub blocks: Vec<Block>,
}

/// An appointment in a column, or a group session.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What; of a session the appointment that it is known by.
    pub entry: Entry,
    /// The session that it stands for.
    pub session: Option<Rc<Session>>,
    /// On whose wall it stands: the day that it begins on, or the one after.
    pub date: Date,
    /// When, on that wall: as much of it as lies in the day.
    pub span: Span,
    /// Beside how many others.
    pub lane: Lane,
}

impl Block {
    /// Whether it stands for a booking: its own, or that of somebody in its session.
    pub fn has(&self, booking_id: BookingId) -> bool {
        let in_session = |session: &Rc<Session>| session.has(booking_id);
        self.entry.booking_id() == booking_id || self.session.as_ref().is_some_and(in_session)
    }

    /// Whether it began the day before the one on whose wall it stands.
    pub fn began_before(&self) -> bool {
        self.entry.began_before(self.date)
    }

    /// Whether some of it is on the wall of another day.
    pub fn is_part(&self) -> bool {
        let appointment = &self.entry.appointment;
        appointment.end.duration_since(appointment.start).as_mins() > i64::from(self.span.minutes())
    }

    /// When it starts, as it says itself: `9:15 am`, or `from 11:30 pm the day before`.
    pub fn start_words(&self) -> String {
        self.entry.start_words(self.date)
    }

    /// Whether it can be carried to another time: a session is not moved as one, and of a part nobody sees how long all of it is.
    pub fn may_move(&self) -> bool {
        self.session.is_none() && self.entry.appointment.may_reschedule && !self.is_part()
    }
}

/// The columns of a grid: one day of everybody, or seven days of the first.
pub fn columns(calendar: &PracticeCalendar, view: &CalendarView, today: Date) -> Vec<Column> {
    let days = view.days(today);
    match view.layout {
        Layout::Day => calendar.roles.iter().map(|role| column(role, *days.start())).collect(),
        Layout::Week => {
            let dates = (0..7).map(|offset| plus_days(*days.start(), offset));
            calendar
                .roles
                .first()
                .map_or_else(Vec::new, |role| dates.map(|date| column(role, date)).collect())
        }
        // Neither is a grid of hours.
        Layout::Agenda | Layout::Month => Vec::new(),
    }
}

fn column(role: &RoleCalendar, date: Date) -> Column {
    let (name, zone): (Rc<str>, _) = (role.name.as_str().into(), role.time_zone);
    let of_day = role.appointments.iter().filter(|one| {
        // A session is known by the first who was in it, whatever became of them.
        let shown = is_on_the_wall(one.status) || is_in_group(one);
        shown && span_on(date, one.start, one.end, zone).is_some()
    });
    let items = folded(of_day.map(|one| Entry::of(one, &name, zone)));
    let placed = items.into_iter().filter_map(|item| {
        let (entry, session, end) = match item {
            Item::One(entry) => {
                let end = entry.appointment.end;
                (entry, None, end)
            }
            Item::Session(session) if session.stands() => {
                let (lead, end) = (session.lead.clone(), session.end());
                (lead, Some(Rc::new(session)), end)
            }
            Item::Session(_) => return None,
        };
        let span = span_on(date, entry.appointment.start, end, zone)?;
        Some(((entry, session), span))
    });
    let (entries, spans): (Vec<_>, Vec<_>) = placed.unzip();
    let blocks = entries.into_iter().zip(&spans).zip(lanes(&spans));
    let closed = role.closed.iter().find(|closed| (closed.first..=closed.last).contains(&date));
    let late = role.running_late.filter(|said| said.date == date && said.minutes > 0);
    Column {
        role_id: role.practitioner_role_id,
        name,
        zone,
        date,
        open: role.open.iter().filter_map(|open| span_on(date, open.start, open.end, zone)).collect(),
        closed: closed.map(|closed| closed.holiday.as_deref().unwrap_or(NOT_AVAILABLE).into()),
        away: role.away.iter().filter_map(|away| span_on(date, away.start, away.end, zone)).collect(),
        late: late.map(|said| said.minutes),
        taken: role
            .taken
            .iter()
            .filter_map(|taken| Some((span_on(date, taken.start, taken.end, zone)?, taken.by)))
            .collect(),
        blocks: blocks
            .map(|(((entry, session), span), lane)| Block { entry, session, date, span: *span, lane })
            .collect(),
    }
}

/// The whole hours that a grid of these columns has to show.
pub fn hours(columns: &[Column]) -> Span {
    let spans = columns.iter().flat_map(|column| {
        let blocks = column.blocks.iter().map(|block| block.span);
        let others = column.open.iter().chain(&column.away).copied();
        // What takes the whole day is seen in any hours.
        let taken = column.taken.iter().map(|(span, _)| *span).filter(|span| !span.holds(USUAL));
        blocks.chain(others).chain(taken)
    });
    let all = spans.fold(USUAL, |all, span| Span { from: all.from.min(span.from), to: all.to.max(span.to) });
    Span { from: all.from.div_euclid(60) * 60, to: ((all.to + 59).div_euclid(60) * 60).min(DAY) }
}

/// A row of the grid, as far as what is drawn in it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// At which minute it starts.
    pub minute: i32,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

/// A time of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Whether it is open at all.
    pub open: bool,
    /// Whether a part of the day that is off reaches into it.
    pub is_away: bool,
    /// What starts in it.
    pub blocks: Vec<Block>,
    /// What takes time from it on and is no appointment of the practice.
    pub taken: Vec<(Span, TakenBy)>,
    /// The parts of the day that are off from it on.
    pub away: Vec<Span>,
}

/// The rows of a grid, each of `step` minutes.
pub fn rows(columns: &[Column], hours: Span, step: i32) -> Vec<Rc<Row>> {
    let starts = (0..(hours.minutes() / step)).map(|row| hours.from + row * step);
    let cell = |column: &Column, minute: i32| {
        let row = Span { from: minute, to: minute + step };
        let starts_here = |span: Span| (row.from..row.to).contains(&span.from);
        let taken = column.taken.iter().map(|(span, by)| (span.within(hours), *by));
        Cell {
            open: column.open.iter().any(|open| open.overlaps(row)),
            is_away: column.away.iter().any(|away| away.overlaps(row)),
            blocks: column.blocks.iter().filter(|block| starts_here(block.span)).cloned().collect(),
            taken: taken.filter(|(span, _)| starts_here(*span)).collect(),
            away: column.away.iter().copied().filter(|span| starts_here(*span)).collect(),
        }
    };
    let row =
        |minute| Rc::new(Row { minute, cells: columns.iter().map(|column| cell(column, minute)).collect() });
    starts.map(row).collect()
}

/// What an arrow key goes by: how many entries start in each cell.
pub fn cells(rows: &[Rc<Row>]) -> Cells {
    let columns = rows.first().map_or(0, |row| row.cells.len());
    let count = |column: usize| rows.iter().map(|row| row.cells[column].blocks.len()).collect();
    Cells((0..columns).map(count).collect())
}

/// Who or what has a stretch of somebody's time already, in words; `except` is the booking that is to go there.
pub fn in_the_way(
    calendar: &PracticeCalendar,
    role_id: PractitionerRoleId,
    (start, end): (Timestamp, Timestamp),
    except: Option<BookingId>,
) -> Vec<String> {
    let Some(role) = calendar.roles.iter().find(|role| role.practitioner_role_id == role_id) else {
        return Vec::new();
    };
    let meets = |from: Timestamp, to: Timestamp| from < end && start < to;
    let others = role.appointments.iter().filter(|one| {
        let taken = one.takes.is_some_and(|(from, to)| meets(from, to));
        taken && except != Some(one.booking_id)
    });
    let names = others.map(|one| one.patient.name.expose().clone());
    let taken = role.taken.iter().filter(|taken| meets(taken.start, taken.end)).map(|taken| match taken.by {
        TakenBy::Held { .. } => "somebody who is booking just now".to_owned(),
        TakenBy::Elsewhere => "what the practitioner does elsewhere".to_owned(),
    });
    names.chain(taken).collect()
}

/// The same calendar with one booking as it is now, wherever it was before. It is no longer the one that its tag stands for.
pub fn with_appointment(calendar: &PracticeCalendar, appointment: CalendarAppointment) -> PracticeCalendar {
    let mut calendar = PracticeCalendar { tag: String::new(), ..calendar.clone() };
    for role in &mut calendar.roles {
        role.appointments.retain(|one| one.booking_id != appointment.booking_id);
        if role.practitioner_role_id == appointment.practitioner_role_id {
            role.appointments.push(appointment.clone());
            role.appointments.sort_by_key(|one| (one.start, one.appointment_id));
        }
    }
    calendar
}
