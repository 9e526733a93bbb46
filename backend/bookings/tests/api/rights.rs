//! A person's rights over what is kept of them: to have it, to disagree with it, to know who looked, to be erased; and that
//! it goes in the end.

mod disagreement;
mod erasure;
mod export;
mod retention;
mod support;

use jiff::Timestamp;
use kernel::{inbox, outbox::Envelope};
use serde::Serialize;

use crate::app::App;

impl App {
    /// Hands an event of users over, twice, as a bus may.
    pub async fn users_tell<E: Serialize>(&self, event: &E) {
        let event = serde_json::to_value(event).unwrap();
        let envelope = Envelope {
            event_id: self.core.id(),
            producer: "users".to_owned(),
            name: event["name"].as_str().unwrap().to_owned(),
            version: 1,
            aggregate: "test".to_owned(),
            aggregate_id: "test".to_owned(),
            aggregate_version: 1,
            occurred_at: self.core.now(),
            request_id: None,
            body: event["body"].clone(),
        };
        for _ in 0..2 {
            inbox::receive(&self.core, &*self.subscriber, &envelope).await.unwrap();
        }
    }

    /// Moves the clock to the beginning of a day in Sydney.
    pub fn on(&self, day: &str) {
        let day: jiff::civil::Date = day.parse().unwrap();
        let start: Timestamp = shared_types::Zone::SYDNEY.start_of_day(day);
        self.advance_to(start);
    }
}
