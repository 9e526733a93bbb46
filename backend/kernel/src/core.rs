//! What every handler, inbox and job of a service is given.

use std::sync::Arc;

use jiff::Timestamp;
use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{Chance, Clock, session::Sessions};

/// A service's pool, its clock, its random source, and whose sessions it believes.
#[derive(Clone)]
pub struct Core {
    /// Connections under the service's app role.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Random bytes and ids.
    pub chance: Chance,
    /// Believes session tokens by the keys and revocations this service has learned.
    pub sessions: Sessions,
    /// Wakes the relay after a commit that told something.
    pub told: Arc<Notify>,
}

impl Core {
    /// Puts the parts together.
    pub fn new(pool: PgPool, clock: Clock, chance: Chance) -> Self {
        Self { pool, clock, chance, sessions: Sessions::default(), told: Arc::new(Notify::new()) }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id of the type asked for.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.chance.id(&self.clock)
    }

    /// A transaction under the app role.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.pool.begin().await
    }

    /// Commits and wakes the relay.
    ///
    /// # Errors
    /// When the commit fails; nothing was changed then.
    pub async fn commit(&self, tx: Transaction<'static, Postgres>) -> sqlx::Result<()> {
        tx.commit().await?;
        self.told.notify_one();
        Ok(())
    }
}
