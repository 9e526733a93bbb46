//! Whom the services speak to outside: a card processor and Medicare's channel, each a server of its own that outlives every kill.

use std::{future::pending, net::SocketAddr};

use anyhow::Result;
use claims_simulator::Simulator;
use kernel::{Chance, Clock, config::Mode};
use payments::MedicareSettings;
use processor_sandbox::Sandbox;
use tokio::{net::TcpListener, task::AbortHandle};

use crate::claims;

/// Both of them, until dropped.
pub struct Outside {
    pub sandbox: Sandbox,
    /// Where the sandbox is.
    pub processor: SocketAddr,
    pub simulator: Simulator,
    /// How payments reaches the simulator.
    pub medicare: MedicareSettings,
    serving: [AbortHandle; 2],
}

impl Outside {
    /// Starts them, each on a port of its own.
    ///
    /// # Errors
    /// When there is no port, or no key for a device.
    pub async fn begin(clock: &Clock, seed: u64) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let processor = listener.local_addr()?;
        let address = format!("http://{processor}");
        let sandbox = Sandbox::new(Mode::Development, clock.clone(), Chance::seeded(seed), address, None)?;
        let cards = tokio::spawn(processor_sandbox::serve(sandbox.clone(), listener, pending()));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let simulator = Simulator::new(clock.clone(), Chance::system());
        let medicare = claims::reach(&simulator, listener.local_addr()?)?;
        let router = claims_simulator::router(simulator.clone());
        let claims = tokio::spawn(async move { axum::serve(listener, router).await });
        let serving = [cards.abort_handle(), claims.abort_handle()];
        Ok(Self { sandbox, processor, simulator, medicare, serving })
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        for serving in &self.serving {
            serving.abort();
        }
    }
}
