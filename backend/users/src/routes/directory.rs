//! `/api/v1/users/directory/…`: whose public keys are which, with what proves it. Whoever reads it believes none of it
//! before checking.

use axum::extract::{Path, Query, State as Extract};
use kernel::{Json, Reject};
use shared_types::{
    AccountId, OrganizationId,
    users::{KeyLogHead, PublishedKeys, Since},
};
use sqlx::PgConnection;

use crate::{
    notes::no_keys,
    state::State,
    store::{identity, key_log::LeafRow, mailbox},
};

/// The log as it is, and that it has only grown since.
pub async fn find_key_log_head(
    Extract(state): Extract<State>,
    Query(Since { since }): Query<Since>,
) -> Result<Json<KeyLogHead>, Reject> {
    let mut tx = state.core.begin().await?;
    Ok(Json(state.key_log.show(&mut tx, &state.core, since).await?.head))
}

/// A practice's newest epoch; `null` where there is none: then nothing is asked that would have to be sealed. Most
/// practices have none at first, so that is no failure.
pub async fn find_practice_keys(
    Extract(state): Extract<State>,
    Path(organization_id): Path<OrganizationId>,
    Query(Since { since }): Query<Since>,
) -> Result<Json<Option<PublishedKeys>>, Reject> {
    let mut tx = state.core.begin().await?;
    Ok(Json(match mailbox::newest_epoch(&mut tx, organization_id).await? {
        Some(epoch) => Some(published(&mut tx, &state, epoch.leaf, since).await?),
        None => None,
    }))
}

/// An account's newest keys. 404 with the type `no-keys` when it has made none, or is not there.
pub async fn find_account_keys(
    Extract(state): Extract<State>,
    Path(account_id): Path<AccountId>,
    Query(Since { since }): Query<Since>,
) -> Result<Json<PublishedKeys>, Reject> {
    let mut tx = state.core.begin().await?;
    let row = identity::find(&mut tx, account_id).await?;
    let row = row.ok_or_else(|| no_keys("This account has made none."))?;
    Ok(Json(published(&mut tx, &state, row.leaf, since).await?))
}

async fn published(
    conn: &mut PgConnection,
    state: &State,
    leaf: LeafRow,
    since: Option<u64>,
) -> Result<PublishedKeys, Reject> {
    let shown = state.key_log.show(conn, &state.core, since).await?;
    let entry = shown.entry(conn, leaf).await?;
    Ok(PublishedKeys { head: shown.head, entry })
}
