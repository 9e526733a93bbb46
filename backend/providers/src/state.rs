//! What handlers are given.

use std::sync::Arc;

use kernel::Core;

use crate::domain::Profession;

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Every provider type: few, read with each search, changed by `hellomapper provider-type` and a restart.
    pub professions: Arc<Vec<Profession>>,
}
