//! Table `providers.bulk_billing`: which practices say that they bulk bill every eligible service, and when they last said so.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{OrganizationId, payments::PracticeAccountFact};
use sqlx::PgConnection;

/// Keeps what a practice says as payments told it, unless something newer is known.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, fact: &PracticeAccountFact, version: i64) -> sqlx::Result<()> {
    let attested_at = fact.attested_at.filter(|_| fact.bulk_bills_everything);
    sqlx::query!(
        "insert into providers.bulk_billing as old (organization_id, attested_at, aggregate_version) values ($1, $2, $3) \
         on conflict on constraint bulk_billing_pkey do update set attested_at = excluded.attested_at, \
         aggregate_version = excluded.aggregate_version where old.aggregate_version < excluded.aggregate_version",
        fact.organization_id as OrganizationId,
        attested_at.map(|at| at.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When a practice last said so.
///
/// # Errors
/// When the database fails.
pub async fn attested_at(conn: &mut PgConnection, id: OrganizationId) -> sqlx::Result<Option<Timestamp>> {
    let row = sqlx::query!(
        "select attested_at from providers.bulk_billing where organization_id = $1",
        id as OrganizationId
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| row.attested_at).map(jiff_sqlx::Timestamp::to_jiff))
}
