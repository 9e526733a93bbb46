//! What handlers are given.

use std::sync::Arc;

use kernel::Core;
use secrecy::SecretString;

use crate::{
    field_cipher::FieldCipher,
    gateways::{card_processor::CardProcessor, medicare::MedicareGateway},
};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Seals card numbers.
    pub cipher: FieldCipher,
    /// Carries claims to Medicare.
    pub medicare: Arc<dyn MedicareGateway>,
    /// Charges cards, and pays practices.
    pub processor: Arc<dyn CardProcessor>,
    /// What the processor signs its webhooks with.
    pub webhook_secrets: Arc<[SecretString]>,
    /// The origin in links, without a slash at the end.
    pub public_url: Arc<str>,
}
