//! What handlers and jobs are given.

use std::sync::Arc;

use axum::extract::FromRef;
use kernel::{Core, keys::Signer, rate::PerAddress};
use webauthn_rs::Webauthn;

use crate::{breached_passwords::BreachedList, key_log::KeyLog, secrets::Secrets};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Signs session tokens.
    pub signer: Signer,
    /// Keys that only this service has.
    pub secrets: Secrets,
    /// Checks passkeys against our origin.
    pub webauthn: Arc<Webauthn>,
    /// How often an address may try to sign up, sign in or reset.
    pub tries_per_address: PerAddress,
    /// The key directory's log.
    pub key_log: KeyLog,
    /// How many notes an address may send on a ticket.
    pub notes_per_address: PerAddress,
    /// Passwords that nobody should choose.
    pub breached: BreachedList,
}

impl FromRef<State> for Core {
    fn from_ref(state: &State) -> Self {
        state.core.clone()
    }
}
