//! Background jobs: deadlines are columns, and one loop claims what is due.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use tokio_util::sync::CancellationToken;

/// A job that looks for due rows from time to time. Safe to run twice and by several workers at once: it claims
/// with `for update skip locked`.
#[derive(Clone)]
pub struct Job {
    /// Its name: `bookings.expire_holds`.
    pub name: &'static str,
    /// How often it looks.
    pub every: Duration,
    run: Arc<Batch>,
    at_end: Option<Arc<Batch>>,
}

/// Does one batch and says how many rows it handled.
type Batch = dyn Fn() -> BoxFuture<'static, anyhow::Result<u64>> + Send + Sync;

impl Job {
    /// A job; `run` does one batch and says how many rows it handled, zero when nothing was due.
    pub fn new<F, Fut>(name: &'static str, every: Duration, run: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<u64>> + Send + 'static,
    {
        Self { name, every, run: Arc::new(move || Box::pin(run())), at_end: None }
    }

    /// What is left to do once it is cancelled.
    pub fn finally<F, Fut>(mut self, at_end: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<u64>> + Send + 'static,
    {
        self.at_end = Some(Arc::new(move || Box::pin(at_end())));
        self
    }

    /// One batch.
    ///
    /// # Errors
    /// What the job failed with.
    pub async fn run_once(&self) -> anyhow::Result<u64> {
        (self.run)().await
    }

    /// Batch after batch while there is work, then sleeps; until cancelled. A failure is logged and tried again at
    /// the next look: the rows are still due. A panic is a failure like any other; its transaction rolled back.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match AssertUnwindSafe(self.run_once()).catch_unwind().await {
                Ok(Ok(0)) => {}
                Ok(Ok(_)) => continue,
                Ok(Err(error)) => {
                    tracing::error!(job = self.name, error = format!("{error:#}"), "a job failed")
                }
                Err(_) => tracing::error!(job = self.name, "a job panicked"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(self.every) => {}
            }
        }
        if let Some(at_end) = self.at_end
            && let Err(error) = at_end().await
        {
            tracing::error!(job = self.name, error = format!("{error:#}"), "a job failed at its end");
        }
    }
}
