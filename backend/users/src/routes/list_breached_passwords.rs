//! `GET /api/v1/users/breached-passwords/{prefix}`: hashes of stolen passwords that begin with five digits. The browser
//! compares the rest by itself, so that nobody's password, and no whole hash of one, is ever sent here.

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderName, HeaderValue, header},
};
use kernel::{Json, Reject, address::ClientAddress};
use shared_types::{Problem, problem::FieldError, users::BreachedPasswords};

use crate::state::State;

/// The list changes a few times a year, and is everybody's.
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// How long browsers keep the reply.
type CacheControl = [(HeaderName, HeaderValue); 1];

/// Without a list nothing is known to be stolen, which nobody is to keep.
pub async fn list_breached_passwords(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Path(prefix): Path<String>,
) -> Result<(Option<CacheControl>, Json<BreachedPasswords>), Reject> {
    state.tries_per_address.check(address)?;
    let prefix = read(&prefix)?;
    let list = state.breached.clone();
    let is_there = list.is_there();
    let found = tokio::task::spawn_blocking(move || list.suffixes(&prefix)).await;
    let suffixes = found.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    let kept = is_there.then_some([(header::CACHE_CONTROL, FOR_A_DAY)]);
    Ok((kept, Json(BreachedPasswords { suffixes })))
}

fn read(prefix: &str) -> Result<String, Problem> {
    let is_prefix =
        prefix.len() == BreachedPasswords::PREFIX && prefix.bytes().all(|b| b.is_ascii_hexdigit());
    is_prefix.then(|| prefix.to_ascii_uppercase()).ok_or_else(|| {
        let error = FieldError::new("prefix", "Give the first five hexadecimal digits of a SHA-1 hash");
        Problem::invalid(vec![error])
    })
}
