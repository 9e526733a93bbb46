//! `GET /api/v1/payments/me/export`: everything that payments holds about the caller, or about somebody whose details they
//! look after. Of card numbers the last digits: the rest is on the card, and is opened for a claim only.

use axum::extract::State as Extract;
use kernel::{
    Disclosed, Reject,
    export::{ExportRecord, part},
};
use shared_types::{PatientId, export::DataExport};
use sqlx::PgConnection;

use super::coverage::view;
use crate::{
    state::State,
    store::{assignment_rights, claim_rights, coverage::find_coverage, export, invoice_rights},
};

/// All of it at once.
pub async fn export_record(
    Extract(state): Extract<State>,
    asked: ExportRecord,
) -> Result<Disclosed<DataExport>, Reject> {
    let mut begun = asked.begin(&state.core).await?;
    let mut parts = export::parts(&mut begun.tx, &begun.whose).await?;
    parts.extend(assignment_rights::parts(&mut begun.tx, &begun.whose).await?);
    parts.extend(claim_rights::parts(&mut begun.tx, &begun.whose).await?);
    parts.extend(invoice_rights::parts(&mut begun.tx, &begun.whose).await?);
    let held = "For claims, encrypted: until you remove them, or seven years after you last changed them.";
    let cards = cards(&mut begun.tx, &state, begun.whose.patient_id).await?;
    parts.push(part("coverage", "Your Medicare, DVA and concession cards", held, cards));
    begun.finish(&state.core, "payments", parts, &[]).await
}

async fn cards(
    conn: &mut PgConnection,
    state: &State,
    patient_id: Option<PatientId>,
) -> Result<Vec<serde_json::Value>, Reject> {
    let Some(patient_id) = patient_id else { return Ok(Vec::new()) };
    let Some(row) = find_coverage(conn, patient_id).await? else { return Ok(Vec::new()) };
    let view = view(&state.cipher, patient_id, Some(&row))?;
    Ok(vec![serde_json::to_value(view).map_err(|error| Reject::internal(&error))?])
}
