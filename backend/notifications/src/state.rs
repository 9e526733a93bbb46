//! What handlers are given.

use std::sync::Arc;

use axum::extract::FromRef;
use kernel::Core;
use secrecy::SecretString;

use crate::{
    domain::{channels::Texts, sender::Sender},
    gateways::{bounce_address::BounceAddress, web_push::WebPush},
    seats::Seats,
};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Who writes, and where links lead.
    pub sender: Sender,
    /// What can be done with text messages.
    pub texts: Texts,
    /// By which the gateway for text messages shows that an answer comes from it; none where nobody can answer.
    pub answers: Option<SecretString>,
    /// Where mail servers report to what became of a letter; none where nobody hands such reports on.
    pub bounces: Option<BounceAddress>,
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
