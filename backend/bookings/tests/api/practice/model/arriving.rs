//! Patients who say that they are there.

use serde_json::json;
use shared_types::bookings::AppointmentStatus::{Arrived, Confirmed};

use super::World;
use crate::app::minutes;

impl World {
    /// From an hour before it begins until it ends. Whose card said no tells the desk.
    pub async fn arrive(&mut self) -> String {
        let Some(nth) = self.patients() else { return "nobody arrives".to_owned() };
        let (now, it) = (self.now(), &mut self.links[nth]);
        let in_time = now >= it.start - minutes(60) && now < it.end;
        let refused = it.pays.is_some_and(|pays| pays.was_refused());
        let expected = it.status == Confirmed && in_time && !refused;
        let path = format!("/api/v1/bookings/appointments/{}/arrival", it.id);
        let body = json!({"version": it.version});
        let reply = it.patient.as_mut().unwrap().post(&path, None, &body).await;
        assert_eq!(reply.status == 200, expected, "from {:?}: {}", it.status, reply.body);
        if expected {
            it.stand(Arrived, now);
        }
        format!("{nth} is there: {expected}")
    }
}
