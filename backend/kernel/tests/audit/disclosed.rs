//! No entry, no data.

use axum::{
    Router,
    body::to_bytes,
    http::{Method, Request, StatusCode},
};
use kernel::{Core, Disclosed, Policy, Reject, Routes, audit};
use schemars::JsonSchema;
use serde::Serialize;
use shared_types::personal::PersonalData;
use tower::ServiceExt as _;

use super::kept::{Kept, entry};

#[derive(Serialize, JsonSchema)]
struct Shown {
    name: &'static str,
}

impl PersonalData for Shown {}

async fn show(axum::extract::State(core): axum::extract::State<Core>) -> Result<Disclosed<Shown>, Reject> {
    let mut tx = core.begin().await?;
    let receipt = audit::record(&mut tx, &core, entry(core.id(), None)).await?;
    Ok(Disclosed::commit(&core, tx, receipt, Shown { name: "Ada" }).await?)
}

async fn ask(router: &Router) -> (StatusCode, String) {
    let request = Request::get("/api/v1/bookings/shown").body(axum::body::Body::empty()).unwrap();
    let reply = router.clone().oneshot(request).await.unwrap();
    let status = reply.status();
    let body = to_bytes(reply.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn no_data_leaves_when_the_entry_cannot_be_written_or_committed() {
    let kept = Kept::new().await;
    let routes = Routes::new("bookings", &kept.core);
    let (router, _) = routes
        .route(Method::GET, "/api/v1/bookings/shown", "show", Policy::Public, show)
        .finish(kept.core.clone());
    assert_eq!(ask(&router).await, (StatusCode::OK, "{\"name\":\"Ada\"}".to_owned()));
    for broken in [
        "alter table audit_entry add constraint broken check (action <> 'find_appointment') not valid",
        // This one is noticed at the commit only.
        "alter table audit_entry drop constraint broken; \
         create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$; \
         create constraint trigger broken after insert on audit_entry deferrable initially deferred \
         for each row execute function bookings.fail()",
    ] {
        kept.superuser(broken).await;
        let (status, body) = ask(&router).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
        assert!(body.contains("/problems/not-recorded") && body.contains("Nothing was changed"), "{body}");
        assert!(!body.contains("Ada"), "{body}");
    }
}
