//! Replies whose status and media type are in their type, so that the API description cannot say anything else.

use std::marker::PhantomData;

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

/// 201: something was made; the reply inside tells of it.
#[derive(Debug)]
pub struct Created<R>(pub R);

/// 202: it will be done. `Accepted(())` has no body.
#[derive(Debug)]
pub struct Accepted<R>(pub R);

/// 303: what was asked for is seen at another address.
#[derive(Debug)]
pub struct SeeOther(pub String);

/// One of two replies.
#[derive(Debug)]
pub enum Either<A, B> {
    /// The first.
    One(A),
    /// The second.
    Other(B),
}

/// What a reply other than JSON is: `text/calendar; charset=utf-8`.
pub trait MediaType {
    /// The value of `Content-Type`.
    const NAME: &'static str;
}

/// A reply of another media type than JSON.
pub struct Written<M> {
    body: Body,
    of: PhantomData<fn() -> M>,
}

impl<M: MediaType> Written<M> {
    /// A text, or bytes, of that type.
    pub fn new(body: impl Into<Body>) -> Self {
        Self { body: body.into(), of: PhantomData }
    }
}

impl<R: IntoResponse> IntoResponse for Created<R> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, self.0).into_response()
    }
}

impl<R: IntoResponse> IntoResponse for Accepted<R> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, self.0).into_response()
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        Redirect::to(&self.0).into_response()
    }
}

impl<A: IntoResponse, B: IntoResponse> IntoResponse for Either<A, B> {
    fn into_response(self) -> Response {
        match self {
            Self::One(reply) => reply.into_response(),
            Self::Other(reply) => reply.into_response(),
        }
    }
}

impl<M: MediaType> IntoResponse for Written<M> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(M::NAME))], self.body).into_response()
    }
}
