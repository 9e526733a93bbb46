//! A person's rights over what is kept of them: to have it, to put it right, to know who looked, to be erased; and that it
//! goes in the end.

mod erasure;
mod export;
mod history;
mod reapply;
mod retention;
mod support;

use kernel::{Service, inbox, outbox::Envelope};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{World, browser::Browser};

impl World {
    /// Hands an event of another service over, twice, as a bus may.
    pub async fn told_by<E: Serialize>(&self, service: &Service, producer: &str, event: &E) {
        let event = serde_json::to_value(event).unwrap();
        let envelope = Envelope {
            event_id: self.core.id(),
            producer: producer.to_owned(),
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
            inbox::receive(&self.core, &*service.subscriber, &envelope).await.unwrap();
        }
    }

    /// How many rows a table has; `table` may have a condition.
    pub async fn count(&self, table: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from users.{table}")))
            .fetch_one(&mut self.database.administrator().await)
            .await
            .unwrap()
    }

    /// Puts something into the tables by hand, `$1` and `$2` being ids.
    pub async fn insert(&self, statement: &'static str, first: Uuid, second: Uuid) {
        let mut admin = self.database.administrator().await;
        sqlx::query(statement).bind(first).bind(second).execute(&mut admin).await.unwrap();
    }

    /// Somebody gives their details and signs in anew, so that the token knows them; says whose they are.
    pub async fn becomes_a_patient(&self, browser: &Browser, email: &str, born: &str) -> Uuid {
        let reply = browser.put("me/patient", details(born, 0)).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        self.signs_in_anew(browser, email).await;
        reply.json()["patient_id"].as_str().unwrap().parse().unwrap()
    }

    /// A moment later, since tokens of the moment itself have ended.
    pub async fn signs_in_anew(&self, browser: &Browser, email: &str) {
        self.pass(1);
        assert_eq!(browser.sign_in(email, 1).await.status, 200);
    }

    pub async fn account_id(&self, email: &str) -> Uuid {
        sqlx::query_scalar("select account_id from users.account where email = $1")
            .bind(email)
            .fetch_one(&self.core.pool)
            .await
            .unwrap()
    }
}

impl Browser {
    pub async fn put(&self, path: &str, body: Value) -> crate::browser::Reply {
        self.send(axum::http::Method::PUT, path, Some(body)).await
    }
}

/// Somebody's details as sent.
pub fn details(born: &str, version: i32) -> Value {
    json!({
        "name": "Ada Nguyen",
        "date_of_birth": born,
        "language": "en",
        "access_needs": ["step_free"],
        "contact_by": ["email"],
        "version": version,
        "consent": {"text": "patient-details", "version": 1},
    })
}
