//! Reads practitioners' other calendars, each a quarter of an hour after the last time, and keeps when they are busy. It moves and
//! cancels nothing.
//!
//! A calendar that cannot be read keeps what it said until that is too old; from then on none of the role's times are offered,
//! which the reading itself sees to (`store::calendar`): when this job does not run at all, nothing is sold either. An address whose
//! key is not here fails the job once the others are read.

use anyhow::{Context as _, Result};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use kernel::outbound::{Answer, Outbound, OutboundError, Outgoing};
use shared_types::bookings::external_calendar::ReadFailure;

use crate::{
    domain::busy_times,
    sealed::address_of,
    state::State,
    store::{
        external_calendar::{self, Due, Times, Whole},
        reservation, waitlist,
    },
};

const BATCH: i64 = 12;
/// How many are fetched at once.
const AT_ONCE: usize = 4;
/// How long a calendar is ours: longer than a whole batch that runs into its time limits.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How often each is read.
const EVERY: SignedDuration = SignedDuration::from_mins(15);
/// The largest file that is read, in bytes.
const MOST: usize = 5 * 1024 * 1024;
/// How often one address may lead to another.
const MOST_REDIRECTS: usize = 5;
/// How far ahead it is read: further than any calendar is sold, and as much again as it may stay unchanged for.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 370);
/// The longest tag of a server that is kept.
const LONGEST_TAG: usize = 200;

/// One batch. Says how many were tried.
pub async fn read_calendars(state: State) -> Result<u64> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let due = external_calendar::claim(&mut tx, core.now(), LEASE, BATCH).await?;
    core.commit(tx).await?;
    let tried = u64::try_from(due.len())?;
    let results: Vec<_> =
        stream::iter(due).map(|due| read(&state, due)).buffer_unordered(AT_ONCE).collect().await;
    results.into_iter().collect::<Result<()>>()?;
    Ok(tried)
}

async fn read(state: &State, due: Due) -> Result<()> {
    let (now, role) = (state.core.now(), due.practitioner_role_id);
    let address = due.address.open_text(&state.cipher, address_of(role));
    let address = address.with_context(|| format!("finding the other calendar of the role {role}"))?;
    match fetch(&state.outbound, &due, address).await {
        Ok(Fetched::Unchanged) => keep(state, &due, None, now).await,
        Ok(Fetched::File(answer)) => match understand(&due, answer, now).await {
            Ok(whole) => keep(state, &due, Some(whole), now).await,
            Err(failure) => note_failure(state, &due, failure, now).await,
        },
        Err(failure) => note_failure(state, &due, failure, now).await,
    }
}

/// What a server answered.
enum Fetched {
    Unchanged,
    File(Answer),
}

/// Fetches a calendar, from wherever its address leads: each step is looked at like the first.
async fn fetch(outbound: &Outbound, due: &Due, mut address: String) -> Result<Fetched, ReadFailure> {
    for _ in 0..=MOST_REDIRECTS {
        let request =
            Outgoing { method: Method::GET, address: &address, headers: asking(due), body: Vec::new() };
        let answer = outbound.fetch(request, MOST).await.map_err(meaning)?;
        match answer.status {
            200 => return Ok(Fetched::File(answer)),
            304 if due.etag.is_some() || due.last_modified.is_some() => return Ok(Fetched::Unchanged),
            301 | 302 | 303 | 307 | 308 => {
                let location = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
                address = led_to(&address, location.ok_or(ReadFailure::Refused)?);
            }
            _ => return Err(ReadFailure::Refused),
        }
    }
    Err(ReadFailure::NotAllowed)
}

fn asking(due: &Due) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("text/calendar, */*;q=0.1"));
    let known = [(header::IF_NONE_MATCH, &due.etag), (header::IF_MODIFIED_SINCE, &due.last_modified)];
    for (name, value) in known {
        let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    headers
}

/// Where a redirect leads from an address: to a whole one, or to another path of the same host.
fn led_to(address: &str, location: &str) -> String {
    if !location.starts_with('/') {
        return location.to_owned();
    }
    let Some((scheme, rest)) = address.split_once("://") else { return location.to_owned() };
    if let Some(elsewhere) = location.strip_prefix("//") {
        return format!("{scheme}://{elsewhere}");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}{location}")
}

fn meaning(error: OutboundError) -> ReadFailure {
    match error {
        OutboundError::NotAllowed(_) | OutboundError::NotPublic => ReadFailure::NotAllowed,
        OutboundError::Unreachable | OutboundError::TimedOut => ReadFailure::Unreachable,
        OutboundError::TooLarge => ReadFailure::TooLarge,
    }
}

/// Reads a file, beside the requests that are answered meanwhile.
async fn understand(due: &Due, answer: Answer, now: Timestamp) -> Result<Whole, ReadFailure> {
    let window = now..now.saturating_add(AHEAD).unwrap_or(now);
    let (zone, Answer { headers, body, .. }) = (due.time_zone, answer);
    let busy = tokio::task::spawn_blocking(move || busy_times(&body, zone, &window)).await;
    let tag = |name: HeaderName| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.filter(|value| value.len() <= LONGEST_TAG).map(str::to_owned)
    };
    // Whatever went wrong in reading it, it is not understood.
    let busy = busy.unwrap_or(Err(ReadFailure::NotUnderstood))?;
    Ok(Whole { busy, etag: tag(header::ETAG), last_modified: tag(header::LAST_MODIFIED) })
}

async fn keep(state: &State, due: &Due, whole: Option<Whole>, now: Timestamp) -> Result<()> {
    let core = &state.core;
    let later = |by: SignedDuration| now.saturating_add(by).unwrap_or(now);
    let times = Times { read_at: now, fresh_until: later(state.calendar_fresh), due_at: later(EVERY) };
    let mut tx = core.begin().await?;
    let changed = match &whole {
        Some(whole) => external_calendar::was_read(&mut tx, due, whole, times).await?,
        None => {
            external_calendar::was_unchanged(&mut tx, due, times).await?;
            false
        }
    };
    let was_stale = due.fresh_until.is_none_or(|until| until <= now);
    if changed || was_stale {
        // Times went or came back: for search, and for those who wait.
        reservation::tell_next_free_soon(&mut tx, &[due.practitioner_role_id], now).await?;
        waitlist::look_again(&mut tx, &[due.practitioner_role_id], now).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

async fn note_failure(state: &State, due: &Due, failure: ReadFailure, now: Timestamp) -> Result<()> {
    let core = &state.core;
    let later = |by: SignedDuration| now.saturating_add(by).unwrap_or(now);
    let mut again = later(retry_after(due.failures));
    if let Some(until) = due.fresh_until.filter(|until| *until > now) {
        // Right then its times go, and search is told.
        again = again.min(until);
    }
    tracing::warn!(
        role.id = %due.practitioner_role_id,
        failure = failure.code(),
        "another calendar of a practitioner could not be read"
    );
    let mut tx = core.begin().await?;
    external_calendar::failed(&mut tx, due, failure, again).await?;
    if due.fresh_until.is_some_and(|until| until <= now) {
        reservation::tell_next_free_soon(&mut tx, &[due.practitioner_role_id], now).await?;
    }
    core.commit(tx).await?;
    Ok(())
}

/// One minute after the first failure, then twice as long each time, up to an hour.
fn retry_after(failures: i32) -> SignedDuration {
    let doubled = u32::try_from(failures).unwrap_or_default().min(6);
    SignedDuration::from_mins(2_i64.pow(doubled).min(60))
}

#[cfg(test)]
mod tests {
    use super::{led_to, retry_after};

    #[test]
    fn a_redirect_leads_to_another_address_or_path() {
        let from = "https://a.example:8443/x/y?z=1";
        for (location, expected) in [
            ("https://b.example/c.ics", "https://b.example/c.ics"),
            ("http://10.0.0.1/", "http://10.0.0.1/"),
            ("//b.example/c.ics", "https://b.example/c.ics"),
            ("/c.ics?d=1", "https://a.example:8443/c.ics?d=1"),
        ] {
            assert_eq!(led_to(from, location), expected);
        }
    }

    #[test]
    fn tries_come_ever_more_slowly() {
        let minutes: Vec<_> = [0, 1, 5, 6, 1_000].into_iter().map(|n| retry_after(n).as_mins()).collect();
        assert_eq!(minutes, [1, 2, 32, 60, 60]);
    }
}
