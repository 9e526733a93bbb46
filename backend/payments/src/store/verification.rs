//! Table `payments.verification`: what Medicare said of a booking's patient, and who asked.

use jiff_sqlx::ToSqlx as _;
use kernel::Core;
use shared_types::{AccountId, BookingId, OrganizationId, payments::claim::Verification};
use sqlx::PgConnection;
use uuid::Uuid;

/// Keeps an answer.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    organization_id: OrganizationId,
    answer: &Verification,
    verified_by: AccountId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.verification (verification_id, booking_id, organization_id, kind, result, code, verified_by, \
         verified_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        core.id::<Uuid>(),
        booking_id.0,
        organization_id.0,
        answer.kind.code(),
        answer.result.code(),
        answer.reason.code,
        verified_by.0,
        answer.verified_at.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}
