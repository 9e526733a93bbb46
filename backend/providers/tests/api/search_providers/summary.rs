//! What a result says of itself.

use serde_json::Value;
use shared_types::Zone;

use crate::app::{App, Listing, NOW};

#[tokio::test]
async fn a_result_says_why_it_is_here() {
    let app = App::new().await;
    app.list(&Listing::new("Tomorrow").north(4.2).free(&["2026-11-23T22:15:00Z"])).await;
    app.list(&Listing::new("Full").north(5.0)).await;
    app.list(&Listing::new("Imported").north(6.0).imported()).await;
    let reply = app.search("near=Parramatta").await;
    assert_eq!(reply.as_of, NOW);
    let why: Vec<_> = reply.items.iter().map(|item| item.why(reply.as_of)).collect();
    assert_eq!(
        why,
        [
            "4.2 km, free tomorrow 9:15 am",
            "5.0 km, no free times in the next weeks",
            "6.0 km, not bookable here, call the practice"
        ]
    );
}

#[tokio::test]
async fn times_are_those_of_the_place() {
    let app = App::new().await;
    for (town, state, lat, lon, zone, words) in [
        ("Parramatta", "NSW", -33.8136, 151.0034, "Australia/Sydney", "tomorrow 9:15 am"),
        ("Broken Hill", "NSW", -31.9539, 141.4539, "Australia/Broken_Hill", "tomorrow 8:45 am"),
        ("Lord Howe Island", "NSW", -31.5553, 159.0821, "Australia/Lord_Howe", "tomorrow 9:15 am"),
        ("Eucla", "WA", -31.6772, 128.8890, "Australia/Eucla", "tomorrow 7:00 am"),
        ("Tweed Heads", "NSW", -28.1780, 153.5370, "Australia/Sydney", "tomorrow 9:15 am"),
        ("Coolangatta", "QLD", -28.1700, 153.5310, "Australia/Brisbane", "tomorrow 8:15 am"),
        ("Norfolk Island", "NSW", -29.0408, 167.9547, "Pacific/Norfolk", "tomorrow 10:15 am"),
    ] {
        let listing =
            Listing::new(town).point(lat, lon).town(town, state, "2000").free(&["2026-11-23T22:15:00Z"]);
        app.list(&listing).await;
        let reply = app.search(&format!("lat={lat}&lon={lon}&radius_m=500")).await;
        let location = reply.items[0].location.as_ref().unwrap();
        assert_eq!(location.time_zone, zone.parse::<Zone>().unwrap(), "{town}");
        assert_eq!(reply.items[0].why(reply.as_of), format!("0 m, free {words}"), "{town}");
    }
}

#[tokio::test]
async fn a_reply_has_the_promised_fields() {
    let app = App::new().await;
    let facets = ["bulk_billing", "language:ar", "language:en", "gender:female", "wheelchair"];
    let id = app.list(&Listing::new("Ada Example").facets(&facets).free(&["2026-11-24T00:00:00Z"])).await;
    let reply: Value = app.read("/api/v1/providers/search?near=Parramatta").await;
    let item = &reply["items"][0];
    assert_eq!(item["practitioner_role_id"], id.to_string());
    assert_eq!(item["slug"], "ada-example");
    assert_eq!(item["name"], "Ada Example");
    assert_eq!(item["profession"], "physiotherapist");
    assert_eq!(item["profession_name"], "Physiotherapist");
    assert_eq!(item["organization"]["slug"], "banksia-clinic");
    assert_eq!(item["organization"]["phone"], "(02) 5550 0000");
    let location = &item["location"];
    assert_eq!(location["lat"], -33.81356);
    assert_eq!(location["lon"], 151.00341);
    assert_eq!(location["time_zone"], "Australia/Sydney");
    assert_eq!(location["approximate"], false);
    assert_eq!(location["line"], "1 Example Street");
    assert_eq!(location["postcode"], "2150");
    assert_eq!(item["distance_m"], 0.0);
    assert_eq!(item["next_free"], serde_json::json!(["2026-11-24T00:00:00Z"]));
    assert_eq!(item["bookable"], true);
    assert_eq!(
        item["facts"],
        serde_json::json!({
            "bulk_billing": true, "telehealth": false, "home_visit": false, "wheelchair": true, "new_patients": false,
            "languages": ["ar", "en"], "gender": "female",
        })
    );
    assert_eq!(reply["as_of"], "2026-11-22T22:00:00Z");
    assert_eq!((&reply["next"], &reply["clusters"]), (&Value::Null, &Value::Null));
    assert_eq!(reply["place"]["label"], "Parramatta NSW 2150");
}

#[tokio::test]
async fn a_place_known_only_by_its_suburb_says_so() {
    let app = App::new().await;
    app.list(&Listing::new("Imported").imported()).await;
    let reply = app.search("near=Parramatta").await;
    let location = reply.items[0].location.as_ref().unwrap();
    assert!(location.approximate);
    assert_eq!(location.address(), "Parramatta NSW 2150");
    assert!(!reply.items[0].bookable);
    assert_eq!(reply.items[0].organization.as_ref().unwrap().phone.as_deref(), Some("(02) 5550 0000"));
}
