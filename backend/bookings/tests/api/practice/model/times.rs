//! Who has which time: what is clear, beside whom somebody is fitted in, what the rules offer, and who is let off by it.

use jiff::Timestamp;
use shared_types::{
    PractitionerRoleId, Zone,
    bookings::AppointmentStatus::{AwaitingPayment, CancelledLate},
};

use super::World;
use crate::app::{ROLE, minutes, wall};

/// How many are seen at once at the most.
const LANES: i64 = 10;

impl World {
    /// Whether nobody but that link takes any of the time, in whatever lane, and it is kept for nobody: who books online is alone.
    pub fn is_clear(
        &self,
        role: PractitionerRoleId,
        start: Timestamp,
        end: Timestamp,
        own: Option<usize>,
    ) -> bool {
        (0..LANES).all(|lane| self.has_room(lane, role, (start, end), own))
    }

    /// In which lane the desk books a time: in the first, or where somebody is fitted in, in the lowest one with room.
    pub fn lane(
        &self,
        fit_in: bool,
        role: PractitionerRoleId,
        times: (Timestamp, Timestamp),
        own: Option<usize>,
    ) -> Option<i64> {
        let lanes = if fit_in { LANES } else { 1 };
        (0..lanes).find(|lane| self.has_room(*lane, role, times, own))
    }

    /// Whether nobody but that link takes any of the time in a lane. What is kept for a patient, for who waits, or for whom the practice
    /// asked, is kept in the first.
    fn has_room(
        &self,
        lane: i64,
        role: PractitionerRoleId,
        (start, end): (Timestamp, Timestamp),
        own: Option<usize>,
    ) -> bool {
        let now = self.now();
        let others = self.links.iter().enumerate().filter(|(nth, it)| Some(*nth) != own && it.role == role);
        let (mut taken, mut kept) = (Vec::new(), Vec::new());
        for (_, it) in others {
            taken.extend(it.takes.filter(|_| it.lane == lane));
            kept.extend(it.keeps());
        }
        let asked = self.waiting.iter().filter(|one| role == ROLE && one.open.is_some());
        kept.extend(asked.map(|one| (one.slot, one.slot + minutes(30))));
        kept.extend(self.kept.iter().filter_map(|one| one.keeps(role, now)));
        taken.extend(kept.into_iter().filter(|_| lane == 0));
        taken.iter().all(|(from, until)| *until <= start || end <= *from)
    }

    /// Somebody has a time now: who cancelled it late, while it is still to come, owes nothing.
    pub fn let_off(&mut self, role: PractitionerRoleId, start: Timestamp, end: Timestamp) {
        self.let_off_by(role, (start, end), None);
    }

    /// The same by the part of it that was not had before.
    fn let_off_by(
        &mut self,
        role: PractitionerRoleId,
        (start, end): (Timestamp, Timestamp),
        had: Option<(Timestamp, Timestamp)>,
    ) {
        let now = self.now();
        let parts = match had {
            Some((from, until)) if from < end && start < until => vec![(start, from), (until, end)],
            Some(_) | None => vec![(start, end)],
        };
        for it in self.links.iter_mut().filter(|it| it.role == role && it.status == CancelledLate) {
            let takes =
                |(from, until): &(Timestamp, Timestamp)| from < until && it.start < *until && *from < it.end;
            if it.owes && now < it.start && parts.iter().any(takes) {
                it.owes = false;
                it.version += 1;
            }
        }
    }

    /// It has a time now, in the place of another one or of none: nobody is let off by what is not paid for yet.
    pub fn takes_now(&mut self, nth: usize, had: Option<(Timestamp, Timestamp)>) {
        let it = &self.links[nth];
        if it.status != AwaitingPayment {
            let (role, visit) = (it.role, (it.start, it.end));
            self.let_off_by(role, visit, had);
        }
    }

    /// Whether the rules offer a time: in hours, and with a notice, which is longer where the practice answers first. What was
    /// shown five minutes ago is honoured.
    pub fn is_offered(&self, asks: bool, start: Timestamp, end: Timestamp) -> bool {
        let (notice, day) = (if asks { 180 } else { 60 }, Zone::SYDNEY.date(start));
        end <= wall(day, 17, 0) && start >= self.now() + minutes(notice - 5)
    }
}
