//! Logs that cannot be changed unnoticed: Merkle trees after RFC 6962, proofs, and checkpoints signed after C2SP; and on
//! top of them the audit log's leaves, its export and what checks one offline.
//!
//! This crate does no I/O but through the readers it is handed. It compiles to Wasm, so that a browser checks its
//! person's own audit entries with the code that the command line uses. Where the log is kept, who may append to it and
//! when checkpoints are signed are the kernel's matters.
//!
//! The bytes are written down in `docs/audit-format.md`.
#![warn(missing_docs)]

pub mod entry;
pub mod export;
pub mod hash;
pub mod note;
pub mod proof;
pub mod range;
#[cfg(feature = "schema")]
mod schema;
pub mod trail;
pub mod verify;

pub use self::{
    entry::{Details, Entry, Leaf, Outcome, Salt},
    hash::Hash,
    note::{Checkpoint, NoteSigner, PublicKey, SignedCheckpoint},
    range::{CompactRange, NodeId},
};
