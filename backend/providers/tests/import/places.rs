//! Where things are.

use serde_json::json;

use crate::support::{Directory, check_counts};

#[tokio::test]
async fn an_impossible_position_is_left_to_the_address() {
    let mut directory = Directory::new().await;
    let address = json!({"city": "Bunbury", "state": "WA", "postalCode": "6230"});
    let place = |id: &str, lat: f64, lon: f64| json!({"resourceType": "Location", "id": id, "address": address, "position": {"latitude": lat, "longitude": lon}});
    let (summary, report) = directory
        .import_all(&[
            place("a", 0.0, 0.0),
            place("b", 51.5, -0.1),
            place("c", 151.0, -33.8),
            place("d", -33.8, 151.0),
        ])
        .await;
    check_counts(&summary, 4, 0, 0, 0);
    assert_eq!(report.len(), 3);
    assert!(report.iter().all(|line| line["pointer"] == "/position"));
    let zones =
        "select string_agg(time_zone || ' ' || approximate, ',' order by source_key) from providers.location";
    let expected = "Australia/Perth true,Australia/Perth true,Australia/Perth true,Australia/Sydney false";
    assert_eq!(directory.text(zones).await.as_deref(), Some(expected));
}
