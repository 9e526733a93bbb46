//! What handlers are given.

use kernel::Core;

use crate::field_cipher::FieldCipher;

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Seals card numbers.
    pub cipher: FieldCipher,
}
