//! `GET` and `POST /fhir/Appointment/$find`: what could be booked with some practitioners, as proposed appointments for `$hold`.

use axum::extract::State as Extract;
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use shared_types::{AppointmentTypeId, PractitionerRoleId, Problem};

use crate::{
    fhir::{Bundle, COUNT, Entry, Parameters, Resource, SlotId, Terms, of_token, reference, window, wrong},
    free_slots,
    state::State,
};

/// How many practitioners one request may ask about.
const PRACTITIONERS: usize = 10;

/// Finds what could be booked, asked in the address.
pub async fn fhir_find(Extract(state): Extract<State>, terms: Terms) -> Result<Written<FhirJson>, Reject> {
    find(&state, &terms).await
}

/// Finds what could be booked, asked in `Parameters`.
pub async fn fhir_find_by_parameters(
    Extract(state): Extract<State>,
    parameters: Parameters,
) -> Result<Written<FhirJson>, Reject> {
    find(&state, &parameters.try_into()?).await
}

async fn find(state: &State, terms: &Terms) -> Result<Written<FhirJson>, Reject> {
    let (base, now) = (&state.fhir, state.core.now());
    let roles: Vec<PractitionerRoleId> =
        terms.all("practitioner").map(practitioner).collect::<Result<_, _>>()?;
    if !(1..=PRACTITIONERS).contains(&roles.len()) {
        return Err(wrong("practitioner", "name one to ten, such as PractitionerRole/…").into());
    }
    let asked: Vec<_> = ["visit-type", "service-type"].into_iter().flat_map(|name| terms.all(name)).collect();
    let types: Vec<AppointmentTypeId> = asked.iter().copied().filter_map(of_token).collect();
    let mut span = Vec::new();
    for (prefix, name) in [("ge", "start"), ("le", "end")] {
        span.extend(terms.only(name)?.map(|value| format!("{prefix}{value}")));
    }
    let mut conn = state.core.pool.acquire().await?;
    let mut found = Vec::new();
    for role in roles {
        let Some(calendar) = free_slots::calendar_for(&mut conn, role, &(now..now)).await? else { continue };
        let span = span.iter().map(String::as_str);
        let window = window(span, calendar.role.time_zone, now)?;
        let calendar = free_slots::calendar_for(&mut conn, role, &window).await?;
        let Some(calendar) = calendar.filter(|_| asked.is_empty() || !types.is_empty()) else { continue };
        let free = free_slots::for_programs(&mut conn, &calendar, &types, &window, now).await?;
        let proposals = free.into_iter().take(COUNT + 1).filter_map(|id| {
            let proposal = free_slots::as_proposal(base, &calendar, id)?;
            Some((id, Resource::Appointment(Box::new(proposal))))
        });
        found.extend(proposals);
    }
    found.sort_by_key(|(id, _): &(SlotId, Resource)| *id);
    let more = found.len() > COUNT;
    let mut entries: Vec<_> = found
        .into_iter()
        .take(COUNT)
        .map(|(id, proposal)| Entry::found(base, &format!("Appointment/{id}"), proposal))
        .collect();
    if more {
        entries.push(Entry::remark("There are more: these are the first. Ask about a shorter time."));
    }
    written(&Bundle::of(entries))
}

/// A practitioner is booked at a place: the reference is to a role.
fn practitioner(text: &str) -> Result<PractitionerRoleId, Problem> {
    let id = reference("practitioner", "PractitionerRole", text)?;
    id.parse().map_err(|_| wrong("practitioner", "give a reference such as PractitionerRole/…"))
}
