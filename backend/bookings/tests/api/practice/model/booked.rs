//! What patients and the desk do with appointments.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared_types::{
    PractitionerRoleId,
    bookings::{
        Appointment,
        AppointmentStatus::{self, *},
        Confirmation, Hold,
        practice::{ActName, CalendarAppointment},
    },
    users::{Claims, Membership, StaffRole},
};

use super::{
    World,
    disputes::Disputed,
    link::{Link, leads, link},
};
use crate::{
    app::{BORN, Browser, COLLEAGUE, LONG, LONG_COLLEAGUE, ORGANIZATION, ROLE, minutes},
    members::{claims, signed_in_by},
    practice::{act_as, at_practice},
};

impl World {
    /// Who owns the practice, signed in a moment ago: time passes, and sessions end.
    pub fn owner(&self) -> Browser {
        self.owner_as(50)
    }

    /// One of those who own it.
    pub fn owner_as(&self, account: u128) -> Browser {
        let memberships = vec![Membership { organization_id: ORGANIZATION, roles: vec![StaffRole::Owner] }];
        signed_in_by(&self.issuer, &self.app, &Claims { memberships, ..claims(&self.app, account) })
    }

    pub async fn book(&mut self) -> String {
        let role = if self.pick(3) == 0 { COLLEAGUE } else { ROLE };
        let start = self.slot();
        self.book_at(role, start).await
    }

    pub async fn book_at(&mut self, role: PractitionerRoleId, start: Timestamp) -> String {
        let of = if role == COLLEAGUE { LONG_COLLEAGUE } else { LONG };
        let (end, mut browser) = (start + minutes(30), self.app.browser());
        let expected =
            self.is_offered(role == COLLEAGUE, start, end) && self.is_clear(role, start, end, None);
        let reply = browser.hold(self.app.key(), role, of, start).await;
        assert_eq!(reply.status == 201, expected, "{}", reply.body);
        if expected {
            self.take_held(browser, &reply.read()).await;
        }
        format!("book {start}: {expected}")
    }

    /// Somebody books what they hold; the colleague is asked first.
    pub async fn take_held(&mut self, mut browser: Browser, hold: &Hold) {
        let made: Confirmation = self.app.confirm(&mut browser, hold).await;
        let (role, start, end) = (hold.role.practitioner_role_id, hold.start, hold.end);
        let status = if role == COLLEAGUE { Requested } else { Confirmed };
        assert_eq!(made.status, status);
        if status == Confirmed {
            self.let_off(role, start, end);
        }
        self.links.push(link(made.appointment_id, role, status, (start, end), Some(browser)));
    }

    /// Whether the desk can still write down what begins then: what began half a day ago it cannot.
    pub fn is_recent(&self, start: Timestamp) -> bool {
        start >= self.now() - minutes(12 * 60)
    }

    pub async fn desk(&mut self) -> String {
        let (start, end) = (self.slot(), self.slot() + minutes(45));
        self.desk_at(start, end, self.pick(2) == 0).await
    }

    /// The desk books for somebody, or fits them in beside who is there at the same time.
    pub async fn desk_at(&mut self, start: Timestamp, end: Timestamp, fit_in: bool) -> String {
        let body = json!({
            "practitioner_role_id": ROLE, "appointment_type_id": LONG, "start": start, "end": end,
            "patient": {"name": "Bo Lee", "date_of_birth": BORN}, "fit_in": fit_in,
        });
        let lasts = end.duration_since(start);
        let sane = lasts >= minutes(5) && lasts <= SignedDuration::from_hours(12);
        let lane = self.lane(fit_in, ROLE, (start, end), None);
        let lane = lane.filter(|_| sane && self.is_recent(start));
        let mut owner = self.owner();
        let reply = owner.post(&at_practice("appointments"), Some(self.app.key()), &body).await;
        assert_eq!(reply.status == 201, lane.is_some(), "{}", reply.body);
        if let Some(lane) = lane {
            let made: CalendarAppointment = reply.read();
            self.let_off(ROLE, start, end);
            let one = link(made.appointment_id, ROLE, Confirmed, (start, end), None);
            self.links.push(Link { lane, ..one });
        }
        format!("desk {start} to {end}, fit in: {fit_in}: {lane:?}")
    }

    /// A link that a patient has in their browser.
    pub fn patients(&self) -> Option<usize> {
        let theirs: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].patient.is_some()).collect();
        (!theirs.is_empty()).then(|| theirs[self.pick(theirs.len())])
    }

    pub async fn cancel(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody cancels".to_owned() };
        let (now, it) = (self.now(), &mut self.links[nth]);
        // What is not booked yet costs nothing.
        let free = it.status == Requested
            || (it.may_move(now) && (it.status == AwaitingPayment || it.is_early(now)));
        let to = if free { Some(CancelledByPatient) } else { it.may_move(now).then_some(CancelledLate) };
        let reply = it.patient.as_mut().unwrap().cancel(it.id, it.version).await;
        assert_eq!(reply.status == 200, to.is_some(), "from {:?}: {}", it.status, reply.body);
        if let Some(to) = to {
            it.stand(to, now);
        }
        format!("cancel {nth}: {to:?}")
    }

    pub async fn r#move(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody moves".to_owned() };
        let (now, start, key) = (self.now(), self.any_slot(), self.app.key());
        let it = &self.links[nth];
        let end = start + it.end.duration_since(it.start);
        let expected =
            it.may_move(now) && self.is_offered(it.asks, start, end) && self.is_clear_for(nth, start, end);
        let it = &mut self.links[nth];
        let (id, version) = (it.id, it.version);
        let reply = it.patient.as_mut().unwrap().r#move(key, id, version, start).await;
        assert_eq!(reply.status == 200, expected, "from {:?}: {}", it.status, reply.body);
        if expected {
            let had = (it.start, it.end);
            it.replaced(reply.read::<Appointment>().appointment_id, start, end);
            self.takes_now(nth, Some(had));
        }
        format!("move {nth} to {start}: {expected}")
    }

    pub async fn reschedule(&mut self) -> String {
        if self.links.is_empty() {
            return "nothing to reschedule".to_owned();
        }
        let (nth, start) = (self.pick(self.links.len()), self.any_slot());
        let it = &self.links[nth];
        // Who sits with others has as much time as they.
        let lasts = [30, 45, 60][self.pick(3)];
        let end = start + minutes(if it.seat { 30 } else { lasts });
        let may = matches!(it.status, AwaitingPayment | Confirmed | Arrived | CheckedIn | InConsult)
            && self.is_recent(start);
        let fit_in = self.pick(3) == 0;
        let lane = self.lane_for(nth, fit_in, (start, end)).filter(|_| may);
        let body = json!({"version": it.version, "start": start, "end": end, "fit_in": fit_in});
        let path = at_practice(&format!("appointments/{}/reschedule", it.id));
        let mut owner = self.owner();
        let reply = owner.post(&path, Some(self.app.key()), &body).await;
        assert_eq!(reply.status == 200, lane.is_some(), "from {:?}: {}", it.status, reply.body);
        if let Some(lane) = lane {
            let moved: CalendarAppointment = reply.read();
            let it = &mut self.links[nth];
            let had = (it.start, it.end);
            it.replaced(moved.appointment_id, start, end);
            it.lane = lane;
            self.takes_now(nth, Some(had));
        }
        format!("reschedule {nth} to {start}, fit in: {fit_in}: {lane:?}")
    }

    /// Where an act leads an appointment now, if it can be done.
    pub fn leads_to(&self, nth: usize, act: ActName) -> Option<AppointmentStatus> {
        let (now, it) = (self.now(), &self.links[nth]);
        // That nobody came can still be said of what is only presumed, for as long as that can be taken back.
        let day = minutes(24 * 60);
        let missed = act == ActName::NoShow && it.presumed.is_some_and(|at| now < at + day);
        let from = if missed { Confirmed } else { it.status };
        let (to, _) = leads(act, from).filter(|(_, from)| now >= it.start + minutes(*from))?;
        match (act, it.status) {
            (ActName::CancelForPatient, AwaitingPayment | Confirmed) if now >= it.start => None,
            (ActName::CancelForPatient, Confirmed) if it.is_early(now) => Some(CancelledByPatient),
            _ => Some(to),
        }
    }

    pub async fn act(&mut self) -> String {
        if self.links.is_empty() {
            return "nothing to act on".to_owned();
        }
        let (nth, act) = (self.pick(self.links.len()), ActName::ALL[self.pick(ActName::ALL.len())]);
        let (now, it) = (self.now(), &self.links[nth]);
        // What is disputed is decided before anybody says that it never was.
        let disputed = act == ActName::EnterInError && it.dispute.as_ref().is_some_and(Disputed::is_open);
        // Where money has moved, somebody else has to agree to that.
        let moved = act == ActName::EnterInError && it.pays.is_some_and(|pays| pays.has_moved());
        let to = self.leads_to(nth, act).filter(|_| !disputed && !moved);
        let body = json!({"action": act, "reason": "other", "attested": true, "waive_fee": false});
        let mut owner = self.owner();
        let reply = act_as(&mut owner, it.id, it.version, body).await;
        assert_eq!(reply.status == 200, to.is_some(), "{act:?} from {:?}: {}", it.status, reply.body);
        if let Some(to) = to {
            let it = &mut self.links[nth];
            it.stand(to, now);
            if act == ActName::UndoCompletion {
                it.taken_back = Some(now);
            }
            let (role, start, end) = (it.role, it.start, it.end);
            if act == ActName::Accept {
                self.let_off(role, start, end);
            }
        }
        format!("{act:?} {nth}: {to:?}")
    }
}
