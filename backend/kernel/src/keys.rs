//! Ed25519 keys: one to sign with, and the public keys of others as they are learned.

use std::{fs, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff_sqlx::ToSqlx;
use sha2::{Digest, Sha256};
use shared_types::users::SigningKey as PublishedKey;
use sqlx::PgConnection;

use crate::{Chance, Core};

/// A key to sign with. Its name is the start of its public key's hash, so equal names mean equal keys.
#[derive(Clone)]
pub struct Signer {
    key: Arc<SigningKey>,
    kid: String,
}

impl Signer {
    /// A new key.
    pub fn generate(chance: &Chance) -> Self {
        Self::from_seed(&chance.bytes())
    }

    /// The key in a file, made there (readable by its owner only) when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold 32 bytes.
    pub fn in_file(path: &Path, chance: &Chance) -> Result<Self> {
        Ok(Self::from_seed(&secret_in_file(path, chance)?))
    }

    fn from_seed(seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let kid = hex::encode(&Sha256::digest(key.verifying_key().as_bytes())[..8]);
        Self { key: Arc::new(key), kid }
    }

    /// The key's name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// A signature, base64url without padding.
    pub fn sign(&self, message: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.key.sign(message).to_bytes())
    }

    /// What others need to verify.
    pub fn published(&self, issuer: &str) -> PublishedKey {
        PublishedKey {
            kid: self.kid.clone(),
            issuer: issuer.to_owned(),
            public_key: URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes()),
        }
    }
}

/// The 32 secret bytes in a file, made there (readable by its owner only) when there is none. Of several processes that
/// start at once one makes the file and the others read it, whole.
///
/// # Errors
/// When the file cannot be read or made, or does not hold 32 bytes.
pub fn secret_in_file(path: &Path, chance: &Chance) -> Result<[u8; 32]> {
    if !path.exists() {
        make_secret(path, chance).with_context(|| format!("making {}", path.display()))?;
    }
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    bytes.as_slice().try_into().ok().with_context(|| format!("{} should hold 32 bytes", path.display()))
}

/// Writes the bytes beside the file and then gives them its name, which only one process can.
fn make_secret(path: &Path, chance: &Chance) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(hex::encode(chance.bytes::<8>()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    std::io::Write::write_all(&mut file, &chance.bytes::<32>())?;
    file.sync_all()?;
    let named = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        named => named,
    };
    fs::remove_file(&draft)?;
    named
}

/// Whether a signature is by that public key; strict, so that weak keys prove nothing.
pub fn verify(public_key: &[u8; 32], message: &[u8], signature: &str) -> bool {
    let signature =
        URL_SAFE_NO_PAD.decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    match (VerifyingKey::from_bytes(public_key), signature) {
        (Ok(key), Some(signature)) => key.verify_strict(message, &signature).is_ok(),
        _ => false,
    }
}

/// Keeps a public key as an event told it.
///
/// # Errors
/// When the key is malformed or the row cannot be written.
pub async fn learn(conn: &mut PgConnection, core: &Core, key: &PublishedKey) -> Result<()> {
    let public_key = URL_SAFE_NO_PAD.decode(&key.public_key).context("a public key is base64url")?;
    sqlx::query(
        "insert into signing_key (kid, issuer, public_key, learned_at) values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(&key.kid)
    .bind(&key.issuer)
    .bind(public_key)
    .bind(core.now().to_sqlx())
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Signer, verify};
    use crate::Chance;

    #[test]
    fn a_signature_is_good_for_its_message_and_key_only() {
        let signer = Signer::generate(&Chance::seeded(1));
        let other = Signer::generate(&Chance::seeded(2));
        let signature = signer.sign(b"85 dollars");
        let key = signer.key.verifying_key().to_bytes();
        assert!(verify(&key, b"85 dollars", &signature));
        assert!(!verify(&key, b"86 dollars", &signature));
        assert!(!verify(&other.key.verifying_key().to_bytes(), b"85 dollars", &signature));
        assert!(!verify(&key, b"85 dollars", "not base64!"));
        assert!(!verify(&[0; 32], b"85 dollars", &signature));
    }
}
