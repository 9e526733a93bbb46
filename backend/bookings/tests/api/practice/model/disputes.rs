//! What patients say against what was noted of them: that they did not come, or cancelled late. The practice answers, and an
//! administrator decides where it does not agree.

use jiff::Timestamp;
use serde_json::json;
use shared_types::{
    DisputeId,
    bookings::{
        AppointmentStatus::{CancelledLate, NoShowPatient},
        dispute::{DisputeStanding, DisputeStatus},
    },
    users::{Claims, PlatformRole},
};

use super::{World, link::Link};
use crate::{
    app::minutes,
    members::{claims, signed_in_by},
    practice::at_practice,
};

/// A dispute about an appointment.
pub struct Disputed {
    pub id: DisputeId,
    pub version: i32,
    pub status: DisputeStatus,
    /// Whether the practice said something against it.
    answered: bool,
    /// Whether the practice said that the patient is right.
    agreed: bool,
    /// From when on nobody waits for an answer any more.
    answer_by: Timestamp,
}

impl Disputed {
    pub fn is_open(&self) -> bool {
        self.status == DisputeStatus::Open
    }
}

impl Link {
    /// The dispute about it is decided, which is a step of it that leads nowhere else.
    fn decided(&mut self, upheld: bool) {
        let dispute = self.dispute.as_mut().unwrap();
        dispute.status = if upheld { DisputeStatus::Upheld } else { DisputeStatus::Rejected };
        dispute.version += 1;
        self.version += 1;
        self.owes &= !upheld;
    }
}

impl World {
    /// A patient says that they were there. The same words once more are no second dispute.
    pub async fn dispute(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody disputes".to_owned() };
        let (now, it) = (self.now(), &mut self.links[nth]);
        let expected = it.dispute.is_some() || matches!(it.status, CancelledLate | NoShowPatient);
        let path = format!("/api/v1/bookings/appointments/{}/dispute", it.id);
        let body = json!({"version": it.version, "text": "I was there."});
        let reply = it.patient.as_mut().unwrap().post(&path, None, &body).await;
        assert_eq!(reply.status == 201, expected, "from {:?}: {}", it.status, reply.body);
        if expected && it.dispute.is_none() {
            let made = reply.read::<DisputeStanding>().dispute.unwrap();
            it.dispute = Some(Disputed {
                id: made.dispute_id,
                version: 1,
                status: DisputeStatus::Open,
                answered: false,
                agreed: false,
                answer_by: now + minutes(24 * 60),
            });
        }
        format!("{nth} disputes: {expected}")
    }

    /// The practice answers or agrees, or an administrator decides.
    pub async fn settle(&mut self) -> String {
        let disputed: Vec<_> =
            (0..self.links.len()).filter(|nth| self.links[*nth].dispute.is_some()).collect();
        if disputed.is_empty() {
            return "nothing is disputed".to_owned();
        }
        let nth = disputed[self.pick(disputed.len())];
        match self.pick(4) {
            0 => self.answer_dispute(nth, false).await,
            1 => self.answer_dispute(nth, true).await,
            upheld => self.decide(nth, upheld == 2).await,
        }
    }

    /// What was answered or agreed to once is so, however often it is said.
    async fn answer_dispute(&mut self, nth: usize, agrees: bool) -> String {
        let it = &self.links[nth];
        let dispute = it.dispute.as_ref().unwrap();
        let said = if agrees { dispute.agreed } else { dispute.answered };
        let expected = dispute.is_open() || said;
        let text = if agrees { "" } else { "Nobody was there." };
        let body = json!({"version": dispute.version, "text": text, "agrees": agrees});
        let path = at_practice(&format!("appointments/{}/dispute/answer", it.id));
        let reply = self.owner().post(&path, None, &body).await;
        assert_eq!(reply.status == 200, expected, "{}", reply.body);
        let it = &mut self.links[nth];
        let dispute = it.dispute.as_mut().unwrap();
        if dispute.is_open() && agrees {
            dispute.agreed = true;
            it.decided(true);
        } else if dispute.is_open() && !dispute.answered {
            dispute.answered = true;
            dispute.version += 1;
        }
        format!("the practice answers {nth}, agrees: {agrees}: {expected}")
    }

    /// Nobody decides what is decided, or before the practice has answered while it still can.
    async fn decide(&mut self, nth: usize, upheld: bool) -> String {
        let dispute = self.links[nth].dispute.as_ref().unwrap();
        let expected = dispute.is_open() && (dispute.answered || self.now() >= dispute.answer_by);
        let path = format!("/api/v1/bookings/platform/disputes/{}/decide", dispute.id);
        let body = json!({"version": dispute.version, "upheld": upheld, "reason": "times_show_it"});
        let who = Claims { platform: vec![PlatformRole::Administrator], ..claims(&self.app, 90) };
        let reply = signed_in_by(&self.issuer, &self.app, &who).post(&path, None, &body).await;
        assert_eq!(reply.status == 200, expected, "{}", reply.body);
        if expected {
            self.links[nth].decided(upheld);
        }
        format!("decide {nth}, upheld: {upheld}: {expected}")
    }
}
