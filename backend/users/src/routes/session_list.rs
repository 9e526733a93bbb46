//! Where one is signed in: `GET /api/v1/users/sessions` and `DELETE /api/v1/users/sessions/{session_id}`.

use axum::{
    extract::{Path, State as Extract},
    response::NoContent,
};
use kernel::{Disclosed, Reject, SignedIn};
use shared_types::{
    Problem, SessionId,
    users::{SessionList, SessionView},
};

use crate::{caution, sessions, state::State, store::session};

/// The caller's sessions, the last seen first.
pub async fn list_sessions(
    Extract(state): Extract<State>,
    caller: SignedIn,
) -> Result<Disclosed<SessionList>, Reject> {
    let mut tx = state.core.begin().await?;
    caution::live_session(&mut tx, &caller).await?;
    let rows = session::list_sessions(&mut tx, caller.account_id, state.core.now()).await?;
    let views = rows.into_iter().map(|row| SessionView {
        session_id: row.session_id,
        device: row.device.label,
        network: row.device.network.into(),
        strength: row.strength,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        current: row.session_id == caller.session_id,
    });
    let list = SessionList(views.collect());
    let recorded = caution::note(&mut tx, &state.core, &caller, "list_sessions", caller.account_id).await?;
    Ok(Disclosed::commit(&state.core, tx, recorded, list).await?)
}

/// Ends one. 404 when the caller has none of that id.
pub async fn delete_session(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(session_id): Path<SessionId>,
) -> Result<NoContent, Reject> {
    let mut tx = state.core.begin().await?;
    caution::live_session(&mut tx, &caller).await?;
    if !sessions::end(&mut tx, &state.core, caller.account_id, session_id).await? {
        return Err(Problem::not_found("This session").into());
    }
    caution::note(&mut tx, &state.core, &caller, "delete_session", session_id).await?;
    state.core.commit(tx).await?;
    Ok(NoContent)
}
