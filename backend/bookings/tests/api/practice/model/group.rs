//! Groups: who comes at the same time sits in the same session, as long as it has seats.

use jiff::Timestamp;
use shared_types::{
    AppointmentTypeId, PractitionerRoleId,
    bookings::{AppointmentStatus::Confirmed, Confirmation, Hold},
};
use uuid::Uuid;

use super::{
    World,
    link::{Link, link},
};
use crate::app::{App, ROLE, minutes};

/// Half an hour with [`ROLE`] for as many as there are [`SEATS`].
const GROUP: AppointmentTypeId = AppointmentTypeId(Uuid::from_u128(0x26));
pub const SEATS: usize = 3;

/// Has a group be offered, by the name of what others wait for: who lost a seat comes first for that.
pub async fn make(app: &App) {
    app.change(
        "insert into bookings.appointment_type (appointment_type_id, practitioner_role_id, position, name, \
             duration_minutes, price_cents, bulk_billed, seats) \
         select '00000000-0000-0000-0000-000000000026', practitioner_role_id, 3, name, \
             duration_minutes, price_cents, bulk_billed, 3 \
         from bookings.appointment_type where appointment_type_id = '00000000-0000-0000-0000-000000000021'",
    )
    .await;
}

impl Link {
    fn sits(&self, role: PractitionerRoleId, times: (Timestamp, Timestamp)) -> bool {
        self.seat && self.role == role && self.takes == Some(times)
    }
}

impl World {
    /// Whether a time is clear for a link that is there already: where it has a seat, another one of a session is enough.
    pub fn is_clear_for(&self, nth: usize, start: Timestamp, end: Timestamp) -> bool {
        let it = &self.links[nth];
        if it.seat {
            self.has_seat(it.role, start, end, Some(nth))
        } else {
            self.is_clear(it.role, start, end, Some(nth))
        }
    }

    /// In which lane the desk moves a link to a time. Nobody who has a seat is fitted in beside others.
    pub fn lane_for(&self, nth: usize, fit_in: bool, times: (Timestamp, Timestamp)) -> Option<i64> {
        let it = &self.links[nth];
        let taken = if it.seat { self.seated(it.role, times, Some(nth)) } else { 0 };
        if taken > 0 {
            return (taken < SEATS).then_some(0);
        }
        self.lane(fit_in && !it.seat, it.role, times, Some(nth))
    }

    /// Whether there is a seat: in the session that is there, whoever is fitted in beside it, or in one that begins with it.
    fn has_seat(
        &self,
        role: PractitionerRoleId,
        start: Timestamp,
        end: Timestamp,
        own: Option<usize>,
    ) -> bool {
        match self.seated(role, (start, end), own) {
            0 => {
                let stays = own.is_some_and(|nth| self.links[nth].sits(role, (start, end)));
                stays || self.is_clear(role, start, end, own)
            }
            taken => taken < SEATS,
        }
    }

    /// How many sit there but that link.
    fn seated(&self, role: PractitionerRoleId, times: (Timestamp, Timestamp), own: Option<usize>) -> usize {
        let others = self.links.iter().enumerate().filter(|(nth, _)| Some(*nth) != own);
        others.filter(|(_, it)| it.sits(role, times)).count()
    }

    pub async fn sit(&mut self) -> String {
        let (start, mut browser) = (self.slot(), self.app.browser());
        let end = start + minutes(30);
        let expected = self.is_offered(false, start, end) && self.has_seat(ROLE, start, end, None);
        let reply = browser.hold(self.app.key(), ROLE, GROUP, start).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            let hold: Hold = reply.read();
            let made: Confirmation = self.app.confirm(&mut browser, &hold).await;
            assert_eq!(made.status, Confirmed);
            self.let_off(ROLE, start, end);
            let one = link(made.appointment_id, ROLE, Confirmed, (start, end), Some(browser));
            self.links.push(Link { seat: true, ..one });
        }
        format!("sit {start}: {expected}")
    }
}
