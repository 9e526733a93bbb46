//! What replies say of themselves.

use axum::response::{IntoResponseParts, NoContent};
use schemars::JsonSchema;
use shared_types::personal::PersonalData;

use super::{Operation, Refusing, Reply};
use crate::{Accepted, Created, Disclosed, Either, Json, MediaType, SeeOther, Written};

impl<T: JsonSchema> Reply for Json<T> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        operation.json_reply::<T>(status);
    }
}

impl<T: JsonSchema> Reply for axum::Json<T> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        operation.json_reply::<T>(status);
    }
}

impl<T: JsonSchema + PersonalData> Reply for Disclosed<T> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        operation.json_reply::<T>(status);
    }
}

impl<M: MediaType> Reply for Written<M> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        operation.written_reply(status, M::NAME);
    }
}

impl Reply for () {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        operation.empty_reply(status);
    }
}

impl Reply for NoContent {
    fn describe(operation: &mut Operation<'_>, _: u16) {
        operation.empty_reply(204);
    }
}

impl<R: Reply> Reply for Created<R> {
    fn describe(operation: &mut Operation<'_>, _: u16) {
        R::describe(operation, 201);
    }
}

impl<R: Reply> Reply for Accepted<R> {
    fn describe(operation: &mut Operation<'_>, _: u16) {
        R::describe(operation, 202);
    }
}

impl Reply for SeeOther {
    fn describe(operation: &mut Operation<'_>, _: u16) {
        operation.empty_reply(303);
    }
}

impl<A: Reply, B: Reply> Reply for Either<A, B> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        A::describe(operation, status);
        B::describe(operation, status);
    }
}

/// Cookies and other headers beside a reply.
impl<H: IntoResponseParts, R: Reply> Reply for (H, R) {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        R::describe(operation, status);
    }
}

impl<R: Reply, E: Refusing> Reply for Result<R, E> {
    fn describe(operation: &mut Operation<'_>, status: u16) {
        R::describe(operation, status);
    }
}
