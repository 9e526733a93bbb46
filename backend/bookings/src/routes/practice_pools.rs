//! `/api/v1/bookings/practices/{organization_id}/pools`: a practice's pools, as it edits them.

use std::collections::BTreeSet;

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::Actor,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    OrganizationId, PoolId, Problem,
    bookings::pools::{MOST_POOLS, PoolDraft, PracticePool, PracticePools, PutPool},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    pools::alike,
    role_schedule::{note, stale},
};
use crate::{
    state::State,
    store::pool::{self, PoolRow},
};

/// Lists the practice's pools, those that are no longer offered, too.
pub async fn list_practice_pools(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<PracticePools>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let there = pool::list(&mut conn, organization_id).await?;
    Ok(Plain(PracticePools { items: there.into_iter().map(view).collect() }))
}

/// Offers a new pool.
pub async fn create_pool(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<PoolDraft>,
) -> Result<Created<Plain<PracticePool>>, Reject> {
    let (core, action) = (&state.core, "create_pool");
    let mut tx = core.begin().await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let created = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(created) => created,
        Begun::New(ticket) => {
            let draft = check(&mut tx, organization_id, body).await?;
            if pool::list(&mut tx, organization_id).await?.len() >= MOST_POOLS {
                let error = FieldError::new("/", "A practice can have 40: change one that is not offered");
                return Err(Problem::invalid(vec![error]).into());
            }
            let id: PoolId = core.id();
            pool::insert(&mut tx, id, organization_id, &draft, core.now()).await?;
            note(&mut tx, core, Actor::for_practice(&caller, organization_id), organization_id, action)
                .await?;
            let created = find(&mut tx, organization_id, id).await?;
            ticket.finish(&mut tx, 201, &created).await?;
            created
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(created)))
}

/// Changes a pool, or stops offering it. What is booked already stays as it is.
pub async fn put_pool(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): Path<(OrganizationId, PoolId)>,
    Json(body): Json<PutPool>,
) -> Result<Plain<PracticePool>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    find(&mut tx, organization_id, id).await?;
    let draft = check(&mut tx, organization_id, body.draft.clone()).await?;
    if !pool::put(&mut tx, id, &PutPool { draft, ..body }).await? {
        return Err(stale().into());
    }
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, core, actor, organization_id, "put_pool").await?;
    let changed = find(&mut tx, organization_id, id).await?;
    core.commit(tx).await?;
    Ok(Plain(changed))
}

/// Trims and checks, and insists on types of the practice, one of each person.
async fn check(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    draft: PoolDraft,
) -> Result<PoolDraft, Reject> {
    let draft = draft.check().map_err(Problem::invalid)?;
    let candidates = pool::candidates(conn, organization_id).await?;
    let mut people = BTreeSet::new();
    let fits = draft.members.iter().all(|of| {
        let found = candidates.iter().find(|(candidate, _)| candidate == of);
        found.is_some_and(|(_, role)| people.insert(*role))
    });
    if fits {
        return Ok(draft);
    }
    let error =
        FieldError::new("/members", "Choose from the practice’s appointment types, one of each person");
    Err(Problem::invalid(vec![error]).into())
}

async fn find(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    id: PoolId,
) -> Result<PracticePool, Reject> {
    let found = pool::find(conn, id).await?.filter(|row| row.organization_id == organization_id);
    found.map(view).ok_or_else(|| Problem::not_found("This pool").into())
}

fn view(row: PoolRow) -> PracticePool {
    let members: Vec<_> =
        row.members.iter().map(|member| member.appointment_type.appointment_type_id).collect();
    let kept: Vec<_> = alike(&row).iter().map(|member| member.appointment_type.appointment_type_id).collect();
    let left_out = members.iter().copied().filter(|of| !kept.contains(of)).collect();
    PracticePool {
        pool_id: row.pool_id,
        version: row.version,
        active: row.active,
        draft: PoolDraft { name: row.name, rotation: row.rotation, members },
        left_out,
    }
}
