//! The simulator alone, for development: `CLAIMS_SIMULATOR_ADDR` (127.0.0.1:8090 unless told) and `CLAIMS_SIMULATOR_DATA`, the file
//! in which it keeps what it knows (nothing is kept without).

use std::{env, net::SocketAddr, path::PathBuf};

use anyhow::{Context as _, ensure};
use claims_simulator::{ADDRESS, Simulator, router};
use kernel::{Chance, Clock};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let is_production = env::var("HELLOMAPPER_ENV").is_ok_and(|mode| mode == "production");
    ensure!(!is_production, "the claims simulator does not start in production: nobody is paid by it");
    let addr = env::var("CLAIMS_SIMULATOR_ADDR").unwrap_or_else(|_| ADDRESS.to_owned());
    let addr: SocketAddr = addr.parse().context("CLAIMS_SIMULATOR_ADDR should be like 127.0.0.1:8090")?;
    let (clock, chance) = (Clock::System, Chance::system());
    let simulator = match env::var_os("CLAIMS_SIMULATOR_DATA").map(PathBuf::from) {
        Some(file) => Simulator::in_file(clock, chance, file)?,
        None => Simulator::new(clock, chance),
    };
    let listener =
        tokio::net::TcpListener::bind(addr).await.with_context(|| format!("listening on {addr}"))?;
    axum::serve(listener, router(simulator)).await.context("serving")
}
