//! What the calendar shows, as its address says it: `?view=week&day=2026-11-23&who=…&zoom=15`.

use std::ops::RangeInclusive;

use form_urlencoded::Serializer;
use jiff::civil::Date;
use shared_types::{BookingId, PractitionerRoleId, time};

use super::month::{first_of_month, plus_months};
use crate::components::{
    agenda::{monday_of, plus_days},
    times_agenda::day_and_month,
};

/// How days are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A list, day by day: for everybody, and first.
    #[default]
    Agenda,
    /// One day, practitioners side by side.
    Day,
    /// Seven days of one practitioner.
    Week,
    /// How much there is on each day.
    Month,
}

impl Layout {
    /// In the order of the buttons.
    pub const ALL: [Self; 4] = [Self::Agenda, Self::Day, Self::Week, Self::Month];

    /// Its name in the address, and in the grid's attribute by which the styles know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agenda => "agenda",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Its button.
    pub fn words(self) -> &'static str {
        match self {
            Self::Agenda => "Agenda",
            Self::Day => "Day",
            Self::Week => "Week",
            Self::Month => "Month",
        }
    }
}

/// How many minutes a row of the grid stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zoom {
    /// A quarter of an hour.
    Quarter,
    /// Half an hour.
    #[default]
    Half,
    /// An hour.
    Hour,
}

impl Zoom {
    /// From near to far.
    pub const ALL: [Self; 3] = [Self::Quarter, Self::Half, Self::Hour];

    /// A row's minutes.
    pub fn minutes(self) -> i32 {
        match self {
            Self::Quarter => 15,
            Self::Half => 30,
            Self::Hour => 60,
        }
    }

    /// What a drag and an arrow key go by.
    pub fn grain(self) -> i32 {
        match self {
            Self::Quarter => 5,
            Self::Half | Self::Hour => 15,
        }
    }

    /// How many minutes the styles' least height of an entry stands for: what is shorter is drawn over what comes after it.
    pub fn least_minutes(self) -> i32 {
        match self {
            Self::Quarter => 13,
            Self::Half => 20,
            Self::Hour => 33,
        }
    }

    /// Its name in the address, and in the grid's attribute by which the styles know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Quarter => "15",
            Self::Half => "30",
            Self::Hour => "60",
        }
    }
}

/// What is shown. What an address does not say, or says in a way that cannot be read, is as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarView {
    /// How.
    pub layout: Layout,
    /// The day that is in it; today when absent.
    pub day: Option<Date>,
    /// Whose; everybody's when empty.
    pub who: Vec<PractitionerRoleId>,
    /// How near.
    pub zoom: Zoom,
}

impl CalendarView {
    /// Reads a query string, with or without `?`.
    pub fn read(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            match &*name {
                "view" => {
                    let layout = Layout::ALL.into_iter().find(|layout| layout.code() == value);
                    read.layout = layout.unwrap_or_default();
                }
                "day" => read.day = value.parse().ok(),
                "who" => read.who = value.split(',').filter_map(|id| id.parse().ok()).collect(),
                "zoom" => {
                    read.zoom = Zoom::ALL.into_iter().find(|zoom| zoom.code() == value).unwrap_or_default();
                }
                _ => {}
            }
        }
        read
    }

    /// The query string with its `?`; empty when all is as usual.
    pub fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        if self.layout != Layout::default() {
            query.append_pair("view", self.layout.code());
        }
        if let Some(day) = self.day {
            query.append_pair("day", &day.to_string());
        }
        if !self.who.is_empty() {
            let ids: Vec<_> = self.who.iter().map(ToString::to_string).collect();
            query.append_pair("who", &ids.join(","));
        }
        if self.zoom != Zoom::default() {
            query.append_pair("zoom", self.zoom.code());
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The days it shows.
    pub fn days(&self, today: Date) -> RangeInclusive<Date> {
        let day = self.day.unwrap_or(today);
        match self.layout {
            Layout::Agenda => day..=plus_days(day, 6),
            Layout::Day => day..=day,
            Layout::Week => monday_of(day)..=plus_days(monday_of(day), 6),
            Layout::Month => first_of_month(day)..=day.last_of_month(),
        }
    }

    /// The same some pages on, or back when negative.
    pub fn turned(&self, pages: i64, today: Date) -> Self {
        let day = self.day.unwrap_or(today);
        let day = match self.layout {
            Layout::Agenda | Layout::Week => plus_days(day, 7 * pages),
            Layout::Day => plus_days(day, pages),
            Layout::Month => plus_months(day, pages),
        };
        Self { day: Some(day), ..self.clone() }
    }

    /// The same at another day.
    pub fn on(&self, day: Option<Date>) -> Self {
        Self { day, ..self.clone() }
    }

    /// The same in another layout.
    pub fn laid_out(&self, layout: Layout) -> Self {
        Self { layout, ..self.clone() }
    }

    /// The same nearer or farther.
    pub fn zoomed(&self, zoom: Zoom) -> Self {
        Self { zoom, ..self.clone() }
    }

    /// The same for these.
    pub fn of(&self, who: Vec<PractitionerRoleId>) -> Self {
        Self { who, ..self.clone() }
    }

    /// The heading: `Thursday 26 November`, `23 to 29 November`, `November 2026`.
    pub fn title(&self, today: Date) -> String {
        let days = self.days(today);
        let (first, last) = (*days.start(), *days.end());
        match self.layout {
            Layout::Day => time::long_date(first),
            Layout::Month => {
                let long = time::long_date(first);
                long.splitn(3, ' ').nth(2).unwrap_or(&long).to_owned()
            }
            Layout::Agenda | Layout::Week => {
                let day = |date: Date| {
                    let words = day_and_month(date);
                    words.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
                };
                if first.month() == last.month() {
                    format!("{} to {} {}", first.day(), day(last), last.year())
                } else {
                    format!("{} to {} {}", day(first), day(last), last.year())
                }
            }
        }
    }
}

/// The query string of a day on which one booking is opened, for other pages to lead to it.
pub fn query_of_booking(day: Date, booking_id: BookingId) -> String {
    let view = CalendarView { layout: Layout::Day, day: Some(day), ..CalendarView::default() };
    format!("{}&booking={booking_id}", view.query())
}

/// The booking that an address opens.
pub fn booking_in(query: &str) -> Option<BookingId> {
    let mut pairs = form_urlencoded::parse(query.trim_start_matches('?').as_bytes());
    pairs.find(|(name, _)| name == "booking").and_then(|(_, id)| id.parse().ok())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use shared_types::BookingId;
    use uuid::Uuid;

    use super::{CalendarView, Layout, Zoom, booking_in, query_of_booking};

    const TODAY: Date = date(2026, 11, 26);

    fn view(query: &str) -> CalendarView {
        CalendarView::read(query)
    }

    #[test]
    fn an_address_reads_back_as_what_is_shown() {
        let who = vec!["00000000-0000-7000-8000-000000000002".parse().unwrap()];
        let shown =
            CalendarView { layout: Layout::Week, day: Some(date(2026, 11, 23)), who, zoom: Zoom::Quarter };
        assert_eq!(view(&shown.query()), shown);
        assert_eq!(CalendarView::default().query(), "");
        assert_eq!(view("?view=year&day=soon&who=me&zoom=7"), CalendarView::default());
    }

    #[test]
    fn an_address_may_open_a_booking_on_its_day() {
        let booking_id = BookingId(Uuid::from_u128(7));
        let query = query_of_booking(TODAY, booking_id);
        assert_eq!(booking_in(&query), Some(booking_id));
        let day = CalendarView { layout: Layout::Day, day: Some(TODAY), ..CalendarView::default() };
        assert_eq!(view(&query), day);
        // Whoever turns to another day leaves it behind.
        assert_eq!(booking_in(&day.query()), None);
        assert_eq!(booking_in("?booking=mine"), None);
    }

    #[test]
    fn each_layout_has_its_days_and_its_heading() {
        for (query, first, last, title) in [
            ("", date(2026, 11, 26), date(2026, 12, 2), "26 November to 2 December 2026"),
            ("view=day", TODAY, TODAY, "Thursday 26 November 2026"),
            ("view=week", date(2026, 11, 23), date(2026, 11, 29), "23 to 29 November 2026"),
            ("view=month&day=2027-02-09", date(2027, 2, 1), date(2027, 2, 28), "February 2027"),
        ] {
            assert_eq!(view(query).days(TODAY), first..=last, "{query}");
            assert_eq!(view(query).title(TODAY), title);
        }
    }

    #[test]
    fn pages_are_turned_by_what_they_show() {
        for (query, pages, day) in [
            ("view=day", 1, date(2026, 11, 27)),
            ("view=week", -1, date(2026, 11, 19)),
            ("", 1, date(2026, 12, 3)),
            ("view=month&day=2027-01-31", 1, date(2027, 2, 1)),
        ] {
            assert_eq!(view(query).turned(pages, TODAY).day, Some(day), "{query}");
        }
    }

    #[test]
    fn no_view_asks_about_more_than_a_month() {
        for layout in Layout::ALL {
            for month in 1..=12 {
                let days = CalendarView { layout, day: Some(date(2027, month, 17)), ..view("") }.days(TODAY);
                assert!((*days.end() - *days.start()).get_days() < 31, "{layout:?} {month}");
            }
        }
    }

    #[test]
    fn a_grain_divides_its_row() {
        for zoom in Zoom::ALL {
            assert_eq!(zoom.minutes() % zoom.grain(), 0);
            assert_eq!(zoom.code(), zoom.minutes().to_string());
        }
    }
}
