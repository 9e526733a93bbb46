//! X25519 keys, and HPKE in base mode for handing one secret of 32 bytes to whoever holds one.

use std::fmt;

use hpke::{
    Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
    kdf::HkdfSha256, kem::X25519HkdfSha256, single_shot_open, single_shot_seal_with_rng,
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::aead::Refused;
use crate::{
    secret::Secret,
    wire::{ParseError, Reader, Writer},
};

type Kem = X25519HkdfSha256;

/// A public key that things are sealed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiveKey(pub [u8; 32]);

/// A public key of small order: what is sealed to it, everybody can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a public key is not usable")]
pub struct WeakKey;

impl ReceiveKey {
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        reader.array().map(Self)
    }

    fn parsed(&self) -> <Kem as hpke::Kem>::PublicKey {
        <Kem as hpke::Kem>::PublicKey::from_bytes(&self.0).expect("any 32 bytes are an X25519 public key")
    }
}

/// The private half. Wiped when dropped.
#[derive(Clone)]
pub(crate) struct ReceiveSecret(<Kem as hpke::Kem>::PrivateKey);

impl ReceiveSecret {
    pub(crate) fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Kem::gen_keypair_with_rng(rng).0)
    }

    pub(crate) fn from_secret(secret: &Secret<32>) -> Self {
        let parsed = <Kem as hpke::Kem>::PrivateKey::from_bytes(secret.expose());
        Self(parsed.expect("any 32 bytes are an X25519 private key"))
    }

    pub(crate) fn to_secret(&self) -> Secret<32> {
        let mut secret = Secret::new([0; 32]);
        self.0.write_exact(secret.expose_mut());
        secret
    }

    pub(crate) fn public(&self) -> ReceiveKey {
        ReceiveKey(Kem::sk_to_pk(&self.0).to_bytes().into())
    }
}

impl fmt::Debug for ReceiveSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A secret of 32 bytes for one holder: the encapsulated key and the ciphertext with its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SealedSecret {
    encapsulated: [u8; 32],
    ciphertext: [u8; 48],
}

impl SealedSecret {
    pub(crate) fn seal(
        to: &ReceiveKey,
        info: &[u8],
        secret: &Secret<32>,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, WeakKey> {
        let (encapsulated, ciphertext) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &to.parsed(),
            info,
            secret.expose(),
            b"",
            rng,
        )
        .map_err(|_| WeakKey)?;
        Ok(Self {
            encapsulated: encapsulated.to_bytes().into(),
            ciphertext: ciphertext.try_into().expect("32 bytes and a tag of 16"),
        })
    }

    pub(crate) fn open(&self, with: &ReceiveSecret, info: &[u8]) -> Result<Secret<32>, Refused> {
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(&self.encapsulated)
            .expect("any 32 bytes are an encapsulated X25519 key");
        let secret = single_shot_open::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &with.0,
            &encapsulated,
            info,
            &self.ciphertext,
            b"",
        );
        Secret::from_slice(&Zeroizing::new(secret.map_err(|_| Refused)?)).ok_or(Refused)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&self.encapsulated);
        writer.raw(&self.ciphertext);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        Ok(Self { encapsulated: reader.array()?, ciphertext: reader.array()? })
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use hpke::{
        Deserializable as _, Kem as _, OpModeR, OpModeS, Serializable as _, aead::ChaCha20Poly1305,
        kdf::HkdfSha256, rand_core::TryCryptoRng, rand_core::TryRng, setup_receiver, setup_sender_with_rng,
    };
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    use super::{Kem, ReceiveKey, ReceiveSecret, SealedSecret, WeakKey};
    use crate::{secret::Secret, suite::aead::Refused};

    /// RFC 9180, appendix A.2.1: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305 (read on
    /// 2026-11-23). The private key is as published, before the clamping that reading one does.
    const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    const IKM_E: &str = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
    const ENC: &str = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
    const IKM_R: &str = "1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df";
    const PK_R: &str = "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a";
    const SK_R: &str = "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb";
    const PLAINTEXT: &str = "4265617574792069732074727574682c20747275746820626561757479";
    /// A.2.1.1: sequence number and ciphertext; the associated data is `Count-` and the number.
    const ENCRYPTIONS: &[(u64, &str)] = &[
        (0, "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"),
        (1, "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c"),
        (2, "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c32f878fae86b"),
        (4, "63357a2aa291f5a4e5f27db6baa2af8cf77427c7c1a909e0b37214dd47db122bb153495ff0b02e9e54a50dbe16"),
        (255, "18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9cd6c23ef2a95c"),
        (256, "7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5b"),
    ];

    /// Gives out what it was given, so that the sender's ephemeral key is the published one.
    struct Scripted(Vec<u8>);

    impl TryRng for Scripted {
        type Error = Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Infallible> {
            let mut bytes = [0; 4];
            self.try_fill_bytes(&mut bytes)?;
            Ok(u32::from_le_bytes(bytes))
        }

        fn try_next_u64(&mut self) -> Result<u64, Infallible> {
            let mut bytes = [0; 8];
            self.try_fill_bytes(&mut bytes)?;
            Ok(u64::from_le_bytes(bytes))
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
            let rest = self.0.split_off(bytes.len());
            bytes.copy_from_slice(&std::mem::replace(&mut self.0, rest));
            Ok(())
        }
    }

    impl TryCryptoRng for Scripted {}

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    #[test]
    fn the_published_keys_are_derived() {
        let (_, public) = Kem::derive_keypair(&bytes(IKM_R));
        assert_eq!(public.to_bytes()[..], bytes(PK_R));
        let secret = Secret::from_slice(&bytes(SK_R)).unwrap();
        assert_eq!(ReceiveSecret::from_secret(&secret).public().0[..], bytes(PK_R));
    }

    #[test]
    fn the_published_messages_are_sealed_and_opened() {
        let to = <Kem as hpke::Kem>::PublicKey::from_bytes(&bytes(PK_R)).unwrap();
        let mut rng = Scripted(bytes(IKM_E));
        let (enc, mut sender) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeS::Base,
            &to,
            &bytes(INFO),
            &mut rng,
        )
        .unwrap();
        assert_eq!(enc.to_bytes()[..], bytes(ENC));
        let with = <Kem as hpke::Kem>::PrivateKey::from_bytes(&bytes(SK_R)).unwrap();
        let mut receiver =
            setup_receiver::<ChaCha20Poly1305, HkdfSha256, Kem>(&OpModeR::Base, &with, &enc, &bytes(INFO))
                .unwrap();
        let plaintext = bytes(PLAINTEXT);
        for sequence in 0..=256 {
            let associated_data = format!("Count-{sequence}");
            let ciphertext = sender.seal(&plaintext, associated_data.as_bytes()).unwrap();
            if let Some((_, published)) = ENCRYPTIONS.iter().find(|(at, _)| *at == sequence) {
                assert_eq!(hex::encode(&ciphertext), *published, "{sequence}");
            }
            assert_eq!(receiver.open(&ciphertext, associated_data.as_bytes()).unwrap(), plaintext);
        }
    }

    #[test]
    fn a_secret_reaches_its_holder_and_nobody_else() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let holder = ReceiveSecret::generate(&mut rng);
        let other = ReceiveSecret::generate(&mut rng);
        let secret = Secret::new([7; 32]);
        let sealed = SealedSecret::seal(&holder.public(), b"for this", &secret, &mut rng).unwrap();
        assert_eq!(sealed.open(&holder, b"for this").unwrap(), secret);
        assert_eq!(sealed.open(&holder, b"for that").unwrap_err(), Refused);
        assert_eq!(sealed.open(&other, b"for this").unwrap_err(), Refused);
    }

    /// The points of order 1, 2, 4 and 8 of RFC 7748's curve, u-coordinates 0, 1 and p - 1 among them.
    #[test]
    fn keys_of_small_order_are_refused() {
        let mut minus_one = [0xff; 32];
        minus_one[0] = 0xec;
        minus_one[31] = 0x7f;
        let mut one = [0; 32];
        one[0] = 1;
        for weak in [[0; 32], one, minus_one] {
            let mut rng = ChaCha20Rng::seed_from_u64(1);
            let sealed = SealedSecret::seal(&ReceiveKey(weak), b"", &Secret::new([7; 32]), &mut rng);
            assert_eq!(sealed.unwrap_err(), WeakKey);
        }
    }
}
