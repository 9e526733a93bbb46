//! End-to-end encryption of what a patient and a practice tell each other: the reason for a visit, intake answers,
//! attachments with their names, messages and private feedback.
//!
//! This crate owns every byte that is sealed, signed or derived for that, and what a client must refuse when the
//! server is the attacker. It does no I/O: random numbers and the time are arguments, and storage, transport and the
//! Merkle log of keys are other people's. It compiles to Wasm, where a worker keeps the keys; servers use it only
//! to read and check envelopes, wrapped keys and directory leaves.
//!
//! There is one suite for each format version and nothing is negotiated. The bytes, every label and the threat model
//! are in `docs/sealing-format.md`; a second implementation written from that page is in `tests/python`.
//!
//! From a password to a note that is read:
//! 1. [`password`] makes a key that proves who one is and another that unwraps; they are never the same.
//! 2. [`account_key`] is random; a password, a passkey or a printed code each unwrap it.
//! 3. [`identity`] is a person's pair of key pairs, wrapped by the account key.
//! 4. [`mailbox`] is a practice's key of one epoch, given to each member of staff.
//! 5. [`directory`] says which public keys are whose, and stops when they change; a browser keeps what it has seen in
//!    its [`book`].
//! 6. [`envelope`] seals a [`note`] to some of these keys and opens it again.
//!
//! Secrets are wiped when dropped and print a placeholder. Wiping reaches what the types own; copies that the
//! compiler leaves on the stack, and pages that the system swaps out, are beyond it.
#![warn(missing_docs)]

pub mod account_key;
pub mod book;
pub mod counter;
pub mod directory;
pub mod envelope;
pub mod identity;
pub mod labels;
pub mod mailbox;
pub mod note;
pub mod padding;
pub mod password;
mod printed;
pub mod secret;
pub mod suite;
pub mod wire;
