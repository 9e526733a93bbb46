//! Where entries stand on the wall, and how a calendar changes with one of them.

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
    let early = vec![appointment(1, "2026-11-24T18:50:00Z", 20), appointment(2, "2026-11-25T10:30:00Z", 60)];
    let columns = columns(&calendar(early), &CalendarView::read("view=week"), date(2026, 11, 26));
    assert_eq!(hours(&columns), Span { from: 5 * 60, to: 23 * 60 });
}

#[test]
fn what_takes_the_whole_day_stands_in_the_hours_that_are_shown_and_asks_for_no_more() {
    let mut calendar = calendar(two());
    let span = |start, end, by| TakenSpan { start: at(start), end: at(end), by };
    // The whole week, and the evening of its Wednesday until half past seven.
    calendar.roles[0].taken = vec![
        span("2026-11-22T13:00:00Z", "2026-11-29T13:00:00Z", TakenBy::Elsewhere),
        span("2026-11-25T08:00:00Z", "2026-11-25T08:30:00Z", TakenBy::Elsewhere),
    ];
    let columns = columns(&calendar, &CalendarView::read("view=week"), date(2026, 11, 26));
    let shown = hours(&columns);
    assert_eq!(shown, Span { from: 8 * 60, to: 20 * 60 });
    let rows = rows(&columns, shown, 30);
    let taken = |row: usize, column: usize| -> Vec<_> {
        rows[row].cells[column].taken.iter().map(|(span, _)| *span).collect()
    };
    for day in 0..7 {
        assert_eq!(taken(0, day), [shown], "day {day}");
    }
    assert_eq!(taken(22, 2), [Span { from: 19 * 60, to: 19 * 60 + 30 }]);
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
fn each_part_of_what_lasts_past_midnight_says_when_it_began_and_neither_is_carried() {
    let night = appointment(1, "2026-11-24T12:30:00Z", 60);
    let visits = vec![night, appointment(2, "2026-11-24T22:15:00Z", 45)];
    let columns = columns(&calendar(visits), &CalendarView::read("view=week"), date(2026, 11, 26));
    let said = |column: usize| -> Vec<_> {
        let blocks = columns[column].blocks.iter();
        blocks.map(|block| (block.start_words(), block.span.from, block.may_move())).collect()
    };
    assert_eq!(said(1), [("11:30 pm".to_owned(), 1_410, false)]);
    let wednesday =
        [("from 11:30 pm the day before".to_owned(), 0, false), ("9:15 am".to_owned(), 555, true)];
    assert_eq!(said(2), wednesday);
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
    assert_eq!(in_the_way(&calendar, role_id(), (start, end), None), ["somebody who is booking just now"]);
    assert!(in_the_way(&calendar, role_id(), (end, end + SignedDuration::from_hours(1)), None).is_empty());
}

#[test]
fn a_booking_that_has_moved_is_there_once() {
    let before = calendar(two());
    let moved = appointment(1, "2026-11-26T22:15:00Z", 45);
    let after = with_appointment(&before, moved.clone());
    let starts: Vec<_> = after.roles[0].appointments.iter().map(|one| one.start).collect();
    assert_eq!(starts, [at("2026-11-24T22:30:00Z"), moved.start]);
    assert!(!before.tag.is_empty() && after.tag.is_empty(), "the server has said nothing of this one");
}
