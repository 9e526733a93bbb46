//! Speaks to the card processor, and shows what it says as plain records.
//!
//! The processor's own types are nine megabytes of generated source, so they stay in this crate: nothing of them is in its public
//! items. It knows nothing of bookings and decides nothing. Each request that changes something carries the caller's idempotency
//! key, and none is repeated here: who asked knows when to ask again.

mod accounts;
mod cards;
mod error;
mod intents;
mod lists;
mod money_back;
mod pages;
mod reading;
mod records;
mod signature;

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use stripe::{IdempotencyKey, RequestStrategy};

pub use self::{
    error::ProcessorError,
    records::{
        AccountRecord, BalanceLine, CardRecord, DisputeRecord, DisputeState, Evidence, IntentRecord,
        IntentState, ListPage, NewCharge, NewPage, Page, PageMode, PageState, PayoutRecord, PracticeShare,
        RefundRecord, RefundState, Window,
    },
    signature::{NotSigned, TOLERANCE_SECONDS, header, verify},
};

/// How long one request may take. The processor answers nearly always within two seconds; who waits longer asks again by the same
/// key.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to the processor, under the platform's key.
#[derive(Clone)]
pub struct Client {
    client: stripe::Client,
}

impl Client {
    /// A client of the processor, or of whatever speaks like it at another address, such as `http://127.0.0.1:12111/`.
    ///
    /// # Errors
    /// When the key or the address cannot be sent.
    pub fn new(key: &SecretString, address: Option<&str>) -> Result<Self, ProcessorError> {
        let builder = stripe::ClientBuilder::new(key.expose_secret()).timeout(PATIENCE);
        let builder = match address {
            Some(address) => builder.url(format!("{}/", address.trim_end_matches('/'))),
            None => builder,
        };
        Ok(Self { client: builder.build()? })
    }
}

/// Asks once, under a key that is the same every time it is asked.
fn once(key: &str) -> Result<RequestStrategy, ProcessorError> {
    let key = IdempotencyKey::new(key).map_err(|_| ProcessorError::refused("idempotency_key"))?;
    Ok(RequestStrategy::Idempotent(key))
}
