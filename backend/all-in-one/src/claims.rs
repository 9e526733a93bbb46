//! The claims simulator beside the services, in development without Medicare's channel.

use std::{env, io, net::SocketAddr};

use anyhow::{Context as _, Result};
use claims_simulator::{ADDRESS, Device, Simulator, router};
use kernel::{
    Chance, Clock,
    config::{Mode, Settings},
};
use payments::MedicareSettings;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// The device that claims are lodged by.
const DEVICE: &str = "hellomapper-development";

/// A simulator that runs until it is ended.
pub struct Running {
    /// How payments reaches it.
    pub settings: MedicareSettings,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

/// Starts the simulator where `CLAIMS_SIMULATOR_ADDR` says, unless `MEDICARE_URL` names a channel; production never has it. What it
/// knows is kept in the home folder beside the database that refers to it. Its device gets a new key with each start.
///
/// # Errors
/// When the address is taken or its file cannot be read; says what to do.
pub async fn start(settings: &Settings, clock: &Clock, chance: &Chance) -> Result<Option<Running>> {
    if settings.mode == Mode::Production || env::var_os("MEDICARE_URL").is_some() {
        return Ok(None);
    }
    let listener = listen(env::var("CLAIMS_SIMULATOR_ADDR").ok()).await?;
    let addr = listener.local_addr().context("the simulator's own address")?;
    let file = settings.home.join("claims-simulator.json");
    let simulator = Simulator::in_file(clock.clone(), chance.clone(), file)?;
    let settings = reach(&simulator, addr)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        // Dropping the sender stops it as well.
        let _ = stopped.await;
    };
    let serving = axum::serve(listener, router(simulator)).with_graceful_shutdown(stopped);
    let serving = tokio::spawn(serving.into_future());
    println!("Claims: a simulator at http://{addr} that pays nobody (set MEDICARE_URL for a channel)");
    Ok(Some(Running { settings, stop, serving }))
}

/// Gives a simulator that answers at an address a device of ours, and says how payments reaches it.
///
/// # Errors
/// When the machine gives no random numbers.
pub fn reach(simulator: &Simulator, addr: SocketAddr) -> Result<MedicareSettings> {
    let device = Device::generate()?;
    simulator.add_device(DEVICE, &device.public_key);
    Ok(MedicareSettings {
        address: format!("http://{addr}"),
        token_address: format!("http://{addr}/token"),
        client_id: "client".to_owned(),
        organisation: "1234567890".to_owned(),
        device: DEVICE.to_owned(),
        device_key: device.key,
    })
}

/// At the address that was asked for, or else at the usual one or any other that is free: payments is told which.
async fn listen(asked: Option<String>) -> Result<TcpListener> {
    if let Some(asked) = asked {
        let listener = TcpListener::bind(&asked).await;
        return listener.with_context(|| {
            format!(
                "CLAIMS_SIMULATOR_ADDR is {asked}, where nothing can listen; name another address or none"
            )
        });
    }
    match TcpListener::bind(ADDRESS).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind("127.0.0.1:0").await.context("the claims simulator finds no free port"),
    }
}

impl Running {
    /// Ends it.
    ///
    /// # Errors
    /// When it ended badly.
    pub async fn end(self) -> Result<()> {
        drop(self.stop);
        self.serving
            .await
            .context("the claims simulator ended badly")?
            .context("serving the claims simulator")
    }
}
