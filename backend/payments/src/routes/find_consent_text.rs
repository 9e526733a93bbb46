//! `GET /api/v1/payments/consent-texts/{text}`: the notice that this service insists on, as it knows it, so that what
//! somebody agrees to and what is checked cannot differ.

use axum::extract::{Path, State as Extract};
use kernel::{Json, Reject, consent};
use shared_types::{Problem, users::ConsentText};

use crate::state::State;

/// 404 when no such text applies.
pub async fn find_consent_text(
    Extract(state): Extract<State>,
    Path(text): Path<String>,
) -> Result<Json<ConsentText>, Reject> {
    let not_found = || Reject::from(Problem::not_found("That text"));
    if text.contains('\0') {
        return Err(not_found());
    }
    let mut conn = state.core.pool.acquire().await?;
    let text = consent::current_text(&mut conn, &state.core, &text).await?;
    text.map(Json).ok_or_else(not_found)
}
