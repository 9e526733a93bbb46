//! `GET /fhir/Slot/{slot_id}` and `GET /fhir/Slot?schedule=&start=&status=free`: free times. What is taken is not told.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use shared_types::{AppointmentTypeId, PractitionerRoleId, Problem};

use crate::{
    fhir::{Bundle, Entry, Resource, SlotId, Terms, of_token, reference, window, wrong},
    free_slots,
    state::State,
};

/// One free time; 404 once it is taken.
pub async fn fhir_read_slot(
    Extract(state): Extract<State>,
    Path(id): Path<String>,
) -> Result<Written<FhirJson>, Reject> {
    let not_found = || Reject::from(Problem::not_found("This free time"));
    let id: SlotId = id.parse().map_err(|_| not_found())?;
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let just_it = id.start..id.start.saturating_add(SignedDuration::from_secs(1)).unwrap_or(id.start);
    let calendar = free_slots::calendar_for(&mut conn, id.practitioner_role_id, &just_it).await?;
    let calendar = calendar.ok_or_else(not_found)?;
    let free =
        free_slots::for_programs(&mut conn, &calendar, &[id.appointment_type_id], &just_it, now).await?;
    let slot = free_slots::as_slot(&state.fhir, &calendar, id).filter(|_| free.contains(&id));
    written(&slot.ok_or_else(not_found)?)
}

/// The free times of one schedule, in order of time and in pages.
pub async fn fhir_search_slots(
    Extract(state): Extract<State>,
    terms: Terms,
) -> Result<Written<FhirJson>, Reject> {
    let (base, now) = (&state.fhir, state.core.now());
    let schedule =
        terms.only("schedule")?.ok_or_else(|| wrong("schedule", "name one, such as Schedule/…"))?;
    let id = if schedule.contains('/') { reference("schedule", "Schedule", schedule)? } else { schedule };
    let role: PractitionerRoleId =
        id.parse().map_err(|_| wrong("schedule", "give a reference such as Schedule/…"))?;
    let starts = terms.narrowing("start")?;
    let count = terms.count()?;
    let cursor = terms.one("cursor").map(str::parse::<SlotId>);
    let cursor = cursor.transpose().map_err(|_| wrong("cursor", "take it from the page before"))?;
    let own = base.url(&terms.again("Slot"));
    let mut conn = state.core.pool.acquire().await?;
    let calendar = free_slots::calendar_for(&mut conn, role, &(now..now)).await?;
    let nothing = || Bundle::page(Vec::new(), own.clone(), None);
    let Some(calendar) = calendar else { return written(&nothing()) };
    let window = window(starts.into_iter(), calendar.role.time_zone, now)?;
    let types: Vec<AppointmentTypeId> = terms.all("service-type").filter_map(of_token).collect();
    let other_types = types.is_empty() && terms.one("service-type").is_some();
    let asks_for_free = terms.one("status").is_none() || terms.all("status").any(|status| status == "free");
    if other_types || !asks_for_free {
        return written(&nothing());
    }
    // Once more, now that its zone has told which days they are.
    let Some(calendar) = free_slots::calendar_for(&mut conn, role, &window).await? else {
        return written(&nothing());
    };
    let free = free_slots::for_programs(&mut conn, &calendar, &types, &window, now).await?;
    let mut rest = free.into_iter().filter(|id| cursor.is_none_or(|cursor| *id > cursor));
    let page: Vec<_> = rest.by_ref().take(count).collect();
    let next =
        page.last().filter(|_| rest.next().is_some()).map(|last| terms.going_on("Slot", &last.to_string()));
    let entries = page.into_iter().filter_map(|id| {
        let slot = free_slots::as_slot(base, &calendar, id)?;
        Some(Entry::found(base, &format!("Slot/{id}"), Resource::Slot(Box::new(slot))))
    });
    written(&Bundle::page(entries.collect(), own.clone(), next.map(|path| base.url(&path))))
}
