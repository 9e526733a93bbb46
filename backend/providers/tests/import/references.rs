//! What refers to what.

use serde_json::{Value, json};

use crate::support::{Directory, check_counts, reasons};

#[tokio::test]
async fn references_are_resolved_however_they_are_written() {
    let mut directory = Directory::new().await;
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "https://a.example/fhir/PractitionerRole/r1", "resource": {
            "resourceType": "PractitionerRole", "id": "r1",
            "practitioner": {"reference": "https://a.example/fhir/Practitioner/p/_history/2"},
            "organization": {"reference": "Organization/o"},
        }},
        {"fullUrl": "https://a.example/fhir/Practitioner/p", "resource": {
            "resourceType": "Practitioner", "id": "p", "name": [{"family": "Absolute"}],
            "identifier": [{"system": "http://ns.electronichealth.net.au/id/hi/hpii/1.0", "value": "8003619900015717"}],
        }},
        {"fullUrl": "https://a.example/fhir/Organization/o", "resource": {
            "resourceType": "Organization", "id": "o", "name": "Relative",
        }},
        {"fullUrl": "urn:uuid:0195f6f4-6c1b-7c31-8d0b-0a7b0c0d0e0f", "resource": {
            "resourceType": "Practitioner", "id": "u", "name": [{"family": "Urn"}],
        }},
        {"resource": {
            "resourceType": "PractitionerRole", "id": "r2",
            "practitioner": {"reference": "urn:uuid:0195F6F4-6C1B-7C31-8D0B-0A7B0C0D0E0F"},
        }},
        {"resource": {
            "resourceType": "PractitionerRole", "id": "r3",
            "contained": [{"resourceType": "Practitioner", "id": "c", "name": [{"family": "Contained"}]}],
            "practitioner": {"reference": "#c"},
        }},
        {"resource": {
            "resourceType": "PractitionerRole", "id": "r4",
            "practitioner": {"identifier": {
                "system": "http://ns.electronichealth.net.au/id/hi/hpii/1.0", "value": "8003 6199 0001 5717",
            }},
        }},
    ]});
    let path = directory.write("bundle.json", bundle.to_string().as_bytes());
    let (summary, report) = directory.import(&path).await;
    check_counts(&summary, 7, 0, 0, 0);
    assert_eq!(report, Vec::<Value>::new());
    let names = "select string_agg(name, ',' order by source_key) from providers.practitioner_role";
    assert_eq!(directory.text(names).await.as_deref(), Some("Urn,Contained,Absolute,Absolute"));
    let (again, _) = directory.import(&path).await;
    check_counts(&again, 0, 0, 7, 0);
}

#[tokio::test]
async fn a_reference_to_nothing_refuses_and_so_do_its_dependents() {
    let mut directory = Directory::new().await;
    let (summary, report) = directory
        .import_all(&[
            json!({"resourceType": "Organization", "id": "o", "name": "O", "partOf": {"reference": "Organization/none"}}),
            json!({"resourceType": "HealthcareService", "id": "h", "name": "H", "providedBy": {"reference": "Organization/none"}}),
            json!({"resourceType": "PractitionerRole", "id": "a", "practitioner": {"reference": "Practitioner/none"}}),
            json!({"resourceType": "PractitionerRole", "id": "b", "organization": {"reference": "Organization/o"},
                "healthcareService": [{"reference": "HealthcareService/h"}]}),
            json!({"resourceType": "PractitionerRole", "id": "c", "organization": {"reference": "Organization/bad"}}),
            json!({"resourceType": "Organization", "id": "bad", "active": "perhaps"}),
            json!({"resourceType": "Organization", "id": "o", "name": "Again"}),
            json!({"resourceType": "Patient", "id": "p"}),
        ])
        .await;
    check_counts(&summary, 2, 0, 0, 6);
    let nothing = " is neither in this import nor in the directory";
    assert_eq!(
        reasons(&report, "refused"),
        [
            ("HealthcareService/h", "/providedBy/reference", format!("Organization/none{nothing}").as_str()),
            ("PractitionerRole/a", "/practitioner/reference", format!("Practitioner/none{nothing}").as_str()),
            (
                "PractitionerRole/c",
                "/organization/reference",
                "refers to Organization/bad, which was refused"
            ),
            ("Organization/bad", "/active", "expected true or false, found text"),
            ("Organization/o", "/id", "the same resource came before, in line 1"),
            (
                "Patient/p",
                "/resourceType",
                "Patient is not imported; a directory is made of Organization, Location, Practitioner, \
                 HealthcareService, Endpoint, PractitionerRole"
            ),
        ]
    );
    let dropped: Vec<_> =
        reasons(&report, "warning").into_iter().map(|(resource, pointer, _)| (resource, pointer)).collect();
    assert!(dropped.contains(&("Organization/o", "/partOf/reference")), "{dropped:?}");
    assert!(dropped.contains(&("PractitionerRole/b", "/healthcareService/0/reference")), "{dropped:?}");
    assert_eq!(directory.count("select count(*) from providers.healthcare_service").await, 0);
    assert_eq!(directory.text("select name from providers.organization").await.as_deref(), Some("O"));
}
