//! `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar`: where else a practitioner has
//! appointments, so that those times are not sold.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use jiff::Timestamp;
use kernel::{Json, Reject, SignedIn, outbound::OutboundError};
use shared_types::{
    OrganizationId, PractitionerRoleId, Problem,
    bookings::external_calendar::{ExternalCalendarState, PutExternalCalendar},
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    practice::calendar_of_practice,
    role_schedule::{editor, note},
};
use crate::{
    sealed::Address,
    state::State,
    store::{external_calendar, reservation},
};

type OfRole = Path<(OrganizationId, PractitionerRoleId)>;

/// Finds a role's other calendar, and what is booked in spite of it. Who comes, the practice's calendar says.
pub async fn find_external_calendar(
    Extract(state): Extract<State>,
    Path((organization_id, role)): OfRole,
) -> Result<axum::Json<ExternalCalendarState>, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    calendar_of_practice(&mut conn, organization_id, role, now).await?;
    Ok(axum::Json(read(&mut conn, role, now).await?))
}

/// Has a calendar read from now on. Until it was, none of the role's times are offered.
pub async fn put_external_calendar(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
    Json(body): Json<PutExternalCalendar>,
) -> Result<axum::Json<ExternalCalendarState>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let calendar = calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "put_external_calendar").await?;
    let address = body.fetched_from();
    state.outbound.check(&address).map_err(not_called)?;
    let sealed = Address::seal(&state.cipher, &core.chance, role, &address);
    // Whoever books at this moment is done before, or finds that the times are gone.
    reservation::lock(&mut tx, calendar.resource_id).await?;
    external_calendar::put(&mut tx, role, &sealed, caller.account_id, now).await?;
    reservation::tell_next_free_soon(&mut tx, &[role], now).await?;
    let set = read(&mut tx, role, now).await?;
    note(&mut tx, core, actor, organization_id, "put_external_calendar").await?;
    core.commit(tx).await?;
    Ok(axum::Json(set))
}

/// Reads the role's other calendar no more.
pub async fn delete_external_calendar(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, role)): OfRole,
) -> Result<NoContent, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    calendar_of_practice(&mut tx, organization_id, role, now).await?;
    let actor = editor(core, &mut tx, &caller, organization_id, role, "delete_external_calendar").await?;
    if external_calendar::remove(&mut tx, role).await? {
        reservation::tell_next_free_soon(&mut tx, &[role], now).await?;
    }
    note(&mut tx, core, actor, organization_id, "delete_external_calendar").await?;
    core.commit(tx).await?;
    Ok(NoContent)
}

async fn read(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> Result<ExternalCalendarState, Reject> {
    Ok(ExternalCalendarState {
        calendar: external_calendar::find(conn, role, now).await?,
        overlaps: external_calendar::overlaps(conn, role, now).await?,
        as_of: now,
    })
}

/// An address that is not called, in words for whoever pasted it.
fn not_called(error: OutboundError) -> Problem {
    let detail = match error {
        OutboundError::NotAllowed(why) => format!("Paste the calendar’s own secret address: {why}"),
        OutboundError::NotPublic
        | OutboundError::Unreachable
        | OutboundError::TimedOut
        | OutboundError::TooLarge => "Paste the calendar’s own secret address".to_owned(),
    };
    Problem::invalid(vec![FieldError::new("/address", detail)])
}
