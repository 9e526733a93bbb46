//! Importing another directory's listings: providers keeps them, and the others learn of the roles by its outbox, in
//! the import's own transaction.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use futures::future::BoxFuture;
use kernel::Core;
use providers::import::{ImportOptions, ImportSummary, TellResult};
use shared_types::{GeoPoint, PractitionerRoleId, Zone};
use sqlx::PgConnection;
use uuid::Uuid;

/// How to import.
#[derive(Clone, Debug)]
pub struct Import {
    /// Check everything and change nothing; the report is written all the same.
    pub dry_run: bool,
    /// Refuse resources with an identifier whose check digit is wrong.
    pub strict: bool,
    /// Where to write what was refused and warned of.
    pub report: PathBuf,
}

/// Imports FHIR R4 over a connection of providers' migrate role; `core` is providers', for its clock and its ids.
///
/// # Errors
/// When there is nothing to read, the report cannot be written, or the database refuses. Nothing is kept then.
pub async fn import_fhir(
    conn: &mut PgConnection,
    core: &Core,
    path: &Path,
    import: Import,
) -> Result<ImportSummary> {
    if let Some(folder) = import.report.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    let now = core.now();
    let options = ImportOptions {
        dry_run: import.dry_run,
        strict: import.strict,
        report: import.report,
        today: Zone::SYDNEY.date(now),
        now,
    };
    let zone_of = |lat: f64, lon: f64| GeoPoint::new(lat, lon).ok().and_then(providers::zones::zone_of);
    let mut ids = || core.id::<Uuid>();
    let mut tell = telling(core.clone());
    let summary = providers::import::import_fhir(conn, path, &options, &zone_of, &mut ids, &mut tell).await?;
    Ok(summary)
}

/// Tells of imported roles.
fn telling(
    core: Core,
) -> impl for<'c> FnMut(&'c mut PgConnection, Vec<PractitionerRoleId>) -> BoxFuture<'c, TellResult> + Send {
    move |conn, roles| {
        let core = core.clone();
        Box::pin(async move {
            let ids: Vec<Uuid> = roles.into_iter().map(|role| role.0).collect();
            providers::store::role_fact::tell(conn, &core, &ids).await.map_err(Into::into)
        })
    }
}
