//! Rooms and devices of a practice, and which kinds of visits need them.

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use shared_types::{
    AppointmentTypeId, OrganizationId, ResourceId,
    bookings::resources::{CreateResource, PracticeResource, ResourceKind},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What a practice has, in order of their names; what is retired comes last.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn list(conn: &mut PgConnection, organization: OrganizationId) -> Result<Vec<PracticeResource>> {
    let rows = sqlx::query!(
        r#"select resource_id as "resource_id: ResourceId", kind, name, retired_at is not null as "retired!"
           from bookings.practice_resource where organization_id = $1
           order by retired_at is not null, name, resource_id limit 1000"#,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await?;
    let resources = rows.into_iter().map(|row| {
        let kind = ResourceKind::from_code(&row.kind).context("a known kind of resource")?;
        let (resource_id, name, retired) = (row.resource_id, row.name, row.retired);
        Ok(PracticeResource { resource_id, kind, name, retired })
    });
    resources.collect()
}

/// Writes a new room or device.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    organization: OrganizationId,
    id: ResourceId,
    wanted: &CreateResource,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!("insert into bookings.resource (resource_id) values ($1)", id as ResourceId)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into bookings.practice_resource (resource_id, organization_id, kind, name, created_at) \
         values ($1, $2, $3, $4, $5)",
        id as ResourceId,
        organization as OrganizationId,
        wanted.kind.code(),
        wanted.name,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The names of what is offered and needs a resource.
///
/// # Errors
/// When the database fails.
pub async fn needed_for(conn: &mut PgConnection, id: ResourceId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct appointment_type.name \
         from bookings.appointment_type_resource join bookings.appointment_type using (appointment_type_id) \
         where resource_id = $1 and active order by 1",
        id as ResourceId,
    )
    .fetch_all(conn)
    .await
}

/// Retires a room or device. What is retired already stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn retire(conn: &mut PgConnection, id: ResourceId, now: Timestamp) -> sqlx::Result<()> {
    sqlx::query!(
        "update bookings.practice_resource set retired_at = $2 where resource_id = $1 and retired_at is null",
        id as ResourceId,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Sets what an appointment type needs.
///
/// # Errors
/// When the database fails, or something of it is no room or device.
pub async fn set_needs(
    conn: &mut PgConnection,
    of: AppointmentTypeId,
    resources: &[ResourceId],
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from bookings.appointment_type_resource where appointment_type_id = $1",
        of as AppointmentTypeId
    )
    .execute(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = resources.iter().map(|resource| resource.0).collect();
    sqlx::query!(
        "insert into bookings.appointment_type_resource (appointment_type_id, resource_id) \
         select distinct $1::uuid, resource_id from unnest($2::uuid[]) as resource_id",
        of as AppointmentTypeId,
        &ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}
