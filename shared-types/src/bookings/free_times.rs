//! Free times: derived from rules and what is taken, never stored.
//!
//! One pure function for the server and the browser. It reads no clock, knows no patient and decides nothing
//! about races: two people may see the same time, and the database lets one of them have it.
//!
//! A start is offered when all of this holds:
//! - it is on the grid `opens + n × step` of some open hours, as the clock on the wall of the zone shows it. A
//!   wall time that the clock skips is not offered; of one that it shows twice, the first showing is;
//! - the appointment ends by the closing of those same hours. It lasts real minutes, whatever the clock does
//!   meanwhile. Adjoining hours are not joined, and buffers may reach beyond them;
//! - the appointment overlaps no part of the day that is off. Such a part ends hours and begins them again, so buffers may
//!   reach into it, but the grid goes on as if it were not there: taking a part of a day off moves no other start;
//! - the appointment with its buffers overlaps nothing busy. Ranges are half-open, so they may touch;
//! - it is in the window, not before `now` plus notice, and not on a day beyond the horizon.

mod apparent;
mod availability;

use std::{iter, ops::Range};

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

pub use self::{
    apparent::apparent_busy,
    availability::{Availability, Busy, Closure, ExtraHours, InvalidWeekdays, Offering, Rule, Weekdays},
};

/// Every start at which the offering can be booked within `window` (half-open), in order, each once.
///
/// `busy` may be in any order and overlap itself; empty ranges in it count for nothing.
pub fn free_times(
    availability: &Availability,
    offering: &Offering,
    busy: &[Busy],
    window: Range<Timestamp>,
    now: Timestamp,
) -> Vec<Timestamp> {
    each_free_time(availability, offering, busy, window, now).collect()
}

/// The first `count` of [`free_times`]. It looks at no more days than it needs, so the window may be wide.
pub fn first_free_times(
    availability: &Availability,
    offering: &Offering,
    busy: &[Busy],
    window: Range<Timestamp>,
    now: Timestamp,
    count: usize,
) -> Vec<Timestamp> {
    each_free_time(availability, offering, busy, window, now).take(count).collect()
}

/// Free starts together with those of group sessions that have begun to fill and have a seat left, as far as they are in the
/// window. Their time is taken, so [`free_times`] leaves them out; that the rules still offer them, who asks has seen to.
pub fn with_open_sessions(
    mut starts: Vec<Timestamp>,
    open: &[Timestamp],
    window: &Range<Timestamp>,
) -> Vec<Timestamp> {
    starts.extend(open.iter().filter(|start| window.contains(start)));
    starts.sort_unstable();
    starts.dedup();
    starts
}

fn each_free_time(
    availability: &Availability,
    offering: &Offering,
    busy: &[Busy],
    window: Range<Timestamp>,
    now: Timestamp,
) -> impl Iterator<Item = Timestamp> {
    // A later day's wall times are later instants, so days in order give starts in order.
    Search::new(availability, offering, busy, window, now).into_iter().flat_map(|search| {
        days(search.first_day, search.last_day).flat_map(move |date| search.starts_on(date))
    })
}

/// A question with everything worked out that is the same for each start.
struct Search<'a> {
    availability: &'a Availability,
    offering: Offering,
    time_zone: TimeZone,
    /// The window after notice.
    window: Range<Timestamp>,
    first_day: Date,
    last_day: Date,
    step: SignedDuration,
    duration: SignedDuration,
    buffer_before: SignedDuration,
    /// From the start to the end of the buffer after.
    start_to_clear: SignedDuration,
    /// In order and disjoint.
    busy: Vec<Busy>,
}

impl<'a> Search<'a> {
    /// `None` when no start can qualify.
    fn new(
        availability: &'a Availability,
        offering: &Offering,
        busy: &[Busy],
        window: Range<Timestamp>,
        now: Timestamp,
    ) -> Option<Self> {
        let earliest = now.checked_add(minutes(offering.notice_minutes)).ok()?.max(window.start);
        if offering.duration_minutes == 0 || offering.step_minutes == 0 || earliest >= window.end {
            return None;
        }
        let zone = availability.zone;
        let horizon = zone.date(now).saturating_add(i64::from(offering.horizon_days).days());
        let duration = minutes(offering.duration_minutes);
        Some(Self {
            availability,
            offering: *offering,
            time_zone: zone.time_zone(),
            window: earliest..window.end,
            first_day: zone.date(earliest),
            last_day: zone.date(window.end).min(horizon),
            step: minutes(offering.step_minutes),
            duration,
            buffer_before: minutes(offering.buffer_before_minutes),
            start_to_clear: duration + minutes(offering.buffer_after_minutes),
            busy: merged(busy),
        })
    }

    fn starts_on(&self, date: Date) -> Vec<Timestamp> {
        let mut starts = Vec::new();
        for (opens, closes) in self.availability.whole_hours_for(date, self.offering) {
            self.add_starts(date, opens, closes, &mut starts);
        }
        let off = self.availability.off(date);
        starts.retain(|start| self.is_there(*start, &off));
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Adds the free starts of one span of open hours; none when it closes before it opens.
    fn add_starts(&self, date: Date, opens: Time, closes: Time, starts: &mut Vec<Timestamp>) {
        let Some(closing) = first_reached(&self.time_zone, date.to_datetime(closes)) else { return };
        let opening = date.to_datetime(opens);
        let open_for = opens.duration_until(closes);
        // When as much time passes as the wall shows, the clock does not change in between, and the zone need
        // not be asked about each start. No more than two days a year are otherwise.
        let steady = first_shown(&self.time_zone, opening)
            .filter(|instant| closing.duration_since(*instant) == open_for);
        let instant = |since_opening: SignedDuration| match steady {
            Some(instant) => instant.checked_add(since_opening).ok(),
            None => first_shown(&self.time_zone, opening.checked_add(since_opening).ok()?),
        };
        let grid = (0_i32..).map(|nth| self.step * nth).take_while(|since_opening| *since_opening < open_for);
        starts.extend(grid.filter_map(instant).filter(|start| self.fits(*start, closing)));
    }

    fn fits(&self, start: Timestamp, closing: Timestamp) -> bool {
        self.window.contains(&start) && closing.duration_since(start) >= self.duration && self.is_clear(start)
    }

    /// Whether the appointment overlaps no part of its day that is off.
    fn is_there(&self, start: Timestamp, off: &[Busy]) -> bool {
        let Ok(end) = start.checked_add(self.duration) else { return false };
        off.iter().all(|off| end <= off.start || off.end <= start)
    }

    /// Whether the appointment with its buffers overlaps nothing busy.
    fn is_clear(&self, start: Timestamp) -> bool {
        let from = start.checked_sub(self.buffer_before);
        let until = start.checked_add(self.start_to_clear);
        let (Ok(from), Ok(until)) = (from, until) else { return false };
        let next = self.busy.partition_point(|busy| busy.end <= from);
        self.busy.get(next).is_none_or(|busy| until <= busy.start)
    }
}

/// The instant at which the clock on the wall first shows `wall`; `None` when it skips it.
fn first_shown(time_zone: &TimeZone, wall: DateTime) -> Option<Timestamp> {
    let shown = time_zone.to_ambiguous_timestamp(wall);
    match shown.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => shown.earlier().ok(),
        AmbiguousOffset::Gap { .. } => None,
    }
}

/// The instant at which the clock on the wall first shows `wall` or, skipping it, something later.
fn first_reached(time_zone: &TimeZone, wall: DateTime) -> Option<Timestamp> {
    first_shown(time_zone, wall).or_else(|| {
        // For a skipped time, "earlier" is an instant before the clock jumps; the jump is what comes next.
        let before_jump = time_zone.to_ambiguous_timestamp(wall).earlier().ok()?;
        time_zone.following(before_jump).next().map(|jump| jump.timestamp())
    })
}

/// Sorts, drops what is empty and joins what overlaps or touches, so that the ends are in order too.
fn merged(busy: &[Busy]) -> Vec<Busy> {
    let mut ranges: Vec<Busy> = busy.iter().filter(|range| range.start < range.end).copied().collect();
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|later, kept| {
        let meets = later.start <= kept.end;
        if meets {
            kept.end = kept.end.max(later.end);
        }
        meets
    });
    ranges
}

/// The days from `first` to `last`, both included.
fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
}

fn minutes(count: impl Into<i64>) -> SignedDuration {
    SignedDuration::from_mins(count.into())
}

#[cfg(test)]
mod tests;
