//! What a practice says about its hours and its appointment types, as free times need it.

use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
};
use serde::{Deserialize, Serialize};

use super::{first_reached, merged};
use crate::{Zone, bookings::Audience};

/// When somebody can be booked, before anything is taken. Dates and times are those on the wall of the zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Availability {
    /// The place's zone.
    pub zone: Zone,
    /// The weekly hours. They may overlap.
    pub rules: Vec<Rule>,
    /// Days on which no rule counts, and parts of days on which nothing does.
    pub closures: Vec<Closure>,
    /// Hours on single days, closed or not.
    pub extra_hours: Vec<ExtraHours>,
}

impl Availability {
    /// The open hours of a day in which such an offering can be booked, as (opens, closes), in no order.
    pub fn open_hours(&self, date: Date, offering: Offering) -> impl Iterator<Item = (Time, Time)> {
        self.hours(date)
            .filter(move |(_, _, hours_for)| offering.goes_in(*hours_for))
            .map(|(opens, closes, _)| (opens, closes))
    }

    /// All open hours of a day without the parts of it that are off, as (opens, closes, for whom), in no order.
    pub fn hours(&self, date: Date) -> impl Iterator<Item = (Time, Time, Audience)> {
        let off = self.parts_off(date);
        self.whole_hours(date).flat_map(move |(opens, closes, audience)| {
            without(opens, closes, &off).into_iter().map(move |(opens, closes)| (opens, closes, audience))
        })
    }

    /// The parts of a day that are off as instants, in order and disjoint. Each begins and ends when the clock first shows its
    /// times or, skipping them, something later, as hours end.
    pub fn off(&self, date: Date) -> Vec<Busy> {
        let time_zone = self.zone.time_zone();
        let reached = |time: Time| first_reached(&time_zone, date.to_datetime(time));
        let parts = self.parts_off(date).into_iter();
        let parts: Vec<Busy> = parts
            .filter_map(|(from, until)| Some(Busy { start: reached(from)?, end: reached(until)? }))
            .collect();
        merged(&parts)
    }

    /// Whether that time lies on a day off, or overlaps a part of its day that is off.
    pub fn is_off(&self, start: Timestamp, end: Timestamp) -> bool {
        let date = self.zone.date(start);
        self.is_day_off(date) || self.off(date).iter().any(|off| off.start < end && start < off.end)
    }

    fn is_day_off(&self, date: Date) -> bool {
        self.closures.iter().any(|closure| closure.part().is_none() && closure.covers(date))
    }

    /// The parts of a day that are off on the wall, in order of their beginnings.
    fn parts_off(&self, date: Date) -> Vec<(Time, Time)> {
        let of_day = self.closures.iter().filter(|closure| closure.covers(date));
        let mut parts: Vec<_> =
            of_day.filter_map(|closure| closure.part()).filter(|(from, until)| from < until).collect();
        parts.sort_unstable();
        parts
    }

    /// The open hours in which such an offering can be booked as they were set, parts that are off included: starts are cut
    /// from their opening, so that a part of a day off moves no other start.
    pub(super) fn whole_hours_for(
        &self,
        date: Date,
        offering: Offering,
    ) -> impl Iterator<Item = (Time, Time)> {
        self.whole_hours(date)
            .filter(move |(_, _, hours_for)| offering.goes_in(*hours_for))
            .map(|(opens, closes, _)| (opens, closes))
    }

    fn whole_hours(&self, date: Date) -> impl Iterator<Item = (Time, Time, Audience)> {
        let closed = self.is_day_off(date);
        let rules = self.rules.iter().filter(move |rule| !closed && rule.applies_on(date));
        let extra_hours = self.extra_hours.iter().filter(move |extra| extra.date == date);
        rules
            .map(|rule| (rule.opens, rule.closes, rule.audience))
            .chain(extra_hours.map(|extra| (extra.opens, extra.closes, extra.audience)))
    }

    /// The part of it that counts from one day to another, both included, for such an offering: free times of those
    /// days are the same, and the rest need not be told.
    pub fn between(&self, first: Date, last: Date, offering: Offering) -> Self {
        let rules = self.rules.iter().filter(|rule| offering.goes_in(rule.audience));
        let extra_hours = self.extra_hours.iter().filter(|extra| offering.goes_in(extra.audience));
        Self {
            zone: self.zone,
            rules: rules.filter_map(|rule| rule.between(first, last)).collect(),
            closures: self.closures.iter().filter_map(|closure| closure.between(first, last)).collect(),
            extra_hours: extra_hours.filter(|extra| (first..=last).contains(&extra.date)).copied().collect(),
        }
    }
}

/// Hours that come back every week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rule {
    /// On which days.
    pub weekdays: Weekdays,
    /// When the first appointment may start.
    pub opens: Time,
    /// When the last appointment must have ended, on the same day.
    pub closes: Time,
    /// For whom.
    pub audience: Audience,
    /// The first day, when it has one.
    pub effective_from: Option<Date>,
    /// The last day, included, when it has one.
    pub effective_until: Option<Date>,
}

impl Rule {
    fn applies_on(&self, date: Date) -> bool {
        self.weekdays.contains(date.weekday())
            && self.effective_from.is_none_or(|from| from <= date)
            && self.effective_until.is_none_or(|until| date <= until)
    }

    /// The rule as those days know it; `None` when it counts on none of them.
    fn between(&self, first: Date, last: Date) -> Option<Self> {
        let counts = self.effective_from.is_none_or(|from| from <= last)
            && self.effective_until.is_none_or(|until| first <= until);
        counts.then(|| Self {
            effective_from: self.effective_from.filter(|from| first < *from),
            effective_until: self.effective_until.filter(|until| *until < last),
            ..self.clone()
        })
    }
}

/// Days off, leave and public holidays alike, or the same part of each of those days.
///
/// Hours that were added for one day count on a day off, but not in a part of a day off: who says from when until when means
/// just that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Closure {
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// From when on each of the days, on the wall; whole days where it or `until` is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// Until when on each of the days, excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

impl Closure {
    /// Whole days, both included.
    pub const fn days(first: Date, last: Date) -> Self {
        Self { first, last, from: None, until: None }
    }

    /// A part of one day.
    pub const fn part_of(day: Date, from: Time, until: Time) -> Self {
        Self { first: day, last: day, from: Some(from), until: Some(until) }
    }

    /// From when until when on each of its days; `None` when they are off whole.
    pub fn part(self) -> Option<(Time, Time)> {
        self.from.zip(self.until)
    }

    fn covers(self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// Those of its days; `None` when there are none.
    fn between(self, first: Date, last: Date) -> Option<Self> {
        let part = Self { first: self.first.max(first), last: self.last.min(last), ..self };
        (part.first <= part.last).then_some(part)
    }
}

/// What is left of some hours without parts that are off, which are in order of their beginnings.
fn without(opens: Time, closes: Time, off: &[(Time, Time)]) -> Vec<(Time, Time)> {
    let mut left = Vec::new();
    let mut open_from = opens;
    for (from, until) in off.iter().filter(|(from, until)| *from < closes && opens < *until) {
        left.push((open_from, *from));
        open_from = open_from.max(*until);
    }
    left.push((open_from, closes));
    left.retain(|(opens, closes)| opens < closes);
    left
}

/// Hours on one day. They count on a closed day too: whoever adds them means to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtraHours {
    /// Which day.
    pub date: Date,
    /// When the first appointment may start.
    pub opens: Time,
    /// When the last appointment must have ended, on the same day.
    pub closes: Time,
    /// For whom.
    pub audience: Audience,
}

/// Time that is taken, half-open. The buffers of what takes it are inside: buffers add up and are never shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Busy {
    /// From this instant.
    pub start: Timestamp,
    /// Until this one, excluded.
    pub end: Timestamp,
}

/// What is to be booked, and how far ahead. Nothing can be booked with a duration or a step of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Offering {
    /// How long the patient is there.
    pub duration_minutes: u16,
    /// To be kept free before.
    pub buffer_before_minutes: u16,
    /// To be kept free after.
    pub buffer_after_minutes: u16,
    /// From one start on the grid to the next, on the wall.
    pub step_minutes: u16,
    /// How long before its start an appointment can last be booked.
    pub notice_minutes: u32,
    /// How many days after today can be booked; zero is today only.
    pub horizon_days: u16,
    /// For whom.
    pub audience: Audience,
    /// By video or phone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub telehealth: bool,
}

impl Offering {
    /// Whether it can be booked in hours for some: "all" goes with everybody, but nobody comes to the practice in the hours for
    /// home visits, nor in those for video and phone. What is by video or phone goes in hours for its patients, too.
    fn goes_in(self, hours_for: Audience) -> bool {
        match (hours_for, self.audience) {
            (Audience::All, _) => true,
            (Audience::Telehealth, _) => self.telehealth,
            (Audience::HomeVisit, _) | (_, Audience::HomeVisit) => hours_for == self.audience,
            (Audience::New | Audience::Existing, _) => {
                self.audience == Audience::All || hours_for == self.audience
            }
        }
    }
}

/// A set of weekdays. One byte in the database and on the wire: Monday is bit 0, Sunday bit 6.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("maximum" = 127)))]
#[serde(try_from = "u8", into = "u8")]
pub struct Weekdays(u8);

/// A byte with a bit that names no weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no set of weekdays; add up 1 for Monday, 2 for Tuesday … 64 for Sunday")]
pub struct InvalidWeekdays(pub u8);

impl Weekdays {
    /// The set of these days.
    pub fn from_days(days: &[Weekday]) -> Self {
        Self(days.iter().fold(0, |bits, day| bits | bit(*day)))
    }

    /// Reads [`Weekdays::bits`]; `None` from 128 on.
    pub fn from_bits(bits: u8) -> Option<Self> {
        (bits < 128).then_some(Self(bits))
    }

    /// The byte, 0 to 127.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether a day is in the set.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

impl TryFrom<u8> for Weekdays {
    type Error = InvalidWeekdays;

    fn try_from(bits: u8) -> Result<Self, InvalidWeekdays> {
        Self::from_bits(bits).ok_or(InvalidWeekdays(bits))
    }
}

impl From<Weekdays> for u8 {
    fn from(weekdays: Weekdays) -> Self {
        weekdays.0
    }
}

fn bit(day: Weekday) -> u8 {
    1_u8 << day.to_monday_zero_offset()
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday::{self, Friday, Monday, Sunday, Tuesday};

    use super::{Offering, Weekdays};
    use crate::bookings::Audience::{self, All, Existing, HomeVisit, New, Telehealth};

    fn offering(audience: Audience, telehealth: bool) -> Offering {
        Offering {
            duration_minutes: 30,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            step_minutes: 30,
            notice_minutes: 0,
            horizon_days: 30,
            audience,
            telehealth,
        }
    }

    #[test]
    fn monday_is_the_lowest_bit_and_sunday_the_highest() {
        let cases: [(&[Weekday], u8); 4] =
            [(&[], 0), (&[Monday], 1), (&[Sunday], 64), (&[Friday, Monday, Friday], 17)];
        for (days, bits) in cases {
            assert_eq!(Weekdays::from_days(days).bits(), bits);
        }
        let weekend = Weekdays::from_bits(96).unwrap();
        assert!(weekend.contains(Sunday) && !weekend.contains(Tuesday));
    }

    #[test]
    fn a_byte_with_an_eighth_bit_is_refused() {
        assert_eq!(Weekdays::from_bits(128), None);
        assert!(serde_json::from_str::<Weekdays>("200").is_err());
        assert_eq!(serde_json::to_string(&Weekdays::from_bits(127).unwrap()).unwrap(), "127");
    }

    #[test]
    fn an_audience_matches_itself_and_all() {
        for (hours_for, audience, expected) in [
            (All, All, true),
            (All, New, true),
            (New, All, true),
            (New, New, true),
            (Existing, Existing, true),
            (New, Existing, false),
            (Existing, New, false),
            (All, HomeVisit, true),
            (HomeVisit, HomeVisit, true),
            (HomeVisit, All, false),
            (HomeVisit, New, false),
            (New, HomeVisit, false),
        ] {
            assert_eq!(offering(audience, false).goes_in(hours_for), expected, "{hours_for:?} {audience:?}");
        }
    }

    #[test]
    fn hours_for_video_and_phone_are_for_nothing_else_and_what_is_by_either_goes_in_others_too() {
        for (hours_for, audience, telehealth, expected) in [
            (Telehealth, All, true, true),
            (Telehealth, New, true, true),
            (Telehealth, All, false, false),
            (Telehealth, New, false, false),
            (Telehealth, HomeVisit, false, false),
            (All, All, true, true),
            (New, New, true, true),
            (Existing, New, true, false),
            (HomeVisit, All, true, false),
        ] {
            let goes = offering(audience, telehealth).goes_in(hours_for);
            assert_eq!(goes, expected, "{hours_for:?} {audience:?} {telehealth}");
        }
    }
}
