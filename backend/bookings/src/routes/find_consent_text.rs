//! `GET /api/v1/bookings/consent-texts/{text}`: the copy that a confirm is checked against.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::{Reject, consent};
use shared_types::{Problem, users::ConsentText};

use crate::state::State;

/// The newest version of a text.
pub async fn find_consent_text(
    Extract(state): Extract<State>,
    Path(text): Path<String>,
) -> Result<Json<ConsentText>, Reject> {
    let mut conn = state.core.pool.acquire().await?;
    let found = consent::current_text(&mut conn, &text).await?;
    found.map(Json).ok_or_else(|| Problem::not_found("This text").into())
}
