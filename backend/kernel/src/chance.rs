//! The only source of random bytes and ids.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::Clock;

/// Random bytes from the system, or from a seed in tests.
#[derive(Clone)]
pub struct Chance(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Chance {
    /// The operating system's random source.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same bytes every time, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => {
                getrandom::fill(&mut bytes).expect("the system has a random source, or nothing is safe")
            }
            Source::Seeded(source) => {
                source.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
            }
        }
        bytes
    }

    /// A new id: UUID version 7 of the clock's time.
    pub fn id<T: From<Uuid>>(&self, clock: &Clock) -> T {
        let milliseconds = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &self.bytes()).into_uuid().into()
    }

    /// A secret of 128 bits for a link, as text, and the hash that is kept of it.
    pub fn link_token(&self) -> (String, [u8; 32]) {
        let token = hex::encode(self.bytes::<16>());
        let hash = hash_secret(&token);
        (token, hash)
    }

    /// Six decimal digits, each as likely as the other.
    pub fn code(&self) -> String {
        loop {
            let number = u32::from_be_bytes(self.bytes());
            // The largest multiple of a million that fits, so that no code is likelier than another.
            if number < 4_294_000_000 {
                return format!("{:06}", number % 1_000_000);
            }
        }
    }
}

/// What is stored of a secret that is random enough to need no salt.
pub fn hash_secret(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Whether two secrets, or what is stored of them, are the same; in a time that depends on their lengths alone.
pub fn is_same_secret(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::{Chance, hash_secret};
    use crate::Clock;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let clock = Clock::manual("2026-11-22T00:00:00Z".parse().unwrap());
        let first: uuid::Uuid = Chance::seeded(7).id(&clock);
        let again: uuid::Uuid = Chance::seeded(7).id(&clock);
        assert_eq!(first, again);
        assert_eq!(first.get_version_num(), 7);
    }

    #[test]
    fn a_link_token_is_128_bits_and_only_its_hash_is_needed() {
        let (token, hash) = Chance::seeded(1).link_token();
        assert_eq!(token.len(), 32);
        assert_eq!(hash_secret(&token), hash);
    }

    #[test]
    fn random_bytes_that_many_ask_for_at_once_are_never_the_same() {
        let ask =
            |_| thread::spawn(|| (0..20_000).map(|_| Chance::system().bytes::<16>()).collect::<Vec<_>>());
        let asking: Vec<_> = (0..8).map(ask).collect();
        let given: Vec<_> = asking.into_iter().flat_map(|asked| asked.join().unwrap()).collect();
        assert_eq!(given.iter().collect::<HashSet<_>>().len(), 160_000);
    }

    #[test]
    fn codes_are_six_digits() {
        let chance = Chance::seeded(2);
        assert!((0..1000).all(|_| chance.code().len() == 6));
    }
}
