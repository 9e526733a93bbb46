//! `/api/v1/providers/platform/listings`: administrators take a listing out of search and of booking, and put it back.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use kernel::{
    Created, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    ListingSuspensionId, Problem,
    page::Page,
    problem::FieldError,
    providers::listing::{LISTING_WORDS, Listing, ListingId, SuspendListing, Suspension},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    state::State,
    store::listing,
    suspending::{refreshed, resource},
};

/// How many listings one page has.
const PAGE: i64 = 50;
/// The most characters that are looked for.
const MOST: usize = 100;

/// What to look for, and where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// Words of a name; without any, those that are suspended.
    #[serde(default)]
    q: String,
    /// The `next` of the page before.
    cursor: Option<String>,
}

impl Wanted {
    fn after(&self) -> Result<Option<Uuid>, Problem> {
        let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
        self.cursor.as_deref().map(|text| text.parse().map_err(|_| wrong())).transpose()
    }
}

/// Looks for listings by name; without words, those that are suspended, the latest first.
pub async fn list_listings(
    Extract(state): Extract<State>,
    Query(wanted): Query<Wanted>,
) -> Result<Plain<Page<Listing>>, Reject> {
    let words = wanted.q.trim();
    let count = words.chars().count();
    if count > MOST || (1..LISTING_WORDS).contains(&count) {
        let error = FieldError::new("q", format!("look for {LISTING_WORDS} to {MOST} characters"));
        return Err(Problem::invalid(vec![error]).into());
    }
    let after = wanted.after()?;
    let mut conn = state.core.pool.acquire().await?;
    let mut items = if words.is_empty() {
        listing::suspended(&mut conn, after.map(Into::into), PAGE + 1).await?
    } else {
        listing::find(&mut conn, &patterns(words), after, PAGE + 1).await?
    };
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let last = items.last().filter(|_| more);
    let next = last.and_then(|last| match (words.is_empty(), &last.suspension, last.listing) {
        (true, suspension, _) => {
            suspension.as_ref().map(|suspension| suspension.listing_suspension_id.to_string())
        }
        (false, _, ListingId::Role(role)) => Some(role.to_string()),
        (false, _, ListingId::Practice(organization)) => Some(organization.to_string()),
    });
    Ok(Plain(Page { items, next }))
}

/// Suspends a listing. Nothing that is booked is touched.
pub async fn suspend_listing(
    Extract(state): Extract<State>,
    caller: SignedIn,
    key: IdempotencyKey,
    Json(body): Json<SuspendListing>,
) -> Result<Created<Plain<Listing>>, Reject> {
    let (core, now, action) = (&state.core, state.core.now(), "suspend_listing");
    if body.ends_at.is_some_and(|at| at <= now) {
        return Err(Problem::invalid(vec![FieldError::new("/ends_at", "choose a later end")]).into());
    }
    let mut tx = core.begin().await?;
    let holder = caller.account_id.to_string();
    let changed = match idempotency::begin(&mut tx, core, action, &holder, key, &body).await? {
        Begun::Replay(changed) => changed,
        Begun::New(ticket) => {
            let found = listing::one(&mut tx, body.listing).await?;
            found.ok_or_else(|| Problem::not_found("This listing"))?;
            let suspension = Suspension {
                listing_suspension_id: core.id(),
                reason: body.reason,
                suspended_by: caller.account_id,
                suspended_at: now,
                ends_at: body.ends_at,
            };
            if !listing::suspend(&mut tx, body.listing, &suspension).await? {
                return Err(wrong_state().into());
            }
            refreshed(&mut tx, core, body.listing).await?;
            note(&mut tx, &state, &caller, body.listing, action).await?;
            let changed = shown(&mut tx, body.listing).await?;
            ticket.finish(&mut tx, 201, &changed).await?;
            changed
        }
    };
    core.commit(tx).await?;
    Ok(Created(Plain(changed)))
}

/// Lifts a suspension. Lifting one leaves another that concerns the same people as it is: a role of a suspended practice stays
/// away.
pub async fn lift_suspension(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(listing_suspension_id): Path<ListingSuspensionId>,
) -> Result<Plain<Listing>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let lifted = listing::lift(&mut tx, listing_suspension_id, Some(caller.account_id), now).await?;
    let Some(listing) = lifted else {
        let known = listing::is_known(&mut tx, listing_suspension_id).await?;
        return Err(if known { wrong_state() } else { Problem::not_found("This suspension") }.into());
    };
    refreshed(&mut tx, core, listing).await?;
    note(&mut tx, &state, &caller, listing, "lift_suspension").await?;
    let changed = shown(&mut tx, listing).await?;
    core.commit(tx).await?;
    Ok(Plain(changed))
}

async fn shown(conn: &mut PgConnection, listing: ListingId) -> Result<Listing, Reject> {
    let found = listing::one(conn, listing).await?;
    Ok(found.ok_or_else(|| Problem::not_found("This listing"))?)
}

/// Each word anywhere in the name, as `like` wants it.
fn patterns(words: &str) -> Vec<String> {
    let plain = |word: &str| {
        let escaped = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    };
    words.split_whitespace().map(plain).collect()
}

/// It is suspended already, or not any more.
fn wrong_state() -> Problem {
    Problem::new("wrong-state", 409, "This cannot be done any more")
        .detail("Nothing was changed. The listing stands elsewhere by now: look at it again.")
}

async fn note(
    conn: &mut PgConnection,
    state: &State,
    caller: &SignedIn,
    listing: ListingId,
    action: &'static str,
) -> sqlx::Result<()> {
    let entry = audit::Entry {
        actor: Actor::of(caller),
        action,
        resource: resource(listing),
        whose: None,
        purpose: Purpose::Administration,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, &state.core, entry).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::patterns;

    #[test]
    fn words_are_looked_for_as_they_are_written() {
        assert_eq!(patterns(" Ada  50%_x "), ["%ada%", "%50\\%\\_x%"]);
    }
}
