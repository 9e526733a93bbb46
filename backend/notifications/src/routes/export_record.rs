//! `GET /api/v1/notifications/me/export`: everything that notifications holds about the caller, or about somebody whose
//! details they look after.

use axum::extract::State as Extract;
use kernel::{Core, Disclosed, Reject, export::ExportRecord};
use shared_types::export::DataExport;

use crate::store::export;

/// All of it at once.
pub async fn export_record(
    Extract(core): Extract<Core>,
    asked: ExportRecord,
) -> Result<Disclosed<DataExport>, Reject> {
    let mut begun = asked.begin(&core).await?;
    let parts = export::parts(&mut begun.tx, &begun.whose).await?;
    begun.finish(&core, "notifications", parts, &[]).await
}
