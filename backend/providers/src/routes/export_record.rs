//! `GET /api/v1/providers/me/export`: what providers holds about the caller. Listings are public and of no account, so there is
//! nothing but what every service has.

use axum::extract::State as Extract;
use kernel::{Disclosed, Reject, export::ExportRecord};
use shared_types::export::DataExport;

use crate::state::State;

/// The parts that every service has.
pub async fn export_record(
    Extract(state): Extract<State>,
    asked: ExportRecord,
) -> Result<Disclosed<DataExport>, Reject> {
    let begun = asked.begin(&state.core).await?;
    begun.finish(&state.core, "providers", Vec::new(), &[]).await
}
