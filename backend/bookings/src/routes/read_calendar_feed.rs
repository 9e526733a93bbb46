//! `GET /api/v1/bookings/calendar-feeds/{token}/calendar.ics`: for calendar programs, which carry no cookie. The secret of the
//! address is all that is asked for.

use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Disclosed, Either, Reject, Written,
    address::ClientAddress,
    audit::{self, Actor, Outcome, Purpose},
    calendar_file::feed::{self, Standing},
    chance::hash_secret,
    openapi::{Operation, Reply},
};
use serde::Serialize;
use shared_types::{Problem, Zone, personal::PersonalData};
use sqlx::PgConnection;

use super::{find_appointment::Calendar, tag::tag};
use crate::{
    domain::{FeedOf, feed_entry},
    state::State,
    store::{
        calendar_feed::{self, FeedRow},
        role,
    },
};

/// How long what is over, and what was cancelled, stays in a feed.
const BACK: SignedDuration = SignedDuration::from_hours(24 * 30);

/// A feed as a calendar file.
#[derive(Serialize)]
struct FeedFile(String);

impl PersonalData for FeedFile {}

/// By which a calendar can ask whether anything has changed; it is kept nowhere on the way.
type Tagged = [(HeaderName, HeaderValue); 2];

/// 304: whoever asks has it already.
pub struct NotModified(Tagged);

impl IntoResponse for NotModified {
    fn into_response(self) -> Response {
        (StatusCode::NOT_MODIFIED, self.0).into_response()
    }
}

impl Reply for NotModified {
    fn describe(operation: &mut Operation<'_>, _: u16) {
        operation.empty_reply(304);
    }
}

/// Reads a feed. One that was replaced or switched off is as one that never was.
pub async fn read_calendar_feed(
    Extract(state): Extract<State>,
    address: ClientAddress,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Either<(Tagged, Written<Calendar>), NotModified>, Reject> {
    state.feeds_per_address.check(address)?;
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let feed = calendar_feed::by_token(&mut tx, &hash_secret(&token)).await?;
    let feed = feed.ok_or_else(|| Problem::not_found("This calendar"))?;
    let text = written(&mut tx, &state, &feed, now).await?;
    calendar_feed::was_read(&mut tx, feed.calendar_feed_id, now).await?;
    // A weak one: a proxy may compress the reply.
    let tag = format!("W/\"{}\"", tag(&text));
    let tagged = [
        (header::ETAG, HeaderValue::from_str(&tag).map_err(|error| Reject::internal(&error))?),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    if has_it(&headers, &tag) {
        // Nothing is told that they do not have.
        core.commit(tx).await?;
        return Ok(Either::Other(NotModified(tagged)));
    }
    let (whose, purpose) = match feed.of {
        FeedOf::Account(_, patient_id) => (patient_id, Purpose::OwnRecord),
        FeedOf::Role(_) => (None, Purpose::Practice),
    };
    let entry = audit::Entry {
        actor: Actor::Feed(feed.calendar_feed_id),
        action: "read_calendar_feed",
        resource: feed.calendar_feed_id.into(),
        whose,
        purpose,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let disclosed = Disclosed::commit(core, tx, receipt, FeedFile(text)).await?;
    Ok(Either::One((tagged, disclosed.written_as(|FeedFile(text)| text))))
}

async fn written(
    conn: &mut PgConnection,
    state: &State,
    feed: &FeedRow,
    now: Timestamp,
) -> Result<String, Reject> {
    let since = now.saturating_sub(BACK).unwrap_or(now);
    let appointments = calendar_feed::appointments(conn, feed.of, since).await?;
    let entries = appointments.iter().map(|appointment| feed_entry(appointment, feed.of, feed.detail));
    let tells = |entry: &feed::Entry| entry.standing != Standing::Cancelled || entry.changed_at >= since;
    let entries: Vec<_> = entries.filter(tells).collect();
    let (name, zone) = match feed.of {
        FeedOf::Account(..) => ("HelloMapper appointments".to_owned(), Zone::SYDNEY),
        FeedOf::Role(role) => match role::name_and_zone(conn, role).await? {
            Some((name, zone)) => (format!("{name} (HelloMapper)"), zone),
            None => ("HelloMapper".to_owned(), Zone::SYDNEY),
        },
    };
    let zone = entries.first().map_or(zone, |entry| entry.zone);
    Ok(feed::write(&name, zone, &state.organizer, &entries))
}

/// Whether one of the tags that the reader has is this one (RFC 9110, 13.1.2: weak comparison).
fn has_it(headers: &HeaderMap, tag: &str) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    known.flat_map(|line| line.split(',')).any(|known| plain(known) == plain(tag))
}
