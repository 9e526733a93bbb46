//! Logs: JSON lines in production, short lines in development. No queries, no bodies, no personal data.

use std::panic::PanicHookInfo;

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::Mode;

/// Sets up logging for the process, once.
pub fn init(mode: Mode) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=error,lettre=warn"));
    let registry = tracing_subscriber::registry().with(filter);
    let done = match mode {
        Mode::Production => registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init(),
        Mode::Development => registry.with(fmt::layer().compact().with_writer(std::io::stderr)).try_init(),
    };
    // A second call in one process (tests) keeps the first set-up.
    drop(done);
    if mode == Mode::Production {
        std::panic::set_hook(Box::new(note_panic));
    }
}

/// A panic's words may hold what it stumbled over, somebody's name perhaps; where it happened never does.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}
