//! A stand-in for Medicare's claiming channel: tokens, bulk-bill claims, their reports, and what is asked about patients. Written
//! from public material, second hand, read on 2026-11-22; **not certified, and no proof that the real channel takes what this
//! takes**. What certification needs is listed in `README.md`.
//!
//! It is strict: each rule of `backend/payments/data/claim_rules.csv` is enforced by code of its own ([`rules`]), headers and
//! tokens are looked at, an id is taken once. Its clock can be moved (`POST /simulator/clock`), its reports come late by that
//! clock, and each code is had on demand: the number of the card names it ([`codes`]). It holds invented people alone and refuses
//! to start where `HELLOMAPPER_ENV` is `production`.

mod access;
mod checks;
pub mod codes;
mod control;
mod device;
mod reports;
pub mod rules;
mod submit;
mod verify;
mod world;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use kernel::{Chance, Clock};
use serde_json::{Value, json};

pub use self::{
    device::Device,
    rules::Finding,
    world::{Fault, Lodged, Offset, Service, World},
};

/// Where it listens unless told otherwise.
pub const ADDRESS: &str = "127.0.0.1:8090";

/// The simulator: what it knows, and its clock.
#[derive(Clone)]
pub struct Simulator {
    world: Arc<Mutex<World>>,
    clock: Clock,
    chance: Chance,
    file: Option<PathBuf>,
}

impl Simulator {
    /// With nothing in it, and nothing kept.
    pub fn new(clock: Clock, chance: Chance) -> Self {
        Self { world: Arc::default(), clock, chance, file: None }
    }

    /// With what a file holds, which is written after each request.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn in_file(clock: Clock, chance: Chance, file: PathBuf) -> anyhow::Result<Self> {
        let world = if file.exists() {
            let text = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            serde_json::from_slice(&text).with_context(|| format!("{} holds no claims", file.display()))?
        } else {
            World::default()
        };
        Ok(Self { world: Arc::new(Mutex::new(world)), clock, chance, file: Some(file) })
    }

    /// Knows a device from now on, by its public key (PKCS #1).
    pub fn add_device(&self, name: &str, public_key: &[u8]) {
        self.world().devices.insert(name.to_owned(), STANDARD.encode(public_key));
        self.keep();
    }

    /// Says what happens to the next claims, in order.
    pub fn add_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.world().faults.extend(faults);
        self.keep();
    }

    /// Takes something back out of a run.
    pub fn add_offset(&self, offset: Offset) {
        self.world().offsets.push(offset);
        self.keep();
    }

    /// What it knows.
    pub fn world(&self) -> MutexGuard<'_, World> {
        // Whoever held it when it panicked had changed single values only.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_secs(self.world().offset_seconds);
        self.clock.now().saturating_add(offset).unwrap_or(Timestamp::MAX)
    }

    /// Keeps what it knows; the file is there whole or not at all.
    fn keep(&self) {
        let Some(file) = &self.file else { return };
        let text = serde_json::to_vec(&*self.world()).unwrap_or_default();
        let beside = file.with_extension("new");
        let kept = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
        if let Err(error) = kept {
            tracing::error!(%error, "what the simulator knows could not be kept");
        }
    }
}

/// Every path.
pub fn router(simulator: Simulator) -> Router {
    Router::new()
        .route("/token", post(access::token))
        .route("/mcp/bulkbillstoreforward/{kind}/v1", post(submit::submit))
        .route("/mcp/statusreport/v1", post(reports::status))
        .route("/mcp/bulkbillprocessingreport/v1", post(reports::processing))
        .route("/mcp/bulkbillpaymentreport/v1", post(reports::payment))
        .route("/mcp/patientverification/medicare/v1", post(verify::medicare))
        .route("/mcp/concessionverification/v1", post(verify::concession))
        .route("/mcp/veteranverification/v1", post(verify::veteran))
        .route("/simulator/clock", post(control::move_clock))
        .route("/simulator/devices", post(control::add_device))
        .route("/simulator/faults", post(control::add_faults))
        .route("/simulator/offsets", post(control::add_offset))
        .route("/simulator/claims", get(control::list_claims))
        .with_state(simulator)
}

/// What is answered: a body, or why not.
type Answer = Result<Json<Value>, Refusal>;

/// Why not, in the channel's own shape.
enum Refusal {
    /// The message is refused.
    Messages(Vec<Finding>),
    /// No token, or one that is not good.
    Unauthorised,
    /// The gateway in front says so, and nothing else.
    Gateway(StatusCode),
}

impl Refusal {
    fn one(code: &'static str, reason: &str) -> Self {
        Self::Messages(vec![Finding::new(code, reason)])
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Messages(found) => {
                let messages: Vec<Value> = found
                    .iter()
                    .map(|found| json!({"code": found.code, "severity": "Error", "reason": found.reason}))
                    .collect();
                let body = json!({"highestSeverity": "Error", "serviceMessage": messages});
                (StatusCode::BAD_REQUEST, Json(body)).into_response()
            }
            Self::Unauthorised => StatusCode::UNAUTHORIZED.into_response(),
            Self::Gateway(status) => status.into_response(),
        }
    }
}
