//! A directory with nothing in it but the reference data, and how to import into it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use kernel::testing::Database;
use providers::{
    catalogue,
    import::{ImportError, ImportOptions, ImportSummary, import_fhir},
    zones::zone_of,
};
use serde_json::{Value, json};
use shared_types::{GeoPoint, PractitionerRoleId};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Sunday, 11:00 am in Sydney.
const NOW: Timestamp = Timestamp::constant(1_795_305_600, 0);

/// Localities and provider types take seconds to load; each test begins with a copy.
static LOADED: OnceCell<Database> = OnceCell::const_new();

async fn load() -> Database {
    let database = Database::new().await;
    let mut conn = database.connect("providers_migrate").await;
    let mut tx = conn.begin().await.unwrap();
    catalogue::load(&mut tx, NOW).await.unwrap();
    tx.commit().await.unwrap();
    conn.close().await.unwrap();
    database
}

/// A schema of providers with every locality and provider type, and nobody listed.
pub struct Directory {
    pub conn: PgConnection,
    pub folder: TempDir,
    /// The roles that the last import told of.
    pub told: Vec<PractitionerRoleId>,
    next_id: u128,
    _database: Database,
}

impl Directory {
    pub async fn new() -> Self {
        let database = LOADED.get_or_init(load).await.copy().await;
        let conn = database.connect("providers_migrate").await;
        let folder = tempfile::tempdir().unwrap();
        Self { conn, folder, told: Vec::new(), next_id: 1, _database: database }
    }

    /// Imports with usual options, changed as wanted. Gives the summary and the lines of the report.
    pub async fn try_import(
        &mut self,
        input: &Path,
        change: impl FnOnce(&mut ImportOptions),
    ) -> Result<(ImportSummary, Vec<Value>), ImportError> {
        let mut options = ImportOptions {
            dry_run: false,
            strict: false,
            report: self.folder.path().join("reports/report.jsonl"),
            today: NOW.to_zoned(jiff::tz::TimeZone::UTC).date(),
            now: NOW,
        };
        change(&mut options);
        self.told.clear();
        let (next_id, told) = (&mut self.next_id, &mut self.told);
        let summary = import_fhir(
            &mut self.conn,
            input,
            &options,
            &|lat, lon| GeoPoint::new(lat, lon).ok().and_then(zone_of),
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

    pub async fn import(&mut self, input: &Path) -> (ImportSummary, Vec<Value>) {
        self.try_import(input, |_| {}).await.unwrap()
    }

    /// Imports resources as NDJSON.
    pub async fn import_all(&mut self, resources: &[Value]) -> (ImportSummary, Vec<Value>) {
        let lines: Vec<_> = resources.iter().map(Value::to_string).collect();
        let path = self.write("input.ndjson", lines.join("\n").as_bytes());
        self.import(&path).await
    }

    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub async fn count(&mut self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.conn).await.unwrap()
    }

    pub async fn text(&mut self, sql: &'static str) -> Option<String> {
        sqlx::query_scalar(sql).fetch_optional(&mut self.conn).await.unwrap().flatten()
    }

    /// How many rows an import has made, staged ones that should be gone again included.
    pub async fn rows(&mut self) -> i64 {
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

#[track_caller]
pub fn check_counts(summary: &ImportSummary, created: u64, changed: u64, unchanged: u64, refused: u64) {
    let counts = (summary.created, summary.changed, summary.unchanged, summary.refused);
    assert_eq!(counts, (created, changed, unchanged, refused), "created, changed, unchanged, refused");
}

/// Resource, pointer and reason of a report's lines of one level.
pub fn reasons<'r>(report: &'r [Value], level: &str) -> Vec<(&'r str, &'r str, &'r str)> {
    let of_level = report.iter().filter(|line| line["level"] == level);
    let text = |line: &'r Value, name: &str| line[name].as_str().unwrap_or_default();
    of_level.map(|line| (text(line, "resource"), text(line, "pointer"), text(line, "reason"))).collect()
}

pub fn person(name: &str) -> Value {
    json!({"resourceType": "Practitioner", "id": "p", "name": [{"family": name}]})
}
