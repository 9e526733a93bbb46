//! A server that keeps what it is sent and shows it as it is. A test that wants it to lie changes what it shows.

use std::collections::{BTreeMap, HashMap};

use sealing::{
    directory::Leaf,
    envelope::Envelope,
    mailbox::{Grant, Holder},
    suite::KeyId,
};
use shared_types::{
    AccountId, NoteId,
    users::{
        BeginEpoch, BookingNotes, DirectoryEntry, GiveKeys, KeyLogHead, Mailbox, MailboxEpoch, MailboxMember,
        MemberGrant, NoteAuthor, PublishedKeys, SealedNote, StaffRole,
    },
    vault::SealTo,
};
use transparency::{
    Checkpoint, CompactRange, Hash, NodeId, NoteSigner, SignedCheckpoint, note::Algorithm, proof,
};

use crate::world::{BOOKING, PRACTICE, at, decode};

/// The key directory's log.
#[derive(Clone)]
pub struct Log {
    signer: NoteSigner,
    range: CompactRange,
    nodes: HashMap<NodeId, Hash>,
    leaves: Vec<String>,
}

impl Log {
    pub fn new(origin: &str, seed: u8) -> Self {
        let signer = NoteSigner::new(origin, Algorithm::Log, &[seed; 32]).unwrap();
        Self { signer, range: CompactRange::new(), nodes: HashMap::new(), leaves: Vec::new() }
    }

    /// Says its place.
    pub fn add(&mut self, leaf: &str) -> u64 {
        let Self { range, nodes, leaves, .. } = self;
        range.push(Hash::leaf(&decode(leaf)), |id, hash| {
            nodes.insert(id, hash);
        });
        leaves.push(leaf.to_owned());
        range.size() - 1
    }

    pub fn head(&self, since: Option<u64>) -> KeyLogHead {
        let size = self.range.size();
        self.head_of(since, size, self.range.root())
    }

    /// A head of whatever size and root.
    pub fn head_of(&self, since: Option<u64>, size: u64, root: Hash) -> KeyLogHead {
        let origin = self.signer.public().name().to_owned();
        let consistency = since.map(|old| {
            let proof = proof::consistency(old, size, &mut |id| self.nodes.get(&id).copied());
            proof.unwrap_or_default().iter().map(Hash::to_string).collect()
        });
        KeyLogHead { checkpoint: self.sign(origin, size, root), key: self.key(), consistency }
    }

    pub fn sign(&self, origin: String, size: u64, root: Hash) -> String {
        SignedCheckpoint::sign(Checkpoint { origin, size, root }, [&self.signer], 0).to_string()
    }

    pub fn key(&self) -> String {
        self.signer.public().to_string()
    }

    pub fn entry(&self, index: u64) -> DirectoryEntry {
        let size = self.range.size();
        let proof = proof::inclusion(index, size, &mut |id| self.nodes.get(&id).copied()).unwrap();
        DirectoryEntry {
            leaf: self.leaves[usize::try_from(index).unwrap()].clone(),
            index,
            proof: proof.iter().map(Hash::to_string).collect(),
        }
    }
}

/// A key for one holder, as it came.
#[derive(Clone)]
struct Given {
    epoch: u32,
    holder: Holder,
    grant: String,
}

/// One practice, one booking, and everybody in it.
#[derive(Clone)]
pub struct Server {
    pub log: Log,
    /// Where each account's leaves are.
    accounts: BTreeMap<AccountId, Vec<u64>>,
    /// Where the practice's are.
    epochs: Vec<u64>,
    given: Vec<Given>,
    certificates: Vec<String>,
    pub staff: Vec<(AccountId, Vec<StaffRole>)>,
    /// Who is on the patient's side.
    pub patients: Vec<AccountId>,
    pub notes: Vec<SealedNote>,
}

impl Server {
    pub fn new() -> Self {
        Self {
            log: Log::new("hellomapper.example/keys", 1),
            accounts: BTreeMap::new(),
            epochs: Vec::new(),
            given: Vec::new(),
            certificates: Vec::new(),
            staff: Vec::new(),
            patients: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub fn publish(&mut self, account: AccountId, leaf: &str) {
        let index = self.log.add(leaf);
        self.accounts.entry(account).or_default().push(index);
    }

    pub fn published(&self, account: AccountId, since: Option<u64>) -> PublishedKeys {
        PublishedKeys { head: self.log.head(since), entry: self.newest(account).unwrap() }
    }

    pub fn practice(&self, since: Option<u64>) -> PublishedKeys {
        PublishedKeys { head: self.log.head(since), entry: self.practice_entry() }
    }

    fn practice_entry(&self) -> DirectoryEntry {
        self.log.entry(*self.epochs.last().unwrap())
    }

    fn newest(&self, account: AccountId) -> Option<DirectoryEntry> {
        self.accounts.get(&account).and_then(|leaves| leaves.last()).map(|index| self.log.entry(*index))
    }

    fn key_id(&self, account: AccountId) -> Option<KeyId> {
        let leaf = Leaf::parse(&decode(&self.newest(account)?.leaf)).unwrap();
        Some(leaf.verify().unwrap().key_id())
    }

    pub fn begin(&mut self, begun: &BeginEpoch) {
        let index = self.log.add(&begun.leaf);
        self.epochs.push(index);
        self.keep(&begun.grants);
        self.certificates.extend(begun.certificates.clone());
        self.staff.retain(|(account, _)| !begun.remove.contains(account));
    }

    pub fn give(&mut self, given: &GiveKeys) {
        self.keep(&given.grants);
        self.certificates.extend(given.certificates.clone());
    }

    fn keep(&mut self, grants: &[MemberGrant]) {
        for MemberGrant { account_id, grant } in grants {
            let parsed = Grant::parse(&decode(grant)).unwrap();
            let holder = account_id.map(|account| Holder::Member(self.key_id(account).unwrap()));
            assert_eq!(matches!(parsed.holder(), Holder::Recovery(_)), holder.is_none());
            assert!(holder.is_none_or(|holder| holder == parsed.holder()), "for the newest keys");
            let (epoch, holder) = (parsed.epoch().get(), parsed.holder());
            self.given.push(Given { epoch, holder, grant: grant.clone() });
        }
    }

    fn grant(&self, epoch: u32, holder: Holder) -> Option<String> {
        let given = self.given.iter().find(|given| given.epoch == epoch && given.holder == holder);
        given.map(|given| given.grant.clone())
    }

    fn recovery_grant(&self, epoch: u32) -> Option<String> {
        let is_it = |given: &&Given| given.epoch == epoch && matches!(given.holder, Holder::Recovery(_));
        self.given.iter().find(is_it).map(|given| given.grant.clone())
    }

    pub fn mailbox(&self, reader: AccountId, since: Option<u64>) -> Mailbox {
        let own = Holder::Member(self.key_id(reader).unwrap());
        let numbered = (1_u32..).zip(&self.epochs);
        let epochs = numbered.map(|(epoch, index)| MailboxEpoch {
            epoch,
            entry: self.log.entry(*index),
            grant: self.grant(epoch, own),
            recovery_grant: self.recovery_grant(epoch),
        });
        Mailbox {
            organization_id: PRACTICE,
            head: self.log.head(since),
            epochs: epochs.collect(),
            members: self.staff.iter().map(|(account, roles)| self.member(*account, roles)).collect(),
        }
    }

    fn member(&self, account: AccountId, roles: &[StaffRole]) -> MailboxMember {
        let held = |key_id| {
            let is_theirs = |given: &&Given| given.holder == Holder::Member(key_id);
            self.given.iter().filter(is_theirs).map(|given| given.epoch).collect()
        };
        MailboxMember {
            account_id: account,
            email: format!("{account}@practice.example").into(),
            roles: roles.to_vec(),
            keys: self.newest(account),
            holds: self.key_id(account).map(held).unwrap_or_default(),
        }
    }

    /// For a note of somebody's, or a guest's.
    pub fn seal_to(&self, signer: Option<AccountId>, as_practice: bool, since: Option<u64>) -> SealTo {
        let others = self.patients.iter().filter(|account| as_practice || Some(**account) != signer);
        SealTo {
            head: self.log.head(since),
            practice: self.practice_entry(),
            patients: others.map(|account| self.newest(*account).unwrap()).collect(),
            as_practice,
        }
    }

    /// A new note takes its place behind the others, a new version that of the one before.
    pub fn put(&mut self, author: NoteAuthor, envelope: &str) {
        let parsed = Envelope::parse(&decode(envelope)).unwrap();
        let note = SealedNote {
            note_id: parsed.note(),
            version: parsed.version().get(),
            epoch: parsed.epoch().get(),
            author,
            created_at: at(60),
            padded_bytes: parsed.padded_length() as u64,
            envelope: envelope.to_owned(),
        };
        match self.notes.iter_mut().find(|kept| kept.note_id == note.note_id) {
            Some(kept) => *kept = note,
            None => self.notes.push(note),
        }
    }

    pub fn note(&mut self, note: NoteId) -> &mut SealedNote {
        self.notes.iter_mut().find(|kept| kept.note_id == note).unwrap()
    }

    pub fn booking_notes(&self, reader: AccountId, as_practice: bool, since: Option<u64>) -> BookingNotes {
        let every_leaf = self.patients.iter().flat_map(|account| &self.accounts[account]);
        let own = Holder::Member(self.key_id(reader).unwrap());
        let mine = self.given.iter().filter(|given| as_practice && given.holder == own);
        BookingNotes {
            booking_id: BOOKING,
            organization_id: PRACTICE,
            minimum_epoch: 1,
            head: self.log.head(since),
            epochs: self.epochs.iter().map(|index| self.log.entry(*index)).collect(),
            patients: every_leaf.map(|index| self.log.entry(*index)).collect(),
            seal_to: self.patients.clone(),
            certificates: self.certificates.clone(),
            grants: mine.map(|given| given.grant.clone()).collect(),
            items: self.notes.clone(),
        }
    }
}
