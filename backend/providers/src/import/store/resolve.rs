//! What refers to what, what is refused for it, and where things are: set by set, over everything staged.

mod outcome;
mod places;
mod references;
mod refusals;
mod restage;

use sqlx::PgConnection;

use self::{
    outcome::{DECIDE, HASH, WARN_OF_CLAIMS},
    places::{PLACE, WARN_OF_PLACES},
    references::{
        FIND_EXISTING, FIND_EXISTING_BY_IDENTIFIER, FIND_STAGED, FIND_TARGETS, LIST_ALIASES, NAME_NEW_TARGETS,
    },
    refusals::{DROP_CIRCLES, DROP_OPTIONAL, REFUSE_DUPLICATES, REFUSE_MISSING, refuse_dependents},
    restage::{RESTAGE_DEPENDENTS, RESTAGE_TARGETS, give_ids, restage},
};
use crate::import::IdSource;

/// Resolves everything that was staged, and decides what becomes of each resource.
pub(in crate::import) async fn resolve(conn: &mut PgConnection, ids: IdSource<'_>) -> sqlx::Result<()> {
    run(conn, &[REFUSE_DUPLICATES, FIND_TARGETS, NAME_NEW_TARGETS]).await?;
    // A service that shows a changed place, then a role that shows that service.
    restage(conn, RESTAGE_DEPENDENTS).await?;
    restage(conn, RESTAGE_DEPENDENTS).await?;
    run(conn, &[LIST_ALIASES, "analyze providers.import_alias, providers.import_resource"]).await?;
    run(conn, &[FIND_STAGED, FIND_EXISTING, FIND_EXISTING_BY_IDENTIFIER]).await?;
    run(conn, &["analyze providers.import_reference", REFUSE_MISSING]).await?;
    refuse_dependents(conn).await?;
    run(conn, &[DROP_OPTIONAL, DROP_CIRCLES]).await?;
    // A role's service, then that service's organization.
    restage(conn, RESTAGE_TARGETS).await?;
    restage(conn, RESTAGE_TARGETS).await?;
    give_ids(conn, ids).await?;
    run(conn, &[PLACE, WARN_OF_PLACES, HASH, WARN_OF_CLAIMS, DECIDE]).await?;
    run(conn, &["analyze providers.import_resource, providers.import_reference"]).await
}

async fn run(conn: &mut PgConnection, statements: &[&'static str]) -> sqlx::Result<()> {
    for statement in statements {
        sqlx::query(*statement).execute(&mut *conn).await?;
    }
    Ok(())
}
