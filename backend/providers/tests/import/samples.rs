//! The official samples, all of them: `data/README.md` says where they come from.

use std::path::{Path, PathBuf};

use crate::support::{Directory, check_counts, reasons};

/// How many there are.
const ALL: u64 = 978;
/// Addresses, identifiers and references that are not quite right.
const WARNINGS: usize = 489;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/au-core.ndjson")
}

#[tokio::test]
async fn all_go_in_and_change_nothing_the_second_time() {
    let mut directory = Directory::new().await;
    let (summary, report) = directory.import(&samples()).await;
    check_counts(&summary, ALL, 0, 0, 0);
    assert_eq!((usize::try_from(summary.warnings), report.len()), (Ok(WARNINGS), WARNINGS));
    let listed = directory.count("select count(*) from providers.practitioner_role").await;
    assert_eq!(i64::try_from(directory.told.len()), Ok(listed));
    assert_eq!(directory.count("select count(*) from providers.practitioner_role where bookable").await, 0);
    let before = directory.rows().await;

    let (again, same_report) = directory.import(&samples()).await;
    check_counts(&again, 0, 0, ALL, 0);
    assert_eq!(same_report, report);
    assert_eq!(directory.rows().await, before);
    assert!(directory.told.is_empty());
    assert_eq!(
        directory.count("select count(*) from providers.practitioner_role where version > 1").await,
        0
    );
}

#[tokio::test]
async fn places_without_a_position_are_found_by_their_locality() {
    let mut directory = Directory::new().await;
    directory.import(&samples()).await;
    for (sql, expected) in [
        // Lilydale is in two states here.
        (
            "select concat_ws(' ', suburb, state, time_zone, approximate) from providers.location
            where source_key = 'Location/lilydale-pharmacy'",
            Some("Lilydale NSW Australia/Sydney t"),
        ),
        // No Tindal RAAF in Queensland: by postcode.
        (
            "select concat_ws(' ', suburb, state, time_zone, approximate) from providers.location
            where source_key = 'Location/bobrester-medical-center'",
            Some("Tindal RAAF QLD Australia/Brisbane t"),
        ),
        // A role without a location is found at its practice.
        (
            "select location.source_key from providers.practitioner_role role join providers.location using (location_id)
            where role.source_key = 'PractitionerRole/ellison-abby' and role.point is not null",
            Some("Organization/westmead-public-hospital#address"),
        ),
        // One without either is found by words.
        (
            "select search_text from providers.practitioner_role
            where source_key = 'PractitionerRole/acupuncturist-macnab-adam' and point is null",
            Some("adam macnab acupuncturist acupuncturist"),
        ),
        ("select profession from providers.practitioner_role where source_key = 'PractitionerRole/ellison-abby'", Some("physiotherapist")),
        ("select name from providers.practitioner_role where source_key = 'PractitionerRole/missing-practitioner'", Some("Audiology Advanced Hearing Care")),
        ("select name from providers.practitioner where source_key = 'Practitioner/missing-name'", Some("Name withheld")),
        ("select profession from providers.practitioner_role where source_key = 'HealthcareService/pharmacyretail-lilydale-pharmacy'", Some("pharmacist")),
    ] {
        assert_eq!(directory.text(sql).await.as_deref(), expected, "{sql}");
    }
}

#[tokio::test]
async fn wrong_identifiers_are_kept_and_marked_or_refused_when_strict() {
    let mut directory = Directory::new().await;
    let (strict, report) = directory.try_import(&samples(), |options| options.strict = true).await.unwrap();
    check_counts(&strict, 343, 0, 0, 635);
    let refused = reasons(&report, "refused");
    assert!(refused.iter().any(|(resource, pointer, reason)| *resource == "Organization/lilydale-pharmacy"
        && *pointer == "/identifier/1/value"
        && reason.contains("check digit")));
    assert!(refused.iter().any(|(resource, pointer, reason)| *resource == "PractitionerRole/ellison-abby"
        && *pointer == "/organization/reference"
        && reason.contains("Organization/westmead-public-hospital, which was refused")));

    let (summary, _) = directory.import(&samples()).await;
    // What was kept without its organization has it now.
    check_counts(&summary, 635, 75, 268, 0);
    // Every Australian Business Number in the samples fails its checksum.
    let unverified = "select count(*) from providers.identifier where system = 'http://hl7.org.au/id/abn' and not verified";
    assert_eq!(directory.count(unverified).await, 154);
    let verified = "select count(*) from providers.identifier where system like '%medicare-provider-number' and verified";
    assert!(directory.count(verified).await > 0);
}

#[tokio::test]
async fn a_dry_run_reports_and_keeps_nothing() {
    let mut directory = Directory::new().await;
    let before = directory.rows().await;
    let (summary, report) = directory.try_import(&samples(), |options| options.dry_run = true).await.unwrap();
    check_counts(&summary, ALL, 0, 0, 0);
    assert_eq!((usize::try_from(summary.warnings), report.len()), (Ok(WARNINGS), WARNINGS));
    assert_eq!(directory.rows().await, before);
}
