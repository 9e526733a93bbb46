//! What handlers are given.

use std::sync::Arc;

use axum::extract::FromRef;
use kernel::Core;
use secrecy::SecretString;

use crate::{domain::sender::Sender, gateways::web_push::WebPush, seats::Seats};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Who writes, and where links lead.
    pub sender: Sender,
    /// By which the gateway for text messages shows that an answer comes from it; none where nobody can answer.
    pub answers: Option<SecretString>,
    /// Carries what devices are told.
    pub push: Arc<WebPush>,
    /// Who watches for notices.
    pub seats: Arc<Seats>,
}

impl FromRef<State> for Core {
    fn from_ref(state: &State) -> Self {
        state.core.clone()
    }
}
