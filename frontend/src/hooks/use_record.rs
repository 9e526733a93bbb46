//! The logs of every service about one person: fetched a page at a time, each page checked by the vault.

use std::rc::Rc;

use shared_types::{
    AccountId, Problem,
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
    RecordHandle { record, known: (*known).clone(), on_more }
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

/// The names of practices, from one's own appointments, and the stated reasons. Without them the log is only less plain.
async fn names(client: &ApiClient, account_id: AccountId) -> Known {
    let mut known = Known { me: Some(account_id), ..Known::default() };
    for when in [When::Past, When::Upcoming] {
        let page = client.get(&bookings::list_my_appointments(when)).await.read::<Page<MemberAppointment>>();
        for one in page.map(|page| page.items).unwrap_or_default() {
            let role = one.appointment.role;
            if let (Some(id), Some(name)) = (role.organization_id, role.organization_name) {
                known.practices.insert(id, name);
            }
        }
    }
    let grants = client.get(&users::list_access_grants()).await.read::<Page<AccessGrant>>();
    let grants = grants.map(|page| page.items).unwrap_or_default();
    known.reasons = grants.iter().map(|grant| (grant.access_grant_id, grant.reason.clone())).collect();
    known.grants = grants;
    known
}
