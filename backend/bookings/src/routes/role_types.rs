//! `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/appointment-types`: what can be booked with
//! somebody, as the practice edits it.

use std::iter;

use axum::{
    Json as Plain,
    extract::{Path, State as Extract},
};
use kernel::{
    Created, Json, Reject, SignedIn,
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AppointmentTypeId, OrganizationId, PractitionerRoleId, Problem,
    bookings::schedule::{MOST_TYPES, PutType, RoleType, RoleTypes, TypeDraft},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    practice::calendar_of_practice,
    practice_resources::check_needs,
    role_schedule::{editor, note, stale},
};
use crate::{
    state::State,
    store::{practice_resource, reservation, schedule},
};

/// Lists a role's appointment types, those that are no longer offered, too.
pub async fn list_role_types(
    Extract(state): Extract<State>,
    Path((organization_id, role)): Path<(OrganizationId, PractitionerRoleId)>,
) -> Result<Plain<RoleTypes>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    calendar_of_practice(&mut conn, organization_id, role, state.core.now()).await?;
    Ok(Plain(RoleTypes { items: schedule::types(&mut conn, role).await? }))
}

/// Offers something new.
pub async fn create_appointment_type(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): Path<(OrganizationId, PractitionerRoleId)>,
    key: IdempotencyKey,
    Json(body): Json<TypeDraft>,
) -> Result<Created<Plain<RoleType>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let action = "create_appointment_type";
    let actor = editor(core, &mut tx, &caller, organization_id, role, action).await?;
    let holder = format!("{role} {}", caller.account_id);
    let created = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(created) => created,
        Begun::New(ticket) => {
            let draft = body.check().map_err(Problem::invalid)?;
            if calendar.schedule.is_none() {
                let error = FieldError::new("/", "Set when this practitioner can be booked first");
                return Err(Problem::invalid(vec![error]).into());
            }
            let there = schedule::types(&mut tx, role).await?;
            if there.iter().filter(|of| of.active).count() >= MOST_TYPES {
                let error =
                    FieldError::new("/", "At most 40 can be offered at once: stop offering one first");
                return Err(Problem::invalid(vec![error]).into());
            }
            reservation::lock_all(&mut tx, &draft.resources).await?;
            check_needs(&mut tx, organization_id, &draft.resources, true).await?;
            let id: AppointmentTypeId = core.id();
            schedule::insert_type(&mut tx, role, id, &draft).await?;
            practice_resource::set_needs(&mut tx, id, &draft.resources).await?;
            reservation::tell_next_free_soon(&mut tx, &[role], now).await?;
            note(&mut tx, core, actor, organization_id, action).await?;
            let created = find(&mut tx, role, id).await?;
            ticket.finish(&mut tx, 201, &created).await?;
            created
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(created)))
}

/// Changes what is offered, or stops offering it. What is booked already stays as it was agreed.
pub async fn put_appointment_type(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role, id)): Path<(OrganizationId, PractitionerRoleId, AppointmentTypeId)>,
    Json(body): Json<PutType>,
) -> Result<Plain<RoleType>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let action = "put_appointment_type";
    let actor = editor(core, &mut tx, &caller, organization_id, role, action).await?;
    let draft = body.draft.clone().check().map_err(Problem::invalid)?;
    find(&mut tx, role, id).await?;
    let needs = draft.resources.clone();
    let everything: Vec<_> = iter::once(calendar.resource_id).chain(needs.iter().copied()).collect();
    reservation::lock_all(&mut tx, &everything).await?;
    check_needs(&mut tx, organization_id, &needs, body.active).await?;
    if !schedule::put_type(&mut tx, id, &PutType { draft, ..body }).await? {
        return Err(stale().into());
    }
    practice_resource::set_needs(&mut tx, id, &needs).await?;
    reservation::tell_next_free_soon(&mut tx, &[role], now).await?;
    note(&mut tx, core, actor, organization_id, action).await?;
    let changed = find(&mut tx, role, id).await?;
    core.commit(tx).await?;
    Ok(Plain(changed))
}

async fn find(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    id: AppointmentTypeId,
) -> Result<RoleType, Reject> {
    let types = schedule::types(conn, role).await?;
    let found = types.into_iter().find(|of| of.appointment_type_id == id);
    found.ok_or_else(|| Problem::not_found("This appointment type").into())
}
