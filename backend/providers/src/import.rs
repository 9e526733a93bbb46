//! `hellomapper import fhir`: the national directory's format, FHIR R4 JSON in the AU Core profiles.
//!
//! A thread reads the input one resource at a time; each is parsed alone by pure functions and goes into a staging
//! table; SQL then resolves references, refuses what refers to nothing, finds places, and writes what is new or changed.
//! It is one transaction: either the whole import is there, without the refused resources, or nothing of it.
//!
//! It does not delete: a resource that is gone from the source stays until it comes with `active` false. It does not
//! touch what a practice has claimed, and it makes nothing bookable.

mod address;
mod concepts;
mod document;
mod endpoint;
mod error;
mod finding;
mod healthcare_service;
mod identifiers;
mod json;
mod location;
mod names;
mod organization;
mod practitioner;
mod practitioner_role;
mod profession;
mod reference;
mod report;
mod resource;
mod source;
mod staging;
mod store;

use std::path::{Path, PathBuf};

use futures::future::BoxFuture;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use shared_types::PractitionerRoleId;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

pub use self::{
    address::ZoneOf,
    error::ImportError,
    finding::{Refusal, Warning},
};
use self::{profession::Professions, report::Report, resource::Rules};

/// How to import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Do everything, report it, and keep nothing.
    pub dry_run: bool,
    /// Refuse a resource with a wrong identifier instead of keeping it unverified.
    pub strict: bool,
    /// The file to write the report to, as JSON lines.
    pub report: PathBuf,
    /// The day it is, for roles that have ended and listings that were checked.
    pub today: Date,
    /// The instant it is.
    pub now: Timestamp,
}

/// What became of the resources. Contained resources are not counted by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportSummary {
    /// Resources that were not there before.
    pub created: u64,
    /// Resources of which something kept is different now.
    pub changed: u64,
    /// Resources of which everything kept is the same.
    pub unchanged: u64,
    /// Resources, and files that cannot be read, that did not go in.
    pub refused: u64,
    /// Warnings in the report.
    pub warnings: u64,
    /// Where the report is.
    pub report: PathBuf,
}

/// Makes an id.
pub type IdSource<'a> = &'a mut (dyn FnMut() -> Uuid + Send);

/// What to do with roles that were made or changed, a thousand at a time, within the import's transaction: providers
/// tells the other services through its outbox.
pub type TellRoles<'a> =
    dyn for<'c> FnMut(&'c mut PgConnection, Vec<PractitionerRoleId>) -> BoxFuture<'c, TellResult> + Send + 'a;

/// Whether telling worked.
pub type TellResult = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Imports the directory, Bundle, NDJSON file or resource at `input` over a connection of providers' migrate role.
///
/// # Errors
/// When there is nothing to read, the one file given breaks off, another import runs, the report cannot be written or
/// the database refuses. Nothing is kept then.
pub async fn import_fhir(
    conn: &mut PgConnection,
    input: &Path,
    options: &ImportOptions,
    zone_of: &ZoneOf<'_>,
    ids: IdSource<'_>,
    tell: &mut TellRoles<'_>,
) -> Result<ImportSummary, ImportError> {
    let mut transaction = conn.begin().await?;
    if !store::lock(&mut transaction).await? {
        return Err(ImportError::Busy);
    }
    let professions = Professions::new(&store::professions(&mut transaction).await?);
    let rules = Rules { zone_of, professions: &professions, today: options.today, strict: options.strict };
    staging::stage(&mut transaction, input, &rules, &mut *ids).await?;
    let mut report = Report::create(&options.report)?;
    store::expand(&mut transaction).await?;
    store::resolve(&mut transaction, ids).await?;
    store::write(&mut transaction, options.today, options.now).await?;
    store::write_roles(&mut transaction, options.now).await?;
    tell_roles(&mut transaction, tell).await?;
    let warnings = report.write(&mut transaction).await?;
    let (created, changed, unchanged, refused) = store::tally(&mut transaction).await?;
    if options.dry_run {
        transaction.rollback().await?;
    } else {
        store::clear(&mut transaction).await?;
        transaction.commit().await?;
    }
    let count = |rows: i64| u64::try_from(rows).unwrap_or_default();
    Ok(ImportSummary {
        created: count(created),
        changed: count(changed),
        unchanged: count(unchanged),
        refused: count(refused),
        warnings,
        report: options.report.clone(),
    })
}

async fn tell_roles(conn: &mut PgConnection, tell: &mut TellRoles<'_>) -> Result<(), ImportError> {
    let mut after = None;
    loop {
        let written = store::next_written(conn, after, 1000).await?;
        let Some(last) = written.last() else { return Ok(()) };
        after = Some(*last);
        let roles = written.into_iter().map(PractitionerRoleId).collect();
        tell(conn, roles).await.map_err(ImportError::Telling)?;
    }
}
