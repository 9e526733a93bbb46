//! The ghost: where what is carried would come to lie. It has a layer of its own and is moved by a transform, so that nothing
//! below it is laid out or drawn again.

use super::Hands;
use crate::{browser::pointing, calendar::drag::Spot};

impl Hands {
    /// Where the first cell and the last one are.
    pub(super) fn corners(&self) -> Option<(pointing::Rect, pointing::Rect)> {
        let (first, last) = self.data.corner_ids()?;
        Some((pointing::rect(&first)?, pointing::rect(&last)?))
    }

    /// Puts the ghost at a place.
    pub(super) fn show(&self, spot: Spot) {
        // All is measured before anything is changed: to measure a changed page lays it out there and then.
        let (Some((first, last)), Some(body)) = (self.corners(), pointing::rect_of(&self.body)) else {
            return;
        };
        let width = (last.right - first.left) / self.data.names.len().max(1) as f64;
        let minute = (last.bottom - first.top) / f64::from(self.data.hours.minutes().max(1));
        let left = first.left - body.left + width * spot.column as f64;
        let top = first.top - body.top + minute * f64::from(spot.span.from - self.data.hours.from);
        let pixels = |length: f64| format!("{}px", length.round());
        let properties = [
            ("transform", format!("translate({}, {})", pixels(left), pixels(top))),
            ("width", pixels(width)),
            ("height", pixels(minute * f64::from(spot.span.minutes()))),
        ];
        pointing::place(&self.ghost, &properties);
        pointing::show(&self.ghost, true);
        pointing::say(&self.ghost, &self.data.words(spot));
    }

    /// Takes it away.
    pub(super) fn hide(&self) {
        pointing::show(&self.ghost, false);
    }
}
