//! HKDF-SHA256: one key of 32 bytes for one use.

use hkdf::Hkdf;
use sha2::Sha256;

use crate::{labels::Label, secret::Secret};

/// Without salt; `info` is the label and the context. `source` has at least 128 bits that nobody can guess.
pub(crate) fn derive(source: &[u8], label: Label, context: &[&[u8]]) -> Secret<32> {
    let mut key = Secret::new([0; 32]);
    Hkdf::<Sha256>::new(None, source)
        .expand(&label.with(context), key.expose_mut())
        .expect("HKDF-SHA256 gives up to 8160 bytes, and 32 are asked");
    key
}
