//! `GET /api/v1/providers/professions`.

use axum::{Json, extract::State as Extract};
use shared_types::providers::Professions;

use crate::{domain::Profession, state::State};

/// Lists the professions one can search for, by name.
pub async fn list_professions(Extract(state): Extract<State>) -> Json<Professions> {
    Json(Professions { items: state.professions.iter().map(Profession::to_ref).collect() })
}
