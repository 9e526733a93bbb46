//! Problems as HTTP replies, and the one place where an unexpected error is logged.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared_types::Problem;

use crate::audit::NotRecorded;

/// A refusal. `?` on an unexpected error makes it an opaque 500, logged once with its whole chain; where only the audit
/// entry failed, a 503.
#[derive(Debug)]
pub struct Reject(pub Box<Problem>);

impl From<Problem> for Reject {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl From<sqlx::Error> for Reject {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            tracing::error!(error = %error, "no database connection in time");
            return Problem::new("busy", 503, "Too many people at once")
                .detail("Nothing was changed. Try again in a moment.")
                .into();
        }
        if is_beyond_keeping(&error) {
            return beyond_keeping();
        }
        match NotRecorded::within(&error) {
            Some(failure) => Self::not_recorded(failure),
            None => Self::internal(&error),
        }
    }
}

/// What a text or a moment can be in a request, and cannot be in the database: a NUL character, a year long before our era
/// (<https://www.postgresql.org/docs/15/errcodes-appendix.html>, read 2026-11-26).
fn is_beyond_keeping(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some("22008" | "22021" | "22P05"))
}

fn beyond_keeping() -> Reject {
    Problem::new("invalid", 422, "Some of this needs another look")
        .detail("Nothing was changed. A text holds a NUL character, or a date is too far away to be kept.")
        .into()
}

impl From<anyhow::Error> for Reject {
    fn from(error: anyhow::Error) -> Self {
        let of_database = error.downcast_ref::<sqlx::Error>();
        if of_database.is_some_and(is_beyond_keeping) {
            return beyond_keeping();
        }
        match of_database.and_then(NotRecorded::within) {
            Some(failure) => Self::not_recorded(failure),
            None => Self::internal(error.as_ref()),
        }
    }
}

impl Reject {
    /// Our bug: logged here, opaque to the caller.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "request failed");
        Problem::internal().into()
    }

    /// What cannot be accounted for does not happen (C-65): nothing leaves and nothing changes.
    fn not_recorded(failure: &NotRecorded) -> Self {
        tracing::error!(error = %chain(failure), "request failed");
        metrics::counter!("audit_not_recorded").increment(1);
        Problem::new("not-recorded", 503, "This could not be written down")
            .detail("Nothing was changed or shown: what is done here goes into a log first. Try again in a moment.")
            .into()
    }
}

/// An error with everything that led to it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    chain
}

impl IntoResponse for Reject {
    fn into_response(self) -> Response {
        problem_response(&self.0)
    }
}

/// A problem as a reply.
pub fn problem_response(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::SERVICE_UNAVAILABLE || problem.is("in-progress") {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    // The `instance` is filled in by the request-id layer, which alone knows it.
    response.extensions_mut().insert(problem.clone());
    response
}
