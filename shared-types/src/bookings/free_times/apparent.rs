//! What free times tell about who is busy, and nothing more.

use std::ops::Range;

use jiff::Timestamp;

use super::{Availability, Busy, Offering, free_times, merged, minutes};

/// What is taken as far as [`free_times`] shows it: ranges in order and disjoint that leave the same starts free.
///
/// A calendar's own ranges say more than that: to the minute when somebody comes and goes, out of hours too, and what
/// they do elsewhere. These are made from the answers alone. Where a start is offered and not free, all that booking
/// it would take is taken, less what booking any free start would take, since nothing busy can be there. So whoever
/// has these ranges knows what the free times say, and can work them out again within the window.
pub fn apparent_busy(
    availability: &Availability,
    offering: &Offering,
    busy: &[Busy],
    window: Range<Timestamp>,
    now: Timestamp,
) -> Vec<Busy> {
    let offered = free_times(availability, offering, &[], window.clone(), now);
    let (free, taken): (Vec<_>, Vec<_>) = {
        let free = free_times(availability, offering, busy, window, now);
        offered.into_iter().partition(|start| free.binary_search(start).is_ok())
    };
    without(&reach(offering, &taken), &reach(offering, &free))
}

/// What booking these starts would take, buffers included, in order and disjoint.
fn reach(offering: &Offering, starts: &[Timestamp]) -> Vec<Busy> {
    let (before, after) = (minutes(offering.buffer_before_minutes), minutes(offering.buffer_after_minutes));
    let until = minutes(offering.duration_minutes) + after;
    let each = starts.iter().filter_map(|start| {
        Some(Busy { start: start.checked_sub(before).ok()?, end: start.checked_add(until).ok()? })
    });
    merged(&each.collect::<Vec<_>>())
}

/// The parts of some ranges that none of the others covers; both in order and disjoint.
fn without(ranges: &[Busy], others: &[Busy]) -> Vec<Busy> {
    let mut parts = Vec::new();
    for range in ranges {
        let mut from = range.start;
        for other in others.iter().filter(|other| other.start < range.end && range.start < other.end) {
            parts.push(Busy { start: from, end: other.start });
            from = other.end;
        }
        parts.push(Busy { start: from, end: range.end });
    }
    // A range may begin or end inside of another.
    parts.retain(|part| part.start < part.end);
    parts
}
