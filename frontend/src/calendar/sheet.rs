//! A practice's calendar as days, columns and rows: who stands where.

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp, civil::Date};
use shared_types::{
    BookingId, PractitionerRoleId, Zone,
    bookings::practice::{CalendarAppointment, PracticeCalendar, RoleCalendar, TakenBy},
};

use super::{
    DAY, Span,
    cursor::Cells,
    lanes::{Lane, lanes},
    view::{CalendarView, Layout},
    words::is_on_the_wall,
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
    fn of(appointment: &CalendarAppointment, with: &Rc<str>, zone: Zone) -> Self {
        Self { appointment: Rc::new(appointment.clone()), with: Rc::clone(with), zone }
    }

    /// On which day it starts.
    pub fn date(&self) -> Date {
        self.zone.date(self.appointment.start)
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
    /// By how many minutes they run late, where that is said of the day.
    pub late: Option<u16>,
    /// What takes time and is no appointment of the practice.
    pub taken: Vec<(Span, TakenBy)>,
    /// The appointments that stand, in order.
    pub blocks: Vec<Block>,
}

/// An appointment in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// What.
    pub entry: Entry,
    /// When, on the wall.
    pub span: Span,
    /// Beside how many others.
    pub lane: Lane,
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
    let standing = role.appointments.iter().filter(|one| is_on_the_wall(one.status));
    let placed = standing.filter_map(|one| {
        let span = span_on(date, one.start, one.end, zone)?;
        Some((Entry::of(one, &name, zone), span))
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
        closed: closed.map(|closed| closed.holiday.as_deref().unwrap_or("Away").into()),
        late: late.map(|said| said.minutes),
        taken: role
            .taken
            .iter()
            .filter_map(|taken| Some((span_on(date, taken.start, taken.end, zone)?, taken.by)))
            .collect(),
        blocks: blocks.map(|((entry, span), lane)| Block { entry, span: *span, lane }).collect(),
    }
}

/// The whole hours that a grid of these columns has to show.
pub fn hours(columns: &[Column]) -> Span {
    let spans = columns.iter().flat_map(|column| {
        let blocks = column.blocks.iter().map(|block| block.span);
        blocks.chain(column.open.iter().copied()).chain(column.taken.iter().map(|(span, _)| *span))
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
    /// What starts in it.
    pub blocks: Vec<Block>,
    /// What takes time from it on and is no appointment of the practice.
    pub taken: Vec<(Span, TakenBy)>,
}

/// The rows of a grid, each of `step` minutes.
pub fn rows(columns: &[Column], hours: Span, step: i32) -> Vec<Rc<Row>> {
    let starts = (0..(hours.minutes() / step)).map(|row| hours.from + row * step);
    let cell = |column: &Column, minute: i32| {
        let row = Span { from: minute, to: minute + step };
        let starts_here = |span: Span| (row.from..row.to).contains(&span.from);
        Cell {
            open: column.open.iter().any(|open| open.overlaps(row)),
            blocks: column.blocks.iter().filter(|block| starts_here(block.span)).cloned().collect(),
            taken: column.taken.iter().filter(|(span, _)| starts_here(*span)).copied().collect(),
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

/// The same calendar with one booking as it is now, wherever it was before.
pub fn with_appointment(calendar: &PracticeCalendar, appointment: CalendarAppointment) -> PracticeCalendar {
    let mut calendar = calendar.clone();
    for role in &mut calendar.roles {
        role.appointments.retain(|one| one.booking_id != appointment.booking_id);
        if role.practitioner_role_id == appointment.practitioner_role_id {
            role.appointments.push(appointment.clone());
            role.appointments.sort_by_key(|one| (one.start, one.appointment_id));
        }
    }
    calendar
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp, civil::date};
    use shared_types::{
        Zone,
        bookings::{
            AppointmentStatus,
            practice::{CalendarAppointment, TakenBy, TakenSpan},
        },
    };

    use super::{
        Span, cells, columns, entries, entry_of, hours, in_the_way, instant_at, minute_of, rows, span_on,
        with_appointment,
    };
    use crate::calendar::{
        cursor::Cursor,
        sample::{appointment, calendar, role_id},
        view::CalendarView,
    };

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// 9:15 am on Wednesday 25 November in Sydney, and one beside it.
    fn two() -> Vec<CalendarAppointment> {
        vec![appointment(1, "2026-11-24T22:15:00Z", 45), appointment(2, "2026-11-24T22:30:00Z", 45)]
    }

    #[test]
    fn a_week_has_seven_columns_and_entries_stand_on_their_days_wall() {
        let today = date(2026, 11, 26);
        let columns = columns(&calendar(two()), &CalendarView::read("view=week"), today);
        assert_eq!(columns.len(), 7);
        let wednesday = &columns[2];
        assert_eq!((wednesday.date, wednesday.blocks.len()), (date(2026, 11, 25), 2));
        assert_eq!(wednesday.blocks[0].span, Span { from: 555, to: 600 });
        assert_eq!((wednesday.blocks[1].lane.nth, wednesday.blocks[1].lane.of), (1, 2));
        assert_eq!(hours(&columns), Span { from: 480, to: 1_080 });
        let rows = rows(&columns, hours(&columns), 30);
        assert_eq!((rows.len(), rows[2].cells[2].blocks.len(), rows[3].cells[2].blocks.len()), (20, 1, 1));
        let at_noon = cells(&rows).kept(Cursor { column: 6, row: 8, nth: 4 });
        assert_eq!(at_noon, Cursor { column: 6, row: 8, nth: 0 });
    }

    #[test]
    fn what_does_not_take_place_is_in_the_agenda_and_not_on_the_wall() {
        let mut appointments = two();
        appointments[0].status = AppointmentStatus::CancelledByPatient;
        let calendar = calendar(appointments);
        let all = entries(&calendar);
        assert_eq!(all.len(), 2);
        assert_eq!(entry_of(&calendar, all[0].booking_id()).as_ref(), all.first());
        let columns = columns(&calendar, &CalendarView::read("view=day&day=2026-11-25"), date(2026, 11, 26));
        assert_eq!((columns.len(), columns[0].blocks.len()), (1, 1));
        assert_eq!(columns[0].blocks[0].lane.of, 1);
    }

    #[test]
    fn hours_grow_to_hold_what_is_early_or_late() {
        let early =
            vec![appointment(1, "2026-11-24T18:50:00Z", 20), appointment(2, "2026-11-25T10:30:00Z", 60)];
        let columns = columns(&calendar(early), &CalendarView::read("view=week"), date(2026, 11, 26));
        assert_eq!(hours(&columns), Span { from: 5 * 60, to: 23 * 60 });
    }

    #[test]
    fn a_wall_minute_and_its_instant_are_each_others_also_where_the_clock_changes() {
        // On 4 October 2026 Sydney's clock goes from two to three; on 5 April 2026 it goes from three back to two.
        for (day, minute, instant) in [
            (date(2026, 10, 4), 60, "2026-10-03T15:00:00Z"),
            (date(2026, 10, 4), 180, "2026-10-03T16:00:00Z"),
            (date(2026, 10, 4), 540, "2026-10-03T22:00:00Z"),
            (date(2026, 4, 5), 150, "2026-04-04T15:30:00Z"),
            (date(2026, 4, 5), 540, "2026-04-04T23:00:00Z"),
        ] {
            assert_eq!(instant_at(day, minute, Zone::SYDNEY), at(instant), "{day} {minute}");
            assert_eq!(minute_of(at(instant), Zone::SYDNEY), minute);
        }
        // Half past two is skipped: the instant is the one as long after two.
        assert_eq!(instant_at(date(2026, 10, 4), 150, Zone::SYDNEY), at("2026-10-03T16:30:00Z"));
        // An hour that holds the change is an hour long all the same.
        let start = at("2026-10-03T15:30:00Z");
        let span = span_on(date(2026, 10, 4), start, start + SignedDuration::from_hours(1), Zone::SYDNEY);
        assert_eq!(span, Some(Span { from: 90, to: 150 }));
    }

    #[test]
    fn what_lasts_past_midnight_stands_on_both_days() {
        let (start, end) = (at("2026-11-24T12:30:00Z"), at("2026-11-24T13:30:00Z"));
        let on = |day| span_on(date(2026, 11, day), start, end, Zone::SYDNEY);
        assert_eq!(on(24), Some(Span { from: 1_410, to: 1_440 }));
        assert_eq!(on(25), Some(Span { from: 0, to: 30 }));
        assert_eq!(on(26), None);
    }

    #[test]
    fn who_has_a_time_already_is_named_and_oneself_is_not_in_ones_own_way() {
        let mut calendar = calendar(two());
        let (start, end) = (at("2026-11-24T22:40:00Z"), at("2026-11-24T23:00:00Z"));
        let names = |except| in_the_way(&calendar, role_id(), (start, end), except);
        assert_eq!(names(None), ["Patient 1", "Patient 2"]);
        assert_eq!(names(Some(calendar.roles[0].appointments[0].booking_id)), ["Patient 2"]);
        let held = TakenSpan { start, end, by: TakenBy::Held { until: end } };
        calendar.roles[0].taken.push(held);
        calendar.roles[0].appointments.clear();
        assert_eq!(
            in_the_way(&calendar, role_id(), (start, end), None),
            ["somebody who is booking just now"]
        );
        assert!(
            in_the_way(&calendar, role_id(), (end, end + SignedDuration::from_hours(1)), None).is_empty()
        );
    }

    #[test]
    fn a_booking_that_has_moved_is_there_once() {
        let before = calendar(two());
        let moved = appointment(1, "2026-11-26T22:15:00Z", 45);
        let after = with_appointment(&before, moved.clone());
        let starts: Vec<_> = after.roles[0].appointments.iter().map(|one| one.start).collect();
        assert_eq!(starts, [at("2026-11-24T22:30:00Z"), moved.start]);
    }
}
