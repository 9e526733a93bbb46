//! What an owner does for a practice's mailbox: begins epochs, gives keys, and puts recovery shares together.

use jiff::Timestamp;
use sealing::{
    book::Book,
    counter::Epoch,
    directory::Subject,
    identity::{Identity, TrustedKeys},
    mailbox::{
        EpochPlan, Grant, GrantError, Holder, MailboxKey, NewEpoch, Recovery, RecoveryKey, Share,
        StaffCertificate, TrustedPractice, begin_epoch,
    },
};
use shared_types::{
    AccountId, OrganizationId,
    personal::Personal,
    users::{BeginEpoch, GiveKeys, Mailbox, MemberGrant, StaffRole},
    vault::{VaultRefusal, VaultReply},
};

use crate::{
    epochs::Epochs,
    log,
    refusal::{self, Stop},
    sight, text,
    vault::random,
};

/// Begins the next epoch for everybody who stays.
pub fn begin(
    me: &Identity,
    book: &mut Book,
    mailbox: &Mailbox,
    remove: Vec<AccountId>,
    recovery: Recovery,
    now: Timestamp,
) -> Result<VaultReply, Stop> {
    let practice = Practice::read(me, book, mailbox, |account| !remove.contains(&account))?;
    let new = practice.begin(me, recovery, now)?;
    let print = |share: Share| Personal::new(share.print().expose().to_owned());
    let shares = new.recovery.as_ref().map(|key| key.split(&mut random()).map(print));
    Ok(VaultReply::EpochBegun { epoch: practice.begun(&new, remove), shares, book: None })
}

/// Gives what the owner holds to members who do not.
pub fn give(me: &Identity, book: &mut Book, mailbox: &Mailbox, to: &[AccountId]) -> Result<VaultReply, Stop> {
    let practice = Practice::read(me, book, mailbox, |account| to.contains(&account))?;
    if !practice.is_current_owner(me) {
        return Err(VaultRefusal::NotAnOwner.into());
    }
    // Somebody without keys cannot be given any.
    if !to.iter().all(|account| practice.staff.iter().any(|member| member.account == *account)) {
        return Err(VaultRefusal::Damaged.into());
    }
    let held = practice.held(me, mailbox)?;
    if held.is_empty() {
        return Err(VaultRefusal::NoGrant.into());
    }
    Ok(VaultReply::KeysGiven { keys: practice.give(me, &held)?, book: None })
}

/// Opens what the shares open, and gives it to everybody. An owner whose keys the newest epoch does not know begins the
/// next one, and gives the keys of those before as its owner.
pub fn recover(
    me: &Identity,
    book: &mut Book,
    mailbox: &Mailbox,
    shares: &[Personal<String>; 2],
    now: Timestamp,
) -> Result<VaultReply, Stop> {
    let practice = Practice::read(me, book, mailbox, |_| true)?;
    if !practice.owners().any(|owner| owner == me.trusted()) {
        return Err(VaultRefusal::NotAnOwner.into());
    }
    let shares = shares.each_ref().map(|share| Share::read(share.expose()).map_err(refusal::share));
    let [first, second] = shares;
    let opened = practice.recovered(&[first?, second?], mailbox)?;
    let epoch = if practice.is_current_owner(me) {
        None
    } else {
        Some(practice.begun(&practice.begin(me, Recovery::Keep, now)?, Vec::new()))
    };
    Ok(VaultReply::Recovered { epoch, keys: practice.give(me, &opened)?, book: None })
}

/// A practice as an owner sees it.
struct Practice {
    organization: OrganizationId,
    epochs: Epochs,
    /// The newest epoch, pinned.
    previous: Option<TrustedPractice>,
    /// Whom the act concerns, as far as they have keys.
    staff: Vec<Member>,
}

struct Member {
    account: AccountId,
    is_owner: bool,
    keys: TrustedKeys,
    /// The epochs whose key they have.
    holds: Vec<u32>,
}

impl Practice {
    /// Keys that have changed stop the act, of whomever it concerns.
    fn read(
        me: &Identity,
        book: &mut Book,
        mailbox: &Mailbox,
        concerns: impl Fn(AccountId) -> bool,
    ) -> Result<Self, Stop> {
        let log = log::enter(book, &mailbox.head)?;
        let organization = mailbox.organization_id;
        let entries = mailbox.epochs.iter().map(|epoch| &epoch.entry);
        let epochs = Epochs::read(me, book, &log, organization, entries)?;
        let pin = book.pin(Subject::Practice(organization));
        let previous = epochs.newest().map(|newest| pin.practice(newest)).transpose()?;
        let mut staff = Vec::new();
        for member in mailbox.members.iter().filter(|member| concerns(member.account_id)) {
            let Some(entry) = &member.keys else { continue };
            let leaf = log::leaf(entry, &log)?;
            if leaf.subject() != Subject::Account(member.account_id) {
                return Err(VaultRefusal::ForeignKeys.into());
            }
            let keys = sight::observe(Some(me), book, &leaf)?.account(&leaf)?;
            staff.push(Member {
                account: member.account_id,
                is_owner: member.roles.contains(&StaffRole::Owner),
                keys,
                holds: member.holds.clone(),
            });
        }
        Ok(Self { organization, epochs, previous, staff })
    }

    fn owners(&self) -> impl Iterator<Item = TrustedKeys> {
        self.staff.iter().filter(|member| member.is_owner).map(|member| member.keys)
    }

    /// Whether the newest epoch names the keys as an owner's.
    fn is_current_owner(&self, me: &Identity) -> bool {
        self.epochs.current().is_some_and(|current| current.owners().contains(me.keys().sign()))
    }

    fn begin(&self, me: &Identity, recovery: Recovery, now: Timestamp) -> Result<NewEpoch, Stop> {
        let owners: Vec<_> = self.owners().collect();
        let members: Vec<_> = self.staff.iter().map(|member| member.keys).collect();
        let plan =
            EpochPlan { organization: self.organization, owners: &owners, members: &members, recovery };
        // A clock that is behind must not make the new epoch older than the one before.
        let now = self.epochs.newest().map_or(now, |newest| now.max(newest.at()));
        Ok(begin_epoch(&plan, self.previous.as_ref(), me, now, &mut random())?)
    }

    /// The new epoch as the server takes it.
    fn begun(&self, new: &NewEpoch, remove: Vec<AccountId>) -> BeginEpoch {
        let given = |grant: &Grant| MemberGrant {
            account_id: self.holder(grant.holder()),
            grant: text::encode(&grant.to_bytes()),
        };
        BeginEpoch {
            leaf: text::encode(&new.leaf.to_bytes()),
            grants: new.grants.iter().map(given).collect(),
            certificates: new.certificates.iter().map(|it| text::encode(&it.to_bytes())).collect(),
            remove,
        }
    }

    fn holder(&self, holder: Holder) -> Option<AccountId> {
        match holder {
            Holder::Recovery(_) => None,
            Holder::Member(key_id) => {
                let mut staff = self.staff.iter();
                staff.find(|member| member.keys.keys().key_id() == key_id).map(|member| member.account)
            }
        }
    }

    /// The keys that the owner was given.
    fn held(&self, me: &Identity, mailbox: &Mailbox) -> Result<Vec<MailboxKey>, Stop> {
        let mut held = Vec::new();
        for (practice, listed) in self.epochs.iter().zip(&mailbox.epochs) {
            let Some(grant) = &listed.grant else { continue };
            let grant = Grant::parse(&text::decode(grant)?)?;
            held.push(grant.open(me, practice, &self.epochs.after(practice.epoch()))?);
        }
        Ok(held)
    }

    /// The keys of every epoch that was sealed to the recovery key of these shares.
    fn recovered(&self, shares: &[Share; 2], mailbox: &Mailbox) -> Result<Vec<MailboxKey>, Stop> {
        let since = shares[0].since();
        let of_shares = self.epochs.iter().rev().find(|practice| practice.recovery().since() == since);
        let key = RecoveryKey::combine(shares, of_shares.ok_or(VaultRefusal::Shares)?)?;
        let mut recovered = Vec::new();
        for (practice, listed) in self.epochs.iter().zip(&mailbox.epochs) {
            if *practice.recovery() != key.public() {
                continue;
            }
            let grant = listed.recovery_grant.as_ref().ok_or(VaultRefusal::NoGrant)?;
            let grant = Grant::parse(&text::decode(grant)?)?;
            recovered.push(key.open(&grant, practice, &self.epochs.after(practice.epoch()))?);
        }
        Ok(recovered)
    }

    /// Seals keys to each member who has not got them, and certifies who is new in the newest epoch.
    fn give(&self, me: &Identity, keys: &[MailboxKey]) -> Result<GiveKeys, GrantError> {
        let certified = self.epochs.current().filter(|_| self.is_current_owner(me)).map(|it| it.epoch());
        let mut given = GiveKeys { grants: Vec::new(), certificates: Vec::new() };
        for member in &self.staff {
            for key in keys.iter().filter(|key| !member.holds.contains(&key.epoch().get())) {
                let grant = key.grant(&member.keys, me, &mut random())?;
                given.grants.push(MemberGrant {
                    account_id: Some(member.account),
                    grant: text::encode(&grant.to_bytes()),
                });
                if certified == Some(key.epoch()) {
                    given.certificates.push(self.certificate(me, key.epoch(), member));
                }
            }
        }
        Ok(given)
    }

    fn certificate(&self, me: &Identity, epoch: Epoch, member: &Member) -> String {
        let certificate = StaffCertificate::issue(self.organization, epoch, &member.keys, me);
        text::encode(&certificate.to_bytes())
    }
}
