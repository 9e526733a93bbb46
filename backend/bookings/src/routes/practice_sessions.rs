//! `POST /api/v1/bookings/practices/{organization_id}/sessions/{group_session_id}/cancel`: the desk cancels a group session for
//! everybody in it who is still to come, each as one appointment is cancelled.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor},
    idempotency::{self, Begun, IdempotencyKey},
};
use shared_types::{
    AppointmentId, GroupSessionId, OrganizationId, Problem,
    bookings::{
        HoldStatus,
        practice::{CancelSession, PracticeAct, SeatLeft, SessionCancelled},
        series::SeenVisit,
    },
};
use sqlx::PgConnection;

use super::{
    practice::refuse_reason,
    practice_series::{By, cancel_each, shown},
    propose_time::{entry, withdraw},
};
use crate::{
    state::State,
    store::{
        group_session::{self, Seated, Whose},
        hold, reservation, waitlist_offer,
    },
};

/// Cancels a session for everybody, all of them or none. Who has arrived keeps their seat, and nobody else gets one.
pub async fn cancel_session(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, group_session_id)): Path<(OrganizationId, GroupSessionId)>,
    key: IdempotencyKey,
    Json(body): Json<CancelSession>,
) -> Result<Disclosed<SessionCancelled>, Reject> {
    let core = &state.core;
    let holder = format!("{organization_id} {}", caller.account_id);
    let actor = Actor::for_practice(&caller, organization_id);
    let mut tx = core.begin().await?;
    let asked = (group_session_id, body);
    // The reply that is kept for a repeat is the ids alone: who comes is kept in one place. The session may be gone by then.
    let begun = idempotency::begin(&mut tx, core, "cancel_session", &holder, key, &asked).await?;
    let (ids, left): (Vec<AppointmentId>, Vec<SeatLeft>) = match begun {
        Begun::Replay(done) => done,
        Begun::New(ticket) => {
            refuse_reason(PracticeAct::Cancel { reason: body.reason })?;
            let found = group_session::of_practice(&mut tx, group_session_id, organization_id).await?;
            let whose = found.ok_or_else(|| Problem::not_found("This session"))?;
            let done = cancel_all(&mut tx, core, (group_session_id, whose), body, &actor).await?;
            ticket.finish(&mut tx, 200, &done).await?;
            done
        }
    };
    let items = shown(&mut tx, core, &caller, (organization_id, &actor), &ids, "cancel_session").await?;
    let (cancelled, entries): (Vec<_>, Vec<_>) = items.into_iter().unzip();
    let receipt = audit::record_all(&mut tx, core, &entries).await?.ok_or_else(nobody)?;
    Ok(Disclosed::commit(core, tx, receipt, SessionCancelled { cancelled, left }).await?)
}

/// Says which were cancelled, at least one, and which were left.
async fn cancel_all(
    conn: &mut PgConnection,
    core: &Core,
    (session, whose): (GroupSessionId, Whose),
    wanted: CancelSession,
    actor: &Actor,
) -> Result<(Vec<AppointmentId>, Vec<SeatLeft>), Reject> {
    reservation::lock(conn, whose.resource_id).await?;
    end_holds(conn, core, session, actor).await?;
    group_session::close(conn, session, core.now()).await?;
    let seated = group_session::seated(conn, session).await?;
    let theirs: Vec<_> = seated.iter().map(|one| one.appointment_id).collect();
    let mut ids = Vec::new();
    for act in [PracticeAct::Cancel { reason: wanted.reason }, PracticeAct::Decline { reason: wanted.reason }]
    {
        let meant = |one: &&Seated| wanted.act(one.status) == Some(act);
        let visits: Vec<_> = seated.iter().filter(meant).map(seen).collect();
        if !visits.is_empty() {
            let done = cancel_each(conn, core, &theirs, &visits, By::Practice(act)).await?;
            ids.extend(done.iter().map(|(row, _)| row.appointment_id));
        }
    }
    if ids.is_empty() {
        return Err(nobody().into());
    }
    // Once, at the end. Seats that were only held are free as well, whoever sat beside them.
    reservation::tell_next_free_soon(conn, &[whose.practitioner_role_id], core.now()).await?;
    let stay = seated.iter().filter(|one| wanted.act(one.status).is_none());
    let left = stay.map(|one| SeatLeft { booking_id: one.booking_id, status: one.status });
    Ok((ids, left.collect()))
}

fn seen(one: &Seated) -> SeenVisit {
    SeenVisit { appointment_id: one.appointment_id, version: one.version }
}

/// Lets go the seats that are kept for somebody: who is booking one just now finds it gone, who is waiting for one waits for another,
/// and to whom one was proposed keeps the time that they have. Proposals and holds are locked before any seat is left.
async fn end_holds(
    conn: &mut PgConnection,
    core: &Core,
    session: GroupSessionId,
    actor: &Actor,
) -> Result<(), Reject> {
    let proposed = group_session::lock_proposals(conn, session).await?;
    let holds = group_session::lock_holds(conn, session).await?;
    for one in proposed {
        if withdraw(conn, core, one.booking_id).await? {
            let written = entry(actor.clone(), "withdraw_proposal", one.booking_id, one.patient_id);
            audit::record(conn, core, written).await?;
        }
    }
    for hold_id in holds {
        if hold::end(conn, hold_id, HoldStatus::Released).await? {
            reservation::free_hold(conn, hold_id).await?;
            waitlist_offer::declined(conn, hold_id).await?;
        }
    }
    Ok(())
}

fn nobody() -> Problem {
    Problem::new("wrong-state", 409, "Nobody in this session can be cancelled any more")
        .detail("Nothing was changed. Everybody in it has arrived, or it is over.")
}
