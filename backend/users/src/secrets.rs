//! Keys that only this service has, all made from one file below the home folder: for what is derived the same way
//! every time, and for what is kept encrypted.

use std::{fmt, sync::Arc};

use anyhow::Context as _;
use hmac::{Hmac, Mac as _};
use kernel::{
    Chance,
    column_cipher::{ColumnCipher, Place},
    config::Settings,
    keys::secret_in_file,
};
use sha2::Sha256;
use shared_types::AccountId;

/// The keys. They cannot be printed.
#[derive(Clone)]
pub struct Secrets {
    key: Arc<[u8; 32]>,
    /// Under a key that is made from it.
    cipher: ColumnCipher,
}

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
        settings.mode.check_key(&path)?;
        Ok(Self::of(secret_in_file(&path, chance)?))
    }

    fn of(key: [u8; 32]) -> Self {
        let cipher = ColumnCipher::of(&mac(&key, "sealed secrets", &[]), &[]);
        Self { key: Arc::new(key), cipher }
    }

    /// The salt for an address that nobody has an account with: random to look at, the same every time.
    pub fn pretended_salt(&self, email_lower: &str) -> [u8; 16] {
        let mac = mac(&self.key, "pretended salt", email_lower.as_bytes());
        let mut salt = [0; 16];
        salt.copy_from_slice(&mac[..16]);
        salt
    }

    /// What stands for an address where the address itself need not be kept.
    pub fn subject(&self, email_lower: &str) -> [u8; 32] {
        mac(&self.key, "sign-in attempts", email_lower.as_bytes())
    }

    /// The same where letters to an address are counted.
    pub fn letters(&self, email_lower: &str) -> [u8; 32] {
        mac(&self.key, "letters", email_lower.as_bytes())
    }

    /// Encrypts what belongs to one account.
    pub fn seal(&self, account_id: AccountId, secret: &[u8], chance: &Chance) -> Vec<u8> {
        self.cipher.seal(chance, Place::Id(account_id.0), secret)
    }

    /// Decrypts it.
    ///
    /// # Errors
    /// When it was sealed with another key or for another account, or changed since.
    pub fn open_sealed(&self, account_id: AccountId, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.cipher
            .open(self.cipher.key_id(), Place::Id(account_id.0), sealed)
            .context("opening an authenticator secret with the key in users-secret-key")
    }
}

/// HMAC (RFC 2104) of a purpose and a text, so that no two purposes share a value.
fn mac(key: &[u8; 32], purpose: &str, text: &[u8]) -> [u8; 32] {
    let mut mac =
        <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(text);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use kernel::Chance;
    use shared_types::AccountId;
    use uuid::Uuid;

    use super::Secrets;

    fn account(number: u128) -> AccountId {
        Uuid::from_u128(number).into()
    }

    #[test]
    fn a_pretended_salt_is_the_same_every_time_and_another_for_another_address() {
        let secrets = Secrets::of([1; 32]);
        assert_eq!(secrets.pretended_salt("a@b.co"), secrets.pretended_salt("a@b.co"));
        assert_ne!(secrets.pretended_salt("a@b.co"), secrets.pretended_salt("a@b.cc"));
        assert_ne!(secrets.pretended_salt("a@b.co"), Secrets::of([2; 32]).pretended_salt("a@b.co"));
        assert_ne!(secrets.pretended_salt("a@b.co")[..], secrets.subject("a@b.co")[..16]);
    }

    #[test]
    fn what_is_sealed_opens_for_its_account_and_unchanged_only() {
        let secrets = Secrets::of([1; 32]);
        let sealed = secrets.seal(account(1), b"shared secret", &Chance::seeded(1));
        assert_eq!(secrets.open_sealed(account(1), &sealed).unwrap(), b"shared secret");
        assert!(secrets.open_sealed(account(2), &sealed).is_err());
        let other = Secrets::of([2; 32]).open_sealed(account(1), &sealed).unwrap_err();
        assert!(other.to_string().contains("users-secret-key"), "{other:#}");
        let mut changed = sealed.clone();
        changed[30] ^= 1;
        assert!(secrets.open_sealed(account(1), &changed).is_err());
        assert!(secrets.open_sealed(account(1), &sealed[..10]).is_err());
    }

    #[test]
    fn what_is_stored_opens_in_every_later_version() {
        let nonce: Vec<u8> = (0..24).collect();
        let sealed: [u8; 29] = [
            0x86, 0xd9, 0x13, 0xe1, 0x0b, 0x8f, 0x9b, 0x29, 0xf4, 0x08, 0x2d, 0x2b, 0x6e, 0x8e, 0x82, 0x50,
            0x50, 0x98, 0x4d, 0x02, 0x34, 0xb8, 0x39, 0xe7, 0x65, 0xd8, 0x73, 0x8e, 0xff,
        ];
        let opened = Secrets::of([1; 32]).open_sealed(account(1), &[nonce.as_slice(), &sealed].concat());
        assert_eq!(opened.unwrap(), b"shared secret");
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secrets::of([1; 32])), "[secrets]");
    }
}
