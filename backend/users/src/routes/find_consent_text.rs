//! The version of a text that applies: what people agree to today.

use axum::extract::{Path, State};
use kernel::{Core, Json, Reject, consent};
use shared_types::{Problem, users::ConsentText};

use crate::domain::text_name::TextName;

/// 404 when there is no such text, or the name cannot be one.
pub async fn find_consent_text(
    State(core): State<Core>,
    Path(text): Path<String>,
) -> Result<Json<ConsentText>, Reject> {
    let Ok(name) = text.parse::<TextName>() else { return Err(not_found()) };
    let mut conn = core.pool.acquire().await?;
    let text = consent::current_text(&mut conn, &core, name.as_str()).await?;
    text.map(Json).ok_or_else(not_found)
}

fn not_found() -> Reject {
    Problem::not_found("That text").into()
}
