//! `POST /fhir/Appointment/$hold`: keeps a time for ten minutes, as `POST /api/v1/bookings/holds` does.

use axum::{
    extract::{FromRequestParts, State as Extract},
    http::{header, request::Parts},
};
use kernel::{
    Reject, Written,
    address::ClientAddress,
    fhir::{FhirJson, written},
    idempotency::IdempotencyKey,
    openapi::Argument,
};
use shared_types::{Problem, bookings::CreateHold};

use super::create_hold::{GuestCookie, hold_for};
use crate::{
    fhir::{self, Bundle, Entry, Parameters, Resource, SlotId, SlotStatus, by_page, reference, wrong},
    free_slots,
    state::State,
    visitor::Visitor,
};

/// The key of an act; a new one where none was sent. Clients of FHIR know no such header, and need it less: the very time that
/// somebody holds is the same hold, and a hold becomes one appointment.
pub struct ActKey(pub IdempotencyKey);

impl FromRequestParts<State> for ActKey {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Reject> {
        if parts.headers.contains_key("idempotency-key") {
            return Ok(Self(IdempotencyKey::from_request_parts(parts, state).await?));
        }
        Ok(Self(IdempotencyKey(state.core.id())))
    }
}

impl Argument for ActKey {}

/// Holds a proposed appointment. Its sender is known by the cookie that comes with the first hold, or by their session.
pub async fn fhir_hold(
    Extract(state): Extract<State>,
    address: ClientAddress,
    visitor: Visitor,
    ActKey(key): ActKey,
    parameters: Parameters,
) -> Result<(Option<GuestCookie>, Written<FhirJson>), Reject> {
    let id = wanted(&parameters)?;
    refuse_by_page(&state, id).await?;
    let wanted = CreateHold {
        practitioner_role_id: id.practitioner_role_id,
        appointment_type_id: id.appointment_type_id,
        start: id.start,
        cohort: None,
    };
    let (hold, cookie) = hold_for(&state, address, &visitor, key, &wanted).await?;
    let base = &state.fhir;
    let slot = fhir::slot(base, id, &hold.role, &hold.appointment_type, hold.end, SlotStatus::Held);
    let appointment = Resource::Appointment(Box::new(fhir::held(base, &hold)));
    let bundle = Bundle::of(vec![
        Entry::found(base, &format!("Appointment/{}", hold.hold_id), appointment),
        Entry::included(base, &format!("Slot/{id}"), Resource::Slot(Box::new(slot))),
    ]);
    Ok((cookie.map(|cookie| [(header::SET_COOKIE, cookie)]), written(&bundle)?))
}

/// Refuses what is booked on its page alone. Of what is not there the hold itself tells.
async fn refuse_by_page(state: &State, id: SlotId) -> Result<(), Reject> {
    let now = state.core.now();
    let mut conn = state.core.pool.acquire().await?;
    let calendar = free_slots::calendar_for(&mut conn, id.practitioner_role_id, &(now..now)).await?;
    let Some(calendar) = calendar else { return Ok(()) };
    match calendar.find_type(id.appointment_type_id) {
        Some(row) if free_slots::needs_page(&mut conn, &calendar, row, now).await? => {
            Err(by_page(&state.fhir, id).into())
        }
        Some(_) | None => Ok(()),
    }
}

/// The time that is to be held: by its proposal, or by its slot.
fn wanted(parameters: &Parameters) -> Result<SlotId, Problem> {
    let proposal = parameters.text("appointment-reference").map(|text| ("Appointment", text));
    let slot = || parameters.text("slot-reference").map(|text| ("Slot", text));
    let (kind, text) = proposal.or_else(slot).ok_or_else(|| {
        wrong("appointment-reference", "give one that $find proposed, or a slot-reference to a free Slot")
    })?;
    let id = reference("appointment-reference", kind, text)?;
    id.parse().map_err(|_| wrong("appointment-reference", "give one that $find proposed"))
}
