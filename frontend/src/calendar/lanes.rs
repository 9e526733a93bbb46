//! Entries that overlap stand side by side.

use super::{Span, view::Zoom};

/// How many entries of the styles' least width stand side by side in the narrowest column.
const SIDE_BY_SIDE: usize = 5;

/// Where an entry stands: in which of how many lanes of equal width, counted from nought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Which.
    pub nth: usize,
    /// Of how many.
    pub of: usize,
}

/// Whether an entry may lie over others, or below them: the styles give each a least height and a least width.
pub fn overlaps(span: Span, lane: Lane, zoom: Zoom) -> bool {
    span.minutes() < zoom.least_minutes() || lane.of > SIDE_BY_SIDE
}

/// A lane for each span: those that overlap never share one, and no more lanes are made than ever run beside each other.
/// All that hang together by overlaps, if by way of others, have lanes of one width.
pub fn lanes(spans: &[Span]) -> Vec<Lane> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    // The longer of two that start together goes first: it is the one that the others stand beside.
    order.sort_by_key(|&at| (spans[at].from, -spans[at].to, at));
    let mut placed = vec![Lane { nth: 0, of: 1 }; spans.len()];
    let mut group: Vec<usize> = Vec::new();
    // When the last entry of each lane ends.
    let mut ends: Vec<i32> = Vec::new();
    for at in order {
        let span = spans[at];
        if ends.iter().all(|end| *end <= span.from) {
            widen(&mut placed, &group, ends.len());
            group.clear();
            ends.clear();
        }
        let free = ends.iter().position(|end| *end <= span.from);
        let nth = free.unwrap_or(ends.len());
        match ends.get_mut(nth) {
            Some(end) => *end = span.to,
            None => ends.push(span.to),
        }
        placed[at].nth = nth;
        group.push(at);
    }
    widen(&mut placed, &group, ends.len());
    placed
}

fn widen(placed: &mut [Lane], group: &[usize], of: usize) {
    for &at in group {
        placed[at].of = of;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Lane, Span, Zoom, lanes, overlaps};

    const fn span(from: i32, to: i32) -> Span {
        Span { from, to }
    }

    const fn lane(nth: usize, of: usize) -> Lane {
        Lane { nth, of }
    }

    #[test]
    fn entries_that_touch_share_a_lane() {
        assert_eq!(lanes(&[]), []);
        assert_eq!(lanes(&[span(540, 570), span(570, 600)]), [lane(0, 1), lane(0, 1)]);
    }

    #[test]
    fn entries_that_overlap_stand_side_by_side_and_a_gap_is_used_again() {
        // The second is beside the first; the third takes up the second's lane; the last is alone.
        let spans = [span(540, 640), span(550, 580), span(590, 630), span(700, 730)];
        assert_eq!(lanes(&spans), [lane(0, 2), lane(1, 2), lane(1, 2), lane(0, 1)]);
    }

    #[test]
    fn the_longer_of_two_that_start_together_goes_first() {
        assert_eq!(lanes(&[span(540, 555), span(540, 600)]), [lane(1, 2), lane(0, 2)]);
    }

    #[test]
    fn what_is_short_or_one_of_many_may_lie_over_others() {
        for (minutes, of, zoom, expected) in [
            (20, 1, Zoom::Half, false),
            (19, 1, Zoom::Half, true),
            (19, 1, Zoom::Quarter, false),
            (30, 1, Zoom::Hour, true),
            (45, 5, Zoom::Half, false),
            (45, 6, Zoom::Half, true),
        ] {
            let found = overlaps(span(540, 540 + minutes), lane(0, of), zoom);
            assert_eq!(found, expected, "{minutes} {of} {zoom:?}");
        }
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        let one = (0..1_430, 1..240).prop_map(|(from, long)| span(from, from + long));
        prop::collection::vec(one, 0..60)
    }

    proptest! {
        #[test]
        fn no_two_that_overlap_share_a_lane_and_no_lane_is_wasted(spans in spans()) {
            let placed = lanes(&spans);
            prop_assert_eq!(placed.len(), spans.len());
            for (at, span) in spans.iter().enumerate() {
                prop_assert!(placed[at].nth < placed[at].of);
                for (other, theirs) in spans.iter().enumerate().take(at) {
                    if span.overlaps(*theirs) {
                        prop_assert_ne!(placed[at].nth, placed[other].nth);
                        prop_assert_eq!(placed[at].of, placed[other].of);
                    }
                }
            }
            // As many lanes as ever run beside each other at the start of one of them.
            let most = |at: usize| {
                let start = Span { to: spans[at].from + 1, ..spans[at] };
                spans.iter().filter(|span| span.overlaps(start)).count()
            };
            let widest = (0..spans.len()).map(most).max().unwrap_or(1);
            prop_assert_eq!(placed.iter().map(|lane| lane.of).max().unwrap_or(1), widest);
        }

        #[test]
        fn the_order_of_the_list_changes_no_width(spans in spans()) {
            let mut reversed = spans.clone();
            reversed.reverse();
            let (one, mut other) = (lanes(&spans), lanes(&reversed));
            other.reverse();
            prop_assert!(one.iter().zip(&other).all(|(one, other)| one.of == other.of));
        }
    }
}
