//! A small world: a patient, a practice with an owner and a receptionist, a booking.

use jiff::Timestamp;
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};
use sealing::{
    counter::{Epoch, NoteVersion},
    directory::{Leaf, Pin, VerifiedLeaf},
    envelope::{
        Envelope, Expected, ExpectedSender, OpenError, Recipient, RecipientId, RecipientKey, SealContext,
        Sender, open, seal,
    },
    identity::{GuestKey, Identity, TrustedKeys},
    mailbox::{EpochPlan, MailboxKey, NewEpoch, Recovery, RecoveryKey, TrustedPractice, begin_epoch},
    note::{Note, Text},
};
use shared_types::{AccountId, BookingId, NoteId, OrganizationId};
use uuid::Uuid;

pub const PRACTICE: OrganizationId = OrganizationId(Uuid::from_u128(0x10));
pub const PATIENT: AccountId = AccountId(Uuid::from_u128(0x20));
pub const OWNER: AccountId = AccountId(Uuid::from_u128(0x21));
pub const RECEPTIONIST: AccountId = AccountId(Uuid::from_u128(0x22));
pub const BOOKING: BookingId = BookingId(Uuid::from_u128(0x30));
pub const NOTE: NoteId = NoteId(Uuid::from_u128(0x40));

pub struct World {
    pub rng: ChaCha20Rng,
    pub patient: Identity,
    pub owner: Identity,
    pub receptionist: Identity,
    pub guest: GuestKey,
    pub recovery: RecoveryKey,
    pub first: NewEpoch,
    pub leaf: VerifiedLeaf,
    /// The practice as the patient's browser pinned it.
    pub pin: Pin,
}

impl World {
    pub fn new() -> Self {
        Self::with_seed(1)
    }

    pub fn with_seed(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let [patient, owner, receptionist] =
            [PATIENT, OWNER, RECEPTIONIST].map(|account| Identity::generate(account, &mut rng));
        let guest = GuestKey::generate(&mut rng);
        let owners = [owner.trusted()];
        let members = [owner.trusted(), receptionist.trusted()];
        let mut first = begin_epoch(&plan(&owners, &members), None, &owner, at(0), &mut rng).unwrap();
        let recovery = first.recovery.take().unwrap();
        let leaf = first.leaf.clone().verify().unwrap();
        let pin = Pin::Unknown.observe(&leaf).unwrap();
        Self { rng, patient, owner, receptionist, guest, recovery, first, leaf, pin }
    }

    /// The practice's next epoch, with the same owner, recovery key, and these members.
    pub fn next_epoch(&mut self, previous: &VerifiedLeaf, members: &[TrustedKeys]) -> NewEpoch {
        let owners = [self.owner.trusted()];
        let previous = Some(trusted(previous));
        begin_epoch(&plan(&owners, members), previous.as_ref(), &self.owner, at(60), &mut self.rng).unwrap()
    }

    /// The patient and the practice, as the patient's browser knows them.
    pub fn recipients(&self) -> [Recipient; 2] {
        [Recipient::patient(&self.patient.trusted()), self.practice()]
    }

    pub fn practice(&self) -> Recipient {
        Recipient::practice(&self.pin.practice(&self.leaf).unwrap())
    }

    pub fn recipient_ids(&self) -> [RecipientId; 2] {
        self.recipients().map(|recipient| recipient.id())
    }

    pub fn mailbox(&self) -> &MailboxKey {
        &self.first.mailbox
    }

    /// The patient's reason for the visit, in the first version.
    pub fn envelope(&mut self) -> Envelope {
        self.envelope_for(&context())
    }

    pub fn envelope_for(&mut self, context: &SealContext) -> Envelope {
        let recipients = self.recipients();
        seal(context, &reason(), &Sender::Account(&self.patient), &recipients, &mut self.rng).unwrap()
    }

    pub fn guest_envelope(&mut self) -> Envelope {
        let practice = [self.practice()];
        seal(&context(), &reason(), &Sender::Guest(&self.guest), &practice, &mut self.rng).unwrap()
    }

    /// What everybody knows of [`World::envelope`].
    pub fn expected<'a>(&self, recipients: &'a [RecipientId]) -> Expected<'a> {
        Expected {
            booking: BOOKING,
            organization: PRACTICE,
            note: NOTE,
            minimum_epoch: Epoch::FIRST,
            minimum_version: NoteVersion::FIRST,
            sender: ExpectedSender::account(self.patient.keys()),
            recipients,
        }
    }

    /// The practice opens an envelope that it expects to be [`World::envelope`].
    pub fn open(&self, envelope: &Envelope) -> Result<Note, OpenError> {
        self.open_expecting(&self.expected(&self.recipient_ids()), envelope)
    }

    pub fn open_expecting(&self, expected: &Expected<'_>, envelope: &Envelope) -> Result<Note, OpenError> {
        let opened = open(expected, envelope, &RecipientKey::Practice(self.mailbox()));
        // Whatever holds for one recipient holds for the other.
        if envelope.recipients().len() == 2 {
            assert_eq!(open(expected, envelope, &RecipientKey::Patient(&self.patient)), opened);
        }
        opened
    }
}

pub fn plan<'a>(owners: &'a [TrustedKeys], members: &'a [TrustedKeys]) -> EpochPlan<'a> {
    EpochPlan { organization: PRACTICE, owners, members, recovery: Recovery::Keep }
}

/// A practice's leaf as somebody sees it who pins it at first sight.
pub fn trusted(leaf: &VerifiedLeaf) -> TrustedPractice {
    Pin::Unknown.observe(leaf).unwrap().practice(leaf).unwrap()
}

pub fn context() -> SealContext {
    SealContext { booking: BOOKING, organization: PRACTICE, note: NOTE, version: NoteVersion::FIRST }
}

pub fn text(text: &str) -> Text {
    Text::new(text.to_owned()).unwrap()
}

pub fn reason() -> Note {
    Note::Reason(text("a rash since Tuesday"))
}

pub fn version(number: u32) -> NoteVersion {
    NoteVersion::new(number).unwrap()
}

/// So many seconds after the world began.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_392_000 + seconds).unwrap()
}

/// A leaf with a person's keys, as the directory shows it.
pub fn account_leaf(identity: &Identity) -> VerifiedLeaf {
    Leaf::account(identity, None, None, at(0)).verify().unwrap()
}
