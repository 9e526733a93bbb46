//! What the vault holds, and what it answers.

use std::collections::BTreeMap;

use getrandom::{SysRng, rand_core::UnwrapErr};
use jiff::Timestamp;
use sealing::{
    account_key::AccountKey,
    book::{Book, LogHead},
    envelope::Sender,
    identity::{GuestKey, Identity},
    mailbox::Recovery,
    password::{KdfParameters, Password, PasswordKeys},
};
use shared_types::{
    AccountId, BookingId,
    users::Kdf,
    vault::{NoteContent, NoteContext, SealTo, VaultRefusal, VaultReply, VaultRequest},
};

use crate::{
    open, practice,
    refusal::{Refuses, Stop},
    seal, sight, text, trail,
};

/// The random source of the system or the browser; without one nothing is safe, so its failure ends the worker.
pub(crate) type Random = UnwrapErr<SysRng>;

/// Keys, while they are needed, and what was seen.
#[derive(Default)]
pub struct Vault {
    /// Of the password last typed.
    pub(crate) password: Option<PasswordKeys>,
    pub(crate) open: Option<Open>,
    /// What was seen while nobody's keys are open. It ends with the worker.
    unsealed: Book,
    /// What those without an account sign with: one key for each booking.
    guests: BTreeMap<BookingId, GuestKey>,
}

/// An account whose keys are open.
pub(crate) struct Open {
    pub account: AccountId,
    pub key: AccountKey,
    /// Signs and receives; what is sealed to this person opens with it.
    pub identity: Identity,
    /// What this browser remembers for the account.
    pub book: Book,
}

impl Open {
    /// The book, for the browser's storage.
    pub fn sealed_book(&self) -> String {
        text::encode(&self.book.seal(self.account, &self.key, &mut random()))
    }
}

impl Vault {
    /// Answers one request. `now` is the browser's time. A refusal changes nothing.
    pub fn answer(&mut self, request: VaultRequest, now: Timestamp) -> VaultReply {
        let answered = match request {
            VaultRequest::NewPassword { password } => {
                self.derive(password.into_inner(), KdfParameters::generate(&mut random()))
            }
            VaultRequest::Password { password, kdf } => self.derive_known(password.into_inner(), &kdf),
            VaultRequest::Standing => Ok(VaultReply::Standing { account_id: self.open_for() }),
            VaultRequest::Since => Ok(VaultReply::Since { since: self.book().key_log().map(LogHead::size) }),
            VaultRequest::CreateKeys { account_id, former } => self.create(account_id, former.as_ref(), now),
            VaultRequest::Unlock { account_id, with, keys, book } => {
                self.unlock(account_id, &with, &keys, book.as_deref())
            }
            VaultRequest::Rewrap => self.rewrap(),
            VaultRequest::WrapByPasskey { credential_id, prf } => {
                self.wrap_by_passkey(&credential_id, prf.expose())
            }
            VaultRequest::NewRecoveryCode => self.new_recovery_code(),
            VaultRequest::Look { keys } => {
                self.remembering(|vault, book| sight::look(vault.me(), book, &keys))
            }
            VaultRequest::Agree { subject, fingerprint } => {
                self.remembering(|_, book| sight::agree(book, subject, &fingerprint))
            }
            VaultRequest::Seal { context, note, to, guest } => self.seal(&context, note, &to, guest),
            VaultRequest::Open { notes, as_practice } => {
                self.with_keys(|me, book| open::open(me, book, &notes, as_practice))
            }
            VaultRequest::BeginEpoch { mailbox, remove, renew_recovery } => {
                let recovery = if renew_recovery { Recovery::Renew } else { Recovery::Keep };
                self.with_keys(|me, book| practice::begin(me, book, &mailbox, remove, recovery, now))
            }
            VaultRequest::GiveKeys { mailbox, to } => {
                self.with_keys(|me, book| practice::give(me, book, &mailbox, &to))
            }
            VaultRequest::RecoverMailbox { mailbox, shares } => {
                self.with_keys(|me, book| practice::recover(me, book, &mailbox, &shares, now))
            }
            VaultRequest::AuditSince { service } => {
                Ok(VaultReply::Since { since: self.book().audit_log_of(&service).map(LogHead::size) })
            }
            VaultRequest::CheckTrail { service, trail } => {
                self.remembering(|_, book| trail::check(book, &service, trail))
            }
            VaultRequest::Lock => {
                *self = Self::default();
                Ok(VaultReply::Locked)
            }
        };
        answered.unwrap_or_else(|why| VaultReply::Refused { why })
    }

    /// Whose keys are open.
    pub fn open_for(&self) -> Option<AccountId> {
        self.open.as_ref().map(|open| open.account)
    }

    fn derive_known(&mut self, password: String, kdf: &Kdf) -> Result<VaultReply, VaultRefusal> {
        self.derive(password, text::parameters(kdf)?)
    }

    fn derive(&mut self, password: String, parameters: KdfParameters) -> Result<VaultReply, VaultRefusal> {
        let password = Password::new(password).map_err(Refuses::refusal)?;
        let keys = password.derive(&parameters).map_err(Refuses::refusal)?;
        let auth_key = text::encode(keys.auth().expose()).into();
        self.password = Some(keys);
        Ok(VaultReply::Derived { kdf: text::kdf(&parameters), auth_key })
    }

    /// A guest's key is kept, so that what they send later comes from the same.
    fn seal(
        &mut self,
        context: &NoteContext,
        note: NoteContent,
        to: &SealTo,
        guest: bool,
    ) -> Result<VaultReply, VaultRefusal> {
        if !guest {
            return self.with_keys(|me, book| seal::seal(&Sender::Account(me), book, context, note, to));
        }
        let key = self.guests.get(&context.booking_id).cloned();
        let key = key.unwrap_or_else(|| GuestKey::generate(&mut random()));
        let sealed = self.remembering(|_, book| seal::seal(&Sender::Guest(&key), book, context, note, to))?;
        if matches!(sealed, VaultReply::Sealed { .. }) {
            self.guests.insert(context.booking_id, key);
        }
        Ok(sealed)
    }

    fn me(&self) -> Option<&Identity> {
        self.open.as_ref().map(|open| &open.identity)
    }

    fn book(&self) -> &Book {
        self.open.as_ref().map_or(&self.unsealed, |open| &open.book)
    }

    fn book_mut(&mut self) -> &mut Book {
        self.open.as_mut().map_or(&mut self.unsealed, |open| &mut open.book)
    }

    fn with_keys(
        &mut self,
        act: impl FnOnce(&Identity, &mut Book) -> Result<VaultReply, Stop>,
    ) -> Result<VaultReply, VaultRefusal> {
        self.remembering(|vault, book| act(vault.me().ok_or(VaultRefusal::Locked)?, book))
    }

    /// Acts on a copy of the book, which takes the book's place unless the act is refused.
    fn remembering(
        &mut self,
        act: impl FnOnce(&Self, &mut Book) -> Result<VaultReply, Stop>,
    ) -> Result<VaultReply, VaultRefusal> {
        let mut book = self.book().clone();
        let mut reply = match act(self, &mut book) {
            Ok(reply) => reply,
            Err(Stop::Changed(keys)) => VaultReply::Changed { keys, book: None },
            Err(Stop::Refused(why)) => return Err(why),
        };
        if book != *self.book() {
            *self.book_mut() = book;
            if let Some(place) = place_for_book(&mut reply) {
                *place = self.open.as_ref().map(Open::sealed_book);
            }
        }
        Ok(reply)
    }
}

fn place_for_book(reply: &mut VaultReply) -> Option<&mut Option<String>> {
    match reply {
        VaultReply::Created { book, .. }
        | VaultReply::Unlocked { book }
        | VaultReply::Seen { book, .. }
        | VaultReply::Sealed { book, .. }
        | VaultReply::Opened { book, .. }
        | VaultReply::EpochBegun { book, .. }
        | VaultReply::KeysGiven { book, .. }
        | VaultReply::Recovered { book, .. }
        | VaultReply::TrailChecked { book, .. }
        | VaultReply::Changed { book, .. } => Some(book),
        VaultReply::Derived { .. }
        | VaultReply::Standing { .. }
        | VaultReply::Since { .. }
        | VaultReply::Rewrapped { .. }
        | VaultReply::NewRecoveryCode { .. }
        | VaultReply::Locked
        | VaultReply::Refused { .. } => None,
    }
}

pub(crate) fn random() -> Random {
    UnwrapErr(SysRng)
}
