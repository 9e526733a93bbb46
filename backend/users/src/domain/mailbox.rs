//! What an owner sends to begin an epoch of a practice's mailbox, or to give its keys: read, and compared with who works
//! there. We cannot open any of it; the holders check again what they get.

use jiff::Timestamp;
use sealing::{
    counter::Epoch,
    directory::{Statement, VerifiedLeaf},
    envelope::ExpectedSender,
    identity::IdentityKeys,
    mailbox::{Grant, Holder, Owners, PracticeEpoch, StaffCertificate},
    suite::KeyId,
};
use shared_types::{
    AccountId, OrganizationId, Problem,
    problem::FieldError,
    users::{BeginEpoch, GiveKeys, MemberGrant},
};

use super::{credentials, envelope::old_epoch, leaf};

/// A key for one holder.
#[derive(Clone, Debug)]
pub struct Given {
    /// Of which epoch.
    pub epoch: Epoch,
    /// The name of the holder's keys.
    pub key_id: KeyId,
    /// The member; none for the recovery key.
    pub account_id: Option<AccountId>,
    /// The key, sealed.
    pub sealed: Vec<u8>,
}

/// An owner's word for a member's keys.
#[derive(Clone, Debug)]
pub struct Certified {
    /// For which epoch.
    pub epoch: Epoch,
    /// The name of the keys.
    pub key_id: KeyId,
    /// Whose.
    pub account_id: AccountId,
    /// As it came.
    pub certificate: Vec<u8>,
}

/// Who works at the practice and has keys.
#[derive(Clone, Debug, Default)]
pub struct StaffKeys {
    /// Its owners'.
    pub owners: Vec<IdentityKeys>,
    /// Those of everybody who reads, the owners among them.
    pub readers: Vec<IdentityKeys>,
}

impl StaffKeys {
    fn reader(&self, account_id: AccountId) -> Option<&IdentityKeys> {
        self.readers.iter().find(|keys| keys.account() == account_id)
    }
}

/// An epoch that may begin.
#[derive(Clone, Debug)]
pub struct NewEpoch {
    /// The leaf for the directory.
    pub leaf: VerifiedLeaf,
    /// What it says.
    pub practice: PracticeEpoch,
    /// One for each reader with keys, and one for the recovery key.
    pub grants: Vec<Given>,
    /// One for each reader with keys.
    pub certificates: Vec<Certified>,
}

impl NewEpoch {
    /// Reads what begins the epoch after `former`, with `staff` from then on.
    ///
    /// # Errors
    /// 409 when it is not the next epoch, 422 when a part of it is not as it has to be.
    pub fn read(
        organization_id: OrganizationId,
        former: Option<&VerifiedLeaf>,
        staff: &StaffKeys,
        body: &BeginEpoch,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let leaf = leaf::read(&body.leaf, now)?;
        let practice = match leaf.statement() {
            Statement::Practice(practice) if practice.organization() == organization_id => practice.clone(),
            Statement::Practice(_) | Statement::Account(_) => {
                return Err(leaf::invalid("It is of another practice"));
            }
        };
        let next = former.and_then(VerifiedLeaf::epoch).map_or(Some(Epoch::FIRST), Epoch::next);
        if Some(practice.epoch()) != next {
            return Err(old_epoch());
        }
        leaf::follows(&leaf, former)?;
        // Whoever signed it is one of those it names, so it is one of these.
        let owners = Owners::new(staff.owners.iter().map(|keys| *keys.sign()));
        if owners.as_ref() != Ok(practice.owners()) {
            return Err(leaf::invalid("It names other owners than the practice has: look who they are"));
        }
        let grants = read_grants(staff, &practice, &body.grants)?;
        let certificates = read_certificates(staff, &[&practice], &body.certificates)?;
        require_everybody(staff, &grants, &certificates)?;
        Ok(Self { leaf, practice, grants, certificates })
    }
}

/// One of each for everybody, and the recovery key: no more and no fewer.
fn require_everybody(staff: &StaffKeys, grants: &[Given], certificates: &[Certified]) -> Result<(), Problem> {
    let mut wanted: Vec<_> = staff.readers.iter().map(|keys| Some(keys.account())).collect();
    wanted.sort_unstable();
    let mut certified: Vec<_> = certificates.iter().map(|one| Some(one.account_id)).collect();
    certified.sort_unstable();
    if certified != wanted {
        return Err(invalid("/certificates", "Send one for each member who reads and has keys"));
    }
    wanted.insert(0, None);
    let mut given: Vec<_> = grants.iter().map(|one| one.account_id).collect();
    given.sort_unstable();
    if given != wanted {
        let detail = "Send one for the recovery key and one for each member who reads and has keys";
        return Err(invalid("/grants", detail));
    }
    Ok(())
}

fn read_grants(
    staff: &StaffKeys,
    practice: &PracticeEpoch,
    grants: &[MemberGrant],
) -> Result<Vec<Given>, Problem> {
    let read = |(at, grant): (usize, &MemberGrant)| {
        let given = read_grant(staff, practice.organization(), grant);
        let given = given.filter(|given| given.epoch == practice.epoch());
        given.ok_or_else(|| wrong_grant(at))
    };
    grants.iter().enumerate().map(read).collect()
}

/// A key for the recovery key, or for the newest keys of somebody who reads.
fn read_grant(
    staff: &StaffKeys,
    organization_id: OrganizationId,
    MemberGrant { account_id, grant }: &MemberGrant,
) -> Option<Given> {
    let sealed = credentials::bytes(grant)?;
    let grant = Grant::parse(&sealed).ok().filter(|grant| grant.organization() == organization_id)?;
    let key_id = match (*account_id, grant.holder()) {
        (None, Holder::Recovery(key_id)) => key_id,
        (Some(account_id), Holder::Member(key_id)) => {
            staff.reader(account_id).filter(|keys| keys.key_id() == key_id)?.key_id()
        }
        (None, Holder::Member(_)) | (Some(_), Holder::Recovery(_)) => return None,
    };
    Some(Given { epoch: grant.epoch(), key_id, account_id: *account_id, sealed })
}

fn read_certificates(
    staff: &StaffKeys,
    epochs: &[&PracticeEpoch],
    certificates: &[String],
) -> Result<Vec<Certified>, Problem> {
    let read = |(at, text): (usize, &String)| {
        let detail = "An owner of the epoch certifies the newest keys of somebody who reads";
        read_certificate(staff, epochs, text).ok_or_else(|| invalid(&format!("/certificates/{at}"), detail))
    };
    certificates.iter().enumerate().map(read).collect()
}

fn read_certificate(staff: &StaffKeys, epochs: &[&PracticeEpoch], text: &str) -> Option<Certified> {
    let bytes = credentials::bytes(text)?;
    let certificate = StaffCertificate::parse(&bytes).ok()?;
    let keys = staff.reader(certificate.account())?;
    let practice = epochs.iter().find(|practice| practice.epoch() == certificate.epoch())?;
    certificate.verify(practice).ok().filter(|named| *named == ExpectedSender::account(keys))?;
    Some(Certified {
        epoch: practice.epoch(),
        key_id: keys.key_id(),
        account_id: keys.account(),
        certificate: bytes,
    })
}

/// Keys of epochs for members, and certificates for those who are new in one.
#[derive(Clone, Debug)]
pub struct NewKeys {
    /// The keys.
    pub grants: Vec<Given>,
    /// The certificates.
    pub certificates: Vec<Certified>,
}

impl NewKeys {
    /// Reads what an owner gives to `staff` of the practice's epochs so far.
    ///
    /// # Errors
    /// 422 when a part of it is not as it has to be.
    pub fn read(
        organization_id: OrganizationId,
        epochs: &[&PracticeEpoch],
        staff: &StaffKeys,
        body: &GiveKeys,
    ) -> Result<Self, Problem> {
        let begun = |given: &Given| epochs.iter().any(|practice| practice.epoch() == given.epoch);
        let read = |(at, grant): (usize, &MemberGrant)| {
            let given = read_grant(staff, organization_id, grant);
            // The recovery key was given each epoch's key by whoever began it.
            let given = given.filter(|given| given.account_id.is_some() && begun(given));
            given.ok_or_else(|| wrong_grant(at))
        };
        let grants = body.grants.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let certificates = read_certificates(staff, epochs, &body.certificates)?;
        Ok(Self { grants, certificates })
    }
}

fn wrong_grant(at: usize) -> Problem {
    let detail = "Give a key of this practice's epoch to the newest keys of somebody who reads";
    invalid(&format!("/grants/{at}"), detail)
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(vec![FieldError::new(pointer, detail)])
}
