//! `GET /fhir/$bulk-publish` and the files that it lists: every free time of the next two weeks, for whoever wants to show it.

use axum::{
    body::Body,
    extract::{Path, State as Extract},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, fmt::rfc2822::DateTimePrinter};
use kernel::{
    MediaType, Reject, Written,
    openapi::{Operation, Reply},
};
use shared_types::{PractitionerRoleId, Problem};

use crate::{
    publication::{self, Kind, PERIOD},
    state::State,
};

/// The list of files; the specification names it plain JSON.
pub struct Manifest;

impl MediaType for Manifest {
    const NAME: &'static str = "application/json";
}

/// A resource on each line.
pub struct Lines;

impl MediaType for Lines {
    const NAME: &'static str = "application/fhir+ndjson";
}

/// What counts as fresh for a while: sent with what it is known by, or not sent again.
pub enum Fresh<M> {
    New(Known, Written<M>),
    Same(Known),
}

/// How long it is good, since when, and its tag.
type Known = [(HeaderName, HeaderValue); 3];

impl<M: MediaType> IntoResponse for Fresh<M> {
    fn into_response(self) -> Response {
        match self {
            Self::New(known, written) => (known, written).into_response(),
            Self::Same(known) => (StatusCode::NOT_MODIFIED, known).into_response(),
        }
    }
}

impl<M: MediaType> Reply for Fresh<M> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        Written::<M>::describe(operation, status);
        operation.empty_reply(304);
    }
}

/// Which files there are.
pub async fn fhir_bulk_publish(
    Extract(state): Extract<State>,
    headers: HeaderMap,
) -> Result<Fresh<Manifest>, Reject> {
    let (known, seen) = known("manifest", &headers, state.core.now());
    if seen {
        return Ok(Fresh::Same(known));
    }
    Ok(Fresh::New(known, Written::new(publication::manifest(&state).await?)))
}

/// One file. It is worked out while it is sent.
pub async fn fhir_bulk_file(
    Extract(state): Extract<State>,
    Path((resource, of, first)): Path<(String, String, PractitionerRoleId)>,
    headers: HeaderMap,
) -> Result<Fresh<Lines>, Reject> {
    let not_found = || Problem::not_found("This file");
    let kind = Kind::from_name(&resource).ok_or_else(not_found)?;
    let (known, seen) = known(&format!("{resource}.{of}.{first}"), &headers, state.core.now());
    if seen {
        return Ok(Fresh::Same(known));
    }
    let roles = publication::roles_of_file(&state, &of, first).await?;
    if roles.is_empty() {
        return Err(not_found().into());
    }
    Ok(Fresh::New(known, Written::new(Body::from_stream(publication::lines(state, kind, roles)))))
}

/// What a file of this name is known by, and whether who asks has it already.
fn known(name: &str, asked: &HeaderMap, now: Timestamp) -> (Known, bool) {
    let since = publication::period(now);
    let tag = format!("W/\"{name}.{}\"", since.as_second());
    let modified = DateTimePrinter::new().timestamp_to_rfc9110_string(&since).unwrap_or_default();
    let has = |name: HeaderName, value: &str| {
        let kept = asked.get_all(name).into_iter().filter_map(|kept| kept.to_str().ok());
        kept.flat_map(|kept| kept.split(", ")).any(|kept| kept.trim() == value)
    };
    let seen = if asked.contains_key(header::IF_NONE_MATCH) {
        has(header::IF_NONE_MATCH, &tag)
    } else {
        // We give no other date, so nobody has another to compare with.
        asked.get(header::IF_MODIFIED_SINCE).is_some_and(|kept| kept.as_bytes() == modified.as_bytes())
    };
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    let caching = format!("public, max-age={}", PERIOD.as_secs());
    let known = [
        (header::CACHE_CONTROL, value(&caching)),
        (header::LAST_MODIFIED, value(&modified)),
        (header::ETAG, value(&tag)),
    ];
    (known, seen)
}
