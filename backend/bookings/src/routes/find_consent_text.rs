//! `GET /api/v1/bookings/consent-texts/{text}`: the copy that a confirm is checked against.

use axum::{
    Json,
    extract::{Path, State as Extract},
};
use kernel::{Reject, consent};
use shared_types::{Problem, users::ConsentText};

use crate::state::State;

/// The version of a text that applies.
pub async fn find_consent_text(
    Extract(state): Extract<State>,
    Path(text): Path<String>,
) -> Result<Json<ConsentText>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This text"));
    // Names are plain; the database would refuse some others in words of its own.
    if !text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        return Err(not_found());
    }
    let mut conn = state.core.pool.acquire().await?;
    let found = consent::current_text(&mut conn, &state.core, &text).await?;
    found.map(Json).ok_or_else(not_found)
}
