//! Table `payments.role_setup`, and the location id of `payments.practice_account`: by which numbers a practice claims.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{OrganizationId, PractitionerRoleId, payments::claim::RoleSetup};
use sqlx::PgConnection;

/// A role's numbers at a practice; version zero where it has none.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    role: PractitionerRoleId,
) -> sqlx::Result<RoleSetup> {
    let row = sqlx::query!(
        "select provider_number, modified_monash, version from payments.role_setup \
         where organization_id = $1 and practitioner_role_id = $2",
        organization_id.0,
        role.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some(row) => RoleSetup {
            practitioner_role_id: role,
            provider_number: Some(row.provider_number),
            modified_monash: Some(row.modified_monash),
            version: row.version,
        },
        None => {
            RoleSetup { practitioner_role_id: role, provider_number: None, modified_monash: None, version: 0 }
        }
    })
}

/// Writes a role's numbers, if the version there is the one before. False when somebody else was quicker.
///
/// # Errors
/// When the database fails, or refuses a number.
pub async fn put(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    setup: &RoleSetup,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.role_setup as old (organization_id, practitioner_role_id, provider_number, modified_monash, \
         version, updated_at) values ($1, $2, $3, $4, $5, $6) on conflict on constraint role_setup_pkey do update set \
         provider_number = excluded.provider_number, modified_monash = excluded.modified_monash, \
         version = excluded.version, updated_at = excluded.updated_at where old.version = excluded.version - 1",
        organization_id.0,
        setup.practitioner_role_id.0,
        setup.provider_number,
        setup.modified_monash,
        setup.version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// A practice's location id, and the version of what is known of it.
///
/// # Errors
/// When the database fails.
pub async fn location(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
) -> sqlx::Result<(Option<String>, i32)> {
    let row = sqlx::query!(
        "select location_id, version from payments.practice_account where organization_id = $1",
        organization_id.0,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or((None, 0), |row| (row.location_id, row.version)))
}

/// Writes a practice's location id, if the version there is the one before. False when somebody else was quicker.
///
/// # Errors
/// When the database fails, or refuses it.
pub async fn put_location(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    location_id: &str,
    version: i32,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into payments.practice_account as old (organization_id, location_id, version, created_at, updated_at) \
         values ($1, $2, $3, $4, $4) on conflict on constraint practice_account_pkey do update set \
         location_id = excluded.location_id, version = excluded.version, updated_at = excluded.updated_at \
         where old.version = excluded.version - 1",
        organization_id.0,
        location_id,
        version,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}
