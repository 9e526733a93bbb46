//! What every service shares and none owns: clock, chance, pools, HTTP layers, problems, idempotency, outbox and
//! inbox, audit, consent, jobs, start and end. It knows no service by name.

pub mod address;
pub mod audit;
pub mod bulk;
pub mod calendar_file;
pub mod chance;
pub mod clock;
pub mod config;
pub mod consent;
pub mod cookies;
pub mod core;
pub mod database;
pub mod idempotency;
pub mod inbox;
pub mod jobs;
pub mod json;
pub mod keys;
pub mod layers;
pub mod outbox;
pub mod rate;
pub mod reject;
pub mod relay;
pub mod routes;
pub mod run;
pub mod service;
pub mod telemetry;
pub mod testing;

pub use self::{
    chance::Chance,
    clock::Clock,
    core::Core,
    json::Json,
    reject::Reject,
    routes::{Policy, Routes},
    service::{Service, Subscriber},
};
