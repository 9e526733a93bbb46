//! Which free times a reader looks at: of which type, from which day, as a list or a week. Pure: the days
//! come from outside as a [`FreeTimes`] reply.

use std::rc::Rc;

use jiff::{Timestamp, civil::Date};
use shared_types::{AppointmentTypeId, PractitionerRoleId, bookings::FreeTimes};
use yew::Reducible;

use crate::{
    api::bookings,
    components::agenda::{DayPart, after_work, monday_of, of_week, plus_days},
};

/// How many days come at a time.
const DAYS_AT_ONCE: i64 = 14;
/// How many days one request may ask for.
const MOST_DAYS: i64 = 56;

/// A list by day, or a grid by week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Layout {
    List,
    Week,
}

/// What the reader looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimesView {
    /// Of what.
    pub type_id: AppointmentTypeId,
    /// The first day; today at the place unless told.
    pub from: Option<Date>,
    /// How many days.
    pub days: i64,
    /// As what.
    pub layout: Layout,
    /// The Monday of the week in the grid; the week of the first free time unless told.
    pub monday: Option<Date>,
    /// Only times from 5 pm on.
    pub after_work: bool,
}

/// Another wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimesAction {
    /// Of another type.
    Type(AppointmentTypeId),
    /// As a list or a week.
    Show(Layout),
    /// Only times from 5 pm on, or all.
    AfterWork(bool),
    /// From the beginning, with nothing left out.
    FirstFree,
    /// The days after those in a reply from `from` to `to`.
    More { from: Date, to: Date },
    /// From this day.
    GoTo(Date),
    /// The week of this Monday, when days from `from` to `to` are known; `today` is the day at the place.
    Week { monday: Date, today: Date, from: Date, to: Date },
}

impl TimesView {
    /// The first two weeks of a type.
    pub fn new(type_id: AppointmentTypeId, from: Option<Date>) -> Self {
        Self { type_id, from, days: DAYS_AT_ONCE, layout: Layout::List, monday: None, after_work: false }
    }

    /// Where the days of this view are read.
    pub fn path(&self, role_id: PractitionerRoleId) -> String {
        match self.from {
            Some(from) => {
                bookings::list_free_times(role_id, self.type_id, from, plus_days(from, self.days - 1))
            }
            None => bookings::list_first_free_times(role_id, self.type_id),
        }
    }

    /// The starts to show.
    pub fn shown(&self, reply: &FreeTimes) -> Vec<Timestamp> {
        let starts = match self.layout {
            Layout::List => reply.starts.clone(),
            Layout::Week => of_week(&reply.starts, reply.time_zone, self.monday(reply)),
        };
        if self.after_work { after_work(&starts, reply.time_zone) } else { starts }
    }

    /// The Monday of the week in the grid.
    pub fn monday(&self, reply: &FreeTimes) -> Date {
        let first = || reply.starts.first().map_or(reply.from, |start| reply.time_zone.date(*start));
        self.monday.unwrap_or_else(|| monday_of(first()))
    }

    /// The next start after what is shown, for an empty list or week.
    pub fn next_after(&self, reply: &FreeTimes) -> Option<Timestamp> {
        let sunday = match self.layout {
            Layout::List => reply.to,
            Layout::Week => plus_days(self.monday(reply), 6),
        };
        let zone = reply.time_zone;
        let wanted =
            |start: &Timestamp| !self.after_work || DayPart::of(zone.time(*start)) == DayPart::Evening;
        let known = reply.starts.iter().copied().find(|start| zone.date(*start) > sunday && wanted(start));
        known.or_else(|| reply.next.filter(wanted))
    }

    /// Whether the days to show are in the reply, or the last ones are shown while they are on their way.
    pub fn is_known(&self, reply: &FreeTimes) -> bool {
        let first = self.monday(reply).max(reply.time_zone.date(reply.as_of));
        match self.layout {
            Layout::List => true,
            Layout::Week => reply.from <= first && plus_days(self.monday(reply), 6) <= reply.to,
        }
    }

    fn week(&mut self, monday: Date, today: Date, from: Date, to: Date) {
        self.monday = Some(monday);
        let first = monday.max(today);
        let sunday = plus_days(monday, 6);
        if from <= first && sunday <= to {
            return;
        }
        let needed = i64::from((sunday - from).get_days()) + 1;
        if from <= first && needed <= MOST_DAYS {
            let lots = (needed + DAYS_AT_ONCE - 1) / DAYS_AT_ONCE;
            (self.from, self.days) = (Some(from), lots * DAYS_AT_ONCE);
        } else {
            (self.from, self.days) = (Some(first), DAYS_AT_ONCE);
        }
    }
}

impl Reducible for TimesView {
    type Action = TimesAction;

    fn reduce(self: Rc<Self>, action: TimesAction) -> Rc<Self> {
        let mut view = *self;
        match action {
            TimesAction::Type(type_id) => (view.type_id, view.monday) = (type_id, None),
            TimesAction::Show(layout) => view.layout = layout,
            TimesAction::AfterWork(only) => view.after_work = only,
            TimesAction::FirstFree => view = Self { layout: view.layout, ..Self::new(view.type_id, None) },
            TimesAction::More { from, .. } if view.days + DAYS_AT_ONCE <= MOST_DAYS => {
                (view.from, view.days) = (Some(from), view.days + DAYS_AT_ONCE);
            }
            TimesAction::More { to, .. } => (view.from, view.days) = (Some(plus_days(to, 1)), DAYS_AT_ONCE),
            TimesAction::GoTo(date) => {
                (view.from, view.days, view.monday) = (Some(date), DAYS_AT_ONCE, Some(monday_of(date)));
            }
            TimesAction::Week { monday, today, from, to } => view.week(monday, today, from, to),
        }
        Rc::new(view)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use jiff::civil::{Date, date};
    use shared_types::{Zone, bookings::FreeTimes};
    use yew::Reducible;

    use super::{Layout, TimesAction, TimesView};

    const FROM: Date = date(2026, 11, 23);
    const TO: Date = date(2026, 12, 6);

    fn reply(starts: &[&str]) -> FreeTimes {
        FreeTimes {
            practitioner_role_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            appointment_type_id: "00000000-0000-7000-8000-000000000002".parse().unwrap(),
            time_zone: Zone::SYDNEY,
            as_of: "2026-11-22T22:00:00Z".parse().unwrap(),
            from: FROM,
            to: TO,
            starts: starts.iter().map(|start| start.parse().unwrap()).collect(),
            next: Some("2026-12-20T22:00:00Z".parse().unwrap()),
        }
    }

    /// Tuesday 24 November 9:15 am and 5:00 pm; Monday 30 November 8:00 am.
    fn two_weeks() -> FreeTimes {
        reply(&["2026-11-23T22:15:00Z", "2026-11-24T06:00:00Z", "2026-11-29T21:00:00Z"])
    }

    fn week_of(monday: Date) -> TimesAction {
        TimesAction::Week { monday, today: FROM, from: FROM, to: TO }
    }

    fn view(actions: &[TimesAction]) -> TimesView {
        let first = Rc::new(TimesView::new(two_weeks().appointment_type_id, None));
        *actions.iter().fold(first, |view, action| view.reduce(*action))
    }

    #[test]
    fn more_days_are_asked_in_one_request_up_to_eight_weeks() {
        let more = TimesAction::More { from: FROM, to: TO };
        assert_eq!((view(&[more]).from, view(&[more]).days), (Some(FROM), 28));
        let last = TimesAction::More { from: FROM, to: date(2027, 1, 17) };
        let past = view(&[more, more, more, last]);
        assert_eq!((past.from, past.days), (Some(date(2027, 1, 18)), 14));
    }

    #[test]
    fn only_evenings_are_left_after_work() {
        assert_eq!(view(&[]).shown(&two_weeks()).len(), 3);
        assert_eq!(view(&[TimesAction::AfterWork(true)]).shown(&two_weeks()).len(), 1);
    }

    #[test]
    fn the_grid_opens_on_the_week_of_the_first_free_time() {
        let grid = view(&[TimesAction::Show(Layout::Week)]);
        assert_eq!(grid.monday(&reply(&["2026-11-29T21:00:00Z"])), date(2026, 11, 30));
        assert_eq!(grid.monday(&reply(&[])), date(2026, 11, 23));
    }

    #[test]
    fn a_known_week_asks_for_nothing_new() {
        let week = week_of(date(2026, 11, 30));
        assert_eq!(
            view(&[week]).path(two_weeks().practitioner_role_id),
            view(&[]).path(two_weeks().practitioner_role_id)
        );
    }

    #[test]
    fn the_week_that_began_before_today_is_known_from_today() {
        let tuesday = date(2026, 11, 24);
        let week = TimesAction::Week { monday: FROM, today: tuesday, from: tuesday, to: TO };
        assert_eq!(view(&[week]).from, None);
    }

    #[test]
    fn a_later_week_widens_the_span_and_a_far_one_begins_anew() {
        let near = view(&[week_of(date(2026, 12, 7))]);
        assert_eq!((near.from, near.days), (Some(FROM), 28));
        let far = view(&[week_of(date(2027, 3, 1))]);
        assert_eq!((far.from, far.days), (Some(date(2027, 3, 1)), 14));
    }

    #[test]
    fn an_empty_week_knows_the_next_time() {
        let show = TimesAction::Show(Layout::Week);
        let later = reply(&["2026-11-29T21:00:00Z"]);
        let this_week = week_of(FROM);
        assert_eq!(view(&[show, this_week]).next_after(&later), later.starts.first().copied());
        assert_eq!(view(&[]).next_after(&reply(&[])), reply(&[]).next);
    }

    #[test]
    fn a_week_on_its_way_is_not_called_empty() {
        let week = |monday| view(&[TimesAction::Show(Layout::Week), week_of(monday)]);
        assert!(week(FROM).is_known(&two_weeks()));
        assert!(!week(date(2026, 12, 7)).is_known(&two_weeks()));
    }

    #[test]
    fn after_work_promises_evenings_only() {
        let evenings = view(&[TimesAction::AfterWork(true)]);
        assert_eq!(evenings.next_after(&reply(&[])), None); // 9:00 am
    }

    #[test]
    fn first_free_goes_back_to_the_beginning() {
        let wandered =
            [TimesAction::AfterWork(true), TimesAction::GoTo(date(2027, 1, 4)), TimesAction::FirstFree];
        assert_eq!(view(&wandered), view(&[]));
    }
}
