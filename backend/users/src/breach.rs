//! Suspected data breaches, for the command line; each act is in the audit log. No route leads here.

use anyhow::{Result, ensure};
use jiff::Timestamp;
use kernel::{
    Core,
    audit::{self, Actor, Entry, Outcome, Purpose},
};
use sqlx::PgConnection;

pub use shared_types::BreachIncidentId;

pub use crate::domain::breach::{BreachIncident, Decision, Status};
use crate::{domain::breach::assess_by, store::breach_incident};

/// Opens an incident.
///
/// # Errors
/// When the suspicion lies in the future, or the database refuses.
pub async fn open(core: &Core, suspected_at: Timestamp, summary: &str) -> Result<BreachIncident> {
    ensure!(suspected_at <= core.now(), "nobody suspects anything in the future");
    let incident = BreachIncident {
        breach_incident_id: core.id(),
        suspected_at,
        assess_by: assess_by(suspected_at),
        summary: summary.to_owned(),
        status: Status::Assessing,
    };
    let mut tx = core.begin().await?;
    breach_incident::insert(&mut tx, &incident, core.now()).await?;
    note(&mut tx, core, "open_breach_incident", incident.breach_incident_id).await?;
    core.commit(tx).await?;
    Ok(incident)
}

/// Writes down what was decided, and why.
///
/// # Errors
/// When there is no such incident, or the database refuses.
pub async fn decide(core: &Core, id: BreachIncidentId, decision: Decision, reason: &str) -> Result<()> {
    let mut tx = core.begin().await?;
    let found = breach_incident::decide(&mut tx, core.id(), id, decision, reason, core.now()).await?;
    ensure!(found, "there is no incident {id}");
    note(&mut tx, core, "decide_breach_incident", id).await?;
    core.commit(tx).await?;
    Ok(())
}

/// An incident by its id.
///
/// # Errors
/// When the database refuses.
pub async fn find(core: &Core, id: BreachIncidentId) -> Result<Option<BreachIncident>> {
    Ok(breach_incident::find(&mut *core.pool.acquire().await?, id).await?)
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    action: &'static str,
    id: BreachIncidentId,
) -> sqlx::Result<audit::Recorded> {
    let entry = Entry {
        actor: Actor::System("hellomapper breach"),
        action,
        resource: id.into(),
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}
