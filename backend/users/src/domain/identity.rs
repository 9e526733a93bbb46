//! A person's new keys as a browser publishes them: everything belongs together and to the account.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use sealing::{
    account_key::{Door, WrappedAccountKey},
    directory::{Statement, VerifiedLeaf},
    identity::{IdentityKeys, WrappedIdentity},
};
use shared_types::{
    AccountId, Problem,
    problem::FieldError,
    users::{self, PutIdentity, WrappedBy},
};

use super::{
    credentials::{self, Blob},
    leaf,
};

/// New keys.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    /// Copies of the account key that wraps the private halves.
    pub account_key: Vec<Blob>,
    /// The public halves.
    pub keys: IdentityKeys,
    /// The private halves, wrapped.
    pub wrapped: Vec<u8>,
    /// The leaf for the directory.
    pub leaf: VerifiedLeaf,
}

impl NewIdentity {
    /// Reads them for an account.
    ///
    /// # Errors
    /// 422 with the part that cannot be read or is another's.
    pub fn read(account_id: AccountId, body: &PutIdentity, now: Timestamp) -> Result<Self, Problem> {
        let account_key = read_account_key(account_id, body)?;
        let identity = &body.keys.identity;
        let keys = credentials::bytes(&identity.public).and_then(|bytes| IdentityKeys::parse(&bytes).ok());
        let keys = keys.filter(|keys| keys.account() == account_id);
        let keys = keys.ok_or_else(|| invalid("/keys/identity/public", "Send this account's public keys"))?;
        let wrapped = credentials::bytes(&identity.wrapped).filter(|bytes| {
            WrappedIdentity::parse(bytes)
                .is_ok_and(|wrapped| wrapped.account() == account_id && wrapped.key_id() == keys.key_id())
        });
        let wrapped =
            wrapped.ok_or_else(|| invalid("/keys/identity/wrapped", "Send these keys' private halves"))?;
        let leaf = leaf::read(&body.leaf, now)?;
        match leaf.statement() {
            Statement::Account(published) if **published == keys => {}
            Statement::Account(_) | Statement::Practice(_) => {
                return Err(leaf::invalid("It publishes other keys than those that come with it"));
            }
        }
        Ok(Self { account_key, keys, wrapped, leaf })
    }
}

fn read_account_key(account_id: AccountId, body: &PutIdentity) -> Result<Vec<Blob>, Problem> {
    const POINTER: &str = "/keys/account_key";
    let blobs = Blob::parse_all(&body.keys.account_key, POINTER).map_err(Problem::invalid)?;
    if blobs.is_empty() {
        return Err(invalid(POINTER, "Send at least one copy: without it nobody opens the keys"));
    }
    if !blobs.iter().all(|blob| is_of(account_id, blob)) {
        return Err(invalid(POINTER, "Send copies that were wrapped for this account, each by what it says"));
    }
    Ok(blobs)
}

/// Whether a copy says that it is the account's and wrapped by what it is said to be wrapped by. Whether it opens, only its
/// owner can tell.
fn is_of(account_id: AccountId, blob: &Blob) -> bool {
    let Ok(wrapped) = WrappedAccountKey::parse(&blob.bytes) else { return false };
    let kind = match wrapped.door() {
        Door::Password(_) => WrappedBy::Password,
        Door::Passkey(_) => WrappedBy::Passkey,
        Door::RecoveryCode => WrappedBy::Recovery,
    };
    wrapped.account() == account_id && blob.kind == kind
}

/// Keys as their owner gets them back.
pub fn view(keys: &IdentityKeys, wrapped: &[u8]) -> users::IdentityKeys {
    users::IdentityKeys {
        public: URL_SAFE_NO_PAD.encode(keys.to_bytes()),
        wrapped: URL_SAFE_NO_PAD.encode(wrapped),
    }
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, detail)])
}
