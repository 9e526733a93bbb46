//! A grant: the mailbox key of one epoch for one holder, signed by an owner.
//!
//! The receiver checks everything against the practice's epoch as published, so a hostile server cannot hand over a
//! key of its own, of another practice or of another time.

use rand_core::CryptoRng;
use shared_types::OrganizationId;
use uuid::Uuid;

use super::{MailboxKey, PracticeEpoch, RecoveryPublic};
use crate::{
    counter::Epoch,
    identity::{Identity, TrustedKeys},
    labels::{MAILBOX_GRANT, MAILBOX_GRANT_SIGNATURE},
    suite::{
        KeyId, Magic,
        hpke::{ReceiveKey, ReceiveSecret, SealedSecret},
        signing::{Signature, VerifyKey},
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMgr", "a mailbox grant");

/// Whom a mailbox key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The member of staff whose keys have this name.
    Member(KeyId),
    /// The practice's recovery key of this name.
    Recovery(KeyId),
}

impl Holder {
    fn write(&self, writer: &mut Writer) {
        let (kind, key_id) = match self {
            Self::Member(key_id) => (1, key_id),
            Self::Recovery(key_id) => (2, key_id),
        };
        writer.u8(kind);
        key_id.write(writer);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        match reader.u8()? {
            1 => KeyId::read(reader).map(Self::Member),
            2 => KeyId::read(reader).map(Self::Recovery),
            found => Err(ParseError::UnknownKind { what: "holder", found }),
        }
    }
}

/// The mailbox key of one epoch for one holder, as the server stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    header: Header,
    sealed: SealedSecret,
    signature: Signature,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    organization: OrganizationId,
    epoch: Epoch,
    holder: Holder,
    signer: VerifyKey,
}

/// Why a mailbox key is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Everybody could open what is sealed to the holder's key.
    #[error("the holder's key is not usable")]
    WeakKey,
}

/// Why a grant is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantOpenError {
    /// It is of another practice.
    #[error("the grant is of another practice")]
    OtherPractice,
    /// It is of another epoch.
    #[error("the grant is of another epoch")]
    OtherEpoch,
    /// It is for somebody else.
    #[error("the grant is for another holder")]
    OtherHolder,
    /// Whoever signed it did not own the practice, then or later.
    #[error("the grant is not signed by an owner")]
    NotAnOwner,
    /// The signature is not the owner's.
    #[error("the grant's signature does not hold")]
    Signature,
    /// It does not open with the holder's key.
    #[error("the grant does not open")]
    Refused,
    /// It opens to a key that the practice has not published.
    #[error("the grant holds another key than the published one")]
    OtherKey,
}

impl MailboxKey {
    /// Gives the key to a member of staff.
    ///
    /// # Errors
    /// [`GrantError`].
    pub fn grant(
        &self,
        member: &TrustedKeys,
        owner: &Identity,
        rng: &mut impl CryptoRng,
    ) -> Result<Grant, GrantError> {
        let member = member.keys();
        self.grant_to(Holder::Member(member.key_id()), member.receive(), owner, rng)
    }

    /// Gives the key to the practice's recovery key.
    pub(super) fn grant_to_recovery(
        &self,
        recovery: &RecoveryPublic,
        owner: &Identity,
        rng: &mut impl CryptoRng,
    ) -> Result<Grant, GrantError> {
        self.grant_to(Holder::Recovery(recovery.key_id(self.organization)), &recovery.key, owner, rng)
    }

    fn grant_to(
        &self,
        holder: Holder,
        key: &ReceiveKey,
        owner: &Identity,
        rng: &mut impl CryptoRng,
    ) -> Result<Grant, GrantError> {
        let signer = *owner.keys().sign();
        let header = Header { organization: self.organization, epoch: self.epoch, holder, signer };
        let info = header.info(&self.public());
        let sealed = SealedSecret::seal(key, &info, &self.secret.to_secret(), rng);
        let sealed = sealed.map_err(|_| GrantError::WeakKey)?;
        let signature =
            owner.sign_secret().sign(MAILBOX_GRANT_SIGNATURE, signed(&header, &sealed).as_bytes());
        Ok(Grant { header, sealed, signature })
    }
}

impl Grant {
    /// Opens a grant that is for this member. `later` are the epochs after `practice` that the reader knows: whoever
    /// owns the practice then may give the key as well. The key itself is told by its published half.
    ///
    /// # Errors
    /// [`GrantOpenError`].
    pub fn open(
        &self,
        member: &Identity,
        practice: &PracticeEpoch,
        later: &[&PracticeEpoch],
    ) -> Result<MailboxKey, GrantOpenError> {
        let me = Holder::Member(member.keys().key_id());
        self.open_as(me, member.receive_secret(), practice, later)
    }

    pub(super) fn open_as(
        &self,
        me: Holder,
        secret: &ReceiveSecret,
        practice: &PracticeEpoch,
        later: &[&PracticeEpoch],
    ) -> Result<MailboxKey, GrantOpenError> {
        self.check(me, practice, later)?;
        let opened = self.sealed.open(secret, &self.header.info(&practice.mailbox));
        let opened = opened.map_err(|_| GrantOpenError::Refused)?;
        let secret = ReceiveSecret::from_secret(&opened);
        if secret.public() != practice.mailbox {
            return Err(GrantOpenError::OtherKey);
        }
        Ok(MailboxKey { organization: practice.organization, epoch: practice.epoch, secret })
    }

    fn check(
        &self,
        me: Holder,
        practice: &PracticeEpoch,
        later: &[&PracticeEpoch],
    ) -> Result<(), GrantOpenError> {
        let header = &self.header;
        if header.organization != practice.organization {
            return Err(GrantOpenError::OtherPractice);
        }
        if header.epoch != practice.epoch {
            return Err(GrantOpenError::OtherEpoch);
        }
        if header.holder != me {
            return Err(GrantOpenError::OtherHolder);
        }
        let is_owner = |epoch: &PracticeEpoch| epoch.owners.contains(&header.signer);
        if !is_owner(practice) && !later.iter().any(|epoch| is_later(epoch, practice) && is_owner(epoch)) {
            return Err(GrantOpenError::NotAnOwner);
        }
        header
            .signer
            .verify(MAILBOX_GRANT_SIGNATURE, signed(header, &self.sealed).as_bytes(), &self.signature)
            .map_err(|_| GrantOpenError::Signature)
    }

    /// Of which practice it is said to be.
    pub fn organization(&self) -> OrganizationId {
        self.header.organization
    }

    /// Of which epoch it is said to be.
    pub fn epoch(&self) -> Epoch {
        self.header.epoch
    }

    /// Whom it is said to be for.
    pub fn holder(&self) -> Holder {
        self.header.holder
    }

    /// What is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = signed(&self.header, &self.sealed);
        self.signature.write(&mut writer);
        writer.finish()
    }

    /// Reads what is stored; [`Grant::open`] checks it.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let header = Header {
            organization: OrganizationId(Uuid::from_bytes(reader.array()?)),
            epoch: Epoch::read(&mut reader)?,
            holder: Holder::read(&mut reader)?,
            signer: VerifyKey::read(&mut reader)?,
        };
        let sealed = SealedSecret::read(&mut reader)?;
        let signature = Signature::read(&mut reader)?;
        reader.finish()?;
        Ok(Self { header, sealed, signature })
    }
}

impl Header {
    fn write(&self, writer: &mut Writer) {
        MAGIC.write(writer);
        writer.raw(self.organization.0.as_bytes());
        self.epoch.write(writer);
        self.holder.write(writer);
        self.signer.write(writer);
    }

    /// What HPKE binds the key to, its own public half included.
    fn info(&self, mailbox: &ReceiveKey) -> Vec<u8> {
        let mut writer = Writer::new();
        self.write(&mut writer);
        mailbox.write(&mut writer);
        MAILBOX_GRANT.with(&[writer.as_bytes()])
    }
}

fn is_later(epoch: &PracticeEpoch, than: &PracticeEpoch) -> bool {
    epoch.organization == than.organization && epoch.epoch > than.epoch
}

fn signed(header: &Header, sealed: &SealedSecret) -> Writer {
    let mut writer = Writer::new();
    header.write(&mut writer);
    sealed.write(&mut writer);
    writer
}
