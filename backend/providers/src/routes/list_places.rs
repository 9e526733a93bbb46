//! `GET /api/v1/providers/places?q=`: suggestions for the place box.

use axum::{
    Json,
    extract::{Query, State as Extract},
};
use kernel::Reject;
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{Problem, problem::FieldError, providers::PlaceSuggestions};

use crate::{state::State, store::locality};

#[derive(Deserialize, JsonSchema)]
pub struct Words {
    #[serde(default)]
    q: String,
}

/// Lists places that the words could mean, at most eight.
pub async fn list_places(
    Extract(state): Extract<State>,
    Query(words): Query<Words>,
) -> Result<Json<PlaceSuggestions>, Reject> {
    if words.q.chars().count() > 100 {
        return Err(Problem::invalid(vec![FieldError::new("q", "use at most 100 characters")]).into());
    }
    let mut conn = state.core.pool.acquire().await?;
    Ok(Json(PlaceSuggestions { items: locality::suggest(&mut conn, &words.q, 8).await? }))
}
