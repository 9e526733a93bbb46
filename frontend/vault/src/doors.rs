//! Making keys, and the doors to them: a password, a printed code, a passkey.

use jiff::Timestamp;
use sealing::{
    account_key::{AccountKey, DoorKey, MAX_CREDENTIAL, RecoveryCode, WrappedAccountKey},
    book::Book,
    directory::{Leaf, Pin, Subject, VerifiedLeaf},
    identity::{Identity, WrappedIdentity},
};
use shared_types::{
    AccountId,
    users::{AccountKeys, PublishedKeys, PutIdentity, WrappedBy},
    vault::{Door, VaultRefusal, VaultReply},
};

use crate::{
    log,
    refusal::{self, Refuses},
    text,
    vault::{Open, Vault, random},
};

impl Vault {
    /// Makes an account's keys. Where they replace others, whose private halves are lost, nobody vouches for them: who
    /// knew the others is asked.
    pub(crate) fn create(
        &mut self,
        account: AccountId,
        former: Option<&PublishedKeys>,
        now: Timestamp,
    ) -> Result<VaultReply, VaultRefusal> {
        let password = self.password_door()?;
        let mut book = Book::default();
        let previous = former.map(|former| published(&mut book, account, former)).transpose()?;
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
        // A clock that is behind must not make the new keys older than the former.
        let now = previous.as_ref().map_or(now, |previous| now.max(previous.at()));
        let leaf = Leaf::account(&identity, previous.as_ref(), None, now);
        let published = text::encode(&leaf.to_bytes());
        let leaf = leaf.verify().map_err(Refuses::refusal)?;
        book.set_pin(Pin::Unknown.observe(&leaf).map_err(Refuses::refusal)?);
        let open = Open { account, key, identity, book };
        let book = Some(open.sealed_book());
        self.open = Some(open);
        Ok(VaultReply::Created {
            identity: PutIdentity { keys, leaf: published },
            recovery_code: code.print().expose().to_owned().into(),
            book,
        })
    }

    /// Opens the keys through one door. What the server keeps is believed only as far as it opens.
    pub(crate) fn unlock(
        &mut self,
        account: AccountId,
        with: &Door,
        keys: &AccountKeys,
        stored: Option<&str>,
    ) -> Result<VaultReply, VaultRefusal> {
        let (kind, door) = match with {
            Door::Password => (WrappedBy::Password, self.password_door()?),
            Door::RecoveryCode { code } => {
                let code = RecoveryCode::read(code.expose()).map_err(refusal::code)?;
                (WrappedBy::Recovery, DoorKey::recovery_code(account, &code))
            }
            Door::Passkey { credential_id, prf } => {
                (WrappedBy::Passkey, passkey_door(account, credential_id, prf.expose())?)
            }
        };
        let key = account_key(account, keys, kind, &door)?;
        let wrapped = WrappedIdentity::parse(&text::decode(&keys.identity.wrapped)?);
        let identity = wrapped.map_err(Refuses::refusal)?.unwrap(account, &key).map_err(Refuses::refusal)?;
        // Somebody who shows other people a key of their own in this person's name is found out here.
        if text::decode(&keys.identity.public)? != identity.keys().to_bytes() {
            return Err(VaultRefusal::Damaged);
        }
        let read = stored.and_then(|stored| read_book(stored, account, &key));
        let replaces = stored.is_some() && read.is_none();
        let book = read.or_else(|| self.present_book(account, &key)).unwrap_or_default();
        let open = Open { account, key, identity, book };
        // One that does not open is put out of the way at once.
        let book = replaces.then(|| open.sealed_book());
        self.open = Some(open);
        Ok(VaultReply::Unlocked { book })
    }

    pub(crate) fn rewrap(&self) -> Result<VaultReply, VaultRefusal> {
        let (open, door) = (self.opened()?, self.password_door()?);
        let key = WrappedAccountKey::wrap(open.account, &open.key, &door, &mut random());
        Ok(VaultReply::Rewrapped { wrapped: text::wrapped(WrappedBy::Password, &key) })
    }

    pub(crate) fn wrap_by_passkey(&self, credential_id: &str, prf: &str) -> Result<VaultReply, VaultRefusal> {
        let open = self.opened()?;
        let door = passkey_door(open.account, credential_id, prf)?;
        let key = WrappedAccountKey::wrap(open.account, &open.key, &door, &mut random());
        Ok(VaultReply::Rewrapped { wrapped: text::wrapped(WrappedBy::Passkey, &key) })
    }

    pub(crate) fn new_recovery_code(&self) -> Result<VaultReply, VaultRefusal> {
        let open = self.opened()?;
        let code = RecoveryCode::generate(&mut random());
        let door = DoorKey::recovery_code(open.account, &code);
        let key = WrappedAccountKey::wrap(open.account, &open.key, &door, &mut random());
        Ok(VaultReply::NewRecoveryCode {
            wrapped: text::wrapped(WrappedBy::Recovery, &key),
            recovery_code: code.print().expose().to_owned().into(),
        })
    }

    fn opened(&self) -> Result<&Open, VaultRefusal> {
        self.open.as_ref().ok_or(VaultRefusal::Locked)
    }

    fn password_door(&self) -> Result<DoorKey, VaultRefusal> {
        self.password.as_ref().map(DoorKey::password).ok_or(VaultRefusal::Locked)
    }

    /// What is remembered already, when the same keys are opened once more.
    fn present_book(&self, account: AccountId, key: &AccountKey) -> Option<Book> {
        let present = self.open.as_ref().filter(|open| open.account == account && open.key == *key)?;
        Some(present.book.clone())
    }
}

/// The account's former leaf, in the log that the new book begins with.
fn published(
    book: &mut Book,
    account: AccountId,
    former: &PublishedKeys,
) -> Result<VerifiedLeaf, VaultRefusal> {
    let checkpoint = log::enter(book, &former.head)?;
    let leaf = log::leaf(&former.entry, &checkpoint)?;
    if leaf.subject() == Subject::Account(account) { Ok(leaf) } else { Err(VaultRefusal::ForeignKeys) }
}

fn passkey_door(account: AccountId, credential_id: &str, prf: &str) -> Result<DoorKey, VaultRefusal> {
    let credential = text::decode(credential_id)?;
    if !(1..=MAX_CREDENTIAL).contains(&credential.len()) {
        return Err(VaultRefusal::Damaged);
    }
    Ok(DoorKey::passkey(account, &credential, &text::secret(prf)?))
}

/// Of several passkeys each has a copy of its own, and the door says which is meant.
fn account_key(
    account: AccountId,
    keys: &AccountKeys,
    kind: WrappedBy,
    door: &DoorKey,
) -> Result<AccountKey, VaultRefusal> {
    let mut why = VaultRefusal::WrongKey;
    for copy in keys.account_key.iter().filter(|copy| copy.kind == kind) {
        let wrapped = WrappedAccountKey::parse(&text::decode(&copy.blob)?).map_err(Refuses::refusal);
        match wrapped.and_then(|wrapped| wrapped.unwrap(account, door).map_err(Refuses::refusal)) {
            Ok(key) => return Ok(key),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// The book is the browser's own: one that another account left there, or that was damaged, is none.
fn read_book(stored: &str, account: AccountId, key: &AccountKey) -> Option<Book> {
    Book::open(&text::decode(stored).ok()?, account, key).ok()
}
