//! What every service shares and none owns: clock, chance, pools, HTTP layers, problems, idempotency, outbox and
//! inbox, audit, consent, jobs, start and end. It knows no service by name.

pub mod access;
pub mod address;
pub mod audit;
pub mod bulk;
pub mod calendar_file;
pub mod chance;
pub mod clock;
pub mod column_cipher;
pub mod config;
pub mod connections;
pub mod consent;
pub mod cookies;
pub mod core;
pub mod database;
mod disclosed;
pub mod erasure;
pub mod export;
pub mod fhir;
mod headers;
mod host;
pub mod idempotency;
pub mod inbox;
pub mod jobs;
pub mod json;
pub mod keys;
pub mod layers;
pub mod openapi;
pub mod outbound;
pub mod outbox;
pub mod rate;
pub mod reject;
pub mod relay;
mod reply;
pub mod retention;
pub mod routes;
pub mod run;
pub mod service;
pub mod session;
pub mod telemetry;
pub mod testing;
pub mod ticket;
pub mod tls;

pub use self::{
    access::{Caller, SignedIn},
    chance::Chance,
    clock::Clock,
    core::Core,
    disclosed::Disclosed,
    json::Json,
    reject::Reject,
    reply::{Accepted, Created, Either, MediaType, SeeOther, Written},
    routes::{Policy, Routes},
    service::{Service, Subscriber},
};
