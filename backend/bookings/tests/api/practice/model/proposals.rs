//! Other times that the practice proposes: kept until the patient answers, until one of both sides ends them, or until their time is up.

use axum::{body::Body, http::Request};
use jiff::Timestamp;
use serde_json::json;
use shared_types::{
    HoldId, ProposalId,
    bookings::{Appointment, proposal::Proposal},
};
use uuid::Uuid;

use super::World;
use crate::{app::minutes, practice::at_practice};

/// The time that was proposed last for an appointment.
#[derive(Clone, Copy)]
pub struct Proposed {
    pub id: ProposalId,
    /// What keeps the time.
    pub hold: HoldId,
    pub start: Timestamp,
    pub end: Timestamp,
    /// Until when it can be answered.
    pub until: Timestamp,
    /// Whether nobody has ended it.
    pub open: bool,
}

impl World {
    /// The practice proposes another time to somebody who booked, or takes back what it proposed.
    pub async fn propose(&mut self) -> String {
        let alone = |nth: &usize| !self.links[*nth].seat;
        let Some(nth) = self.patients().filter(alone) else { return "nothing is proposed".to_owned() };
        let path = at_practice(&format!("appointments/{}/proposal", self.links[nth].id));
        if self.pick(5) == 0 {
            let reply = self.owner().send(Request::delete(path).body(Body::empty()).unwrap()).await;
            assert_eq!(reply.status, 204, "{}", reply.body);
            self.links[nth].end_proposal();
            return format!("nothing is proposed for {nth} any more");
        }
        let (now, start, it) = (self.now(), self.any_slot(), &self.links[nth]);
        let end = start + it.end.duration_since(it.start);
        let until = (it.start.min(start) - minutes(120)).min(now + minutes(48 * 60));
        let known = it.proposed.filter(|one| one.open && one.start == start);
        // Its own time is still its own, and what was proposed before ends with this.
        let beside = it.takes.is_none_or(|(from, to)| to <= start || end <= from);
        let may = until >= now + minutes(30)
            && beside
            && self.is_clear(it.role, start, end, Some(nth))
            && !self.comes_anyway(nth, start, end);
        let expected = it.may_move(now) && (known.is_some() || may);
        let body = json!({"version": it.version, "start": start});
        let status = it.status;
        let reply = self.owner().post(&path, None, &body).await;
        assert_eq!(reply.status == 201, expected, "from {status:?}: {}", reply.body);
        if expected {
            let made: Proposal = reply.read();
            let id = made.proposal_id;
            if let Some(known) = known {
                assert_eq!(id, known.id, "the same time is the same proposal");
            } else {
                assert_eq!((made.start, made.end, made.expires_at), (start, end, until));
                let hold = HoldId(self.hold_of(id).await);
                self.links[nth].proposed = Some(Proposed { id, hold, start, end, until, open: true });
            }
        }
        format!("propose {start} for {nth}: {expected}")
    }

    /// Which hold keeps a proposed time.
    async fn hold_of(&mut self, id: ProposalId) -> Uuid {
        sqlx::query_scalar("select hold_id from bookings.proposal where proposal_id = $1")
            .bind(id.0)
            .fetch_one(&mut self.conn)
            .await
            .unwrap()
    }

    /// Somebody takes the time that was proposed to them last, or keeps what they have; it may be over by now.
    pub async fn answer_proposal(&mut self) -> String {
        let asked = |nth: &usize| self.links[*nth].patient.is_some() && self.links[*nth].proposed.is_some();
        let asked: Vec<_> = (0..self.links.len()).filter(asked).collect();
        if asked.is_empty() {
            return "nothing was proposed".to_owned();
        }
        let (nth, agree, now) = (asked[self.pick(asked.len())], self.pick(2) == 0, self.now());
        let it = &mut self.links[nth];
        let one = it.proposed.unwrap();
        let expected = one.open && (it.may_move(now) || !agree);
        let path = format!("/api/v1/bookings/appointments/{}/proposal/answer", it.id);
        let body = json!({"proposal_id": one.id, "agree": agree});
        let reply = it.patient.as_mut().unwrap().post(&path, None, &body).await;
        assert_eq!(reply.status == 200, expected, "from {:?}: {}", it.status, reply.body);
        if expected && agree {
            let had = (it.start, it.end);
            it.replaced(reply.read::<Appointment>().appointment_id, one.start, one.end);
            self.takes_now(nth, Some(had));
        } else if expected {
            it.end_proposal();
        }
        format!("{nth} takes what was proposed ({agree}): {expected}")
    }

    /// What nobody answered in time is over.
    pub fn lapse_proposals(&mut self) {
        let now = self.now();
        for it in &mut self.links {
            if it.proposed.is_some_and(|one| now >= one.until) {
                it.end_proposal();
            }
        }
    }
}
