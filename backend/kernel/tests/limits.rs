//! How much a route takes in.
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, header},
};
use futures::stream;
use kernel::{Chance, Clock, Core, Json, Policy::Public, Routes, address::TrustedProxies, layers};
use serde_json::Value;
use tower::ServiceExt as _;

const SMALL: &str = "/api/v1/letters/small";
const LARGE: &str = "/api/v1/letters/large";
const MIB: usize = 1024 * 1024;

/// Says how much it was sent.
async fn weigh(body: Bytes) -> Json<usize> {
    Json(body.len())
}

/// A router with a route as most are, and one that takes more.
fn router() -> axum::Router {
    let (clock, chance) = (Clock::System, Chance::seeded(1));
    let pool = sqlx::PgPool::connect_lazy("postgres://nobody@localhost/nothing").unwrap();
    let core = Core::new(pool, clock.clone(), chance.clone());
    let routes = Routes::new("letters", &core)
        .route(Method::POST, SMALL, "weigh_small", Public, weigh)
        .route_with_limit(Method::POST, LARGE, "weigh_large", Public, 2 * MIB, weigh);
    let (router, _) = routes.finish(());
    layers::apply(router, clock, chance, TrustedProxies::default(), "http://localhost:8080").unwrap()
}

async fn post(path: &str, body: Body, length: Option<usize>) -> (u16, String) {
    let mut request = Request::post(path);
    if let Some(length) = length {
        request = request.header(header::CONTENT_LENGTH, length);
    }
    let reply = router().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = reply.status().as_u16();
    let body = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// A body that does not say how long it is.
fn in_pieces(length: usize) -> Body {
    let pieces = vec![0; length].chunks(1000).map(Bytes::copy_from_slice).collect::<Vec<_>>();
    Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>)))
}

#[tokio::test]
async fn a_route_takes_little_unless_it_says_otherwise() {
    for (path, limit, words) in [(SMALL, layers::MAX_BODY, "64 KB"), (LARGE, 2 * MIB, "2 MB")] {
        assert_eq!(post(path, vec![0; limit].into(), Some(limit)).await, (200, limit.to_string()));
        assert_eq!(post(path, in_pieces(limit), None).await, (200, limit.to_string()));
        for (body, length) in [
            (Body::from(vec![0; limit + 1]), Some(limit + 1)),
            (in_pieces(limit + 1), None),
            // What is announced counts before anything of it is read.
            (Body::empty(), Some(limit + 1)),
        ] {
            let (status, problem) = post(path, body, length).await;
            assert_eq!(status, 413, "{problem}");
            let problem: Value = serde_json::from_str(&problem).unwrap();
            assert_eq!(problem["type"], "/problems/too-large");
            assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
        }
    }
}
