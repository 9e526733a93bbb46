//! What handlers and jobs are given.

use std::sync::Arc;

use jiff::SignedDuration;
use kernel::{
    Core, calendar_file::Organizer, column_cipher::ColumnCipher, keys::Signer, outbound::Outbound,
    rate::PerAddress,
};
use serde_json::Value;

use crate::{fhir::Base, publication::Publication};

/// The service's state.
#[derive(Clone)]
pub struct State {
    /// Pool, clock and chance.
    pub core: Core,
    /// Signs quotes.
    pub signer: Signer,
    /// Seals the addresses of other calendars and the secrets of webhooks.
    pub cipher: ColumnCipher,
    /// Who answers for entries in calendars.
    pub organizer: Organizer,
    /// How many holds an address may make.
    pub holds_per_address: PerAddress,
    /// How often an address may ask for calendar feeds.
    pub feeds_per_address: PerAddress,
    /// Calls addresses that others chose.
    pub outbound: Outbound,
    /// How long what a practitioner's other calendar says is good for.
    pub calendar_fresh: SignedDuration,
    /// Where FHIR resources are.
    pub fhir: Base,
    /// What can be asked in FHIR.
    pub capabilities: Arc<Value>,
    /// The bulk feed under way.
    pub publication: Arc<Publication>,
}
