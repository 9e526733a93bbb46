//! `GET /fhir/Schedule/{practitioner_role_id}` and `GET /fhir/Schedule?actor=`: a schedule for each role, with the role's id.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use shared_types::{PractitionerRoleId, Problem};
use sqlx::PgConnection;

use crate::{
    fhir::{self, Bundle, Entry, Resource, Terms, reference, wrong},
    free_slots,
    state::State,
    store::{calendar::Calendar, publication},
};

/// One schedule.
pub async fn fhir_read_schedule(
    Extract(state): Extract<State>,
    Path(role): Path<PractitionerRoleId>,
) -> Result<Written<FhirJson>, Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let calendar = calendar_now(&mut conn, role, now).await?;
    let calendar = calendar.ok_or_else(|| Problem::not_found("This schedule"))?;
    written(&fhir::schedule(&state.fhir, &calendar, now))
}

/// The schedules of some roles; without `actor`, those of all who can be booked, in pages.
pub async fn fhir_search_schedules(
    Extract(state): Extract<State>,
    terms: Terms,
) -> Result<Written<FhirJson>, Reject> {
    let (base, now) = (&state.fhir, state.core.now());
    let mut conn = state.core.pool.acquire().await?;
    let count = terms.count()?;
    let named: Vec<_> = terms.all("actor").map(actor).collect::<Result<_, _>>()?;
    let (roles, more) = if named.is_empty() {
        let cursor = terms.one("cursor").map(str::parse::<PractitionerRoleId>);
        let cursor = cursor.transpose().map_err(|_| wrong("cursor", "take it from the page before"))?;
        let one_more = i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1);
        let mut roles = publication::roles_after(&mut conn, cursor, one_more).await?;
        let more = roles.len() > count;
        roles.truncate(count);
        (roles, more)
    } else if named.len() > count {
        return Err(wrong("actor", "ask about fewer at once, or about all of them").into());
    } else {
        (named, false)
    };
    let next = roles.last().filter(|_| more).map(|last| terms.going_on("Schedule", &last.to_string()));
    let mut entries = Vec::new();
    for role in roles {
        if let Some(calendar) = calendar_now(&mut conn, role, now).await? {
            let schedule = Resource::Schedule(Box::new(fhir::schedule(base, &calendar, now)));
            entries.push(Entry::found(base, &format!("Schedule/{role}"), schedule));
        }
    }
    let own = base.url(&terms.again("Schedule"));
    written(&Bundle::page(entries, own, next.map(|path| base.url(&path))))
}

/// The role that an actor is, or the one whose place it is.
fn actor(text: &str) -> Result<PractitionerRoleId, Problem> {
    let id = reference("actor", "PractitionerRole", text).or_else(|_| reference("actor", "Location", text));
    let id = id.or_else(|problem| if text.contains('/') { Err(problem) } else { Ok(text) })?;
    id.parse().map_err(|_| wrong("actor", "give a reference such as PractitionerRole/…"))
}

async fn calendar_now(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    now: Timestamp,
) -> anyhow::Result<Option<Calendar>> {
    free_slots::calendar_for(conn, role, &(now..now)).await
}
