//! XChaCha20-Poly1305 with a random nonce.

use chacha20poly1305::{XChaCha20Poly1305, XNonce, aead::AeadInOut as _, aead::KeyInit as _};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::random;
use crate::{
    secret::Secret,
    wire::{ParseError, Reader, Writer},
};

/// How much longer a ciphertext is than what it hides.
pub(crate) const TAG: usize = 16;

/// A nonce of 24 bytes and a ciphertext with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    nonce: [u8; 24],
    ciphertext: Vec<u8>,
}

/// Another key, another context, or altered on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused;

impl Sealed {
    /// Encrypts in place. A vector with room for [`TAG`] more bytes leaves no copy of the plaintext behind.
    pub(crate) fn seal(
        key: &Secret<32>,
        associated_data: &[u8],
        mut plaintext: Zeroizing<Vec<u8>>,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let nonce = random(rng);
        cipher(key)
            .encrypt_in_place(&XNonce::from(nonce), associated_data, &mut *plaintext)
            .expect("the cipher takes 256 gigabytes and a vector grows");
        Self { nonce, ciphertext: std::mem::take(&mut *plaintext) }
    }

    pub(crate) fn open(
        &self,
        key: &Secret<32>,
        associated_data: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Refused> {
        let mut bytes = Zeroizing::new(self.ciphertext.clone());
        cipher(key)
            .decrypt_in_place(&XNonce::from(self.nonce), associated_data, &mut *bytes)
            .map_err(|_| Refused)?;
        Ok(bytes)
    }

    /// The same for a secret of fixed length.
    pub(crate) fn seal_secret<const N: usize>(
        key: &Secret<32>,
        associated_data: &[u8],
        secret: &Secret<N>,
        rng: &mut impl CryptoRng,
    ) -> Self {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(N + TAG));
        plaintext.extend_from_slice(secret.expose());
        Self::seal(key, associated_data, plaintext, rng)
    }

    pub(crate) fn open_secret<const N: usize>(
        &self,
        key: &Secret<32>,
        associated_data: &[u8],
    ) -> Result<Secret<N>, Refused> {
        Secret::from_slice(&self.open(key, associated_data)?).ok_or(Refused)
    }

    /// With its tag.
    pub(crate) fn ciphertext_length(&self) -> usize {
        self.ciphertext.len()
    }

    /// Nonce and ciphertext, which the format says how long it is.
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&self.nonce);
        writer.raw(&self.ciphertext);
    }

    /// `length` is that of the ciphertext with its tag.
    pub(crate) fn read(reader: &mut Reader<'_>, length: usize) -> Result<Self, ParseError> {
        Ok(Self { nonce: reader.array()?, ciphertext: reader.raw(length)?.to_vec() })
    }

    /// The same with the ciphertext behind its length.
    pub(crate) fn write_sized(&self, writer: &mut Writer) {
        writer.raw(&self.nonce);
        writer.bytes(&self.ciphertext);
    }

    pub(crate) fn read_sized(reader: &mut Reader<'_>, at_most: usize) -> Result<Self, ParseError> {
        Ok(Self { nonce: reader.array()?, ciphertext: reader.bytes(at_most)?.to_vec() })
    }
}

fn cipher(key: &Secret<32>) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose().into())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
    use zeroize::Zeroizing;

    use super::{Refused, Sealed};
    use crate::secret::Secret;

    #[test]
    fn no_two_texts_are_sealed_with_one_nonce() {
        let (key, mut rng) = (Secret::new([7; 32]), ChaCha20Rng::seed_from_u64(1));
        let sealed = (0..2_000).map(|_| Sealed::seal(&key, b"", Zeroizing::new(b"text".to_vec()), &mut rng));
        let nonces: HashSet<_> = sealed.map(|sealed| sealed.nonce).collect();
        assert_eq!(nonces.len(), 2_000);
    }

    /// draft-irtf-cfrg-xchacha-03, appendix A.3.1 (read on 2026-11-23).
    #[test]
    fn the_published_vector_opens() {
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
        let sealed = Sealed {
            nonce: std::array::from_fn(|at| 0x40 + at as u8),
            ciphertext: hex::decode(concat!(
                "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb",
                "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452",
                "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9",
                "21f9664c97637da9768812f615c68b13b52e",
                "c0875924c1c7987947deafd8780acf49",
            ))
            .unwrap(),
        };
        let associated_data = hex::decode("50515253c0c1c2c3c4c5c6c7").unwrap();
        let text = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                    sunscreen would be it.";
        let opened = sealed.open(&Secret::new(key), &associated_data).unwrap();
        assert_eq!(str::from_utf8(&opened), Ok(text));
        assert_eq!(sealed.open(&Secret::new(key), b"other").unwrap_err(), Refused);
    }
}
