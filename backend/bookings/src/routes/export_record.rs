//! `GET /api/v1/bookings/me/export`: everything that bookings holds about the caller, or about somebody whose details they
//! look after.

use axum::extract::State as Extract;
use kernel::{Disclosed, Reject, export::ExportRecord};
use shared_types::export::DataExport;

use crate::{state::State, store::export};

/// All of it at once: what one person has booked in some years is no more than a page or two.
pub async fn export_record(
    Extract(state): Extract<State>,
    asked: ExportRecord,
) -> Result<Disclosed<DataExport>, Reject> {
    let mut begun = asked.begin(&state.core).await?;
    let (parts, bookings) = export::parts(&mut begun.tx, &state.cipher, &begun.whose).await?;
    begun.finish(&state.core, "bookings", parts, &bookings).await
}
