//! A staff certificate: an owner says that these keys are of somebody who works at the practice, so that a patient can
//! tell who wrote.

use shared_types::{AccountId, OrganizationId};
use uuid::Uuid;

use super::PracticeEpoch;
use crate::{
    counter::Epoch,
    envelope::ExpectedSender,
    identity::{Identity, TrustedKeys},
    labels::STAFF_CERTIFICATE,
    suite::{
        KeyId, Magic,
        signing::{Signature, VerifyKey},
    },
    wire::{ParseError, Reader, Writer},
};

const MAGIC: Magic = Magic::new(b"HMsc", "a staff certificate");

/// Good for one epoch: whoever leaves gets none for the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCertificate {
    organization: OrganizationId,
    epoch: Epoch,
    account: AccountId,
    key_id: KeyId,
    sign: VerifyKey,
    signer: VerifyKey,
    signature: Signature,
}

/// Why a certificate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// It is of another practice.
    #[error("the certificate is of another practice")]
    OtherPractice,
    /// It is of another epoch.
    #[error("the certificate is of another epoch")]
    OtherEpoch,
    /// Whoever signed it does not own the practice.
    #[error("the certificate is not signed by an owner")]
    NotAnOwner,
    /// The signature is not the owner's.
    #[error("the certificate's signature does not hold")]
    Signature,
}

impl StaffCertificate {
    /// An owner certifies a member of staff for an epoch.
    pub fn issue(organization: OrganizationId, epoch: Epoch, member: &TrustedKeys, owner: &Identity) -> Self {
        let member = member.keys();
        let (account, key_id, sign) = (member.account(), member.key_id(), *member.sign());
        let signer = *owner.keys().sign();
        let signed = signed(organization, epoch, account, &key_id, &sign, &signer);
        let signature = owner.sign_secret().sign(STAFF_CERTIFICATE, signed.as_bytes());
        Self { organization, epoch, account, key_id, sign, signer, signature }
    }

    /// Who may have written for the practice in this epoch, which is the pinned one ([`crate::directory::Pin::practice`]),
    /// or one before it ([`crate::directory::Pin::past_practice`], [`VerifiedLeaf::follows`]).
    ///
    /// [`VerifiedLeaf::follows`]: crate::directory::VerifiedLeaf::follows
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn verify(&self, practice: &PracticeEpoch) -> Result<ExpectedSender, CertificateError> {
        if self.organization != practice.organization {
            return Err(CertificateError::OtherPractice);
        }
        if self.epoch != practice.epoch {
            return Err(CertificateError::OtherEpoch);
        }
        if !practice.owners.contains(&self.signer) {
            return Err(CertificateError::NotAnOwner);
        }
        self.signer
            .verify(STAFF_CERTIFICATE, self.signed().as_bytes(), &self.signature)
            .map_err(|_| CertificateError::Signature)?;
        Ok(ExpectedSender::certified(self.key_id, self.sign))
    }

    /// For which epoch it is said to be good.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Whom it names.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Which of their keys it names.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    fn signed(&self) -> Writer {
        signed(self.organization, self.epoch, self.account, &self.key_id, &self.sign, &self.signer)
    }

    /// What is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = self.signed();
        self.signature.write(&mut writer);
        writer.finish()
    }

    /// Reads what is stored; [`StaffCertificate::verify`] checks it.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut reader = Reader::new(bytes);
        MAGIC.read(&mut reader)?;
        let certificate = Self {
            organization: OrganizationId(Uuid::from_bytes(reader.array()?)),
            epoch: Epoch::read(&mut reader)?,
            account: AccountId(Uuid::from_bytes(reader.array()?)),
            key_id: KeyId::read(&mut reader)?,
            sign: VerifyKey::read(&mut reader)?,
            signer: VerifyKey::read(&mut reader)?,
            signature: Signature::read(&mut reader)?,
        };
        reader.finish()?;
        Ok(certificate)
    }
}

fn signed(
    organization: OrganizationId,
    epoch: Epoch,
    account: AccountId,
    key_id: &KeyId,
    sign: &VerifyKey,
    signer: &VerifyKey,
) -> Writer {
    let mut writer = Writer::new();
    MAGIC.write(&mut writer);
    writer.raw(organization.0.as_bytes());
    epoch.write(&mut writer);
    writer.raw(account.0.as_bytes());
    key_id.write(&mut writer);
    sign.write(&mut writer);
    signer.write(&mut writer);
    writer
}
