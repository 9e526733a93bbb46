//! The sandbox card processor beside the services, in development without a key of a real one.

use std::{env, net::SocketAddr};

use anyhow::{Context as _, Result};
use kernel::{
    Chance, Clock,
    config::{Mode, Settings},
};
use processor_sandbox::{ADDRESS, Receiver, Sandbox, WEBHOOK_SECRET, serve};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// Where payments listens for what the processor tells.
const WEBHOOK: &str = "/api/v1/payments/processor/webhook";

/// A sandbox that runs until it is ended.
pub struct Running {
    /// The processor.
    pub sandbox: Sandbox,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<()>>,
}

/// Whether cards are charged by a sandbox beside the services: in development, unless another processor is named.
pub fn is_wanted(settings: &Settings) -> bool {
    let is_other = env::var_os("STRIPE_SECRET_KEY").is_some() || env::var_os("PROCESSOR_URL").is_some();
    settings.mode == Mode::Development && !is_other
}

/// Starts the sandbox where payments looks for it, unless `STRIPE_SECRET_KEY` or `PROCESSOR_URL` names another processor. What it
/// knows is kept in the home folder beside the database that refers to it. It tells the services by their public address; where
/// that is an encrypted one whose certificate nobody signed, payments asks for what it was not told.
///
/// # Errors
/// When its port is taken or its file cannot be read; says what to do.
pub async fn start(settings: &Settings, clock: &Clock, chance: &Chance) -> Result<Option<Running>> {
    if !is_wanted(settings) {
        return Ok(None);
    }
    let addr: SocketAddr = ADDRESS.parse().context("the sandbox's own address")?;
    let listener = TcpListener::bind(addr).await.with_context(|| {
        format!(
            "{addr} is where the sandbox card processor listens, and it is taken; stop what uses it, or name another \
             processor with PROCESSOR_URL"
        )
    })?;
    let file = settings.home.join("processor-sandbox.json");
    let sandbox =
        Sandbox::new(settings.mode, clock.clone(), chance.clone(), format!("http://{addr}"), Some(file))?;
    sandbox.tell(Receiver {
        url: format!("{}{WEBHOOK}", settings.public_url),
        secret: WEBHOOK_SECRET.to_owned(),
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        // Dropping the sender stops it as well.
        let _ = stopped.await;
    };
    let serving = tokio::spawn(serve(sandbox.clone(), listener, stopped));
    println!(
        "Cards: a sandbox at http://{addr} that charges nobody (set STRIPE_SECRET_KEY for a real processor)"
    );
    Ok(Some(Running { sandbox, stop, serving }))
}

impl Running {
    /// Ends it; what it knows is written down.
    ///
    /// # Errors
    /// When that cannot be written.
    pub async fn end(self) -> Result<()> {
        drop(self.stop);
        self.serving.await.context("the sandbox card processor ended badly")?
    }
}
