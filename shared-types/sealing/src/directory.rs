//! Which public keys are whose.
//!
//! Keys are published as leaves of a Merkle log that others keep; this module owns what a leaf says, who must have
//! signed it ([`Leaf`]), what people compare ([`Fingerprint`]), and what a browser remembers and refuses ([`Pin`]).
//! Inclusion and consistency of the log are checked elsewhere, with the code that also checks the audit log.

mod fingerprint;
mod leaf;
mod pin;
mod subject;
mod verified;

pub use self::{
    fingerprint::{Fingerprint, FingerprintError},
    leaf::{Leaf, LeafError, LeafParseError, Statement},
    pin::{Pin, PinError, Pinned},
    subject::Subject,
    verified::{Continuity, FollowError, VerifiedLeaf},
};
