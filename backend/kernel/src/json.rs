//! JSON bodies whose mistakes come back as problems.

use axum::{
    extract::{FromRequest, Request, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use shared_types::Problem;

use crate::Reject;

/// Reads and writes JSON. A body that is not the expected shape is 400 when unreadable, 422 when understood but wrong.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Reject;

    async fn from_request(request: Request, state: &S) -> Result<Self, Reject> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => {
                Err(Problem::new("invalid", 422, "Some of this needs another look")
                    .detail(plain(&error.body_text()))
                    .into())
            }
            Err(rejection) => {
                Err(Problem::new("unreadable", rejection.status().as_u16(), "This request cannot be read")
                    .detail(plain(&rejection.body_text()))
                    .into())
            }
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Serde's message names the field and the line; what it quotes of the body may be personal, so that part goes.
fn plain(message: &str) -> String {
    let mut quoted = false;
    let kept: String = message
        .chars()
        .filter(|c| {
            let edge = *c == '"';
            if edge {
                quoted = !quoted;
            }
            !quoted && !edge
        })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
