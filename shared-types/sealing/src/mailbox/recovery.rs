//! The practice's recovery key: an X25519 key that exists only in three printed shares, two of which make it again.
//!
//! Shamir's scheme byte by byte over GF(2^8) with the polynomial of AES, from a crate that has been audited. A single
//! share says nothing of the key, and a wrong one is noticed by the published public half.

use rand_core::CryptoRng;
use shared_types::OrganizationId;
use vsss_rs::Gf256;
use zeroize::Zeroizing;

use super::{Grant, GrantOpenError, Holder, MailboxKey, PracticeEpoch, RecoveryPublic, Share};
use crate::{counter::Epoch, secret::Secret, suite::hpke::ReceiveSecret};

/// How many shares make the key.
const NEEDED: usize = 2;
/// How many there are.
const SHARES: usize = 3;

/// A recovery key with its private half. It lives from generation to printing, and from typing to recovery.
#[derive(Clone, Debug)]
pub struct RecoveryKey {
    organization: OrganizationId,
    since: Epoch,
    secret: ReceiveSecret,
}

/// Why shares do not make the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// Two are needed.
    #[error("two shares are needed")]
    TooFew,
    /// The same share was given twice.
    #[error("the same share was given twice")]
    SameShare,
    /// A share is of another practice.
    #[error("a share is of another practice")]
    OtherPractice,
    /// A share is of a recovery key made in another epoch.
    #[error("a share is of an earlier or later recovery key")]
    OtherEpoch,
    /// The shares are well-formed and make some other key.
    #[error("the shares do not make the published recovery key")]
    WrongShares,
}

impl RecoveryKey {
    pub(super) fn generate(organization: OrganizationId, since: Epoch, rng: &mut impl CryptoRng) -> Self {
        Self { organization, since, secret: ReceiveSecret::generate(rng) }
    }

    /// The public half.
    pub fn public(&self) -> RecoveryPublic {
        RecoveryPublic { since: self.since, key: self.secret.public() }
    }

    /// Three shares. Splitting again makes three others of the same key, which do not go with the first.
    pub fn split(&self, rng: &mut impl CryptoRng) -> [Share; SHARES] {
        let secret = self.secret.to_secret();
        let shares = Gf256::split_bytes(NEEDED, SHARES, secret.expose(), rng)
            .expect("two of three is a threshold, and the secret is not empty");
        let shares: Vec<_> = shares.into_iter().map(|share| self.share(Zeroizing::new(share))).collect();
        shares.try_into().expect("three were asked for")
    }

    fn share(&self, bytes: Zeroizing<Vec<u8>>) -> Share {
        let (number, value) = bytes.split_first().expect("a share begins with its number");
        let value = Secret::from_slice(value).expect("a share is as long as the secret");
        Share { organization: self.organization, since: self.since, number: *number, value }
    }

    /// Makes the key again from two or three shares.
    ///
    /// # Errors
    /// [`CombineError`].
    pub fn combine(shares: &[Share], practice: &PracticeEpoch) -> Result<Self, CombineError> {
        check(shares, practice)?;
        let bytes: Zeroizing<Vec<Vec<u8>>> = Zeroizing::new(shares.iter().map(share_bytes).collect());
        let secret = Gf256::combine_bytes(&*bytes).map(Zeroizing::new);
        let secret = secret.ok().and_then(|bytes| Secret::from_slice(&bytes));
        let secret = ReceiveSecret::from_secret(&secret.ok_or(CombineError::WrongShares)?);
        if secret.public() != practice.recovery.key {
            return Err(CombineError::WrongShares);
        }
        Ok(Self { organization: practice.organization, since: practice.recovery.since, secret })
    }

    /// Opens a grant to this key; `later` as in [`Grant::open`].
    ///
    /// # Errors
    /// [`GrantOpenError`].
    pub fn open(
        &self,
        grant: &Grant,
        practice: &PracticeEpoch,
        later: &[&PracticeEpoch],
    ) -> Result<MailboxKey, GrantOpenError> {
        let me = Holder::Recovery(self.public().key_id(self.organization));
        grant.open_as(me, &self.secret, practice, later)
    }
}

fn check(shares: &[Share], practice: &PracticeEpoch) -> Result<(), CombineError> {
    if shares.len() < NEEDED {
        return Err(CombineError::TooFew);
    }
    if shares.iter().any(|share| share.organization != practice.organization) {
        return Err(CombineError::OtherPractice);
    }
    if shares.iter().any(|share| share.since != practice.recovery.since) {
        return Err(CombineError::OtherEpoch);
    }
    let mut numbers: Vec<_> = shares.iter().map(|share| share.number).collect();
    numbers.sort_unstable();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(CombineError::SameShare);
    }
    Ok(())
}

fn share_bytes(share: &Share) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(33);
    bytes.push(share.number);
    bytes.extend_from_slice(share.value.expose());
    bytes
}
