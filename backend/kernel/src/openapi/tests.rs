use axum::{
    extract::{Path, Query},
    handler::Handler,
    response::NoContent,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared_types::{AppointmentTypeId, HoldId, page::Page};

use super::{Describe, Described, Follows, document};
use crate::{
    Created, Json, MediaType, Policy, Reject, SignedIn, Written, idempotency::IdempotencyKey, routes::Route,
};

#[derive(Deserialize, Serialize, JsonSchema)]
struct Wanted {
    /// Of what; see [`Made`] and [`its id`](AppointmentTypeId).
    kind: AppointmentTypeId,
    note: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Made {
    hold_id: HoldId,
    version: i32,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Seen {
    version: i32,
}

struct Calendar;

impl MediaType for Calendar {
    const NAME: &'static str = "text/calendar; charset=utf-8";
}

async fn list_kinds() -> Result<Json<Page<AppointmentTypeId>>, Reject> {
    Ok(Json(Page { items: Vec::new(), next: None }))
}

async fn make(_: SignedIn, _: IdempotencyKey, _: Json<Wanted>) -> Result<Created<Json<Made>>, Reject> {
    Ok(Created(Json(Made { hold_id: uuid::Uuid::nil().into(), version: 1 })))
}

async fn end(_: Path<HoldId>, _: Json<Seen>) -> Result<NoContent, Reject> {
    Ok(NoContent)
}

async fn write(_: Path<HoldId>, _: Query<Wanted>) -> Written<Calendar> {
    Written::new("")
}

fn route<H, T>(
    method: &str,
    path: &'static str,
    operation: &'static str,
    policy: Policy,
    _: H,
) -> (Route, Describe)
where
    H: Handler<T, ()> + Described<T>,
{
    let route = Route { path, method: method.to_owned(), operation, policy, max_body: 1024 };
    (route, H::describe)
}

fn described() -> Value {
    let operations = [
        route("GET", "/api/v1/tests/kinds", "list_kinds", Policy::Public, list_kinds),
        route("POST", "/api/v1/tests/holds", "make", Policy::Account, make),
        route("DELETE", "/api/v1/tests/holds/{hold_id}", "end", Policy::Holder, end),
        route("GET", "/api/v1/tests/holds/{hold_id}/file", "write", Policy::Public, write),
    ];
    let follows = [Follows { from: "list_kinds", to: "make", with: &[("kind", "/items/0")] }];
    document("tests", &operations, &follows)
}

#[test]
fn an_operation_is_what_its_handler_takes_and_gives() {
    let document = described();
    let make = &document["paths"]["/api/v1/tests/holds"]["post"];
    assert_eq!(make["operationId"], "make");
    assert_eq!(make["tags"], json!(["holds"]));
    assert_eq!(make["security"], json!([{"session": []}]));
    assert_eq!(make["parameters"][0]["name"], "Idempotency-Key");
    assert_eq!(
        make["requestBody"]["content"]["application/json"]["schema"],
        json!({"$ref": "#/components/schemas/Wanted"})
    );
    let statuses: Vec<_> = make["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["201", "400", "401", "409", "413", "415", "422", "default"]);
    let wanted = &document["components"]["schemas"]["Wanted"];
    assert_eq!(wanted["required"], json!(["kind"]));
    assert_eq!(wanted["properties"]["kind"]["description"], "Of what; see `Made` and `its id`.");
}

#[test]
fn a_query_has_no_null_and_a_file_its_media_type() {
    let document = described();
    let write = &document["paths"]["/api/v1/tests/holds/{hold_id}/file"]["get"];
    let parameters = write["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(named("hold_id")["schema"], json!({"$ref": "#/components/schemas/HoldId"}));
    assert_eq!((&named("kind")["in"], &named("kind")["required"]), (&json!("query"), &json!(true)));
    assert_eq!(named("note")["schema"], json!({"type": "string"}));
    assert_eq!(
        write["responses"]["200"]["content"],
        json!({"text/calendar": {"schema": {"type": "string"}}})
    );
    assert_eq!(write["security"], json!([]));
}

#[test]
fn operations_follow_one_another_by_ids_and_where_the_service_says_so() {
    let document = described();
    let made = &document["paths"]["/api/v1/tests/holds"]["post"]["responses"]["201"]["links"];
    let end = json!({
        "operationId": "end",
        "parameters": {"hold_id": "$response.body#/hold_id"},
        "requestBody": {"version": "$response.body#/version"},
    });
    assert_eq!(made["end"], end);
    let listed = &document["paths"]["/api/v1/tests/kinds"]["get"]["responses"]["200"]["links"];
    let make = json!({"operationId": "make", "requestBody": {"kind": "$response.body#/items/0"}});
    assert_eq!(*listed, json!({"make": make}));
}
