//! The logs of every service about one person: fetched a page at a time, each page checked by the vault.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use shared_types::{
    AccountId, OrganizationId, Problem,
    bookings::{MemberAppointment, When},
    page::Page,
    users::AccessGrant,
    vault::{TrailVerdict, VaultRefusal, VaultReply, VaultRequest},
};
use transparency::trail::AuditTrail;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    api::{ApiClient, bookings, own_record, use_api_client, users},
    record::{Checked, Record, RecordAction, words::Known},
    vault,
};

/// What is known of the logs, and a way to know more.
#[derive(Clone, PartialEq)]
pub struct RecordHandle {
    /// As far as it was fetched.
    pub record: UseReducerHandle<Record>,
    /// What gives things their names.
    pub known: Rc<Known>,
    /// Fetches older entries: of one service, or of those that reach back the least.
    pub on_more: Callback<Option<&'static str>>,
}

/// The record of whoever is signed in; the newest page of each service is fetched at once.
#[hook]
pub fn use_record(account_id: AccountId) -> RecordHandle {
    let client = use_api_client();
    let record = use_reducer(Record::default);
    let known = use_state_eq(|| Rc::new(Known { me: Some(account_id), ..Known::default() }));
    let on_more = {
        let (client, record) = (client.clone(), record.clone());
        Callback::from(move |only: Option<&'static str>| {
            for (service, cursor) in record.wants(only) {
                record.dispatch(RecordAction::Asked(service));
                let (client, tell) = (client.clone(), record.dispatcher());
                spawn_local(async move {
                    tell.dispatch(match fetch(&client, account_id, service, cursor).await {
                        Ok(page) => RecordAction::Came(service, Box::new(page)),
                        Err(problem) => RecordAction::Failed(service, problem),
                    });
                });
            }
        })
    };
    {
        let (first, known) = (on_more.clone(), known.setter());
        use_effect_with(account_id, move |account_id| {
            first.emit(None);
            let account_id = *account_id;
            spawn_local(async move { known.set(Rc::new(names(&client, account_id).await)) });
        });
    }
    let practices = use_practices(record.practices());
    let known = use_memo(((*known).clone(), practices), |(known, practices)| Known {
        practices: practices.names.clone(),
        ..(**known).clone()
    });
    RecordHandle { record, known, on_more }
}

/// The names of practices by their ids.
#[derive(Default, PartialEq)]
struct Practices {
    names: BTreeMap<OrganizationId, String>,
}

impl Reducible for Practices {
    type Action = BTreeMap<OrganizationId, String>;

    fn reduce(self: Rc<Self>, found: Self::Action) -> Rc<Self> {
        Rc::new(Self { names: self.names.clone().into_iter().chain(found).collect() })
    }
}

/// The names of the practices that the logs speak of, from one's own appointments. Each of these that is read is written down in a
/// log as well, so no more are read than name what is there. Without a name an entry is only less plain.
#[hook]
fn use_practices(named: BTreeSet<OrganizationId>) -> UseReducerHandle<Practices> {
    let client = use_api_client();
    let practices = use_reducer_eq(Practices::default);
    let looked_for = use_mut_ref(BTreeSet::<OrganizationId>::new);
    let tell = practices.dispatcher();
    use_effect_with(named, move |named| {
        let mut wanted: BTreeSet<_> = named.difference(&looked_for.borrow()).copied().collect();
        looked_for.borrow_mut().extend(named);
        if wanted.is_empty() {
            return;
        }
        spawn_local(async move {
            let mut found = BTreeMap::new();
            for when in [When::Past, When::Upcoming] {
                if wanted.is_empty() {
                    break;
                }
                let look = |one: MemberAppointment| {
                    let role = one.appointment.role;
                    if let (Some(id), Some(name)) = (role.organization_id, role.organization_name)
                        && wanted.remove(&id)
                    {
                        found.insert(id, name);
                    }
                    wanted.is_empty()
                };
                bookings::read_my_appointments(&client, when, look).await;
            }
            tell.dispatch(found);
        });
    });
    practices
}

/// Fetches a page and has it checked. What another tab has seen meanwhile can make an honest log look like another one: it is
/// asked once more.
async fn fetch(
    client: &ApiClient,
    account_id: AccountId,
    service: &'static str,
    cursor: Option<String>,
) -> Result<Checked, Problem> {
    let first = fetch_once(client, account_id, service, cursor.as_deref()).await?;
    if first.verdicts == Err(VaultRefusal::AuditFork) {
        return fetch_once(client, account_id, service, cursor.as_deref()).await;
    }
    Ok(first)
}

async fn fetch_once(
    client: &ApiClient,
    account_id: AccountId,
    service: &'static str,
    cursor: Option<&str>,
) -> Result<Checked, Problem> {
    let since = vault::audit_log_size(service).await;
    let path = own_record::list_audit_trail(service, cursor, since);
    let trail: AuditTrail = client.get(&path).await.read()?;
    let verdicts = check(account_id, service, &trail).await;
    Ok(Checked { trail, verdicts })
}

async fn check(
    account_id: AccountId,
    service: &str,
    trail: &AuditTrail,
) -> Result<Vec<TrailVerdict>, VaultRefusal> {
    let trail = serde_json::to_value(trail).map_err(|_| VaultRefusal::Damaged)?;
    let request = VaultRequest::CheckTrail { service: service.to_owned(), trail };
    let reply = vault::ask_for(account_id, request).await;
    if let VaultReply::TrailChecked { vouched, .. } = reply {
        return Ok(vouched);
    }
    Err(if let VaultReply::Refused { why } = reply { why } else { VaultRefusal::Damaged })
}

/// The stated reasons. Without them the log is only less plain.
async fn names(client: &ApiClient, account_id: AccountId) -> Known {
    let mut known = Known { me: Some(account_id), ..Known::default() };
    let grants = client.get(&users::list_access_grants()).await.read::<Page<AccessGrant>>();
    let grants = grants.map(|page| page.items).unwrap_or_default();
    known.reasons = grants.iter().map(|grant| (grant.access_grant_id, grant.reason.clone())).collect();
    known.grants = grants;
    known
}
