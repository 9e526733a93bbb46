//! SHA-256 of a label and parts.

use sha2::{Digest as _, Sha256};

use crate::labels::Label;

/// The parts are of fixed length, or only the last is not.
pub(crate) fn hash(label: Label, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new_with_prefix(label.with(&[]));
    parts.iter().for_each(|part| hasher.update(part));
    hasher.finalize().into()
}
