//! Beginning an epoch: a new key, its leaf for the directory, and a grant and a certificate for each who stays.
//!
//! All of it is stored in one transaction with whatever made it necessary, such as somebody's removal.

use jiff::Timestamp;
use rand_core::CryptoRng;
use shared_types::OrganizationId;

use super::{Grant, GrantError, MailboxKey, Owners, PracticeEpoch, RecoveryPublic, StaffCertificate};
use crate::{
    counter::Epoch,
    directory::{Leaf, Subject, VerifiedLeaf},
    identity::{Identity, TrustedKeys},
};

/// Who is there from now on.
#[derive(Debug)]
pub struct EpochPlan<'a> {
    /// The practice.
    pub organization: OrganizationId,
    /// Its owners.
    pub owners: Owners,
    /// Its recovery key: the one it has, or a new one.
    pub recovery: RecoveryPublic,
    /// Every member of staff who may read, the acting owner among them.
    pub members: &'a [TrustedKeys],
}

/// What is stored and published.
#[derive(Debug)]
pub struct NewEpoch {
    /// The key, for the owner who made it.
    pub mailbox: MailboxKey,
    /// For the directory.
    pub leaf: Leaf,
    /// One for each member and one for the recovery key.
    pub grants: Vec<Grant>,
    /// One for each member.
    pub certificates: Vec<StaffCertificate>,
}

/// Why no epoch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginError {
    /// The one who acts is not an owner.
    #[error("only an owner begins an epoch")]
    NotAnOwner,
    /// The one who acts would not hold the new key.
    #[error("the acting owner is not among the members")]
    ActorLeftOut,
    /// The epoch before is another practice's.
    #[error("the epoch before is another practice's")]
    OtherPractice,
    /// The recovery key is of a later epoch than the one that begins.
    #[error("the recovery key is of a later epoch")]
    RecoveryFromLater,
    /// There is no number left.
    #[error("there is no epoch after the last")]
    LastEpoch,
    /// Somebody's key is not usable.
    #[error("the mailbox key cannot be given to every member")]
    Grant(#[source] GrantError),
}

/// Begins the first epoch, or the one after `previous`.
///
/// # Errors
/// [`BeginError`].
pub fn begin_epoch(
    plan: &EpochPlan<'_>,
    previous: Option<&VerifiedLeaf>,
    owner: &Identity,
    now: Timestamp,
    rng: &mut impl CryptoRng,
) -> Result<NewEpoch, BeginError> {
    check_actor(plan, owner)?;
    let epoch = next_epoch(plan.organization, previous)?;
    if plan.recovery.since > epoch {
        return Err(BeginError::RecoveryFromLater);
    }
    let mailbox = MailboxKey::generate(plan.organization, epoch, rng);
    let grants = grants(plan, &mailbox, owner, rng).map_err(BeginError::Grant)?;
    let certify = |member| StaffCertificate::issue(plan.organization, epoch, member, owner);
    let practice = PracticeEpoch {
        organization: plan.organization,
        epoch,
        mailbox: mailbox.public(),
        recovery: plan.recovery,
        owners: plan.owners.clone(),
    };
    let leaf = Leaf::practice(practice, previous, owner, now);
    Ok(NewEpoch { mailbox, leaf, grants, certificates: plan.members.iter().map(certify).collect() })
}

fn check_actor(plan: &EpochPlan<'_>, owner: &Identity) -> Result<(), BeginError> {
    if !plan.owners.contains(owner.keys().sign()) {
        return Err(BeginError::NotAnOwner);
    }
    if !plan.members.contains(&owner.trusted()) {
        return Err(BeginError::ActorLeftOut);
    }
    Ok(())
}

fn next_epoch(organization: OrganizationId, previous: Option<&VerifiedLeaf>) -> Result<Epoch, BeginError> {
    let Some(previous) = previous else { return Ok(Epoch::FIRST) };
    match previous.epoch() {
        Some(epoch) if previous.subject() == Subject::Practice(organization) => {
            epoch.next().ok_or(BeginError::LastEpoch)
        }
        Some(_) | None => Err(BeginError::OtherPractice),
    }
}

fn grants(
    plan: &EpochPlan<'_>,
    mailbox: &MailboxKey,
    owner: &Identity,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Grant>, GrantError> {
    let mut grants = vec![mailbox.grant_to_recovery(&plan.recovery, owner, rng)?];
    for member in plan.members {
        grants.push(mailbox.grant(member, owner, rng)?);
    }
    Ok(grants)
}
