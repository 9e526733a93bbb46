//! The bulk feed of SMART Scheduling Links: which files there are, and their lines.
//!
//! Free times are stored nowhere, so a file is worked out while it is sent, a few roles at a time: nothing grows with the number
//! of roles but the list of files. A file has the roles of one state from one id on, so that no request asks about everybody, and
//! whoever wants one state alone takes that. What was sent within [`PERIOD`] counts as fresh (a weak validator, RFC 9110 8.8.1),
//! so that a client that asks each minute costs nothing.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use futures::{Stream, StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use shared_types::PractitionerRoleId;
use sqlx::PgConnection;
use tokio::sync::{Mutex, Semaphore};

use crate::{
    fhir::{self, STATES},
    free_slots,
    state::State,
    store::publication,
};

/// How long what was sent counts as fresh.
pub const PERIOD: SignedDuration = SignedDuration::from_mins(10);
/// How far ahead free times are told.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);
/// How many roles one file has.
const ROLES_PER_FILE: i64 = 500;
/// How many roles' lines are in memory at once.
const ROLES_AT_ONCE: usize = 10;
/// How many files are worked out at once; the others wait their turn between a few roles.
const TURNS: usize = 2;

/// The feed of this process.
#[derive(Debug)]
pub struct Publication {
    turns: Semaphore,
    /// The list of files, and since when it is good.
    manifest: Mutex<Option<(Timestamp, Bytes)>>,
}

impl Default for Publication {
    fn default() -> Self {
        Self { turns: Semaphore::new(TURNS), manifest: Mutex::default() }
    }
}

/// What the lines of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Location,
    Schedule,
    Slot,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Location, Self::Schedule, Self::Slot];

    /// The type of its resources.
    pub fn name(self) -> &'static str {
        match self {
            Self::Location => "Location",
            Self::Schedule => "Schedule",
            Self::Slot => "Slot",
        }
    }

    /// Reads [`Kind::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// When the period began that an instant lies in.
pub fn period(now: Timestamp) -> Timestamp {
    let seconds = PERIOD.as_secs();
    Timestamp::from_second(now.as_second().div_euclid(seconds).saturating_mul(seconds)).unwrap_or(now)
}

/// The list of files: made by the first who asks for it in a period, while others wait for it.
///
/// # Errors
/// When the database fails.
pub async fn manifest(state: &State) -> Result<Bytes> {
    let since = period(state.core.now());
    let mut kept = state.publication.manifest.lock().await;
    if let Some((known, manifest)) = kept.as_ref()
        && *known == since
    {
        return Ok(manifest.clone());
    }
    let mut conn = state.core.pool.acquire().await?;
    let firsts = publication::first_roles(&mut conn, &STATES.map(str::to_owned), ROLES_PER_FILE).await?;
    let files = Kind::ALL.into_iter().flat_map(|kind| firsts.iter().map(move |first| (kind, first)));
    let output: Vec<_> = files
        .map(|(kind, (of, first))| {
            let url = state.fhir.url(&format!("bulk/{}/{of}/{first}", kind.name()));
            json!({"type": kind.name(), "url": url, "extension": {"state": [of]}})
        })
        .collect();
    let manifest = json!({
        "transactionTime": since,
        "request": state.fhir.url("$bulk-publish"),
        "output": output,
        "error": [],
    });
    let manifest = Bytes::from(serde_json::to_vec(&manifest)?);
    *kept = Some((since, manifest.clone()));
    Ok(manifest)
}

/// The roles of a file; none when it is no file of ours.
///
/// # Errors
/// When the database fails.
pub async fn roles_of_file(
    state: &State,
    of: &str,
    first: PractitionerRoleId,
) -> Result<Vec<PractitionerRoleId>> {
    if !STATES.contains(&of) {
        return Ok(Vec::new());
    }
    let mut conn = state.core.pool.acquire().await?;
    Ok(publication::roles_from(&mut conn, of, first, ROLES_PER_FILE).await?)
}

/// A file, a few roles at a time. One that cannot be read to its end is cut off, which no client takes for the whole.
pub fn lines(
    state: State,
    kind: Kind,
    roles: Vec<PractitionerRoleId>,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let few: Vec<_> = roles.chunks(ROLES_AT_ONCE).map(Arc::<[PractitionerRoleId]>::from).collect();
    stream::iter(few).then(move |few| {
        let state = state.clone();
        async move {
            let text = of_roles(&state, kind, &few).await;
            text.inspect_err(
                |error| tracing::error!(error = %format!("{error:#}"), "a bulk file was cut off"),
            )
        }
    })
}

async fn of_roles(state: &State, kind: Kind, roles: &[PractitionerRoleId]) -> Result<Bytes> {
    let _turn = state.publication.turns.acquire().await.context("waiting for a turn")?;
    let mut conn = state.core.pool.acquire().await?;
    let mut text = Vec::new();
    for role in roles {
        of_role(&mut conn, state, kind, *role, &mut text).await?;
    }
    Ok(text.into())
}

async fn of_role(
    conn: &mut PgConnection,
    state: &State,
    kind: Kind,
    role: PractitionerRoleId,
    text: &mut Vec<u8>,
) -> Result<()> {
    let (base, now) = (&state.fhir, state.core.now());
    let window = now..now.saturating_add(AHEAD).unwrap_or(now);
    // Somebody who has just gone has no lines.
    let Some(calendar) = free_slots::calendar_for(conn, role, &window).await? else { return Ok(()) };
    match kind {
        Kind::Location => line(text, &fhir::location(base, &calendar.role))?,
        Kind::Schedule => line(text, &fhir::schedule(base, &calendar, now))?,
        Kind::Slot => {
            for id in free_slots::of_role(conn, &calendar, &[], &window, now).await? {
                if let Some(slot) = free_slots::as_slot(base, &calendar, id) {
                    line(text, &slot)?;
                }
            }
        }
    }
    Ok(())
}

fn line<T: Serialize>(text: &mut Vec<u8>, resource: &T) -> Result<()> {
    serde_json::to_writer(&mut *text, resource)?;
    text.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn a_period_begins_every_ten_minutes() {
        for (now, since) in [
            ("2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z"),
            ("2026-11-22T00:09:59.999Z", "2026-11-22T00:00:00Z"),
            ("2026-11-22T00:10:00Z", "2026-11-22T00:10:00Z"),
        ] {
            assert_eq!(period(now.parse().unwrap()), since.parse().unwrap(), "{now}");
        }
    }
}
