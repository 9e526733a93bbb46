//! What the real channel does not have: moving the clock, adding devices, faults and offsets on demand, and looking at what was lodged.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;

use crate::{
    Simulator,
    world::{Fault, Lodged, Offset},
};

/// Moves the clock.
#[derive(Deserialize)]
pub struct MoveClock {
    advance_seconds: i64,
}

/// `POST /simulator/clock`.
pub async fn move_clock(State(simulator): State<Simulator>, Json(body): Json<MoveClock>) -> StatusCode {
    {
        let mut world = simulator.world();
        world.offset_seconds = world.offset_seconds.saturating_add(body.advance_seconds);
    }
    simulator.keep();
    StatusCode::NO_CONTENT
}

/// A device and its public key.
#[derive(Deserialize)]
pub struct AddDevice {
    name: String,
    /// PKCS #1 in base64.
    public_key: String,
}

/// `POST /simulator/devices`.
pub async fn add_device(State(simulator): State<Simulator>, Json(body): Json<AddDevice>) -> StatusCode {
    simulator.world().devices.insert(body.name, body.public_key);
    simulator.keep();
    StatusCode::NO_CONTENT
}

/// `POST /simulator/faults`: what happens to the next claims, in order.
pub async fn add_faults(State(simulator): State<Simulator>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    simulator.add_faults(faults);
    StatusCode::NO_CONTENT
}

/// `POST /simulator/offsets`: something is taken back out of a run.
pub async fn add_offset(State(simulator): State<Simulator>, Json(offset): Json<Offset>) -> StatusCode {
    if offset.cents <= 0 {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    simulator.add_offset(offset);
    StatusCode::NO_CONTENT
}

/// `GET /simulator/claims`.
pub async fn list_claims(State(simulator): State<Simulator>) -> Json<Vec<Lodged>> {
    Json(simulator.world().claims.clone())
}
