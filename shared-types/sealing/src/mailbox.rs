//! A practice's mailbox: one X25519 key for each epoch, whose private half is given to each member of staff and to
//! the practice's recovery key.
//!
//! An owner begins an epoch, gives the key and signs all of it ([`begin_epoch`]). Whoever leaves keeps what they had,
//! and gets nothing of the next epoch; those who stay keep the old keys for the old notes. When every member of staff
//! has lost their keys, two of the three recovery shares open what was sealed to the recovery key.

mod begin;
mod certificate;
mod grant;
mod practice;
mod recovery;
mod share;

use rand_core::CryptoRng;
use shared_types::OrganizationId;

pub use self::{
    begin::{BeginError, EpochPlan, NewEpoch, Recovery, begin_epoch},
    certificate::{CertificateError, StaffCertificate},
    grant::{Grant, GrantError, GrantOpenError, Holder},
    practice::{Owners, OwnersError, PracticeEpoch, RecoveryPublic, TrustedPractice},
    recovery::{CombineError, RecoveryKey},
    share::Share,
};
use crate::{
    counter::Epoch,
    labels::MAILBOX_KEY_ID,
    suite::{
        KeyId, digest,
        hpke::{ReceiveKey, ReceiveSecret},
    },
};

/// A mailbox key with its private half. Wiped when dropped.
#[derive(Clone, Debug)]
pub struct MailboxKey {
    organization: OrganizationId,
    epoch: Epoch,
    secret: ReceiveSecret,
}

impl MailboxKey {
    pub(crate) fn generate(organization: OrganizationId, epoch: Epoch, rng: &mut impl CryptoRng) -> Self {
        Self { organization, epoch, secret: ReceiveSecret::generate(rng) }
    }

    /// Whose it is.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Of which epoch.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Its name.
    pub fn key_id(&self) -> KeyId {
        mailbox_key_id(self.organization, self.epoch, &self.secret.public())
    }

    pub(crate) fn secret(&self) -> &ReceiveSecret {
        &self.secret
    }

    pub(crate) fn public(&self) -> ReceiveKey {
        self.secret.public()
    }
}

fn mailbox_key_id(organization: OrganizationId, epoch: Epoch, key: &ReceiveKey) -> KeyId {
    let epoch = epoch.get().to_be_bytes();
    KeyId(digest::hash(MAILBOX_KEY_ID, &[organization.0.as_bytes(), &epoch, &key.0]))
}
