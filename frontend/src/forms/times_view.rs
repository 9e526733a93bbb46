//! Which free times a reader looks at: of which type, from which day, as a list or a week. Pure: it says which days
//! have to be there for that, and [`super::shown_times`] makes of them what is shown.

use std::rc::Rc;

use jiff::civil::Date;
use shared_types::{AppointmentTypeId, PractitionerRoleId};
use yew::Reducible;

use crate::{
    api::bookings,
    components::agenda::{monday_of, plus_days},
};

/// How many days a list has at first, and how many more each time.
const DAYS_AT_ONCE: i64 = 14;
/// How many days are loaded at first, and how many more each time: enough to look around in.
const LOADED_AT_ONCE: i64 = 28;
/// How many days one request may ask for.
const MOST_DAYS: i64 = 56;

/// A list by day, or a grid by week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Layout {
    List,
    Week,
}

/// Days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day unless told otherwise.
    pub from: Option<Date>,
    /// How many.
    pub count: i64,
}

/// What the reader looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimesView {
    /// Of what.
    pub type_id: AppointmentTypeId,
    /// The days to be loaded; from today at the place unless told.
    pub loaded: Days,
    /// The days in the list; from the first loaded one unless told.
    pub listed: Days,
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
    /// More days below those in the list.
    More,
    /// From this day.
    GoTo(Date),
    /// The week of this Monday.
    Week(Date),
}

impl TimesView {
    /// The first two weeks of a type.
    pub fn new(type_id: AppointmentTypeId, from: Option<Date>) -> Self {
        Self {
            type_id,
            loaded: Days { from, count: LOADED_AT_ONCE },
            listed: Days { from: None, count: DAYS_AT_ONCE },
            layout: Layout::List,
            monday: None,
            after_work: false,
        }
    }

    /// Where the days of this view are read.
    pub fn path(&self, role_id: PractitionerRoleId) -> String {
        match self.loaded.from {
            Some(from) => {
                let to = plus_days(from, self.loaded.count - 1);
                bookings::find_availability(role_id, self.type_id, from, to)
            }
            None => bookings::find_first_availability(role_id, self.type_id),
        }
    }

    /// The first day of the list; today at the place unless told.
    pub fn first_day(&self) -> Option<Date> {
        self.listed.from.or(self.loaded.from)
    }

    /// The view after a wish; `today` at the place is not known before the first answer.
    fn after(self, action: TimesAction, today: Option<Date>) -> Self {
        match (action, today) {
            (TimesAction::Type(type_id), _) => Self { type_id, monday: None, ..self },
            (TimesAction::Show(layout), _) => Self { layout, ..self },
            (TimesAction::AfterWork(after_work), _) => Self { after_work, ..self },
            (TimesAction::FirstFree, Some(today)) => {
                let Self { loaded, .. } = self.with_days(today, plus_days(today, DAYS_AT_ONCE - 1), today);
                Self { loaded, layout: self.layout, ..Self::new(self.type_id, None) }
            }
            (TimesAction::FirstFree, None) => Self { layout: self.layout, ..Self::new(self.type_id, None) },
            (TimesAction::More, Some(today)) => self.with_more(today),
            (TimesAction::GoTo(date), Some(today)) => {
                let view = self.with_days(date, plus_days(date, DAYS_AT_ONCE - 1), today);
                let listed = Days { from: Some(date), count: DAYS_AT_ONCE };
                Self { listed, monday: Some(monday_of(date)), ..view }
            }
            (TimesAction::Week(monday), Some(today)) => {
                let view = self.with_days(monday.max(today), plus_days(monday, 6), today);
                Self { monday: Some(monday), ..view }
            }
            // Nothing is there yet to go on from.
            (TimesAction::More | TimesAction::GoTo(_) | TimesAction::Week(_), None) => self,
        }
    }

    /// The list grows until it is as long as one request may be; then it begins anew where it ended.
    fn with_more(self, today: Date) -> Self {
        let from = self.first_day().unwrap_or(today);
        let past = plus_days(from, self.listed.count);
        let (from, count) = match self.listed.count + DAYS_AT_ONCE {
            longer if longer <= MOST_DAYS => (from, longer),
            _ => (past, DAYS_AT_ONCE),
        };
        let view = self.with_days(from, plus_days(from, count - 1), today);
        Self { listed: Days { from: Some(from), count }, ..view }
    }

    /// With these days loaded: nothing new when they are, more of the same when they are near, else only these, and
    /// then list and grid begin with them.
    fn with_days(self, first: Date, last: Date, today: Date) -> Self {
        let from = self.loaded.from.unwrap_or(today);
        let is_after = from <= first;
        if is_after && last < plus_days(from, self.loaded.count) {
            return self;
        }
        match in_lots(from, last) {
            count if is_after && count <= MOST_DAYS => {
                Self { loaded: Days { from: Some(from), count }, ..self }
            }
            _ => Self {
                loaded: Days { from: Some(first), count: in_lots(first, last) },
                listed: Days { from: None, count: DAYS_AT_ONCE },
                monday: None,
                ..self
            },
        }
    }
}

/// How many days are loaded for those from the first to the last.
fn in_lots(first: Date, last: Date) -> i64 {
    let needed = i64::from((last - first).get_days()) + 1;
    (needed + LOADED_AT_ONCE - 1) / LOADED_AT_ONCE * LOADED_AT_ONCE
}

impl Reducible for TimesView {
    /// A wish, and the day at the place once it is known.
    type Action = (TimesAction, Option<Date>);

    fn reduce(self: Rc<Self>, (action, today): Self::Action) -> Rc<Self> {
        Rc::new(self.after(action, today))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{Days, Layout, TimesAction, TimesView};

    /// A Monday.
    const TODAY: Date = date(2026, 11, 23);

    fn first() -> TimesView {
        TimesView::new("00000000-0000-7000-8000-000000000002".parse().unwrap(), None)
    }

    fn view(actions: &[TimesAction]) -> TimesView {
        actions.iter().fold(first(), |view, action| view.after(*action, Some(TODAY)))
    }

    fn days(from: Date, count: i64) -> Days {
        Days { from: Some(from), count }
    }

    #[test]
    fn what_lies_in_the_loaded_days_asks_for_nothing() {
        for actions in [
            &[TimesAction::More][..],
            &[TimesAction::GoTo(date(2026, 12, 7))],
            &[
                TimesAction::Show(Layout::Week),
                TimesAction::Week(date(2026, 12, 14)),
                TimesAction::Week(TODAY),
            ],
            &[TimesAction::More, TimesAction::AfterWork(true), TimesAction::FirstFree],
        ] {
            assert_eq!(view(actions).loaded, first().loaded, "{actions:?}");
        }
    }

    #[test]
    fn the_list_grows_to_eight_weeks_and_then_begins_anew() {
        let more = TimesAction::More;
        assert_eq!(view(&[more]).listed, days(TODAY, 28));
        assert_eq!(view(&[more, more]).listed, days(TODAY, 42));
        assert_eq!(view(&[more, more]).loaded, days(TODAY, 56));
        let past = view(&[more, more, more, more]);
        assert_eq!((past.first_day(), past.listed.count), (Some(date(2027, 1, 18)), 14));
        assert_eq!(past.loaded, days(date(2027, 1, 18), 28));
    }

    #[test]
    fn a_list_that_begins_late_is_loaded_as_far_as_it_goes() {
        let late = TimesAction::GoTo(date(2026, 12, 7));
        let (more, far) = (TimesAction::More, date(2026, 12, 7));
        assert_eq!(view(&[late, more]).loaded, days(TODAY, 56));
        assert_eq!(view(&[late, more, more, more]).listed, days(far, 56));
        assert_eq!(view(&[late, more, more, more]).loaded, days(far, 56));
    }

    #[test]
    fn a_later_week_widens_the_days_and_a_far_one_begins_anew() {
        let near = view(&[TimesAction::Week(date(2026, 12, 21))]);
        assert_eq!((near.loaded, near.listed), (days(TODAY, 56), first().listed));
        let far = view(&[TimesAction::More, TimesAction::Week(date(2027, 3, 1))]);
        assert_eq!(far.loaded, days(date(2027, 3, 1), 28));
        assert_eq!((far.listed, far.monday), (first().listed, Some(date(2027, 3, 1))));
    }

    #[test]
    fn the_week_that_began_before_today_needs_today_at_most() {
        let wednesday = date(2026, 11, 25);
        let view = first().after(TimesAction::Week(TODAY), Some(wednesday));
        assert_eq!((view.loaded, view.monday), (first().loaded, Some(TODAY)));
    }

    #[test]
    fn going_to_a_day_opens_its_week_too() {
        let there = view(&[TimesAction::GoTo(date(2027, 1, 6))]);
        assert_eq!((there.first_day(), there.monday), (Some(date(2027, 1, 6)), Some(date(2027, 1, 4))));
    }

    #[test]
    fn first_free_goes_back_to_the_beginning() {
        let wandered = [
            TimesAction::AfterWork(true),
            TimesAction::Show(Layout::Week),
            TimesAction::GoTo(date(2027, 3, 1)),
            TimesAction::FirstFree,
        ];
        let back = TimesView { layout: Layout::Week, loaded: days(TODAY, 28), ..first() };
        assert_eq!(view(&wandered), back);
        // Also where nothing was answered.
        let lost = first().after(TimesAction::AfterWork(true), None).after(TimesAction::FirstFree, None);
        assert_eq!(lost, first());
    }

    #[test]
    fn another_type_opens_on_its_own_first_week() {
        let other = "00000000-0000-7000-8000-000000000003".parse().unwrap();
        let chosen = view(&[TimesAction::Week(date(2026, 12, 7)), TimesAction::Type(other)]);
        assert_eq!((chosen.type_id, chosen.monday), (other, None));
    }
}
