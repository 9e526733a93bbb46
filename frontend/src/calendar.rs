//! What a practice's calendar works out by itself: which days it shows, where an entry stands, how far a drag goes, where
//! an arrow key leads, and the words for it. Pure: no fetching, no browser, no clock.
//!
//! A day is 1,440 minutes on the wall, also when the clock changes: an entry stands at the minute that the wall shows at its
//! start and is as long as it lasts.

pub mod away;
pub mod cursor;
pub mod drag;
pub mod lanes;
pub mod month;
pub mod names;
#[cfg(test)]
pub mod sample;
pub mod sessions;
pub mod sheet;
pub mod view;
pub mod words;

/// The minutes of a day.
pub const DAY: i32 = 24 * 60;

/// From one minute of a day to another, half-open, on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first minute.
    pub from: i32,
    /// The minute after the last.
    pub to: i32,
}

impl Span {
    /// How long.
    pub fn minutes(self) -> i32 {
        self.to - self.from
    }

    /// Whether some minute is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// Whether every minute of the other is in it.
    pub fn holds(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// As much of it as lies in the other, which it overlaps.
    pub fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), to: self.to.min(other.to) }
    }

    /// As long as it is, starting near a minute: on the grain of `step`, and within the day.
    pub fn starting_at(self, minute: i32, step: i32) -> Self {
        let length = self.minutes().min(DAY);
        let latest = DAY - length;
        let from = snapped(minute, step);
        // The last step of a day may be cut short by the length: then the one before it.
        let from = if from > latest { latest.div_euclid(step) * step } else { from.max(0) };
        Self { from, to: from + length }
    }

    /// The same start, ending near a minute: on the grain, within the day, and never shorter than one step.
    pub fn ending_at(self, minute: i32, step: i32) -> Self {
        let to = snapped(minute, step).clamp(self.from + step, DAY.max(self.from + step));
        Self { to, ..self }
    }
}

/// What a drag from one minute to another draws, in either direction; never shorter than one step.
pub fn drawn(from: i32, to: i32, step: i32) -> Span {
    let (first, last) = (from.min(to).clamp(0, DAY - 1), from.max(to).clamp(0, DAY));
    let first = (first.div_euclid(step) * step).min(DAY - step);
    let last = (last + step - 1).div_euclid(step) * step;
    Span { from: first, to: last.clamp(first + step, DAY) }
}

/// The nearest minute on the grain.
pub fn snapped(minute: i32, step: i32) -> i32 {
    (minute + step / 2).div_euclid(step) * step
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DAY, Span, drawn, snapped};

    const fn span(from: i32, to: i32) -> Span {
        Span { from, to }
    }

    #[test]
    fn minutes_go_to_the_nearest_of_the_grain() {
        for (minute, step, expected) in
            [(547, 5, 545), (548, 5, 550), (547, 15, 540), (548, 15, 555), (-8, 15, -15)]
        {
            assert_eq!(snapped(minute, step), expected, "{minute} by {step}");
        }
    }

    #[test]
    fn a_moved_entry_keeps_its_length_and_its_day() {
        let visit = span(540, 585);
        assert_eq!(visit.starting_at(602, 15), span(600, 645));
        assert_eq!(visit.starting_at(-40, 15), span(0, 45));
        assert_eq!(visit.starting_at(1_430, 15), span(1_395, 1_440));
        // Twenty minutes do not end on the grain; they still end by midnight.
        assert_eq!(span(540, 560).starting_at(1_439, 15), span(1_410, 1_430));
    }

    #[test]
    fn an_entry_is_never_shorter_than_one_step() {
        let visit = span(540, 585);
        assert_eq!(visit.ending_at(614, 15), span(540, 615));
        assert_eq!(visit.ending_at(300, 15), span(540, 555));
        assert_eq!(visit.ending_at(2_000, 15), span(540, 1_440));
    }

    #[test]
    fn a_drag_upwards_draws_what_a_drag_downwards_does() {
        assert_eq!(drawn(543, 598, 15), span(540, 600));
        assert_eq!(drawn(598, 543, 15), span(540, 600));
        assert_eq!(drawn(541, 541, 15), span(540, 555));
        assert_eq!(drawn(1_439, 1_600, 15), span(1_425, 1_440));
    }

    fn steps() -> impl Strategy<Value = i32> {
        prop::sample::select(vec![5, 15, 30, 60])
    }

    proptest! {
        #[test]
        fn nothing_leaves_its_day(from in -100..1_600, to in -100..1_600, step in steps()) {
            let new = drawn(from, to, step);
            prop_assert!(0 <= new.from && new.minutes() >= step && new.to <= DAY, "{new:?}");
            let moved = span(540, 585).starting_at(from, step);
            prop_assert!(0 <= moved.from && moved.to <= DAY && moved.minutes() == 45, "{moved:?}");
            prop_assert_eq!(moved.from % step, 0);
            let longer = span(540, 585).ending_at(to, step);
            prop_assert!(longer.minutes() >= step && longer.to <= DAY, "{longer:?}");
        }
    }
}
