//! Importing the national directory's format into a real database.
//!
//! `data/au-core` holds 40 of the sample resources of HL7 AU Core (CC0, see LICENSE there), closed under references.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use kernel::testing::Database;
use providers::import::{ImportError, ImportOptions, ImportSummary, import_fhir};
use serde_json::{Value, json};
use shared_types::{PractitionerRoleId, Zone};
use sqlx::PgConnection;
use tempfile::TempDir;
use uuid::Uuid;

const NOW: &str = "2026-11-22T00:00:00Z";

/// A providers schema with the localities and professions that the samples need.
struct Directory {
    conn: PgConnection,
    folder: TempDir,
    next_id: u128,
    told: Vec<PractitionerRoleId>,
    _database: Database,
}

impl Directory {
    async fn new() -> Self {
        let database = Database::new().await;
        let mut conn = database.connect("providers_migrate").await;
        for (name, state, postcode, lat, lon, zone) in [
            ("Barney View", "QLD", "4287", -28.2375, 152.7644, "Australia/Brisbane"),
            ("Bunbury", "WA", "6230", -33.3210, 115.6384, "Australia/Perth"),
            ("Hervey Bay", "QLD", "4655", -25.2882, 152.7677, "Australia/Brisbane"),
            ("Lilydale", "NSW", "2460", -29.5306, 152.6777, "Australia/Sydney"),
            ("Lilydale", "VIC", "3140", -37.7644, 145.3475, "Australia/Melbourne"),
            ("Mitchells Hill", "VIC", "3478", -36.6100, 143.0000, "Australia/Melbourne"),
            ("Westmead", "NSW", "2145", -33.8086, 150.9870, "Australia/Sydney"),
        ] {
            sqlx::query(
                "insert into providers.locality (name, state, postcode, slug, point, time_zone)
                values ($1, $2, $3, $4, st_setsrid(st_makepoint($5, $6), 4326)::geography, $7)
                on conflict do nothing",
            )
            .bind(name)
            .bind(state)
            .bind(postcode)
            .bind(format!("{name}-{state}-{postcode}").to_lowercase().replace(' ', "-"))
            .bind(lon)
            .bind(lat)
            .bind(zone)
            .execute(&mut conn)
            .await
            .unwrap();
        }
        for (slug, name, synonym) in [
            ("physiotherapist", "Physiotherapist", "physiotherapy"),
            ("pharmacist", "Pharmacist", "pharmacy"),
            ("general-practitioner", "General practitioner", "gp"),
            ("nurse-practitioner", "Nurse practitioner", "np"),
            ("acupuncturist", "Acupuncturist", "acupuncture"),
            ("audiologist", "Audiologist", "audiology"),
        ] {
            sqlx::query(
                "insert into providers.profession (
                    slug, version, name, plural, synonyms, category, icon, regulation, service_type_codes, schema_org,
                    discreet, bulk_billing_possible, pack
                )
                values ($1, 1, $2, $2 || 's', array[$3], 'allied', 'person', 'registered', '{}', 'MedicalBusiness', false,
                    false, '{}')
                on conflict do nothing",
            )
            .bind(slug)
            .bind(name)
            .bind(synonym)
            .execute(&mut conn)
            .await
            .unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        Self { conn, folder, next_id: 1, told: Vec::new(), _database: database }
    }

    /// Imports with usual options, changed as wanted. Gives the summary and the lines of the report.
    async fn try_import(
        &mut self,
        input: &Path,
        change: impl FnOnce(&mut ImportOptions),
    ) -> Result<(ImportSummary, Vec<Value>), ImportError> {
        let now: Timestamp = NOW.parse().unwrap();
        let mut options = ImportOptions {
            dry_run: false,
            strict: false,
            report: self.folder.path().join("reports/report.jsonl"),
            today: now.to_zoned(jiff::tz::TimeZone::UTC).date(),
            now,
        };
        change(&mut options);
        self.told.clear();
        let (next_id, told) = (&mut self.next_id, &mut self.told);
        let summary = import_fhir(
            &mut self.conn,
            input,
            &options,
            &|lat, lon| {
                let inside = (-44.0..=-10.0).contains(&lat) && (112.0..=154.0).contains(&lon);
                inside.then_some(Zone::SYDNEY)
            },
            &mut || {
                *next_id += 1;
                Uuid::from_u128(*next_id)
            },
            &mut |_, roles| {
                told.extend(roles);
                Box::pin(async { Ok(()) })
            },
        )
        .await?;
        let report = fs::read_to_string(&options.report).unwrap();
        Ok((summary, report.lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
    }

    async fn import(&mut self, input: &Path) -> (ImportSummary, Vec<Value>) {
        self.try_import(input, |_| {}).await.unwrap()
    }

    /// Imports resources as NDJSON.
    async fn import_all(&mut self, resources: &[Value]) -> (ImportSummary, Vec<Value>) {
        let lines: Vec<_> = resources.iter().map(Value::to_string).collect();
        let path = self.write("input.ndjson", lines.join("\n").as_bytes());
        self.import(&path).await
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    async fn count(&mut self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.conn).await.unwrap()
    }

    async fn text(&mut self, sql: &'static str) -> Option<String> {
        sqlx::query_scalar(sql).fetch_optional(&mut self.conn).await.unwrap().flatten()
    }

    async fn rows(&mut self) -> i64 {
        self.count(
            "select (select count(*) from providers.organization) + (select count(*) from providers.location)
                + (select count(*) from providers.practitioner) + (select count(*) from providers.healthcare_service)
                + (select count(*) from providers.endpoint) + (select count(*) from providers.identifier)
                + (select count(*) from providers.practitioner_role) + (select count(*) from providers.imported_resource)
                + (select count(*) from providers.import_resource)",
        )
        .await
    }
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/au-core")
}

#[track_caller]
fn check_counts(summary: &ImportSummary, created: u64, changed: u64, unchanged: u64, refused: u64) {
    let counts = (summary.created, summary.changed, summary.unchanged, summary.refused);
    assert_eq!(counts, (created, changed, unchanged, refused), "created, changed, unchanged, refused");
}

fn reasons<'r>(report: &'r [Value], level: &str) -> Vec<(&'r str, &'r str, &'r str)> {
    let of_level = report.iter().filter(|line| line["level"] == level);
    let text = |line: &'r Value, name: &str| line[name].as_str().unwrap_or_default();
    of_level.map(|line| (text(line, "resource"), text(line, "pointer"), text(line, "reason"))).collect()
}

#[tokio::test]
async fn the_samples_go_in_once_and_change_nothing_the_second_time() {
    let mut directory = Directory::new().await;
    let (summary, report) = directory.import(&samples()).await;
    check_counts(&summary, 40, 0, 0, 0);
    assert_eq!((summary.warnings, report.len()), (20, 20));
    // Eight roles, and four services that no role names.
    assert_eq!(directory.told.len(), 12);
    assert_eq!(directory.count("select count(*) from providers.practitioner_role where bookable").await, 0);
    let before = directory.rows().await;

    let (again, same_report) = directory.import(&samples()).await;
    check_counts(&again, 0, 0, 40, 0);
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
    check_counts(&strict, 21, 0, 0, 19);
    let refused = reasons(&report, "refused");
    assert!(refused.iter().any(|(resource, pointer, reason)| *resource == "Organization/lilydale-pharmacy"
        && *pointer == "/identifier/1/value"
        && reason.contains("check digit")));
    assert!(refused.iter().any(|(resource, pointer, reason)| *resource == "PractitionerRole/ellison-abby"
        && *pointer == "/organization/reference"
        && reason.contains("Organization/westmead-public-hospital, which was refused")));

    let (summary, _) = directory.import(&samples()).await;
    // Six locations have an organization now.
    check_counts(&summary, 19, 6, 15, 0);
    let unverified = "select count(*) from providers.identifier where system = 'http://hl7.org.au/id/abn' and not verified";
    assert_eq!(directory.count(unverified).await, 8);
    let verified = "select count(*) from providers.identifier where system like '%medicare-provider-number' and verified";
    assert!(directory.count(verified).await > 0);
}

#[tokio::test]
async fn a_dry_run_reports_and_keeps_nothing() {
    let mut directory = Directory::new().await;
    let before = directory.rows().await;
    let (summary, report) = directory.try_import(&samples(), |options| options.dry_run = true).await.unwrap();
    check_counts(&summary, 40, 0, 0, 0);
    assert_eq!(report.len(), 20);
    assert_eq!(directory.rows().await, before);
}

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

fn person(name: &str) -> Value {
    json!({"resourceType": "Practitioner", "id": "p", "name": [{"family": name}]})
}

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
async fn input_that_cannot_be_read_is_named_and_nothing_is_half_done() {
    let mut directory = Directory::new().await;
    let photographs = directory.folder.path().join("photographs");
    fs::create_dir(&photographs).unwrap();
    fs::write(photographs.join("IMG_1.jpg"), b"\xff\xd8\xff\xe0").unwrap();
    let resource = json!({"resourceType": "Organization", "id": "x", "name": "X"}).to_string();
    let bundle = |kind: &str, end: &str| {
        format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{resource}}}{end}"#)
    };
    let inputs = [
        (directory.folder.path().join("nowhere"), "does not exist"),
        (photographs, "no FHIR JSON found"),
        (directory.write("empty.json", b""), "is empty"),
        (directory.write("truncated.json", bundle("collection", ",{").as_bytes()), "cut off"),
        (directory.write("message.json", bundle("message", "]}").as_bytes()), "type \"message\""),
        // The type comes after the entries.
        (
            directory.write(
                "late.json",
                format!(
                    r#"{{"resourceType":"Bundle","entry":[{{"resource":{resource}}}],"type":"document"}}"#
                )
                .as_bytes(),
            ),
            "type \"document\"",
        ),
        (directory.write("list.json", format!("[{resource}]").as_bytes()), "jq -c"),
    ];
    let before = directory.rows().await;
    for (input, words) in inputs {
        let error = directory.try_import(&input, |_| {}).await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(directory.rows().await, before, "{words}");
    }
    let unwritable = directory.write("file", b"");
    let input = directory.write("one.json", resource.as_bytes());
    let error =
        directory.try_import(&input, |options| options.report = unwritable.join("report")).await.unwrap_err();
    assert!(error.to_string().contains("--report"), "{error}");
    assert_eq!(directory.rows().await, before);
}

#[tokio::test]
async fn one_broken_file_or_line_stops_no_other() {
    let mut directory = Directory::new().await;
    let folder = directory.folder.path().join("mixed");
    fs::create_dir(&folder).unwrap();
    let resource = |id: &str| json!({"resourceType": "Organization", "id": id, "name": id}).to_string();
    let deep = format!(
        r#"{{"resourceType":"Organization","id":"d","name":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    let half =
        format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{{"resource":{}}},"#, resource("half"));
    let lines = format!("\u{feff}{}\n{deep}\n{{\"resourceType\":\n{}\n", resource("n1"), resource("n2"));
    for (name, content) in [
        ("a.json", resource("a")),
        ("b.json", half),
        ("c.ndjson", lines),
        ("d.json", deep.clone()),
        ("e.json", String::new()),
    ] {
        fs::write(folder.join(name), content).unwrap();
    }
    fs::write(folder.join("f.json"), b"{\"resourceType\":\"Organization\",\"id\":\"f\",\"name\":\"\xff\"}")
        .unwrap();
    let (summary, report) = directory.import(&folder).await;
    // Refused: the half Bundle and its entry, two lines, and three files.
    check_counts(&summary, 3, 0, 0, 7);
    let said = |source: &str, words: &str| {
        let fits =
            |line: &&Value| line["source"] == source && line["reason"].as_str().unwrap().contains(words);
        assert!(report.iter().any(|line| fits(&line)), "{source}: {words} in {report:#?}");
    };
    said("b.json", "cut off");
    said("b.json entry[0]", "cannot be read to its end");
    said("c.ndjson line 2", "128 levels");
    said("c.ndjson line 3", "cut off");
    said("d.json", "128 levels");
    said("e.json", "is empty");
    said("f.json", "not UTF-8");
    let names = "select string_agg(name, ',' order by name) from providers.organization";
    assert_eq!(directory.text(names).await.as_deref(), Some("a,n1,n2"));
}

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
