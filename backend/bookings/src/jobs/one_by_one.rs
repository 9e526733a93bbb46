//! What the jobs have in common that take each thing that is due in a transaction of its own. One that fails is due as before, and
//! would be claimed first again and keep the others back: the run leaves it out from then on, and fails once the others are done.

use std::fmt::Display;

use anyhow::{Error, Result};
use kernel::Core;
use sqlx::{Postgres, Transaction};

/// How far a run has come.
pub struct OneByOne<T> {
    /// How many are done; one that failed is none of them, so that a batch is never made of those alone.
    pub done: u64,
    /// Those that failed: the next claim leaves them out.
    pub failed: Vec<T>,
    /// What the first of them failed with.
    why: Option<Error>,
}

impl<T: Display> OneByOne<T> {
    /// A run that begins.
    pub fn new() -> Self {
        Self { done: 0, failed: Vec::new(), why: None }
    }

    /// Commits what was made of one, or takes it back. Says what that was, unless it failed.
    ///
    /// # Errors
    /// When it cannot be taken back: then the connection is lost.
    pub async fn settle<R>(
        &mut self,
        core: &Core,
        tx: Transaction<'static, Postgres>,
        one: T,
        made: Result<R>,
    ) -> Result<Option<R>> {
        let settled = match made {
            Ok(made) => core.commit(tx).await.map(|()| made).map_err(Error::from),
            Err(error) => {
                tx.rollback().await?;
                Err(error)
            }
        };
        match settled {
            Ok(made) => {
                self.done += 1;
                Ok(Some(made))
            }
            Err(error) => {
                self.why = self.why.take().or(Some(error.context(format!("{one} is left for the next run"))));
                self.failed.push(one);
                Ok(None)
            }
        }
    }

    /// How many are done.
    ///
    /// # Errors
    /// When one failed: what the first of them failed with.
    pub fn end(self) -> Result<u64> {
        self.why.map_or(Ok(self.done), Err)
    }
}
