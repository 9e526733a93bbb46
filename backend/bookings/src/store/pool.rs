//! Pools: who is in them, what they offer, and whose turn it is.

use std::ops::Range;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use serde::Deserialize;
use shared_types::{
    AppointmentTypeId, OrganizationId, PoolId, PractitionerRoleId, Zone,
    bookings::{
        AppointmentType,
        pools::{PoolDraft, PutPool, Rotation},
    },
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use crate::domain::Turn;

/// A pool with everybody in it.
#[derive(Clone, Debug)]
pub struct PoolRow {
    pub pool_id: PoolId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub rotation: Rotation,
    pub active: bool,
    pub version: i32,
    /// In the practice's order.
    pub members: Vec<MemberRow>,
}

/// Somebody in a pool, as they are today.
#[derive(Clone, Debug, Deserialize)]
pub struct MemberRow {
    pub practitioner_role_id: PractitionerRoleId,
    pub name: String,
    pub organization_name: Option<String>,
    pub phone: Option<String>,
    pub address: String,
    pub time_zone: Zone,
    pub appointment_type: AppointmentType,
    /// Whether they can be booked for it, at this practice.
    pub offered: bool,
}

/// A pool, whosever it is.
///
/// # Errors
/// When the database fails, or holds what its constraints should have refused.
pub async fn find(conn: &mut PgConnection, id: PoolId) -> Result<Option<PoolRow>> {
    Ok(load(conn, Some(id), None).await?.pop())
}

/// A practice's pools, in order of their names; those that are no longer offered come last.
///
/// # Errors
/// As [`find`].
pub async fn list(conn: &mut PgConnection, organization: OrganizationId) -> Result<Vec<PoolRow>> {
    load(conn, None, Some(organization)).await
}

async fn load(
    conn: &mut PgConnection,
    id: Option<PoolId>,
    organization: Option<OrganizationId>,
) -> Result<Vec<PoolRow>> {
    let rows = sqlx::query!(
        r#"select pool.pool_id as "pool_id: PoolId", pool.organization_id as "organization_id: OrganizationId", pool.name,
               pool.rotation, pool.active, pool.version,
               (
                   select coalesce(jsonb_agg(jsonb_build_object(
                       'practitioner_role_id', role.practitioner_role_id, 'name', role.name,
                       'organization_name', role.organization_name, 'phone', role.phone, 'address', role.address,
                       'time_zone', role.time_zone,
                       'appointment_type', jsonb_build_object(
                           'appointment_type_id', type.appointment_type_id, 'name', type.name,
                           'duration_minutes', type.duration_minutes,
                           'price_cents', coalesce(funding.price_cents, type.price_cents),
                           'bulk_billed', coalesce(funding.bulk_billed, type.bulk_billed), 'telehealth', type.telehealth, 'audience', type.audience,
                           'needs_acceptance', type.needs_acceptance, 'seats', type.seats,
                           'home_visit', type.travel_minutes is not null
                       ),
                       'offered', type.active and role.bookable and role.organization_id = pool.organization_id
                   ) order by member.position), '[]')
                   from bookings.pool_member member
                       join bookings.appointment_type type using (appointment_type_id)
                       join bookings.role using (practitioner_role_id)
                       left join bookings.funding on funding.organization_id = role.organization_id
                           and funding.appointment_type_id = type.appointment_type_id
                   where member.pool_id = pool.pool_id
               ) as "members!: Json<Vec<MemberRow>>"
           from bookings.pool
           where ($1::uuid is null or pool.pool_id = $1) and ($2::uuid is null or pool.organization_id = $2)
           order by pool.active desc, pool.name, pool.pool_id limit 200"#,
        id as Option<PoolId>,
        organization as Option<OrganizationId>,
    )
    .fetch_all(conn)
    .await?;
    let pools = rows.into_iter().map(|row| {
        Ok(PoolRow {
            pool_id: row.pool_id,
            organization_id: row.organization_id,
            name: row.name,
            rotation: Rotation::from_code(&row.rotation).context("a known rotation")?,
            active: row.active,
            version: row.version,
            members: row.members.0,
        })
    });
    pools.collect()
}

/// Writes a new pool.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut PgConnection,
    id: PoolId,
    organization: OrganizationId,
    draft: &PoolDraft,
    now: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into bookings.pool (pool_id, organization_id, name, rotation, created_at) values ($1, $2, $3, $4, $5)",
        id as PoolId,
        organization as OrganizationId,
        draft.name,
        draft.rotation.code(),
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .execute(&mut *conn)
    .await?;
    put_members(conn, id, &draft.members).await
}

/// Sets a pool, if it is still as last seen. False when it is not.
///
/// # Errors
/// When the database fails.
pub async fn put(conn: &mut PgConnection, id: PoolId, wanted: &PutPool) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update bookings.pool set name = $3, rotation = $4, active = $5, version = version + 1 \
         where pool_id = $1 and version = $2",
        id as PoolId,
        wanted.version,
        wanted.draft.name,
        wanted.draft.rotation.code(),
        wanted.active,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    put_members(conn, id, &wanted.draft.members).await?;
    Ok(true)
}

async fn put_members(conn: &mut PgConnection, id: PoolId, members: &[AppointmentTypeId]) -> sqlx::Result<()> {
    sqlx::query!("delete from bookings.pool_member where pool_id = $1", id as PoolId)
        .execute(&mut *conn)
        .await?;
    let members: Vec<Uuid> = members.iter().map(|of| of.0).collect();
    sqlx::query!(
        "insert into bookings.pool_member (pool_id, appointment_type_id, position) \
         select $1::uuid, appointment_type_id, position::smallint \
         from unnest($2::uuid[]) with ordinality as member (appointment_type_id, position)",
        id as PoolId,
        &members,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What of a practice's people can be in a pool: each type that they offer, with whose it is.
///
/// # Errors
/// When the database fails.
pub async fn candidates(
    conn: &mut PgConnection,
    organization: OrganizationId,
) -> sqlx::Result<Vec<(AppointmentTypeId, PractitionerRoleId)>> {
    let rows = sqlx::query!(
        r#"select appointment_type_id as "appointment_type_id: AppointmentTypeId",
               practitioner_role_id as "practitioner_role_id: PractitionerRoleId"
           from bookings.appointment_type join bookings.role using (practitioner_role_id)
           where role.organization_id = $1"#,
        organization as OrganizationId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.appointment_type_id, row.practitioner_role_id)).collect())
}

/// What the turns of some people go by in a week. When they were last booked is looked for four weeks back from it.
///
/// # Errors
/// When the database fails.
pub async fn turns(
    conn: &mut PgConnection,
    roles: &[PractitionerRoleId],
    week: &Range<Timestamp>,
    now: Timestamp,
) -> sqlx::Result<Vec<Turn>> {
    let ids: Vec<Uuid> = roles.iter().map(|role| role.0).collect();
    let rows = sqlx::query!(
        r#"select role.practitioner_role_id as "practitioner_role_id: PractitionerRoleId",
               count(booked.starts_at) filter (where booked.starts_at >= $2 and booked.starts_at < $3) as "booked!",
               max(booked.created_at) as last
           from bookings.role
           left join lateral (
               select starts_at, created_at from bookings.appointment
               where practitioner_role_id = role.practitioner_role_id
                   and starts_at >= $2::timestamptz - interval '28 days'
                   and status in (
                       'requested', 'awaiting_payment', 'confirmed', 'arrived', 'checked_in', 'in_consult', 'completed',
                       'no_show_patient', 'no_show_provider'
                   )
               union all
               select starts_at, created_at from bookings.hold
               where practitioner_role_id = role.practitioner_role_id and status = 'active' and expires_at > $4
           ) booked on true
           where role.practitioner_role_id = any($1)
           group by role.practitioner_role_id"#,
        &ids,
        week.start.to_sqlx() as jiff_sqlx::Timestamp,
        week.end.to_sqlx() as jiff_sqlx::Timestamp,
        now.to_sqlx() as jiff_sqlx::Timestamp,
    )
    .fetch_all(conn)
    .await?;
    let turns = rows.into_iter().map(|row| Turn {
        practitioner_role_id: row.practitioner_role_id,
        booked: row.booked,
        last: row.last.map(|at| at.to_jiff()),
    });
    Ok(turns.collect())
}
