//! People with their browsers: a patient, an owner and a receptionist of a practice.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    account_key::{AccountKey, DoorKey, WrappedAccountKey},
    directory::Leaf,
    identity::{Identity, WrappedIdentity},
    secret::Secret,
};
use shared_types::{
    AccountId, BookingId, NoteId, OrganizationId,
    users::{AccountKeys, IdentityKeys, KeySubject, Mailbox, NoteAuthor, StaffRole, WrappedBy, WrappedKey},
    vault::{
        Door, NoteContent, NoteContext, OpenedNote, SealTo, SeenKeys, VaultRefusal, VaultReply, VaultRequest,
    },
};
use uuid::Uuid;
use vault::Vault;

use crate::server::Server;

pub const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0x10));
pub const BOOKING: BookingId = BookingId(Uuid::from_u128(0x30));
/// The reason for the visit.
pub const NOTE: NoteId = NoteId(Uuid::from_u128(0x40));
const CREDENTIAL: &[u8] = b"a passkey";
const PRF: [u8; 32] = [5; 32];

/// So many seconds after the world began.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_392_000 + seconds).unwrap()
}

pub fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

pub fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

pub fn note_id(number: u128) -> NoteId {
    NoteId(Uuid::from_u128(number))
}

pub fn refused(why: VaultRefusal) -> VaultReply {
    VaultReply::Refused { why }
}

pub fn reason() -> NoteContent {
    NoteContent::Reason { text: "a rash since Tuesday".to_owned().into() }
}

pub fn message(text: &str) -> NoteContent {
    NoteContent::Message { text: text.to_owned().into() }
}

pub fn context(note: NoteId, version: u32) -> NoteContext {
    NoteContext { booking_id: BOOKING, organization_id: PRACTICE, note_id: note, version }
}

/// Somebody with keys, and their browser.
pub struct Person {
    pub account: AccountId,
    /// As the server keeps them.
    pub keys: AccountKeys,
    /// What only the person has; tests use it to do what a vault would not.
    pub identity: Identity,
    pub vault: Vault,
    /// What the browser keeps for the account.
    pub book: Option<String>,
}

impl Person {
    /// With keys that are published.
    pub fn new(number: u128, server: &mut Server) -> Self {
        Self::with_seed(number, number as u64, server)
    }

    /// The same account with other keys.
    pub fn with_seed(number: u128, seed: u64, server: &mut Server) -> Self {
        let rng = &mut ChaCha20Rng::seed_from_u64(seed);
        let account = account(number);
        let (key, identity) = (AccountKey::generate(rng), Identity::generate(account, rng));
        let door = DoorKey::passkey(account, CREDENTIAL, &Secret::new(PRF));
        let wrapped = WrappedAccountKey::wrap(account, &key, &door, rng);
        let account_key = vec![WrappedKey {
            kind: WrappedBy::Passkey,
            passkey_id: None,
            blob: encode(&wrapped.to_bytes()),
        }];
        let wrapped = WrappedIdentity::wrap(&identity, &key, rng);
        let keys = AccountKeys {
            account_key,
            identity: IdentityKeys {
                public: encode(&identity.keys().to_bytes()),
                wrapped: encode(&wrapped.to_bytes()),
            },
        };
        server.publish(account, &encode(&Leaf::account(&identity, None, None, at(0)).to_bytes()));
        let mut person = Self { account, keys, identity, vault: Vault::default(), book: None };
        person.unlock();
        person
    }

    /// The page is loaded anew: what the browser keeps is all that is left.
    pub fn reload(&mut self) {
        self.vault = Vault::default();
        self.unlock();
    }

    fn unlock(&mut self) {
        let request = VaultRequest::Unlock {
            account_id: self.account,
            with: passkey(),
            keys: self.keys.clone(),
            book: self.book.clone(),
        };
        let reply = self.ask(request);
        assert!(matches!(reply, VaultReply::Unlocked { .. }), "{reply:?}");
    }

    /// Asks the vault, and keeps the book that comes with the answer.
    pub fn ask(&mut self, request: VaultRequest) -> VaultReply {
        let reply = self.vault.answer(request, at(100));
        if let Some(book) = book(&reply) {
            self.book = Some(book.to_owned());
        }
        reply
    }

    pub fn since(&mut self) -> Option<u64> {
        since(&mut self.vault)
    }

    /// Insists that a request is refused for this reason, and that nothing has changed.
    pub fn is_refused(&mut self, request: VaultRequest, why: VaultRefusal) {
        let before = (self.since(), self.book.clone());
        assert_eq!(self.ask(request), refused(why));
        assert_eq!((self.since(), self.book.clone()), before);
        assert_eq!(self.vault.open_for(), Some(self.account));
    }

    pub fn seal_to(&mut self, server: &Server, as_practice: bool) -> SealTo {
        let since = self.since();
        server.seal_to(Some(self.account), as_practice, since)
    }

    pub fn seal(
        &mut self,
        server: &Server,
        context: NoteContext,
        note: NoteContent,
        as_practice: bool,
    ) -> VaultReply {
        let to = self.seal_to(server, as_practice);
        self.ask(VaultRequest::Seal { context, note, to, guest: false })
    }

    /// Seals and sends.
    pub fn write(&mut self, server: &mut Server, context: NoteContext, note: NoteContent, as_practice: bool) {
        let reply = self.seal(server, context, note, as_practice);
        let account_id = self.account;
        let author = if as_practice {
            NoteAuthor::Practice { account_id }
        } else {
            NoteAuthor::Patient { account_id }
        };
        server.put(author, &envelope(reply));
    }

    pub fn open(&mut self, server: &Server, as_practice: bool) -> VaultReply {
        let since = self.since();
        let notes = server.booking_notes(self.account, as_practice, since);
        self.ask(VaultRequest::Open { notes, as_practice })
    }

    /// All notes, in their order.
    pub fn read(&mut self, server: &Server, as_practice: bool) -> Vec<Result<NoteContent, VaultRefusal>> {
        opened(self.open(server, as_practice)).into_iter().map(|note| note.content).collect()
    }

    pub fn mailbox(&mut self, server: &Server) -> Mailbox {
        let since = self.since();
        server.mailbox(self.account, since)
    }

    /// Begins an epoch without these, and sends it. Says what shares were printed.
    pub fn begin(&mut self, server: &mut Server, remove: &[AccountId]) -> Option<[String; 3]> {
        let mailbox = self.mailbox(server);
        let reply =
            self.ask(VaultRequest::BeginEpoch { mailbox, remove: remove.to_vec(), renew_recovery: false });
        let VaultReply::EpochBegun { epoch, shares, .. } = reply else { panic!("{reply:?}") };
        server.begin(&epoch);
        shares.map(|shares| shares.map(|share| share.into_inner()))
    }

    /// Gives what one holds, and sends it.
    pub fn give(&mut self, server: &mut Server, to: &[AccountId]) {
        let mailbox = self.mailbox(server);
        let reply = self.ask(VaultRequest::GiveKeys { mailbox, to: to.to_vec() });
        let VaultReply::KeysGiven { keys, .. } = reply else { panic!("{reply:?}") };
        server.give(&keys);
    }

    pub fn look_at_practice(&mut self, server: &Server) -> VaultReply {
        let since = self.since();
        self.ask(VaultRequest::Look { keys: server.practice(since) })
    }

    pub fn agree(&mut self, seen: &SeenKeys) {
        let request = VaultRequest::Agree { subject: seen.subject, fingerprint: seen.fingerprint.clone() };
        let reply = self.ask(request);
        assert!(matches!(reply, VaultReply::Seen { .. }), "{reply:?}");
    }
}

pub fn passkey() -> Door {
    Door::Passkey { credential_id: encode(CREDENTIAL), prf: encode(&PRF).into() }
}

pub fn since(vault: &mut Vault) -> Option<u64> {
    match vault.answer(VaultRequest::Since, at(100)) {
        VaultReply::Since { since } => since,
        other => panic!("{other:?}"),
    }
}

pub fn envelope(reply: VaultReply) -> String {
    let VaultReply::Sealed { envelope, .. } = reply else { panic!("{reply:?}") };
    envelope
}

pub fn opened(reply: VaultReply) -> Vec<OpenedNote> {
    let VaultReply::Opened { notes, .. } = reply else { panic!("{reply:?}") };
    notes
}

pub fn changed(reply: VaultReply) -> SeenKeys {
    let VaultReply::Changed { keys, .. } = reply else { panic!("{reply:?}") };
    keys
}

fn book(reply: &VaultReply) -> Option<&str> {
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
        | VaultReply::Changed { book, .. } => book.as_deref(),
        VaultReply::Derived { .. }
        | VaultReply::Standing { .. }
        | VaultReply::Since { .. }
        | VaultReply::Rewrapped { .. }
        | VaultReply::NewRecoveryCode { .. }
        | VaultReply::Locked
        | VaultReply::Refused { .. } => None,
    }
}

/// A practice with an owner and a receptionist, and a patient with a booking there.
pub struct World {
    pub server: Server,
    pub patient: Person,
    pub owner: Person,
    pub receptionist: Person,
    /// Of the first epoch, as printed.
    pub shares: [String; 3],
}

impl World {
    pub fn new() -> Self {
        Self::before(Server::new())
    }

    /// Before this server, which has nothing yet.
    pub fn before(mut server: Server) -> Self {
        let [patient, mut owner, receptionist] =
            [0x20, 0x21, 0x22].map(|number| Person::new(number, &mut server));
        server.patients = vec![patient.account];
        server.staff = vec![
            (owner.account, vec![StaffRole::Owner, StaffRole::Practitioner]),
            (receptionist.account, vec![StaffRole::Reception]),
        ];
        let shares = owner.begin(&mut server, &[]).unwrap();
        Self { server, patient, owner, receptionist, shares }
    }

    /// With the patient's reason for the visit.
    pub fn with_note() -> Self {
        let mut world = Self::new();
        world.patient.write(&mut world.server, context(NOTE, 1), reason(), false);
        world
    }
}

/// The practice, as a subject of keys.
pub fn the_practice() -> KeySubject {
    KeySubject::Practice(PRACTICE)
}
