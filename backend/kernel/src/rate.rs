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
        self.0.check_key(&household(address)).map_err(|_| {
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

/// What counts as one address: a subscriber of IPv6 has a whole /64 to choose from.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientAddress, PerAddress};

    #[test]
    fn a_subscriber_of_ipv6_is_one_address() {
        let limit = PerAddress::new(1);
        let check = |address: &str| limit.check(ClientAddress(address.parse().unwrap())).is_ok();
        assert!(check("2001:db8:0:1::1"));
        assert!(!check("2001:db8:0:1::2"));
        assert!(check("2001:db8:0:2::1"));
        assert!(check("203.0.113.9"));
        assert!(!check("::ffff:203.0.113.9"));
    }
}
