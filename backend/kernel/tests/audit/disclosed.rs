//! No entry, no data.

use axum::{
    Router,
    body::to_bytes,
    http::{Method, Request, StatusCode},
};
use kernel::{Core, Disclosed, Policy, Reject, Routes, audit};
use schemars::JsonSchema;
use serde::Serialize;
use shared_types::{page::Page, personal::PersonalData};
use tower::ServiceExt as _;
use uuid::Uuid;

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

async fn list(
    axum::extract::State(core): axum::extract::State<Core>,
) -> Result<Disclosed<Page<Shown>>, Reject> {
    let tx = core.begin().await?;
    let item = |(number, name)| (Shown { name }, entry(Uuid::from_u128(number).into(), None));
    let items = [(1, "Ada"), (2, "Bo"), (3, "Cy")].map(item);
    Ok(Disclosed::commit_page(&core, tx, items.into(), None).await?)
}

async fn ask(router: &Router) -> (StatusCode, String) {
    ask_for(router, "/api/v1/bookings/shown").await
}

async fn ask_for(router: &Router, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).body(axum::body::Body::empty()).unwrap();
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

#[tokio::test]
async fn no_item_of_a_page_leaves_when_the_entry_of_one_cannot_be_written() {
    let kept = Kept::new().await;
    let path = "/api/v1/bookings/listed";
    let routes = Routes::new("bookings", &kept.core);
    let (router, _) = routes.route(Method::GET, path, "list", Policy::Public, list).finish(kept.core.clone());
    let shown = "{\"items\":[{\"name\":\"Ada\"},{\"name\":\"Bo\"},{\"name\":\"Cy\"}],\"next\":null}";
    assert_eq!(ask_for(&router, path).await, (StatusCode::OK, shown.to_owned()));
    let broken = "alter table audit_entry add constraint broken \
                  check (resource_id <> '00000000-0000-0000-0000-000000000002') not valid";
    kept.superuser(broken).await;
    let (status, body) = ask_for(&router, path).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{body}");
    assert!(body.contains("/problems/not-recorded") && !body.contains("Ada"), "{body}");
    let written: i64 = sqlx::query_scalar("select count(*) from bookings.audit_entry")
        .fetch_one(&mut kept.database.administrator().await)
        .await
        .unwrap();
    assert_eq!(written, 3, "those of the first time");
}
