//! A card processor for development and tests. It speaks the HTTP shapes of the real one, so that the real client runs against
//! it with another base URL and nothing else: payment pages, cards that decline, want authentication, expire and are disputed,
//! connected accounts, payouts, and webhooks signed by the real scheme, which come late, twice, out of order or never on demand.
//!
//! No money moves, and only the published test cards are taken. It does not start in production. What it knows is in memory, and
//! in a file too where it is told of one: written each second in which something changed, and at the end. Its addresses are one
//! screen of [`api`]; what is not there is not spoken.

mod api;
mod call;
mod cards;
mod control;
mod faults;
mod form;
mod idempotency;
mod money;
mod object;
mod pages;
mod passing;
mod paying;
mod refusal;
mod server;
mod webhooks;
mod world;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use axum::Router;
use kernel::{Chance, Clock, config::Mode};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Notify};

use crate::{
    api::accounts,
    webhooks::Fate,
    world::{Book, Notice, World},
};
pub use crate::{
    faults::{Faults, Figures},
    webhooks::{Receiver, signature},
};

/// The key that clients show; any other that begins with `sk_test_` does as well.
pub const KEY: &str = "sk_test_sandbox";
/// Where it listens in development.
pub const ADDRESS: &str = "127.0.0.1:12111";
/// What it signs with in development.
pub const WEBHOOK_SECRET: &str = "whsec_sandbox";

/// The processor; clones are the same one.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    receivers: Mutex<Vec<Receiver>>,
    happened: Notify,
    file: Option<PathBuf>,
}

impl Sandbox {
    /// A processor whose pages are at `address`, such as `http://127.0.0.1:4711`. With a file it goes on where it was.
    ///
    /// # Errors
    /// In production, which has a real one; or when the file cannot be read.
    pub fn new(
        mode: Mode,
        clock: Clock,
        chance: Chance,
        address: String,
        file: Option<PathBuf>,
    ) -> Result<Self> {
        if mode == Mode::Production {
            bail!("production takes no payments from a sandbox: set STRIPE_SECRET_KEY");
        }
        let book = match &file {
            Some(file) if file.exists() => {
                let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
                serde_json::from_str(&text)
                    .with_context(|| format!("{} is no sandbox's: remove it to begin anew", file.display()))?
            }
            Some(_) | None => Book::default(),
        };
        let world = Mutex::new(World::new(clock, chance, address, book));
        let receivers = Mutex::new(Vec::new());
        Ok(Self(Arc::new(Inner { world, receivers, happened: Notify::new(), file })))
    }

    /// Has it tell somebody what happens from now on.
    pub fn tell(&self, receiver: Receiver) {
        self.0.receivers.lock().unwrap_or_else(PoisonError::into_inner).push(receiver);
    }

    /// Knows the account of a practice that it never saw, as one that has said all that was wanted: for data that was made without it.
    /// `reference` is the practice's name with us.
    pub fn know_account(&self, id: &str, reference: &str) {
        self.act(|world| accounts::know(world, id, reference));
    }

    /// Has it behave badly from now on, or well again.
    pub fn set_faults(&self, faults: Faults) {
        self.world().faults = faults;
    }

    /// What it has done.
    pub fn figures(&self) -> Figures {
        self.world().figures
    }

    /// The charges of cards that went through and were not let go or given back whole: id, cents taken, and the metadata of their
    /// payment intents. What was charged once too often is among them twice.
    pub fn charges(&self) -> Vec<(String, i64, Value)> {
        let world = self.world();
        let standing =
            world.all(None, "charge").filter(|charge| charge.is("captured") && !charge.is("refunded"));
        standing
            .map(|charge| (charge.id(), charge.cents("amount_captured"), charge.0["metadata"].clone()))
            .collect()
    }

    /// Every time that a bank agreed to a payment, whatever came of it since: what the seller calls it (the metadata of its payment
    /// intent), and the cents that were taken, none where they are only held or were let go.
    pub fn agreed(&self) -> Vec<(Value, i64)> {
        let world = self.world();
        let agreed = world.all(None, "charge").filter(|charge| charge.stands(&["succeeded"]));
        agreed.map(|charge| (charge.0["metadata"].clone(), charge.cents("amount_captured"))).collect()
    }

    /// The refunds that went through: what the seller calls each, and its cents.
    pub fn given_back(&self) -> Vec<(Value, i64)> {
        let world = self.world();
        let done = world.all(None, "refund").filter(|refund| refund.stands(&["succeeded"]));
        done.map(|refund| (refund.0["metadata"].clone(), refund.cents("amount"))).collect()
    }

    /// Its API, its pages and its controls.
    pub fn router(&self) -> Router {
        server::router(self.clone())
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with all it knows, after what time has brought; whoever listens is told.
    fn act<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world();
        passing::pass(&mut world);
        let done = act(&mut world);
        drop(world);
        self.0.happened.notify_one();
        done
    }

    fn now(&self) -> i64 {
        self.world().now()
    }

    fn receivers(&self) -> Vec<Receiver> {
        self.0.receivers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, count: impl FnOnce(&mut Figures)) {
        count(&mut self.world().figures);
    }

    async fn happened(&self) {
        self.0.happened.notified().await;
    }

    /// What is to be told, and how each goes on its way.
    fn take_notices(&self) -> Vec<(Notice, Fate)> {
        let mut world = self.world();
        let notices: Vec<Notice> = world.untold.drain(..).collect();
        notices.into_iter().map(|notice| (notice, fate(&mut world))).collect()
    }

    /// Writes down what it knows, if that changed.
    fn write_down(&self) -> Result<()> {
        let Some(file) = &self.0.file else { return Ok(()) };
        let mut world = self.world();
        if !world.is_changed {
            return Ok(());
        }
        let text = serde_json::to_string(&world.book).context("what the sandbox knows, as JSON")?;
        world.is_changed = false;
        drop(world);
        let draft = file.with_extension("draft");
        fs::write(&draft, text).with_context(|| format!("writing {}", draft.display()))?;
        fs::rename(&draft, file).with_context(|| format!("writing {}", file.display()))
    }
}

/// How a notice goes on its way, by the faults that were asked for.
fn fate(world: &mut World) -> Fate {
    let faults = world.faults.clone();
    if world.by_chance(faults.dropped_percent) {
        world.figures.webhooks_dropped += 1;
        return Vec::new();
    }
    let mut fate = vec![world.up_to(faults.late_milliseconds)];
    if world.by_chance(faults.twice_percent) {
        world.figures.webhooks_twice += 1;
        fate.push(world.up_to(faults.late_milliseconds));
    }
    fate
}

/// Serves until `stop` is done; then writes down what it knows.
///
/// # Errors
/// When the listener fails, or what it knows cannot be written down.
pub async fn serve(
    sandbox: Sandbox,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let telling = tokio::spawn(webhooks::run(sandbox.clone()));
    let passing = tokio::spawn(pass_time(sandbox.clone()));
    let served = axum::serve(listener, sandbox.router()).with_graceful_shutdown(stop).await;
    telling.abort();
    passing.abort();
    sandbox.write_down()?;
    served.context("serving the sandbox")
}

/// Does what is due, and writes down what changed, each second.
async fn pass_time(sandbox: Sandbox) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        sandbox.act(|_| ());
        if let Err(error) = sandbox.write_down() {
            tracing::error!(error = format!("{error:#}"), "what the sandbox knows was not written down");
        }
    }
}
