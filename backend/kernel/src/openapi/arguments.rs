//! What the extractors that are not ours, and those that every service has, read of a request.

use axum::{
    body::Bytes,
    extract::{Path, Query, RawForm, State},
    http::HeaderMap,
};
use schemars::JsonSchema;
use serde_json::json;
use uuid::Uuid;

use super::{Argument, Operation};
use crate::{Caller, Json, SignedIn, address::ClientAddress, cookies::Holder, idempotency::IdempotencyKey};

impl<S> Argument for State<S> {}

impl Argument for HeaderMap {}

impl Argument for ClientAddress {}

impl Argument for Caller {}

impl Argument for SignedIn {}

impl Argument for Holder {}

impl<T: JsonSchema> Argument for Path<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.path::<T>();
    }
}

impl<T: JsonSchema> Argument for Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.query::<T>();
    }
}

impl<T: JsonSchema> Argument for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.json_body::<T>();
    }
}

impl Argument for Bytes {
    fn describe(operation: &mut Operation<'_>) {
        operation.body("application/octet-stream", &json!({"type": "string", "format": "binary"}));
    }
}

impl Argument for RawForm {
    fn describe(operation: &mut Operation<'_>) {
        let schema = json!({"type": "object", "additionalProperties": {"type": "string"}});
        operation.body("application/x-www-form-urlencoded", &schema);
    }
}

impl Argument for IdempotencyKey {
    fn describe(operation: &mut Operation<'_>) {
        let description =
            "A UUID made for this one act. The same key again, within a day, gets the same reply.";
        operation.header::<Uuid>("Idempotency-Key", description);
        for status in [400, 409, 422] {
            operation.problem(status);
        }
    }
}
