//! HelloMapper's pages, written once: rendered by the server for anonymous visitors (feature `ssr`) and
//! hydrated in the browser (feature `hydration`).
//!
//! A page fetches and arranges; a component takes props and gives callbacks and never fetches; everything
//! that exists only in a browser is called through [`browser`], from effects and callbacks and never while
//! rendering, so that both sides make the same nodes.

pub mod account;
pub mod api;
pub mod app;
pub mod breached;
pub mod browser;
pub mod bundle;
pub mod calendar;
pub mod components;
pub mod export;
pub mod forms;
pub mod head;
pub mod held_here;
pub mod hooks;
pub mod intake;
mod js;
pub mod json_ld;
pub mod map;
pub mod pages;
pub mod passkey;
pub mod push;
pub mod record;
pub mod routes;
pub mod search;
pub mod seen;
#[cfg(feature = "ssr")]
pub mod server;
pub mod vault;

pub use app::App;
#[cfg(feature = "hydration")]
pub use app::run;
#[cfg(feature = "ssr")]
pub use app::{ServerApp, ServerAppProps};
pub use head::{Head, HeadSink};
pub use routes::{Bundle, Route};
