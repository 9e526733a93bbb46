//! The free times that a view shows, worked out in the page from what its role's availability says. Pure.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{AppointmentTypeId, Zone, bookings::RoleAvailability};

use super::times_view::{Layout, TimesView};
use crate::components::agenda::{DayPart, monday_of, plus_days};

/// A list's days, or a week.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownTimes {
    /// Of what: the type that was answered, which may not be the one just selected.
    pub type_id: AppointmentTypeId,
    /// The place's zone; days are its days.
    pub zone: Zone,
    /// When this was true.
    pub as_of: Timestamp,
    /// The first day; a week's Monday.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// The starts in these days, of the part of the day that is wanted.
    pub starts: Rc<[Timestamp]>,
    /// The next one after these days.
    pub next: Option<Timestamp>,
    /// Whether anything comes after these days, wanted or not.
    pub has_more: bool,
    /// Whether these days are loaded, at least the first of a list.
    pub is_known: bool,
}

impl ShownTimes {
    /// What a view shows of the days that are loaded.
    pub fn new(view: &TimesView, loaded: &RoleAvailability) -> Self {
        let (zone, hint) = (loaded.availability.zone, loaded.next);
        let (from, to) = shown_days(view, loaded);
        let is_wanted =
            |start: &Timestamp| !view.after_work || DayPart::of(zone.time(*start)) == DayPart::Evening;
        let later = loaded.free_times(plus_days(to, 1), loaded.to);
        Self {
            type_id: loaded.appointment_type_id,
            zone,
            as_of: loaded.as_of,
            from,
            to,
            starts: loaded.free_times(from, to).into_iter().filter(is_wanted).collect(),
            next: later.iter().copied().chain(hint).find(is_wanted),
            has_more: !later.is_empty() || hint.is_some(),
            is_known: is_loaded(view.layout, from, to, loaded),
        }
    }

    /// Today at the place.
    pub fn today(&self) -> Date {
        self.zone.date(self.as_of)
    }
}

/// The days of the list as far as they are loaded, or the seven of the week.
fn shown_days(view: &TimesView, loaded: &RoleAvailability) -> (Date, Date) {
    match view.layout {
        Layout::List => {
            let from = view.listed.from.unwrap_or(loaded.from);
            (from, plus_days(from, view.listed.count - 1).min(loaded.to.max(from)))
        }
        Layout::Week => {
            let monday = view.monday.unwrap_or_else(|| monday_of(first_free_day(loaded)));
            (monday, plus_days(monday, 6))
        }
    }
}

fn first_free_day(loaded: &RoleAvailability) -> Date {
    let starts = loaded.free_times(loaded.from, loaded.to);
    starts.first().map_or(loaded.from, |start| loaded.availability.zone.date(*start))
}

/// A list is shown as it comes; a week is there or on its way. Days that are over are never loaded.
fn is_loaded(layout: Layout, from: Date, to: Date, loaded: &RoleAvailability) -> bool {
    let first = from.max(loaded.availability.zone.date(loaded.as_of));
    let needed = match layout {
        Layout::List => first,
        Layout::Week => to,
    };
    loaded.from <= first && needed <= loaded.to
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use shared_types::{
        Zone,
        bookings::{Audience, Availability, ExtraHours, Offering, RoleAvailability},
    };

    use super::ShownTimes;
    use crate::forms::times_view::{Days, Layout, TimesView};

    const FROM: Date = date(2026, 11, 23);
    const TO: Date = date(2026, 12, 20);

    /// Half an hour is open at each of these starts; the next after the four weeks is Monday 21 December, 9 am.
    fn loaded(starts: &[&str]) -> RoleAvailability {
        let zone = Zone::SYDNEY;
        let hours = |start: &&str| {
            let start = start.parse().unwrap();
            let (date, opens) = (zone.date(start), zone.time(start));
            let closes = opens.wrapping_add(jiff::SignedDuration::from_mins(30));
            ExtraHours { date, opens, closes, audience: Audience::All }
        };
        RoleAvailability {
            practitioner_role_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            appointment_type_id: "00000000-0000-7000-8000-000000000002".parse().unwrap(),
            as_of: "2026-11-22T22:00:00Z".parse().unwrap(),
            from: FROM,
            to: TO,
            availability: Availability {
                zone,
                rules: Vec::new(),
                closures: Vec::new(),
                extra_hours: starts.iter().map(hours).collect(),
            },
            offering: Some(Offering {
                duration_minutes: 30,
                buffer_before_minutes: 0,
                buffer_after_minutes: 0,
                step_minutes: 30,
                notice_minutes: 0,
                horizon_days: 90,
                audience: Audience::All,
                telehealth: false,
            }),
            busy: Vec::new(),
            next: Some("2026-12-20T22:00:00Z".parse().unwrap()),
            sessions: Vec::new(),
        }
    }

    /// Tuesday 24 November 9:15 am and 5:00 pm; Monday 30 November 8:00 am; Thursday 10 December 6:00 pm.
    fn four_weeks() -> RoleAvailability {
        loaded(&[
            "2026-11-23T22:15:00Z",
            "2026-11-24T06:00:00Z",
            "2026-11-29T21:00:00Z",
            "2026-12-10T07:00:00Z",
        ])
    }

    fn list() -> TimesView {
        TimesView::new(four_weeks().appointment_type_id, None)
    }

    fn week(monday: Option<Date>) -> TimesView {
        TimesView { layout: Layout::Week, monday, ..list() }
    }

    #[test]
    fn a_list_has_two_weeks_and_knows_what_follows() {
        let loaded = four_weeks();
        let shown = ShownTimes::new(&list(), &loaded);
        assert_eq!((shown.from, shown.to, shown.today()), (FROM, date(2026, 12, 6), FROM));
        assert_eq!(*shown.starts, loaded.free_times(FROM, TO)[..3]);
        assert_eq!(shown.next, loaded.free_times(FROM, TO).last().copied());
        assert!(shown.has_more && shown.is_known);
    }

    #[test]
    fn a_longer_list_ends_with_the_days_that_are_there() {
        let view = TimesView { listed: Days { from: Some(date(2026, 12, 7)), count: 28 }, ..list() };
        let shown = ShownTimes::new(&view, &four_weeks());
        assert_eq!((shown.to, shown.starts.len(), shown.is_known), (TO, 1, true));
        assert_eq!(shown.next, four_weeks().next);
    }

    #[test]
    fn only_evenings_are_left_after_work_and_promised() {
        let after_work = TimesView { after_work: true, ..list() };
        let shown = ShownTimes::new(&after_work, &four_weeks());
        assert_eq!(*shown.starts, ["2026-11-24T06:00:00Z".parse().unwrap()]);
        assert_eq!(shown.next, Some("2026-12-10T07:00:00Z".parse().unwrap()));
        // What follows the four weeks is at nine in the morning.
        let none = ShownTimes::new(&after_work, &loaded(&[]));
        assert_eq!((none.starts.len(), none.next, none.has_more), (0, None, true));
    }

    #[test]
    fn the_grid_opens_on_the_week_of_the_first_free_time() {
        for (starts, monday) in [(&["2026-11-29T21:00:00Z"][..], date(2026, 11, 30)), (&[], FROM)] {
            let shown = ShownTimes::new(&week(None), &loaded(starts));
            assert_eq!((shown.from, shown.starts.len()), (monday, starts.len()));
        }
    }

    #[test]
    fn a_week_has_its_own_times_and_an_empty_one_knows_the_next() {
        let first = ShownTimes::new(&week(Some(FROM)), &four_weeks());
        assert_eq!((first.to, first.starts.len()), (date(2026, 11, 29), 2));
        let empty = ShownTimes::new(&week(Some(date(2026, 12, 14))), &four_weeks());
        assert_eq!((empty.starts.len(), empty.next), (0, four_weeks().next));
        let between = ShownTimes::new(&week(Some(FROM)), &loaded(&["2026-12-10T07:00:00Z"]));
        assert_eq!(between.next, Some("2026-12-10T07:00:00Z".parse().unwrap()));
    }

    #[test]
    fn days_on_their_way_are_not_called_empty() {
        for (monday, is_known) in [(FROM, true), (date(2026, 12, 14), true), (date(2026, 12, 21), false)] {
            assert_eq!(ShownTimes::new(&week(Some(monday)), &four_weeks()).is_known, is_known, "{monday}");
        }
        let later = TimesView { listed: Days { from: Some(date(2026, 12, 21)), count: 14 }, ..list() };
        assert!(!ShownTimes::new(&later, &four_weeks()).is_known);
    }

    #[test]
    fn the_week_that_began_before_today_is_known_from_today() {
        let from = date(2026, 11, 25);
        let as_of = Zone::SYDNEY.start_of_day(from);
        let loaded = RoleAvailability { as_of, from, ..four_weeks() };
        assert!(ShownTimes::new(&week(Some(FROM)), &loaded).is_known);
    }
}
