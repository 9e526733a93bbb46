//! An import needs the memory of a few hundred resources, however many it is given.
//!
//! The allocator counts what is alive, so nothing here is measured by time or by what the system says of the process.
//! A program of its own with one test: two at once would be counted together.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
};

use kernel::testing::Database;
use peak_alloc::PeakAlloc;
use providers::import::{ImportOptions, import_fhir};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Practices in the smaller input, each with somebody who works there: several times what goes to the database at once.
const FEW: usize = 500;
/// How many times as many are in the larger one.
const TIMES: usize = 20;
/// What the larger one may need on top: a hundredth of what it holds on top, and less.
const MORE: usize = 128 * 1024;

#[tokio::test]
async fn twenty_times_as_many_resources_need_no_more_memory() {
    let database = Database::new().await;
    let mut conn = database.connect("providers_migrate").await;
    let folder = tempfile::tempdir().unwrap();
    for (name, write) in
        [("input.ndjson", write_lines as fn(&Path, usize)), ("input.json", write_bundle as fn(&Path, usize))]
    {
        let path = folder.path().join(name);
        let (mut sizes, mut peaks) = (Vec::new(), Vec::new());
        // The first import fills what is kept for good, such as prepared statements.
        for practices in [FEW, FEW, FEW * TIMES] {
            write(&path, practices);
            sizes.push(fs::metadata(&path).unwrap().len());
            peaks.push(peak_of_import(&mut conn, &path, practices).await);
        }
        let more = usize::try_from(sizes[2] - sizes[1]).unwrap();
        assert!(more > 100 * MORE, "the inputs of {sizes:?} bytes are too alike to tell");
        assert!(peaks[2] < peaks[1] + MORE, "{name}: {peaks:?} bytes at most for {sizes:?} bytes of input");
    }
}

/// Imports everything, then takes it back. Gives the most bytes that were alive on top of those before.
async fn peak_of_import(conn: &mut PgConnection, input: &Path, practices: usize) -> usize {
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    let report = input.with_extension("report");
    let options =
        ImportOptions { dry_run: true, strict: false, report, today: jiff::civil::date(2026, 11, 22), now };
    let mut next_id = 0;
    let mut ids = || {
        next_id += 1;
        Uuid::from_u128(next_id)
    };
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let summary =
        import_fhir(conn, input, &options, &|_, _| None, &mut ids, &mut |_, _| Box::pin(async { Ok(()) }))
            .await
            .unwrap();
    let peak = ALLOCATOR.peak_usage() - before;
    assert_eq!(summary.created, 2 * u64::try_from(practices).unwrap());
    assert_eq!(summary.refused, 0);
    // A number that cannot be right in every practice: the report is as long as the input.
    assert!(summary.warnings >= u64::try_from(practices).unwrap(), "{summary:?}");
    peak
}

/// A practice and a role there, with some of the text that directories carry and nobody imports.
fn practice(number: usize) -> [Value; 2] {
    let narrative = json!({"status": "generated", "div": "A practice like many others. ".repeat(25)});
    [
        json!({
            "resourceType": "Organization", "id": format!("o{number}"), "text": narrative,
            "name": format!("Practice {number}"),
            "identifier": [{"system": "http://hl7.org.au/id/abn", "value": "12345678901"}],
        }),
        json!({
            "resourceType": "PractitionerRole", "id": format!("r{number}"), "text": narrative,
            "organization": {"reference": format!("Organization/o{number}")},
        }),
    ]
}

fn write_lines(path: &Path, practices: usize) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    for resource in (0..practices).flat_map(practice) {
        writeln!(file, "{resource}").unwrap();
    }
    file.flush().unwrap();
}

fn write_bundle(path: &Path, practices: usize) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    write!(file, r#"{{"resourceType":"Bundle","type":"collection","entry":["#).unwrap();
    for (number, resource) in (0..practices).flat_map(practice).enumerate() {
        let comma = if number == 0 { "" } else { "," };
        write!(file, r#"{comma}{{"resource":{resource}}}"#).unwrap();
    }
    write!(file, "]}}").unwrap();
    file.flush().unwrap();
}
