//! From the reading thread into the staging table, a few hundred resources at a time.

use std::path::Path;

use sqlx::PgConnection;
use tokio::{sync::mpsc, task};

use super::{
    IdSource, ImportError, Refusal, Warning,
    identifiers::Identifier,
    json::clean,
    resource::{Draft, Refused, Rules, parse},
    source::{self, Piece},
    store::{self, Note, Positioned, Row},
};

/// How many rows go to the database at once.
const BATCH: usize = 500;
/// How many resources may wait between the thread that reads and the one that writes.
const WAITING: usize = 8;

/// Reads the input to its end and stages everything in it, refused or not.
pub(super) async fn stage(
    conn: &mut PgConnection,
    input: &Path,
    rules: &Rules<'_>,
    ids: IdSource<'_>,
) -> Result<(), ImportError> {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let path = input.to_owned();
    let reading =
        task::spawn_blocking(move || source::read(&path, &mut |piece| sender.blocking_send(piece).is_ok()));
    let mut rows = Rows { rows: Vec::new(), next_ordinal: 1, ids };
    while let Some(piece) = receiver.recv().await {
        match piece {
            Piece::Resource { unit, source, full_url, value } => {
                match parse(&value, full_url.as_deref(), rules) {
                    Ok(drafts) => rows.add(unit, &source, drafts),
                    Err(refused) => rows.refuse(unit, &source, *refused),
                }
            }
            Piece::Refused { unit, source, pointer, reason } => {
                rows.refuse(unit, &source, unnamed(Refusal::new(pointer, reason)));
            }
            Piece::Broken { unit, source, reason } => {
                rows.flush(conn).await?;
                store::break_unit(conn, unit).await?;
                rows.refuse(unit, &source, unnamed(Refusal::new("", reason)));
            }
        }
        if rows.rows.len() >= BATCH {
            rows.flush(conn).await?;
        }
    }
    reading.await.map_err(|_| ImportError::Reader)??;
    rows.flush(conn).await
}

fn unnamed(refusal: Refusal) -> Refused {
    Refused { label: String::new(), resource_type: None, home: None, refusal }
}

struct Rows<'a> {
    rows: Vec<Row>,
    next_ordinal: i64,
    ids: IdSource<'a>,
}

impl Rows<'_> {
    fn add(&mut self, unit: i32, source: &str, drafts: Vec<Draft>) {
        let container = self.next_ordinal;
        for draft in drafts {
            let contained_in = draft.contained.then_some(container);
            let ids = (0..ids_needed(&draft)).map(|_| (self.ids)()).collect();
            let parsed = draft.parsed;
            let mut aliases = draft.home.aliases;
            aliases.extend(parsed.identifiers.iter().map(Identifier::alias));
            let positioned = |(position, reference)| Positioned { position, reference };
            let row = Row {
                ordinal: self.ordinal(),
                unit,
                source: clean(source).unwrap_or_default(),
                label: draft.home.label,
                resource_type: Some(draft.resource_type),
                source_key: Some(draft.home.key),
                aliases,
                contained_in,
                facts: Some(parsed.facts),
                refs: parsed.references.into_iter().enumerate().map(positioned).collect(),
                identifiers: parsed.identifiers,
                notes: parsed.warnings.into_iter().map(warning_note).collect(),
                ids,
                refused: false,
            };
            self.rows.push(row);
        }
    }

    /// A refused resource is staged by its names, so that what refers to it learns why it is not there.
    fn refuse(&mut self, unit: i32, source: &str, refused: Refused) {
        let Refusal { pointer, reason } = refused.refusal;
        let ordinal = self.ordinal();
        let (source_key, aliases) =
            refused.home.map_or((None, Vec::new()), |home| (Some(home.key), home.aliases));
        self.rows.push(Row {
            ordinal,
            unit,
            source: clean(source).unwrap_or_default(),
            label: refused.label,
            resource_type: refused.resource_type,
            source_key,
            aliases,
            contained_in: None,
            facts: None,
            refs: Vec::new(),
            identifiers: Vec::new(),
            notes: vec![Note {
                level: "refused".to_owned(),
                pointer,
                reason: clean(&reason).unwrap_or_default(),
            }],
            ids: vec![(self.ids)()],
            refused: true,
        });
    }

    fn ordinal(&mut self) -> i64 {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        ordinal
    }

    async fn flush(&mut self, conn: &mut PgConnection) -> Result<(), ImportError> {
        if !self.rows.is_empty() {
            store::stage(conn, &self.rows).await?;
            self.rows.clear();
        }
        Ok(())
    }
}

fn warning_note(warning: Warning) -> Note {
    Note {
        level: "warning".to_owned(),
        pointer: warning.pointer,
        reason: clean(&warning.reason).unwrap_or_default(),
    }
}

/// One for itself; one for a practice's address as a place; one for each place where it is listed.
fn ids_needed(draft: &Draft) -> usize {
    let references = &draft.parsed.references;
    let places = references.iter().filter(|reference| reference.field == "location").count().max(1);
    match draft.resource_type {
        "PractitionerRole" => places,
        "HealthcareService" => places + 1,
        "Organization" => 2,
        _ => 1,
    }
}
