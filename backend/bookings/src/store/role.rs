//! Copies of providers' roles.

use anyhow::Result;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    GeoPoint, OrganizationId, PractitionerRoleId, ResourceId, Zone,
    providers::{RoleFact, Unlisted},
};
use sqlx::PgConnection;

/// Keeps a role as providers told it. False when that or something newer is known. Since when it is not listed counts from when it
/// ceased to be, whatever the reason has become.
///
/// # Errors
/// When the database fails.
pub async fn keep(conn: &mut PgConnection, fact: &RoleFact, version: i64, now: Timestamp) -> Result<bool> {
    sqlx::query!(
        "insert into bookings.resource (resource_id) values ($1) on conflict do nothing",
        fact.resource_id as ResourceId
    )
    .execute(&mut *conn)
    .await?;
    let scopes: Vec<String> =
        ["AU".to_owned(), fact.state.clone()].into_iter().chain(fact.regions.iter().cloned()).collect();
    let done = sqlx::query!(
        "insert into bookings.role as old (practitioner_role_id, resource_id, organization_id, slug, name, \
         profession_name, discreet, organization_name, phone, address, time_zone, holiday_scopes, bookable, aggregate_version, lat, lon, \
         unlisted, unlisted_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         on conflict (practitioner_role_id) do update set resource_id = excluded.resource_id, \
         organization_id = excluded.organization_id, slug = excluded.slug, name = excluded.name, \
         profession_name = excluded.profession_name, discreet = excluded.discreet, \
         organization_name = excluded.organization_name, phone = excluded.phone, address = excluded.address, \
         time_zone = excluded.time_zone, holiday_scopes = excluded.holiday_scopes, bookable = excluded.bookable, \
         aggregate_version = excluded.aggregate_version, lat = excluded.lat, lon = excluded.lon, \
         unlisted = excluded.unlisted, unlisted_at = case when excluded.unlisted is null then null \
         else coalesce(old.unlisted_at, excluded.unlisted_at) end \
         where old.aggregate_version < excluded.aggregate_version",
        fact.practitioner_role_id as PractitionerRoleId,
        fact.resource_id as ResourceId,
        fact.organization_id as Option<OrganizationId>,
        fact.slug,
        fact.name,
        fact.profession_name,
        fact.discreet,
        fact.organization_name,
        fact.phone,
        fact.address,
        fact.time_zone.name(),
        &scopes,
        fact.bookable,
        version,
        fact.point.map(GeoPoint::lat),
        fact.point.map(GeoPoint::lon),
        fact.unlisted.map(Unlisted::code),
        fact.unlisted.map(|_| now.to_sqlx()) as Option<jiff_sqlx::Timestamp>,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a role is called, and where its wall is.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn name_and_zone(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
) -> Result<Option<(String, Zone)>> {
    let row = sqlx::query!(
        "select name, time_zone from bookings.role where practitioner_role_id = $1",
        role as PractitionerRoleId
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Ok((row.name, row.time_zone.parse()?))).transpose()
}
