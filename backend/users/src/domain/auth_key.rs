//! The key a browser makes of a password and sends, and what we keep of it.
//!
//! It is already the outcome of a slow hash in the browser and has 256 bits, so our own hash need not be slow: it is
//! there so that a copy of the table does not sign anybody in.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Chance;
use shared_types::{personal::Personal, problem::FieldError};

/// Memory in KiB, passes and lanes of our own hash.
const COST: (u32, u32, u32) = (4096, 1, 1);

/// 32 bytes that prove a password.
#[derive(Clone)]
pub struct AuthKey([u8; 32]);

impl AuthKey {
    /// Reads base64url without padding.
    ///
    /// # Errors
    /// When it is not 32 bytes; names the field `pointer`.
    pub fn parse(text: &Personal<String>, pointer: &str) -> Result<Self, FieldError> {
        let bytes = URL_SAFE_NO_PAD.decode(text.expose()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| FieldError::new(pointer, "Send 32 bytes as base64url without padding"))
    }

    /// What is kept, as a PHC string. Takes milliseconds of a core, and so does [`Self::matches`].
    ///
    /// # Errors
    /// When there is no memory for it.
    pub async fn hash(self, chance: &Chance) -> anyhow::Result<String> {
        let salt: [u8; 16] = chance.bytes();
        let hashed = tokio::task::spawn_blocking(move || {
            hasher().hash_password_with_salt(&self.0, &salt).map(|hash: PasswordHash| hash.to_string())
        });
        Ok(hashed.await??)
    }

    /// Whether what is kept was made of this key; in a time that does not depend on how alike they are. Without
    /// anything kept the same work is done, and the answer is no.
    ///
    /// # Errors
    /// When what is kept is no PHC string.
    pub async fn matches(self, kept: Option<String>) -> anyhow::Result<bool> {
        let verified = tokio::task::spawn_blocking(move || match kept {
            Some(kept) => {
                let kept = PasswordHash::new(&kept)?;
                Ok::<_, argon2::password_hash::phc::Error>(hasher().verify_password(&self.0, &kept).is_ok())
            }
            None => {
                let nothing: Result<PasswordHash, _> = hasher().hash_password_with_salt(&self.0, &[0; 16]);
                std::hint::black_box(nothing.is_ok());
                Ok(false)
            }
        });
        Ok(verified.await??)
    }
}

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("our own costs are in bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use kernel::Chance;

    use super::AuthKey;

    #[tokio::test]
    async fn only_the_same_key_matches() {
        let chance = Chance::seeded(1);
        let kept = AuthKey([7; 32]).hash(&chance).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=4096,t=1,p=1$"), "{kept}");
        assert!(AuthKey([7; 32]).matches(Some(kept.clone())).await.unwrap());
        assert!(!AuthKey([8; 32]).matches(Some(kept.clone())).await.unwrap());
        assert!(!AuthKey([7; 32]).matches(None).await.unwrap());
        assert_ne!(AuthKey([7; 32]).hash(&chance).await.unwrap(), kept);
        assert!(AuthKey([7; 32]).matches(Some("nonsense".to_owned())).await.is_err());
    }

    #[test]
    fn keys_are_32_bytes_of_base64url() {
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned();
        assert!(AuthKey::parse(&key.clone().into(), "/auth_key").is_ok());
        for bad in [String::new(), "A".repeat(42), format!("{key}="), key.replace('A', "+")] {
            assert_eq!(AuthKey::parse(&bad.into(), "/auth_key").err().unwrap().pointer, "/auth_key");
        }
    }
}
