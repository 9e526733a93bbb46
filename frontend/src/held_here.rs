//! Which times this tab holds, so that who may hold no more is led back to them. Session storage ends with the tab, and nothing here
//! says who holds a time nor with whom.

use gloo_storage::{SessionStorage, Storage};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared_types::{HoldId, Zone, bookings::Hold};

const KEY: &str = "hm.held";

/// A time that this tab held when it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldHere {
    /// Where its page is.
    pub hold_id: HoldId,
    /// When the visit would begin.
    pub start: Timestamp,
    /// On whose clock.
    pub time_zone: Zone,
    /// Until when it is held.
    pub expires_at: Timestamp,
}

/// Those that are still held, in the order in which they were taken.
pub fn held_at(now: Timestamp) -> Vec<HeldHere> {
    let all: Vec<HeldHere> = SessionStorage::get(KEY).unwrap_or_default();
    all.into_iter().filter(|one| one.expires_at > now).collect()
}

/// Notes one, and forgets what is over.
pub fn note(hold: &Hold) {
    let one = HeldHere {
        hold_id: hold.hold_id,
        start: hold.start,
        time_zone: hold.role.time_zone,
        expires_at: hold.expires_at,
    };
    let others = held_at(hold.as_of).into_iter().filter(|other| other.hold_id != hold.hold_id);
    keep(&others.chain([one]).collect::<Vec<_>>());
}

/// Forgets one: it is booked, let go or lost.
pub fn forget(hold_id: HoldId) {
    let all: Vec<HeldHere> = SessionStorage::get(KEY).unwrap_or_default();
    keep(&all.into_iter().filter(|one| one.hold_id != hold_id).collect::<Vec<_>>());
}

fn keep(held: &[HeldHere]) {
    if held.is_empty() {
        return SessionStorage::delete(KEY);
    }
    // A full or forbidden storage costs the way back to a time and nothing else.
    let _ = SessionStorage::set(KEY, held);
}
