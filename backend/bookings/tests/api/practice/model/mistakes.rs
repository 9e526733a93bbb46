//! What never was an appointment though money moved for it: one of those who answer for the practice asks, and another one agrees.

use serde_json::json;
use shared_types::bookings::{
    AppointmentStatus::EnteredInError, mistake::PracticeMistake, practice::ActName,
};

use super::{World, disputes::Disputed};
use crate::practice::at_practice;

impl World {
    /// Who asked cannot agree. Where nothing moved, nobody is asked.
    pub async fn mistake(&mut self) -> String {
        let paying: Vec<_> = (0..self.links.len()).filter(|nth| self.links[*nth].pays.is_some()).collect();
        if paying.is_empty() {
            return "nobody paid by mistake".to_owned();
        }
        let nth = paying[self.pick(paying.len())];
        let (now, it) = (self.now(), &self.links[nth]);
        let disputed = it.dispute.as_ref().is_some_and(Disputed::is_open);
        let moved = it.pays.is_some_and(|pays| pays.has_moved());
        let expected = self.leads_to(nth, ActName::EnterInError).is_some() && moved && !disputed;
        let body = json!({"version": it.version, "reason": "mistake", "note": ""});
        let mut asks = self.owner();
        let path = at_practice(&format!("appointments/{}/mistake", it.id));
        let reply = asks.post(&path, None, &body).await;
        assert_eq!(reply.status == 201, expected, "from {:?}: {}", it.status, reply.body);
        if !expected {
            return format!("{nth} is no mistake");
        }
        let id = reply.read::<PracticeMistake>().request.mistake_request_id;
        let path = at_practice(&format!("mistakes/{id}"));
        let seen = json!({"version": 1});
        asks.post(&format!("{path}/approve"), None, &seen).await.problem(409, "same-person");
        let (agrees, mut other) = (self.pick(3) > 0, self.owner_as(51));
        let reply = if agrees {
            other.post(&format!("{path}/approve"), None, &seen).await
        } else {
            let body = json!({"version": 1, "why": "It took place."});
            other.post(&format!("{path}/decline"), None, &body).await
        };
        assert_eq!(reply.status, 200, "{}", reply.body);
        if agrees {
            self.links[nth].stand(EnteredInError, now);
        }
        format!("{nth} is a mistake, agreed: {agrees}")
    }
}
