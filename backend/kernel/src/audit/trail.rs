//! `GET /api/v1/{service}/me/audit`: who looked at my record, as every service answers it for itself.

use axum::extract::Query;
use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    PatientId, Problem,
    users::{Claims, DelegationScope},
};
use sqlx::{PgConnection, Row as _};
use transparency::{
    NodeId, SignedCheckpoint, proof,
    trail::{AuditTrail, TrailEntry},
};

use super::{Actor, Entry, Outcome, Purpose, Resource, record, rows, sequence};
use crate::{Core, Disclosed, Reject, SignedIn};

/// The operation's name in every service.
pub const OPERATION: &str = "list_audit_trail";
/// Entries on a page.
const PAGE: usize = 50;

/// Whose entries, and from where on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListAuditTrail {
    /// A patient whom the caller may act for in everything; the caller when absent.
    patient_id: Option<PatientId>,
    /// From the page before.
    cursor: Option<String>,
    /// How many entries the checkpoint covered that the caller saw last: what is shown comes with the proof that the log
    /// has only grown from there. A log that is shorter, or another one, has no such proof.
    since: Option<u64>,
}

/// The handler. Reading one's trail is written into it like everything else.
pub fn list_audit_trail(
    core: &Core,
) -> impl Fn(SignedIn, Query<ListAuditTrail>) -> BoxFuture<'static, Result<Disclosed<AuditTrail>, Reject>>
+ Clone
+ Send
+ Sync
+ 'static {
    let core = core.clone();
    move |caller, Query(query)| {
        let core = core.clone();
        Box::pin(async move { answer(&core, &caller, query).await })
    }
}

async fn answer(
    core: &Core,
    caller: &Claims,
    query: ListAuditTrail,
) -> Result<Disclosed<AuditTrail>, Reject> {
    let before = match &query.cursor {
        None => i64::MAX,
        Some(cursor) => {
            cursor.parse().map_err(|_| Problem::new("unreadable", 400, "This request cannot be read"))?
        }
    };
    let (patient, account) = match query.patient_id.filter(|id| Some(*id) != caller.patient_id) {
        None => (caller.patient_id, Some(caller.account_id)),
        Some(other) => (Some(other), None),
    };
    let may = account.is_some() || patient.is_some_and(|id| caller.may_act_for(id, DelegationScope::Details));
    let mut tx = core.begin().await?;
    let entry = Entry {
        actor: patient.map_or_else(|| Actor::of(caller), |patient| Actor::for_patient(caller, patient)),
        action: OPERATION,
        resource: patient.map_or(Resource::from(caller.account_id), Resource::from),
        whose: patient,
        purpose: Purpose::OwnRecord,
        outcome: if may { Outcome::Allowed } else { Outcome::Denied },
    };
    let receipt = record(&mut tx, core, entry).await?;
    if !may {
        core.commit(tx).await?;
        return Err(Problem::not_found("This patient").into());
    }
    let found = sqlx::query("select * from read_audit_trail($1, $2, $3, $4)")
        .bind(patient)
        .bind(account)
        .bind(before)
        .bind(PAGE as i32 + 1)
        .fetch_all(&mut *tx)
        .await?;
    let next =
        found.get(PAGE).is_some().then(|| found[PAGE - 1].try_get::<i64, _>("leaf_index")).transpose()?;
    let logged = found.iter().take(PAGE).map(rows::logged).collect::<sqlx::Result<Vec<_>>>()?;
    let newest = checkpoint(&mut tx).await?;
    let size = newest.as_ref().map_or(0, |(signed, _)| signed.unverified().size);
    let mut wanted: Vec<NodeId> =
        logged.iter().flat_map(|one| proof::inclusion_nodes(one.index, size)).collect();
    wanted.extend(query.since.into_iter().flat_map(|since| proof::consistency_nodes(since, size)));
    let nodes = sequence::nodes(&mut tx, &wanted).await?;
    let consistency =
        query.since.and_then(|since| proof::consistency(since, size, &mut |id| nodes.get(&id).copied()));
    let items = logged
        .into_iter()
        .map(|logged| {
            let proof = proof::inclusion(logged.index, size, &mut |id| nodes.get(&id).copied());
            TrailEntry { logged, proof }
        })
        .collect();
    let (checkpoint, key) = newest.map(|(signed, key)| (signed.to_string(), key)).unzip();
    let next = next.map(|index| index.to_string());
    let trail = AuditTrail { items, checkpoint, key, consistency, next };
    Ok(Disclosed::commit(core, tx, receipt, trail).await?)
}

/// The newest checkpoint and the key that signed it.
async fn checkpoint(conn: &mut PgConnection) -> Result<Option<(SignedCheckpoint, String)>, Reject> {
    let row =
        sqlx::query("select note, public_key from read_audit_checkpoint()").fetch_optional(conn).await?;
    let Some(row) = row else { return Ok(None) };
    let note: String = row.try_get("note")?;
    let signed = note.parse().map_err(|error: transparency::note::NoteError| Reject::internal(&error))?;
    Ok(Some((signed, row.try_get("public_key")?)))
}
