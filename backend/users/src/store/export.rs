//! Everything that users holds about one person, table by table. What proves who they are is said to be there and not given.

mod account;
mod people;
mod sealed;

use kernel::export::Whose;
use shared_types::{BookingId, export::ExportPart};
use sqlx::PgConnection;

/// The parts, and which bookings are the person's.
///
/// # Errors
/// When a table cannot be read.
pub async fn parts(
    conn: &mut PgConnection,
    whose: &Whose,
) -> sqlx::Result<(Vec<ExportPart>, Vec<BookingId>)> {
    let (account, patient) = (whose.account_id.map(|id| id.0), whose.patient_id.map(|id| id.0));
    let mut parts = account::parts(conn, account).await?;
    parts.extend(people::parts(conn, account, patient).await?);
    let (notes, bookings) = sealed::parts(conn, account, patient).await?;
    parts.extend(notes);
    Ok((parts, bookings))
}
