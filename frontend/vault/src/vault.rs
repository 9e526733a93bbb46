//! What the vault holds, and what it answers.

use getrandom::{SysRng, rand_core::UnwrapErr};
use sealing::{
    account_key::{AccountKey, DoorKey, RecoveryCode, UnwrapError, WrappedAccountKey},
    identity::{Identity, WrappedIdentity},
    password::{KdfParameters, Password, PasswordKeys},
};
use shared_types::{
    AccountId,
    users::{Kdf, WrappedBy},
    vault::{AccountKeys, VaultRefusal, VaultReply, VaultRequest},
};

use crate::text;

/// The random source of the system or the browser; without one nothing is safe, so its failure ends the worker.
type Random = UnwrapErr<SysRng>;

/// Keys, while they are needed.
#[derive(Default)]
pub struct Vault {
    /// Of the password last typed.
    password: Option<PasswordKeys>,
    open: Option<Open>,
}

/// An account whose keys are open.
struct Open {
    account: AccountId,
    key: AccountKey,
    /// Signs and receives; what is sealed to this person opens with it.
    identity: Identity,
}

impl Vault {
    /// Answers one request. A refusal changes nothing.
    pub fn answer(&mut self, request: VaultRequest) -> VaultReply {
        let answered = match request {
            VaultRequest::NewPassword { password } => {
                self.derive(password.into_inner(), KdfParameters::generate(&mut random()))
            }
            VaultRequest::Password { password, kdf } => self.derive_known(password.into_inner(), &kdf),
            VaultRequest::CreateKeys { account_id } => self.create(account_id),
            VaultRequest::Unlock { account_id, keys } => self.unlock(account_id, &keys),
            VaultRequest::Recover { account_id, code, keys } => {
                self.recover(account_id, code.expose(), &keys)
            }
            VaultRequest::Rewrap => self.rewrap(),
            VaultRequest::Lock => {
                *self = Self::default();
                Ok(VaultReply::Locked)
            }
        };
        answered.unwrap_or_else(|why| VaultReply::Refused { why })
    }

    /// Whose keys are open.
    pub fn open_for(&self) -> Option<AccountId> {
        self.open.as_ref().map(|open| open.identity.keys().account())
    }

    fn derive_known(&mut self, password: String, kdf: &Kdf) -> Result<VaultReply, VaultRefusal> {
        self.derive(password, text::parameters(kdf)?)
    }

    fn derive(&mut self, password: String, parameters: KdfParameters) -> Result<VaultReply, VaultRefusal> {
        let password = Password::new(password).map_err(|_| VaultRefusal::Password)?;
        let keys = password.derive(&parameters).map_err(|_| VaultRefusal::Derivation)?;
        let auth_key = text::encode(keys.auth().expose()).into();
        self.password = Some(keys);
        Ok(VaultReply::Derived { kdf: text::kdf(&parameters), auth_key })
    }

    fn create(&mut self, account: AccountId) -> Result<VaultReply, VaultRefusal> {
        let password = DoorKey::password(self.password.as_ref().ok_or(VaultRefusal::Locked)?);
        let rng = &mut random();
        let (key, identity, code) =
            (AccountKey::generate(rng), Identity::generate(account, rng), RecoveryCode::generate(rng));
        let recovery = DoorKey::recovery_code(account, &code);
        let doors = [(WrappedBy::Password, password), (WrappedBy::Recovery, recovery)];
        let account_key = doors
            .iter()
            .map(|(kind, door)| text::wrapped(*kind, &WrappedAccountKey::wrap(account, &key, door, rng)))
            .collect();
        let wrapped = WrappedIdentity::wrap(&identity, &key, rng);
        let keys = AccountKeys { account_key, identity: text::identity(&identity, &wrapped) };
        self.open = Some(Open { account, key, identity });
        Ok(VaultReply::Created { keys, recovery_code: code.print().expose().to_owned().into() })
    }

    fn unlock(&mut self, account: AccountId, keys: &AccountKeys) -> Result<VaultReply, VaultRefusal> {
        let door = DoorKey::password(self.password.as_ref().ok_or(VaultRefusal::Locked)?);
        self.enter(account, keys, WrappedBy::Password, &door)
    }

    fn recover(
        &mut self,
        account: AccountId,
        code: &str,
        keys: &AccountKeys,
    ) -> Result<VaultReply, VaultRefusal> {
        let code = RecoveryCode::read(code).map_err(|_| VaultRefusal::WrongKey)?;
        self.enter(account, keys, WrappedBy::Recovery, &DoorKey::recovery_code(account, &code))
    }

    /// Opens the keys through one door. What the server keeps is believed only as far as it opens.
    fn enter(
        &mut self,
        account: AccountId,
        keys: &AccountKeys,
        kind: WrappedBy,
        door: &DoorKey,
    ) -> Result<VaultReply, VaultRefusal> {
        let wrapped = keys.account_key.iter().find(|key| key.kind == kind).ok_or(VaultRefusal::Damaged)?;
        let wrapped =
            WrappedAccountKey::parse(&text::decode(&wrapped.blob)?).map_err(|_| VaultRefusal::Damaged)?;
        let key = wrapped.unwrap(account, door).map_err(|error| match error {
            UnwrapError::Refused | UnwrapError::OtherDoor => VaultRefusal::WrongKey,
            UnwrapError::OtherAccount => VaultRefusal::Damaged,
        })?;
        let identity = WrappedIdentity::parse(&text::decode(&keys.identity.wrapped)?)
            .map_err(|_| VaultRefusal::Damaged)?
            .unwrap(account, &key)
            .map_err(|_| VaultRefusal::Damaged)?;
        // Somebody who shows other people a key of their own in this person's name is found out here.
        if text::decode(&keys.identity.public)? != identity.keys().to_bytes() {
            return Err(VaultRefusal::Damaged);
        }
        self.open = Some(Open { account, key, identity });
        Ok(VaultReply::Unlocked)
    }

    fn rewrap(&mut self) -> Result<VaultReply, VaultRefusal> {
        let open = self.open.as_ref().ok_or(VaultRefusal::Locked)?;
        let door = DoorKey::password(self.password.as_ref().ok_or(VaultRefusal::Locked)?);
        let key = WrappedAccountKey::wrap(open.account, &open.key, &door, &mut random());
        Ok(VaultReply::Rewrapped { wrapped: text::wrapped(WrappedBy::Password, &key) })
    }
}

fn random() -> Random {
    UnwrapErr(SysRng)
}

#[cfg(test)]
mod tests;
