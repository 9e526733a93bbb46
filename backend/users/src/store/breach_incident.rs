//! Tables `users.breach_incident` and `users.breach_decision`: suspected breaches and what was decided.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::BreachIncidentId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::breach::{BreachIncident, Decision, Status};

/// Writes a new one.
///
/// # Errors
/// When the table cannot be changed.
pub async fn insert(conn: &mut PgConnection, incident: &BreachIncident, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into users.breach_incident (breach_incident_id, suspected_at, assess_by, summary, status, opened_at) \
         values ($1, $2, $3, $4, $5, $6)",
        incident.breach_incident_id.0,
        incident.suspected_at.to_sqlx() as jiff_sqlx::Timestamp,
        incident.assess_by.to_sqlx() as jiff_sqlx::Date,
        incident.summary,
        incident.status.to_string(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One by its id.
///
/// # Errors
/// When the table cannot be read.
pub async fn find(conn: &mut PgConnection, id: BreachIncidentId) -> sqlx::Result<Option<BreachIncident>> {
    let row = sqlx::query!(
        r#"select suspected_at as "suspected_at: jiff_sqlx::Timestamp", assess_by as "assess_by: jiff_sqlx::Date",
               summary, status
           from users.breach_incident where breach_incident_id = $1"#,
        id.0,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(BreachIncident {
            breach_incident_id: id,
            suspected_at: row.suspected_at.to_jiff(),
            assess_by: row.assess_by.to_jiff(),
            summary: row.summary,
            status: Status::from_code(&row.status)
                .ok_or_else(|| sqlx::Error::Decode("a status that the table's own check refuses".into()))?,
        })
    })
    .transpose()
}

/// Keeps a decision and lets the incident stand there. `false` when there is no such incident.
///
/// # Errors
/// When a table cannot be changed.
pub async fn decide(
    conn: &mut PgConnection,
    decision_id: Uuid,
    incident: BreachIncidentId,
    decision: Decision,
    reason: &str,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let found = sqlx::query!(
        "update users.breach_incident set status = $2 where breach_incident_id = $1",
        incident.0,
        decision.code(),
    )
    .execute(&mut *conn)
    .await?;
    if found.rows_affected() != 1 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into users.breach_decision (breach_decision_id, breach_incident_id, status, reason, decided_at) \
         values ($1, $2, $3, $4, $5)",
        decision_id,
        incident.0,
        decision.code(),
        reason,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(true)
}
