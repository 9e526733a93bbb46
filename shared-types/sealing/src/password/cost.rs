//! What a derivation costs, and what is too little or too much.

use rand_core::CryptoRng;

use crate::{
    suite::random,
    wire::{ParseError, Reader, Writer},
};

/// The code of Argon2id, as in RFC 9106 section 3.2.
const ARGON2ID: u8 = 2;

/// Why a key derivation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KdfError {
    /// Below the floor: somebody wants passwords to be easy to guess.
    #[error("the key derivation is too weak: {memory_kib} KiB, {passes} passes")]
    TooWeak {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
    },
    /// Above the ceiling: somebody wants the browser to stop.
    #[error("the key derivation is too costly: {memory_kib} KiB, {passes} passes, {lanes} lanes")]
    TooCostly {
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u8,
    },
    /// Allowed, but lower than before.
    #[error("the key derivation is weaker than it was")]
    Lowered,
    /// This machine has not got the memory.
    #[error("there is not enough memory for the key derivation")]
    OutOfMemory,
}

/// What one derivation costs: Argon2id, version 0x13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    memory_kib: u32,
    passes: u32,
    lanes: u8,
}

impl KdfCost {
    /// What new accounts use: 64 MiB, three passes, one lane (the second choice of RFC 9106 with one lane, since
    /// browsers run it on one thread).
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The least that is accepted: 19 MiB and two passes (OWASP, Password Storage Cheat Sheet, read on 2026-11-23).
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// The most: 256 MiB, sixteen passes, four lanes.
    pub const CEILING: Self = Self { memory_kib: 256 * 1024, passes: 16, lanes: 4 };

    /// # Errors
    /// [`KdfError::TooWeak`] when any number is below the floor's, [`KdfError::TooCostly`] when any is above the
    /// ceiling's.
    pub fn new(memory_kib: u32, passes: u32, lanes: u8) -> Result<Self, KdfError> {
        let (floor, ceiling) = (Self::FLOOR, Self::CEILING);
        if memory_kib < floor.memory_kib || passes < floor.passes || lanes < floor.lanes {
            return Err(KdfError::TooWeak { memory_kib, passes });
        }
        if memory_kib > ceiling.memory_kib || passes > ceiling.passes || lanes > ceiling.lanes {
            return Err(KdfError::TooCostly { memory_kib, passes, lanes });
        }
        Ok(Self { memory_kib, passes, lanes })
    }

    /// Memory in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes, which a browser runs one after the other.
    pub fn lanes(self) -> u8 {
        self.lanes
    }

    /// Refuses to go below what this browser knows of the account.
    ///
    /// # Errors
    /// [`KdfError::Lowered`].
    pub fn not_below(self, known: Self) -> Result<Self, KdfError> {
        if self.memory_kib < known.memory_kib || self.passes < known.passes {
            return Err(KdfError::Lowered);
        }
        Ok(self)
    }
}

/// The cost and the account's salt. Public; what the key wraps is bound to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfParameters {
    cost: KdfCost,
    salt: [u8; 16],
}

impl KdfParameters {
    /// What an account has stored.
    pub fn new(cost: KdfCost, salt: [u8; 16]) -> Self {
        Self { cost, salt }
    }

    /// For a new password: today's cost and a fresh salt.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self::new(KdfCost::DEFAULT, random(rng))
    }

    /// What one derivation costs.
    pub fn cost(&self) -> KdfCost {
        self.cost
    }

    /// The account's salt.
    pub fn salt(&self) -> &[u8; 16] {
        &self.salt
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.u8(ARGON2ID);
        writer.u32(self.cost.memory_kib);
        writer.u32(self.cost.passes);
        writer.u8(self.cost.lanes);
        writer.raw(&self.salt);
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, KdfReadError> {
        match reader.u8()? {
            ARGON2ID => {}
            found => return Err(ParseError::UnknownKind { what: "key derivation", found }.into()),
        }
        let cost = KdfCost::new(reader.u32()?, reader.u32()?, reader.u8()?)?;
        Ok(Self { cost, salt: reader.array()? })
    }
}

/// Why stored parameters are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KdfReadError {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Kdf(#[from] KdfError),
}

#[cfg(test)]
mod tests {
    use super::{KdfCost, KdfError};

    #[test]
    fn a_cost_outside_the_limits_is_refused() {
        for (memory_kib, passes, lanes) in
            [(19 * 1024 - 1, 2, 1), (19 * 1024, 1, 1), (64 * 1024, 3, 0), (0, 0, 0)]
        {
            let expected = Err(KdfError::TooWeak { memory_kib, passes });
            assert_eq!(KdfCost::new(memory_kib, passes, lanes), expected);
        }
        for (memory_kib, passes, lanes) in
            [(256 * 1024 + 1, 3, 1), (64 * 1024, 17, 1), (64 * 1024, 3, 5), (u32::MAX, u32::MAX, u8::MAX)]
        {
            let expected = Err(KdfError::TooCostly { memory_kib, passes, lanes });
            assert_eq!(KdfCost::new(memory_kib, passes, lanes), expected);
        }
        assert_eq!(KdfCost::new(19 * 1024, 2, 1), Ok(KdfCost::FLOOR));
        assert_eq!(KdfCost::new(256 * 1024, 16, 4), Ok(KdfCost::CEILING));
    }

    #[test]
    fn a_cost_lower_than_before_is_refused() {
        assert_eq!(KdfCost::FLOOR.not_below(KdfCost::DEFAULT), Err(KdfError::Lowered));
        assert_eq!(KdfCost::DEFAULT.not_below(KdfCost::DEFAULT), Ok(KdfCost::DEFAULT));
        assert_eq!(KdfCost::CEILING.not_below(KdfCost::DEFAULT), Ok(KdfCost::CEILING));
    }
}
