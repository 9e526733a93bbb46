//! `/api/v1/bookings/practices/{organization_id}/resources`: the practice's rooms and devices.

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::Actor,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    OrganizationId, Problem, ResourceId,
    bookings::resources::{CreateResource, MOST_RESOURCES, PracticeResource, PracticeResources},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::role_schedule::note;
use crate::{
    state::State,
    store::{practice_resource, reservation},
};

/// Lists what the practice has, what is retired, too.
pub async fn list_resources(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Plain<PracticeResources>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    Ok(Plain(PracticeResources { items: practice_resource::list(&mut conn, organization_id).await? }))
}

/// Adds a room or a device.
pub async fn create_resource(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<CreateResource>,
) -> Result<Created<Plain<PracticeResource>>, Reject> {
    let (core, action) = (&state.core, "create_resource");
    let mut tx = core.begin().await?;
    let holder = format!("{organization_id} {}", caller.account_id);
    let created = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(created) => created,
        Begun::New(ticket) => {
            let wanted = body.check().map_err(Problem::invalid)?;
            let there = practice_resource::list(&mut tx, organization_id).await?;
            if there.iter().filter(|resource| !resource.retired).count() >= MOST_RESOURCES {
                let error = FieldError::new("/", "At most 200 can be in use: retire one first");
                return Err(Problem::invalid(vec![error]).into());
            }
            let resource_id: ResourceId = core.id();
            practice_resource::insert(&mut tx, organization_id, resource_id, &wanted, core.now()).await?;
            note(&mut tx, core, Actor::for_practice(&caller, organization_id), organization_id, action)
                .await?;
            let CreateResource { kind, name } = wanted;
            let created = PracticeResource { resource_id, kind, name, retired: false };
            ticket.finish(&mut tx, 201, &created).await?;
            created
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(created)))
}

/// Retires a room or a device that nothing on offer needs. What is booked with it stays. That it is retired already is no
/// mistake.
pub async fn retire_resource(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, resource_id)): Path<(OrganizationId, ResourceId)>,
) -> Result<NoContent, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let there = practice_resource::list(&mut tx, organization_id).await?;
    let known = there.iter().any(|resource| resource.resource_id == resource_id);
    if !known {
        return Err(Problem::not_found("This room or device").into());
    }
    // Whoever has a type need it at this moment is done before, or finds it retired.
    reservation::lock(&mut tx, resource_id).await?;
    let needed_for = practice_resource::needed_for(&mut tx, resource_id).await?;
    if !needed_for.is_empty() {
        return Err(Problem::new("resource-needed", 409, "Something on offer needs this")
            .detail(format!("Nothing was changed. Change these types first: {}.", needed_for.join(", ")))
            .into());
    }
    practice_resource::retire(&mut tx, resource_id, core.now()).await?;
    let actor = Actor::for_practice(&caller, organization_id);
    note(&mut tx, core, actor, organization_id, "retire_resource").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

/// Lets go on who names only rooms and devices of the practice; for what is offered, only those in use. Lock them first.
pub async fn check_needs(
    conn: &mut PgConnection,
    organization_id: OrganizationId,
    needs: &[ResourceId],
    offered: bool,
) -> Result<(), Reject> {
    if needs.is_empty() {
        return Ok(());
    }
    let there = practice_resource::list(conn, organization_id).await?;
    let may_need = |resource: &PracticeResource| !offered || !resource.retired;
    let found =
        |id: &ResourceId| there.iter().any(|resource| resource.resource_id == *id && may_need(resource));
    if needs.iter().all(found) {
        return Ok(());
    }
    let error = FieldError::new("/resources", "Choose from the rooms and devices that the practice uses");
    Err(Problem::invalid(vec![error]).into())
}
