//! The public halves of a person's keys.

use shared_types::AccountId;
use uuid::Uuid;

use crate::{
    labels::{IDENTITY_BINDING, IDENTITY_KEY_ID},
    suite::{
        KeyId, Magic, digest,
        hpke::ReceiveKey,
        signing::{SignSecret, Signature, VerifyKey},
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMik", "a person's public keys");

/// The public halves. The signing key vouches for the receiving one and for the account, so that nobody can publish a
/// mixture; whether they are truly this person's is for the directory and the fingerprint to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityKeys {
    account: AccountId,
    receive: ReceiveKey,
    sign: VerifyKey,
    binding: Signature,
}

/// Why public keys are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityKeysError {
    /// They cannot be read.
    #[error("the public keys cannot be read")]
    Parse(#[from] ParseError),
    /// The signing key does not vouch for the receiving one and this account.
    #[error("the public keys do not belong together")]
    Mixed,
}

impl IdentityKeys {
    pub(super) fn bind(account: AccountId, receive: ReceiveKey, sign: &SignSecret) -> Self {
        let public = sign.public();
        let binding = sign.sign(IDENTITY_BINDING, &bound(account, &receive, &public));
        Self { account, receive, sign: public, binding }
    }

    /// Whose they are.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// What is sealed to.
    pub fn receive(&self) -> &ReceiveKey {
        &self.receive
    }

    /// What signatures are checked with.
    pub fn sign(&self) -> &VerifyKey {
        &self.sign
    }

    /// The name of the pair.
    pub fn key_id(&self) -> KeyId {
        KeyId(digest::hash(IDENTITY_KEY_ID, &[&bound(self.account, &self.receive, &self.sign)]))
    }

    /// What is published.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        MAGIC.write(&mut writer);
        self.write(&mut writer);
        writer.finish()
    }

    /// Reads what was published and checks that it belongs together.
    ///
    /// # Errors
    /// [`IdentityKeysError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityKeysError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let keys = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(keys)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.raw(&bound(self.account, &self.receive, &self.sign));
        self.binding.write(writer);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityKeysError> {
        let account = AccountId(Uuid::from_bytes(reader.array()?));
        let receive = ReceiveKey::read(reader)?;
        let sign = VerifyKey::read(reader)?;
        let signature = Signature::read(reader)?;
        sign.verify(IDENTITY_BINDING, &bound(account, &receive, &sign), &signature)
            .map_err(|_| IdentityKeysError::Mixed)?;
        Ok(Self { account, receive, sign, binding: signature })
    }
}

/// Keys that are known to be a person's: pinned by this browser ([`crate::directory::Pin::account`]), or one's own.
/// Nothing is sealed or given to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedKeys(IdentityKeys);

impl TrustedKeys {
    pub(crate) fn new(keys: IdentityKeys) -> Self {
        Self(keys)
    }

    /// The keys.
    pub fn keys(&self) -> &IdentityKeys {
        &self.0
    }
}

/// What belongs together: account, receiving key, signing key.
fn bound(account: AccountId, receive: &ReceiveKey, sign: &VerifyKey) -> [u8; 80] {
    let mut bytes = [0; 80];
    bytes[..16].copy_from_slice(account.0.as_bytes());
    bytes[16..48].copy_from_slice(&receive.0);
    bytes[48..].copy_from_slice(sign.as_bytes());
    bytes
}
