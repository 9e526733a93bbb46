//! What comes again, changed.

use serde_json::{Value, json};

use crate::support::{Directory, check_counts, person};

#[tokio::test]
async fn a_change_reaches_the_listings_that_show_it_and_nothing_else() {
    let mut directory = Directory::new().await;
    let address = json!([{"city": "Westmead", "state": "NSW", "postalCode": "2145"}]);
    directory
        .import_all(&[
            json!({"resourceType": "Organization", "id": "o", "name": "O", "address": address}),
            person("Before"),
            json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/p"},
                "organization": {"reference": "Organization/o"}}),
            json!({"resourceType": "PractitionerRole", "id": "s", "organization": {"reference": "Organization/o"}}),
        ])
        .await;
    let slugs = "select string_agg(slug, ',' order by source_key) from providers.practitioner_role";
    let before = directory.text(slugs).await;

    let (summary, _) = directory.import_all(&[person("After")]).await;
    check_counts(&summary, 0, 1, 0, 0);
    assert_eq!(directory.told.len(), 1);
    let listed = "select string_agg(concat_ws(' ', name, version), ',' order by source_key) from providers.practitioner_role";
    assert_eq!(directory.text(listed).await.as_deref(), Some("After 2,O 1"));
    assert_eq!(directory.text(slugs).await, before);

    let hidden =
        json!({"resourceType": "Organization", "id": "o", "name": "O", "active": false, "address": address});
    let (summary, report) = directory.import_all(&[hidden]).await;
    check_counts(&summary, 0, 1, 0, 0);
    assert_eq!(report, Vec::<Value>::new());
    assert_eq!(directory.count("select count(*) from providers.practitioner_role where active").await, 0);
}

#[tokio::test]
async fn a_role_is_listed_at_each_of_its_places_and_a_service_until_a_role_names_it() {
    let mut directory = Directory::new().await;
    let place = |id: &str, city: &str, state: &str| json!({"resourceType": "Location", "id": id, "address": {"city": city, "state": state}});
    let role = |more: Value| {
        let mut role = json!({"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/p"}});
        role.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        role
    };
    let (both, one) = (
        json!({"location": [{"reference": "Location/w"}, {"reference": "Location/b"}]}),
        json!({"location": [{"reference": "Location/w"}], "healthcareService": [{"reference": "HealthcareService/h"}]}),
    );
    directory
        .import_all(&[
            place("w", "Westmead", "NSW"),
            place("b", "Bunbury", "WA"),
            person("Lee"),
            json!({"resourceType": "HealthcareService", "id": "h", "name": "Hand clinic", "location": [{"reference": "Location/b"}]}),
            role(both),
        ])
        .await;
    let listed = "select string_agg(concat_ws(' ', name, state), ',' order by source_key) from providers.practitioner_role where active";
    assert_eq!(directory.text(listed).await.as_deref(), Some("Hand clinic WA,Lee NSW,Lee WA"));
    directory.import_all(&[role(one)]).await;
    assert_eq!(directory.text(listed).await.as_deref(), Some("Lee NSW"));
}

#[tokio::test]
async fn what_a_practice_has_claimed_is_left_alone() {
    let mut directory = Directory::new().await;
    directory.import_all(&[person("Before")]).await;
    sqlx::query("update providers.practitioner set origin = 'practice', name = 'Ours'")
        .execute(&mut directory.conn)
        .await
        .unwrap();
    let (summary, report) = directory.import_all(&[person("After")]).await;
    check_counts(&summary, 0, 0, 1, 0);
    assert!(report[0]["reason"].as_str().unwrap().contains("claimed"));
    assert_eq!(directory.text("select name from providers.practitioner").await.as_deref(), Some("Ours"));
}

#[tokio::test]
async fn an_import_lifts_no_suspension_and_a_suspended_practice_takes_in_nobody_who_is_listed() {
    let mut directory = Directory::new().await;
    let role = |id: &str| {
        json!({"resourceType": "PractitionerRole", "id": id, "practitioner": {"reference": "Practitioner/p"},
        "organization": {"reference": "Organization/o"}})
    };
    let organization = |name: &str| json!({"resourceType": "Organization", "id": "o", "name": name});
    directory.import_all(&[organization("O"), person("Before"), role("r")]).await;
    for statement in [
        "insert into providers.listing_suspension (listing_suspension_id, organization_id, reason, suspended_by, suspended_at)
         select gen_random_uuid(), organization_id, 'other', gen_random_uuid(), now() from providers.organization",
        "update providers.organization set suspended = true",
        "update providers.practitioner_role set suspended = true",
    ] {
        sqlx::query(statement).execute(&mut directory.conn).await.unwrap();
    }
    // All of it comes again, changed, and somebody new with it.
    directory.import_all(&[organization("P"), person("After"), role("r"), role("s")]).await;
    let listed = "select string_agg(concat_ws(' ', name, active, suspended), ',' order by source_key) from providers.practitioner_role";
    assert_eq!(directory.text(listed).await.as_deref(), Some("After t t,After t t"));
    let practice = "select concat_ws(' ', name, active, suspended) from providers.organization";
    assert_eq!(directory.text(practice).await.as_deref(), Some("P t t"));
}
