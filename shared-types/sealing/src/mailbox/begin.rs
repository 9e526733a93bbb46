//! Beginning an epoch: a new key, its leaf for the directory, and a grant and a certificate for each who stays.
//!
//! All of it is stored in one transaction with whatever made it necessary, such as somebody's removal. Every key that
//! the new one is given to is pinned or one's own: a hostile server that could slip in an owner, a member or a
//! recovery key would read everything from then on.

use jiff::Timestamp;
use rand_core::CryptoRng;
use shared_types::OrganizationId;

use super::{
    Grant, GrantError, MailboxKey, Owners, OwnersError, PracticeEpoch, RecoveryKey, RecoveryPublic,
    StaffCertificate, TrustedPractice,
};
use crate::{
    counter::Epoch,
    directory::Leaf,
    identity::{Identity, TrustedKeys},
};

/// What becomes of the recovery key. The first epoch makes one in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The shares that were printed stay good.
    Keep,
    /// New shares are printed, since one was lost or its holder has left; the old ones open nothing of this epoch.
    Renew,
}

/// Who is there from now on.
#[derive(Clone, Copy, Debug)]
pub struct EpochPlan<'a> {
    /// The practice.
    pub organization: OrganizationId,
    /// Its owners, the acting one among them.
    pub owners: &'a [TrustedKeys],
    /// Every member of staff who may read, the acting owner among them.
    pub members: &'a [TrustedKeys],
    /// What becomes of the recovery key.
    pub recovery: Recovery,
}

/// What is stored and published.
#[derive(Debug)]
pub struct NewEpoch {
    /// The key, for the owner who made it.
    pub mailbox: MailboxKey,
    /// The recovery key if it is new: to be split, printed, and dropped.
    pub recovery: Option<RecoveryKey>,
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
    /// There are no owners, or too many.
    #[error("the practice cannot have these owners")]
    Owners(#[source] OwnersError),
    /// The one who acts is not an owner.
    #[error("only an owner begins an epoch")]
    NotAnOwner,
    /// The one who acts would not hold the new key.
    #[error("the acting owner is not among the members")]
    ActorLeftOut,
    /// The epoch before is another practice's.
    #[error("the epoch before is another practice's")]
    OtherPractice,
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
    previous: Option<&TrustedPractice>,
    owner: &Identity,
    now: Timestamp,
    rng: &mut impl CryptoRng,
) -> Result<NewEpoch, BeginError> {
    let owners = owners(plan, owner)?;
    let epoch = next_epoch(plan.organization, previous)?;
    let mailbox = MailboxKey::generate(plan.organization, epoch, rng);
    let (recovery_public, recovery) = recovery(plan, previous, epoch, rng);
    let practice = PracticeEpoch {
        organization: plan.organization,
        epoch,
        mailbox: mailbox.public(),
        recovery: recovery_public,
        owners,
    };
    let grants = grants(plan, &mailbox, &recovery_public, owner, rng).map_err(BeginError::Grant)?;
    let certify = |member| StaffCertificate::issue(plan.organization, epoch, member, owner);
    let certificates = plan.members.iter().map(certify).collect();
    let leaf = Leaf::practice(practice, previous.map(TrustedPractice::leaf), owner, now);
    Ok(NewEpoch { mailbox, recovery, leaf, grants, certificates })
}

fn owners(plan: &EpochPlan<'_>, actor: &Identity) -> Result<Owners, BeginError> {
    let owners =
        Owners::new(plan.owners.iter().map(|owner| *owner.keys().sign())).map_err(BeginError::Owners)?;
    if !plan.owners.contains(&actor.trusted()) {
        return Err(BeginError::NotAnOwner);
    }
    if !plan.members.contains(&actor.trusted()) {
        return Err(BeginError::ActorLeftOut);
    }
    Ok(owners)
}

fn next_epoch(organization: OrganizationId, previous: Option<&TrustedPractice>) -> Result<Epoch, BeginError> {
    let Some(previous) = previous.map(TrustedPractice::epoch) else { return Ok(Epoch::FIRST) };
    if previous.organization != organization {
        return Err(BeginError::OtherPractice);
    }
    previous.epoch.next().ok_or(BeginError::LastEpoch)
}

/// The recovery key from now on, and its private half if it is new.
fn recovery(
    plan: &EpochPlan<'_>,
    previous: Option<&TrustedPractice>,
    epoch: Epoch,
    rng: &mut impl CryptoRng,
) -> (RecoveryPublic, Option<RecoveryKey>) {
    match (plan.recovery, previous) {
        (Recovery::Keep, Some(previous)) => (previous.epoch().recovery, None),
        (Recovery::Keep, None) | (Recovery::Renew, _) => {
            let key = RecoveryKey::generate(plan.organization, epoch, rng);
            (key.public(), Some(key))
        }
    }
}

fn grants(
    plan: &EpochPlan<'_>,
    mailbox: &MailboxKey,
    recovery: &RecoveryPublic,
    owner: &Identity,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Grant>, GrantError> {
    let mut grants = vec![mailbox.grant_to_recovery(recovery, owner, rng)?];
    for member in plan.members {
        grants.push(mailbox.grant(member, owner, rng)?);
    }
    Ok(grants)
}
