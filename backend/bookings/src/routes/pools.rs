//! `/api/v1/bookings/pools`: what several people of a practice offer alike, for everybody who books.

use axum::{
    Json,
    extract::{Path, Query, State as Extract},
};
use jiff::civil::Date;
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    OrganizationId, PoolId, Problem,
    bookings::pools::{Pool, PoolAvailability, PoolMember, Pools, same_terms},
};
use sqlx::PgConnection;

use super::{
    find_availability::{self, DAYS},
    span::{self, Span},
};
use crate::{
    state::State,
    store::pool::{self, MemberRow, PoolRow},
};

/// Whose pools.
#[derive(Deserialize, JsonSchema)]
pub struct Of {
    organization: OrganizationId,
}

/// Some days, both included; from today at the place unless told.
#[derive(Deserialize, JsonSchema)]
pub struct Days {
    from: Option<Date>,
    to: Option<Date>,
}

/// Lists the pools of a practice that can be booked.
pub async fn list_pools(Extract(state): Extract<State>, Query(of): Query<Of>) -> Result<Json<Pools>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let there = pool::list(&mut conn, of.organization).await?;
    let items = there.iter().filter(|row| row.active).filter_map(shown).collect();
    Ok(Json(Pools { items }))
}

/// Finds what a pool's free times follow from, by default for the next four weeks: of each member what theirs alone would say.
pub async fn find_pool_availability(
    Extract(state): Extract<State>,
    Path(pool_id): Path<PoolId>,
    Query(days): Query<Days>,
) -> Result<Json<PoolAvailability>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let pool = bookable(&mut conn, pool_id).await?;
    drop(conn);
    let mut members = Vec::with_capacity(pool.members.len());
    for member in &pool.members {
        let span = Span::of(member.appointment_type_id, days.from, days.to);
        let asked = span::load(&state, member.practitioner_role_id, &span, DAYS).await?;
        members.push(find_availability::told(&asked, member.appointment_type_id));
    }
    let first = members.first().ok_or_else(|| Problem::not_found("This pool"))?;
    let (as_of, from, to) = (first.as_of, first.from, first.to);
    Ok(Json(PoolAvailability { pool, as_of, from, to, members }))
}

/// A pool that can be booked, or 404.
pub async fn bookable(conn: &mut PgConnection, id: PoolId) -> Result<Pool, Reject> {
    let found = pool::find(conn, id).await?.filter(|row| row.active);
    found.as_ref().and_then(shown).ok_or_else(|| Problem::not_found("This pool").into())
}

/// Those who offer what the first of them offers, at the same place.
pub fn alike(row: &PoolRow) -> Vec<&MemberRow> {
    let offered = || row.members.iter().filter(|member| member.offered);
    let Some(first) = offered().next() else { return Vec::new() };
    let same_place =
        |member: &MemberRow| member.address == first.address && member.time_zone == first.time_zone;
    offered()
        .filter(|member| same_place(member) && same_terms(&first.appointment_type, &member.appointment_type))
        .collect()
}

/// As those who book see it; none when nobody in it can be booked.
fn shown(row: &PoolRow) -> Option<Pool> {
    let alike = alike(row);
    let first = alike.first()?;
    let members = alike.iter().map(|member| PoolMember {
        practitioner_role_id: member.practitioner_role_id,
        appointment_type_id: member.appointment_type.appointment_type_id,
        name: member.name.clone(),
    });
    Some(Pool {
        pool_id: row.pool_id,
        name: row.name.clone(),
        rotation: row.rotation,
        organization_id: row.organization_id,
        organization_name: first.organization_name.clone(),
        phone: first.phone.clone(),
        address: first.address.clone(),
        time_zone: first.time_zone,
        appointment_type: first.appointment_type.clone(),
        members: members.collect(),
    })
}
