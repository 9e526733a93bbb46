//! Every path and method of the service: none yet but its own description.

use axum::Router;
use kernel::{Core, Routes, routes::Route};

/// The router and the same routes as data.
pub fn routes(core: Core) -> (Router, Vec<Route>) {
    Routes::new("payments").finish(core)
}
