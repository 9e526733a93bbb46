//! Keys that only this service has, all made from one file below the home folder: for what is derived the same way
//! every time, and for what is kept encrypted.

use std::{fmt, sync::Arc};

use anyhow::{anyhow, ensure};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::{Hmac, Mac as _};
use kernel::{
    Chance,
    config::{Mode, Settings},
    keys::secret_in_file,
};
use sha2::Sha256;
use shared_types::AccountId;

/// Bytes of the nonce in front of what is sealed.
const NONCE: usize = 24;

/// The keys. They cannot be printed.
#[derive(Clone)]
pub struct Secrets(Arc<[u8; 32]>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secrets]")
    }
}

impl Secrets {
    /// From the file; in development it is made at the first start.
    ///
    /// # Errors
    /// When the file cannot be read or made, or is missing in production, which generates no keys.
    pub fn open(settings: &Settings, chance: &Chance) -> anyhow::Result<Self> {
        let path = settings.home.join("keys").join("users-secret-key");
        ensure!(
            settings.mode == Mode::Development || path.exists(),
            "production generates no keys: put 32 random bytes into {}, readable by this process only",
            path.display()
        );
        Ok(Self(Arc::new(secret_in_file(&path, chance)?)))
    }

    /// The salt for an address that nobody has an account with: random to look at, the same every time.
    pub fn pretended_salt(&self, email_lower: &str) -> [u8; 16] {
        let mac = self.mac("pretended salt", email_lower.as_bytes());
        let mut salt = [0; 16];
        salt.copy_from_slice(&mac[..16]);
        salt
    }

    /// What stands for an address where the address itself need not be kept.
    pub fn subject(&self, email_lower: &str) -> [u8; 32] {
        self.mac("sign-in attempts", email_lower.as_bytes())
    }

    /// The same where letters to an address are counted.
    pub fn letters(&self, email_lower: &str) -> [u8; 32] {
        self.mac("letters", email_lower.as_bytes())
    }

    /// Encrypts what belongs to one account.
    ///
    /// # Errors
    /// Never with secrets of a few bytes; the cipher refuses only what is gigabytes long.
    pub fn seal(&self, account_id: AccountId, secret: &[u8], chance: &Chance) -> anyhow::Result<Vec<u8>> {
        let nonce: [u8; NONCE] = chance.bytes();
        let payload = Payload { msg: secret, aad: account_id.0.as_bytes() };
        let sealed =
            self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow!("sealing a secret"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts it.
    ///
    /// # Errors
    /// When it was sealed with another key or for another account, or changed since.
    pub fn open_sealed(&self, account_id: AccountId, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let (nonce, sealed) =
            sealed.split_first_chunk::<NONCE>().ok_or_else(|| anyhow!("a sealed secret is short"))?;
        let payload = Payload { msg: sealed, aad: account_id.0.as_bytes() };
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| anyhow!("a sealed secret does not open with the key in users-secret-key"))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.mac("sealed secrets", &[]).into())
    }

    /// HMAC (RFC 2104) of a purpose and a text, so that no two purposes share a value.
    fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, sync::Arc};

    use kernel::Chance;
    use shared_types::AccountId;
    use uuid::Uuid;

    use super::{NONCE, Secrets};

    fn account(number: u128) -> AccountId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn a_pretended_salt_is_the_same_every_time_and_another_for_another_address() {
        let secrets = Secrets(Arc::new([1; 32]));
        assert_eq!(secrets.pretended_salt("a@b.co"), secrets.pretended_salt("a@b.co"));
        assert_ne!(secrets.pretended_salt("a@b.co"), secrets.pretended_salt("a@b.cc"));
        assert_ne!(secrets.pretended_salt("a@b.co"), Secrets(Arc::new([2; 32])).pretended_salt("a@b.co"));
        assert_ne!(secrets.pretended_salt("a@b.co")[..], secrets.subject("a@b.co")[..16]);
    }

    #[test]
    fn no_two_secrets_are_sealed_with_one_nonce() {
        let secrets = Secrets(Arc::new([1; 32]));
        let sealed =
            (0..2_000).map(|_| secrets.seal(account(1), b"shared secret", &Chance::system()).unwrap());
        let nonces: HashSet<_> = sealed.map(|sealed| sealed[..NONCE].to_vec()).collect();
        assert_eq!(nonces.len(), 2_000);
    }

    #[test]
    fn what_is_sealed_opens_for_its_account_and_unchanged_only() {
        let secrets = Secrets(Arc::new([1; 32]));
        let sealed = secrets.seal(account(1), b"shared secret", &Chance::seeded(1)).unwrap();
        assert_eq!(secrets.open_sealed(account(1), &sealed).unwrap(), b"shared secret");
        assert!(secrets.open_sealed(account(2), &sealed).is_err());
        assert!(Secrets(Arc::new([2; 32])).open_sealed(account(1), &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(secrets.open_sealed(account(1), &changed).is_err(), "byte {at}");
        }
        assert!(secrets.open_sealed(account(1), &sealed[..10]).is_err());
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secrets(Arc::new([1; 32]))), "[secrets]");
    }
}
