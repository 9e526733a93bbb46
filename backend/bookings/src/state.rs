//! What handlers and jobs are given.

use kernel::{Core, calendar_file::Organizer, keys::Signer, rate::PerAddress};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Signs quotes.
    pub signer: Signer,
    /// Who answers for entries in calendars.
    pub organizer: Organizer,
    /// How many holds an address may make.
    pub holds_per_address: PerAddress,
}
