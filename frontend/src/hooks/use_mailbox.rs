//! A practice's mailbox for those who look after it: who holds its key, beginning the next epoch, giving keys, and opening
//! it with recovery sheets. The vault does all of it; the page carries what it makes to the server.

use std::{cell::Cell, rc::Rc};

use shared_types::{
    AccountId, OrganizationId, Problem,
    personal::Personal,
    users::{BeginEpoch, DirectoryEntry, Mailbox, MailboxMember, PublishedKeys},
    vault::{SeenKeys, VaultReply, VaultRequest},
};
use yew::{platform::spawn_local, prelude::*};

use super::{Act, use_act, use_own_fingerprint::look, use_version};
use crate::{
    account,
    api::{ApiClient, sealed, use_api_client},
    intake, vault,
};

/// A mailbox, with what the vault makes of everybody's keys.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenMailbox {
    /// As the server shows it.
    pub mailbox: Mailbox,
    /// The practice's; none before its first epoch.
    pub practice: Option<SeenKeys>,
    /// Those of its members who have any.
    pub members: Vec<(AccountId, SeenKeys)>,
}

impl SeenMailbox {
    /// Somebody's keys.
    pub fn keys_of(&self, account_id: AccountId) -> Option<&SeenKeys> {
        self.members.iter().find(|(of, _)| *of == account_id).map(|(_, keys)| keys)
    }

    /// Whether somebody holds the key of every epoch.
    pub fn holds_all(&self, member: &MailboxMember) -> bool {
        self.mailbox.epochs.iter().all(|epoch| member.holds.contains(&epoch.epoch))
    }

    /// Whether the one who looks can open what was sealed last.
    pub fn is_open_to_me(&self) -> bool {
        self.mailbox.epochs.last().is_some_and(|newest| newest.grant.is_some())
    }
}

/// How far reading is.
#[derive(Clone, PartialEq)]
pub enum Reading {
    /// On its way.
    Loading,
    /// It cannot be read.
    Failed(Problem),
    /// Here it is.
    Ready(Rc<SeenMailbox>),
}

/// Why the next epoch is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// It is the first.
    First,
    /// New recovery sheets are wanted.
    Renew,
    /// Somebody leaves; with new recovery sheets, if they may have kept one.
    Remove {
        /// Who.
        account_id: AccountId,
        /// Whether there are to be new sheets.
        renew: bool,
    },
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// The mailbox can be written to.
    Begun,
    /// There are new sheets.
    Renewed,
    /// Somebody has left.
    Removed,
    /// Keys were given.
    Given,
    /// The sheets have opened the mailbox.
    Recovered,
    /// A changed fingerprint was agreed to.
    Agreed,
}

/// Recovery sheets that wait to be kept. Nothing has been changed until they are.
#[derive(Clone, PartialEq)]
pub struct Sheets {
    epoch: BeginEpoch,
    /// Shown once.
    pub shares: [Personal<String>; 3],
    done: Done,
}

/// What an act came to.
enum Outcome {
    Done(Done),
    Sheets(Sheets),
    Changed(SeenKeys),
}

/// A mailbox and what an owner does about it.
#[derive(Clone, PartialEq)]
pub struct MailboxDesk {
    /// What there is.
    pub reading: Reading,
    /// What is under way.
    pub act: Act,
    /// Sheets that wait to be kept.
    pub sheets: Option<Rc<Sheets>>,
    /// Whose keys have changed and must be compared before anything else.
    pub changed: Option<SeenKeys>,
    /// What was done last.
    pub done: Option<Done>,
    /// Begins an epoch.
    pub on_begin: Callback<Begin>,
    /// The sheets were kept: now the epoch begins.
    pub on_kept: Callback<()>,
    /// They were not: nothing happens.
    pub on_drop: Callback<()>,
    /// Gives somebody the keys they lack.
    pub on_give: Callback<AccountId>,
    /// Opens the mailbox with two sheets.
    pub on_recover: Callback<[String; 2]>,
    /// The changed keys were compared and found to be right.
    pub on_same_keys: Callback<SeenKeys>,
    /// Leaves them.
    pub on_leave: Callback<()>,
    /// Reads it again.
    pub on_again: Callback<()>,
}

/// For a member of staff whose keys are open.
#[hook]
pub fn use_mailbox(organization_id: OrganizationId, account_id: AccountId) -> MailboxDesk {
    let client = use_api_client();
    let (version, on_again) = use_version();
    let reading = use_reading(client.clone(), organization_id, account_id, version);
    let act = use_act();
    let sheets = use_state(|| None::<Rc<Sheets>>);
    let changed = use_state(|| None::<SeenKeys>);
    let done = use_state_eq(|| None::<Done>);
    let settle = {
        let (sheets, changed, done) = (sheets.setter(), changed.setter(), done.setter());
        let on_again = on_again.clone();
        Callback::from(move |outcome: Outcome| {
            sheets.set(None);
            changed.set(None);
            match outcome {
                Outcome::Done(what) => {
                    done.set(Some(what));
                    on_again.emit(());
                }
                Outcome::Sheets(new) => sheets.set(Some(Rc::new(new))),
                Outcome::Changed(keys) => changed.set(Some(keys)),
            }
        })
    };
    let desk = Desk { client, organization_id, account_id };
    let mailbox = match &reading {
        Reading::Ready(seen) => Some(seen.mailbox.clone()),
        Reading::Loading | Reading::Failed(_) => None,
    };
    let run = {
        let (act, settle) = (act.clone(), settle);
        move |what: What| {
            let (desk, settle) = (desk.clone(), settle.clone());
            let attempt = move || {
                let (desk, what) = (desk.clone(), what.clone());
                async move { desk.act(what).await }
            };
            act.run(attempt, move |outcome| settle.emit(outcome));
        }
    };
    let with_mailbox = {
        let run = run.clone();
        move |what: Wish| {
            if let Some(mailbox) = mailbox.clone() {
                run(What::Wish(mailbox, what));
            }
        }
    };
    let waiting = (*sheets).clone();
    MailboxDesk {
        reading,
        act,
        sheets: waiting.clone(),
        changed: (*changed).clone(),
        done: *done,
        on_begin: {
            let with_mailbox = with_mailbox.clone();
            Callback::from(move |begin| with_mailbox(Wish::Begin(begin)))
        },
        on_kept: {
            let run = run.clone();
            Callback::from(move |()| {
                if let Some(sheets) = waiting.clone() {
                    run(What::Keep(sheets));
                }
            })
        },
        on_drop: Callback::from(move |()| sheets.set(None)),
        on_give: {
            let with_mailbox = with_mailbox.clone();
            Callback::from(move |to| with_mailbox(Wish::Give(to)))
        },
        on_recover: Callback::from(move |shares| with_mailbox(Wish::Recover(shares))),
        on_same_keys: Callback::from(move |keys| run(What::Agree(keys))),
        on_leave: Callback::from(move |()| changed.set(None)),
        on_again,
    }
}

#[hook]
fn use_reading(
    client: ApiClient,
    organization_id: OrganizationId,
    account_id: AccountId,
    version: u32,
) -> Reading {
    let reading = use_state(|| Reading::Loading);
    let set = reading.setter();
    use_effect_with((organization_id, account_id, version), move |_| {
        let outdated = Rc::new(Cell::new(false));
        let gone = Rc::clone(&outdated);
        spawn_local(async move {
            let read = match read(&client, organization_id, account_id).await {
                Ok(seen) => Reading::Ready(Rc::new(seen)),
                Err(problem) => Reading::Failed(problem),
            };
            if !gone.get() {
                set.set(read);
            }
        });
        move || outdated.set(true)
    });
    (*reading).clone()
}

async fn read(
    client: &ApiClient,
    organization_id: OrganizationId,
    account_id: AccountId,
) -> Result<SeenMailbox, Problem> {
    let mailbox = sealed::find_mailbox(client, organization_id, vault::log_size().await).await?;
    let published =
        |entry: &DirectoryEntry| PublishedKeys { head: mailbox.head.clone(), entry: entry.clone() };
    let practice = match mailbox.epochs.last() {
        None => None,
        Some(newest) => Some(look(account_id, published(&newest.entry)).await?),
    };
    let mut members = Vec::new();
    for member in &mailbox.members {
        if let Some(entry) = &member.keys {
            members.push((member.account_id, look(account_id, published(entry)).await?));
        }
    }
    Ok(SeenMailbox { mailbox, practice, members })
}

/// What somebody wants done with a mailbox as it was read.
#[derive(Clone)]
enum Wish {
    Begin(Begin),
    Give(AccountId),
    Recover([String; 2]),
}

#[derive(Clone)]
enum What {
    Wish(Mailbox, Wish),
    Keep(Rc<Sheets>),
    Agree(SeenKeys),
}

#[derive(Clone)]
struct Desk {
    client: ApiClient,
    organization_id: OrganizationId,
    account_id: AccountId,
}

impl Desk {
    async fn act(&self, what: What) -> Result<Outcome, Problem> {
        match what {
            What::Wish(mailbox, Wish::Begin(begin)) => self.begin(mailbox, begin).await,
            What::Wish(mailbox, Wish::Give(to)) => self.give(mailbox, to).await,
            What::Wish(mailbox, Wish::Recover(shares)) => self.recover(mailbox, shares).await,
            What::Keep(sheets) => {
                sealed::begin_epoch(&self.client, self.organization_id, &sheets.epoch).await?;
                Ok(Outcome::Done(sheets.done))
            }
            What::Agree(keys) => {
                intake::agree(Some(self.account_id), &keys).await?;
                Ok(Outcome::Done(Done::Agreed))
            }
        }
    }

    /// With new sheets, nothing is sent before they are kept: a mailbox whose sheets nobody has cannot be recovered.
    async fn begin(&self, mailbox: Mailbox, begin: Begin) -> Result<Outcome, Problem> {
        let (remove, renew_recovery, done) = match begin {
            Begin::First => (Vec::new(), true, Done::Begun),
            Begin::Renew => (Vec::new(), true, Done::Renewed),
            Begin::Remove { account_id, renew } => (vec![account_id], renew, Done::Removed),
        };
        let request = VaultRequest::BeginEpoch { mailbox, remove, renew_recovery };
        let reply = vault::ask_for(self.account_id, request).await;
        let VaultReply::EpochBegun { epoch, shares, .. } = reply else { return otherwise(reply) };
        if let Some(shares) = shares {
            return Ok(Outcome::Sheets(Sheets { epoch, shares, done }));
        }
        sealed::begin_epoch(&self.client, self.organization_id, &epoch).await?;
        Ok(Outcome::Done(done))
    }

    async fn give(&self, mailbox: Mailbox, to: AccountId) -> Result<Outcome, Problem> {
        let request = VaultRequest::GiveKeys { mailbox, to: vec![to] };
        let reply = vault::ask_for(self.account_id, request).await;
        let VaultReply::KeysGiven { keys, .. } = reply else { return otherwise(reply) };
        sealed::give_keys(&self.client, self.organization_id, &keys).await?;
        Ok(Outcome::Done(Done::Given))
    }

    async fn recover(&self, mailbox: Mailbox, shares: [String; 2]) -> Result<Outcome, Problem> {
        let request = VaultRequest::RecoverMailbox { mailbox, shares: shares.map(Personal::new) };
        let reply = vault::ask_for(self.account_id, request).await;
        let VaultReply::Recovered { epoch, keys, .. } = reply else { return otherwise(reply) };
        if let Some(epoch) = epoch {
            sealed::begin_epoch(&self.client, self.organization_id, &epoch).await?;
        }
        sealed::give_keys(&self.client, self.organization_id, &keys).await?;
        Ok(Outcome::Done(Done::Recovered))
    }
}

fn otherwise(reply: VaultReply) -> Result<Outcome, Problem> {
    if let VaultReply::Changed { keys, .. } = reply {
        Ok(Outcome::Changed(keys))
    } else {
        Err(account::refused(reply))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared_types::{AccountId, users::Mailbox, vault::SeenKeys};

    use super::SeenMailbox;

    fn account(nth: u128) -> AccountId {
        format!("00000000-0000-7000-8000-{nth:012}").parse().unwrap()
    }

    /// Two epochs; the first member holds both keys, the second the first alone.
    fn seen() -> SeenMailbox {
        let entry = json!({ "leaf": "l", "index": 0, "proof": [] });
        let member = |nth: u128, holds: &[u32]| {
            json!({
                "account_id": account(nth),
                "email": "a@example.org",
                "roles": ["reception"],
                "keys": entry,
                "holds": holds,
            })
        };
        let mailbox: Mailbox = serde_json::from_value(json!({
            "organization_id": "00000000-0000-7000-8000-000000000001",
            "head": { "checkpoint": "c", "key": "k" },
            "epochs": [{ "epoch": 1, "entry": entry, "grant": "g" }, { "epoch": 2, "entry": entry }],
            "members": [member(1, &[1, 2]), member(2, &[1])],
        }))
        .unwrap();
        let keys: SeenKeys = serde_json::from_value(json!({
            "subject": { "kind": "account", "id": account(1) },
            "fingerprint": "1",
            "before": null,
            "epoch": null,
        }))
        .unwrap();
        SeenMailbox { mailbox, practice: None, members: vec![(account(1), keys)] }
    }

    #[test]
    fn who_lacks_a_key_of_any_epoch_waits() {
        let seen = seen();
        let [first, second] = &seen.mailbox.members[..] else { panic!("two members") };
        assert!(seen.holds_all(first) && !seen.holds_all(second));
        assert!(seen.keys_of(account(1)).is_some() && seen.keys_of(account(2)).is_none());
    }

    #[test]
    fn only_the_newest_key_opens_what_comes_now() {
        assert!(!seen().is_open_to_me(), "the key of the first epoch is not enough");
    }
}
