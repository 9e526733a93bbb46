//! Limits by address.

use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use shared_types::Problem;

use crate::{Reject, address::ClientAddress};

/// So many at once, and as many again each minute, for each address.
#[derive(Clone)]
pub struct PerAddress(Arc<DefaultKeyedRateLimiter<IpAddr>>);

impl PerAddress {
    /// A limit of `burst` (at least one).
    pub fn new(burst: u32) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        Self(Arc::new(RateLimiter::keyed(Quota::per_minute(burst))))
    }

    /// Counts one request.
    ///
    /// # Errors
    /// 429 when the address has used up its share.
    pub fn check(&self, ClientAddress(address): ClientAddress) -> Result<(), Reject> {
        self.0.check_key(&address).map_err(|_| {
            Problem::new("rate-limited", 429, "Too many requests from this address")
                .detail("Wait a little and try again.")
                .into()
        })
    }

    /// Forgets addresses that have been quiet, so that memory does not grow.
    pub fn forget_quiet(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}
