//! The services' descriptions as pages, which run no script.

use serde_json::{Value, json};

use crate::support::{Canned, get, site};

fn described() -> Value {
    let refusal = json!({"$ref": "#/components/responses/404"});
    json!({
        "paths": {
            "/api/v1/bookings/holds": {"post": {
                "operationId": "create_hold",
                "summary": "Create hold",
                "tags": ["holds"],
                "x-policy": "Public",
                "x-max-body": 65536,
                "parameters": [{
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": true,
                    "description": "A UUID made for this one act.",
                    "schema": {"type": "string", "format": "uuid"},
                }],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CreateHold"}}}},
                "responses": {"201": {
                    "description": "Made",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Hold"}}},
                    "links": {"release_hold": {"operationId": "release_hold"}},
                }},
            }},
            "/api/v1/bookings/holds/{hold_id}": {"delete": {
                "operationId": "release_hold",
                "summary": "Release hold",
                "tags": ["holds"],
                "x-policy": "Practice([Reception, Owner])",
                "responses": {"204": {"description": "Done"}, "404": refusal},
            }},
        },
        "components": {
            "responses": {"404": {"description": "It is not there."}},
            "schemas": {
                "CreateHold": {
                    "description": "Asks to keep a <time>.",
                    "type": "object",
                    "required": ["start"],
                    "properties": {
                        "start": {"type": "string", "format": "date-time", "description": "When it starts."},
                        "note": {"type": ["string", "null"]},
                    },
                },
                "Hold": {"oneOf": [{"const": "active", "description": "The time is kept."}]},
            },
        },
    })
}

#[tokio::test]
async fn services_are_listed_with_their_descriptions() {
    let page = get(&site(Canned::new()), "/developers").await;
    assert_eq!(page.status, 200);
    page.says("For developers");
    for service in ["users", "providers", "bookings", "payments", "notifications"] {
        page.has(&format!("href=\"/developers/{service}\""));
        page.has(&format!("href=\"/api/v1/{service}/openapi.json\""));
    }
    page.lacks("<script");
}

#[tokio::test]
async fn a_service_shows_its_operations_and_types() {
    let services = Canned::new().with("/api/v1/bookings/openapi.json", 200, &described());
    let page = get(&site(services), "/developers/bookings").await;
    assert_eq!(page.status, 200);
    assert_eq!((page.count("<main "), page.count("<h1")), (1, 1), "{}", page.html);
    for words in [
        "POST Create hold",
        "Anybody",
        "The practice: Reception, Owner",
        "A UUID made for this one act.",
        "string (uuid)",
        "at most 65536 bytes",
        "It is not there.",
        "When it starts.",
        "note , optional",
        "The time is kept.",
    ] {
        page.says(words);
    }
    page.has("Asks to keep a &lt;time&gt;.");
    page.has("href=\"#schema-Hold\"");
    page.has("href=\"#release_hold\"");
    for refused in ["<script", " style=", " onclick="] {
        page.lacks(refused);
    }
}

#[tokio::test]
async fn operations_are_found_by_words() {
    let services = Canned::new().with("/api/v1/bookings/openapi.json", 200, &described());
    let site = site(services);
    let page = get(&site, "/developers/bookings?q=release%20HOLD").await;
    page.has("id=\"release_hold\"");
    page.lacks("id=\"create_hold\"");
    let page = get(&site, "/developers/bookings?q=nothing").await;
    page.says("No operation has these words.");
}

#[tokio::test]
async fn what_is_no_service_is_not_found() {
    assert_eq!(get(&site(Canned::new()), "/developers/wizards").await.status, 404);
}
