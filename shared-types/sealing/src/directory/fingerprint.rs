//! Sixty digits that two people compare, aloud or on paper.
//!
//! Made as Signal makes its safety numbers (Signal, "Safety number updates", and the library's numeric fingerprint,
//! read on 2026-11-23): SHA-512 iterated 5,200 times over the keys and whose they are, so that searching for keys
//! with like digits costs that much more; then each five bytes, as a number, modulo 100,000. Sixty digits are 199
//! bits.

use std::{fmt, str::FromStr};

use sha2::{Digest as _, Sha512};
use shared_types::OrganizationId;

use super::Subject;
use crate::{
    identity::IdentityKeys,
    labels::FINGERPRINT,
    mailbox::Owners,
    suite::FORMAT_VERSION,
    wire::{ParseError, Reader, Writer},
};

const ITERATIONS: usize = 5200;
const GROUPS: usize = 12;
const GROUP_LIMIT: u64 = 100_000;
const GROUP_DIGITS: usize = 5;
const GROUPS_IN_LINE: usize = 4;

/// A fingerprint: of a person's keys, or of the keys of a practice's owners. A practice's new epoch does not change
/// it, as long as the owners are the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u32; GROUPS]);

/// Why a text is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has sixty digits")]
pub struct FingerprintError;

impl Fingerprint {
    /// Of a practice: the signing keys of all its owners, in order.
    pub fn of_practice(organization: OrganizationId, owners: &Owners) -> Self {
        let mut writer = Self::begin(Subject::Practice(organization));
        owners.keys().iter().for_each(|key| key.write(&mut writer));
        Self::digits(writer.as_bytes())
    }

    /// Of a person: the receiving and the signing key.
    pub fn of_account(keys: &IdentityKeys) -> Self {
        let mut writer = Self::begin(Subject::Account(keys.account()));
        keys.receive().write(&mut writer);
        keys.sign().write(&mut writer);
        Self::digits(writer.as_bytes())
    }

    fn begin(subject: Subject) -> Writer {
        let mut writer = Writer::new();
        writer.raw(&FINGERPRINT.with(&[&[FORMAT_VERSION]]));
        subject.write(&mut writer);
        writer
    }

    fn digits(keys: &[u8]) -> Self {
        let mut hash = Sha512::digest(keys);
        for _ in 1..ITERATIONS {
            hash = Sha512::new().chain_update(hash).chain_update(keys).finalize();
        }
        let mut groups = [0; GROUPS];
        for (group, bytes) in groups.iter_mut().zip(hash.chunks_exact(5)) {
            let number = bytes.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            *group = u32::try_from(number % GROUP_LIMIT).expect("below 100,000");
        }
        Self(groups)
    }

    /// Three lines of four groups, for print.
    pub fn lines(&self) -> [String; GROUPS / GROUPS_IN_LINE] {
        std::array::from_fn(|line| {
            let groups = &self.0[line * GROUPS_IN_LINE..][..GROUPS_IN_LINE];
            groups.iter().map(|group| format!("{group:05}")).collect::<Vec<_>>().join(" ")
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.0.iter().for_each(|group| writer.u32(*group));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut groups = [0; GROUPS];
        for group in &mut groups {
            *group = reader.u32()?;
        }
        if groups.iter().any(|group| u64::from(*group) >= GROUP_LIMIT) {
            return Err(ParseError::NotCanonical("a group of more than five digits"));
        }
        Ok(Self(groups))
    }
}

/// Twelve groups of five digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join(" "))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Reads a scanned or typed fingerprint, whatever its spaces and lines.
impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: Vec<u32> = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(10))
            .collect::<Option<_>>()
            .ok_or(FingerprintError)?;
        if digits.len() != GROUPS * GROUP_DIGITS {
            return Err(FingerprintError);
        }
        let mut groups = [0; GROUPS];
        for (group, digits) in groups.iter_mut().zip(digits.chunks_exact(GROUP_DIGITS)) {
            *group = digits.iter().fold(0, |number, digit| number * 10 + digit);
        }
        Ok(Self(groups))
    }
}
