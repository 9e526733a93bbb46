//! `POST /fhir/Appointment/$book`: turns a hold into an appointment, as `POST /api/v1/bookings/holds/{hold_id}/confirm` does.

use axum::extract::State as Extract;
use kernel::{
    Reject, Written,
    fhir::{FhirJson, written},
};
use serde_json::Value;
use shared_types::{HoldId, Problem, bookings::Hold, payments::quote::QuoteTerms};

use super::{confirm_hold::confirm_for, fhir_hold::ActKey, views::hold_again};
use crate::{
    fhir::{
        self, Bundle, Entry, Parameters, Resource, SlotId, SlotStatus, as_elements, by_page, reference, wrong,
    },
    state::State,
    store::hold,
    visitor::Visitor,
};

/// Books what is held, with the patient's details and the consent.
pub async fn fhir_book(
    Extract(state): Extract<State>,
    visitor: Visitor,
    ActKey(key): ActKey,
    parameters: Parameters,
) -> Result<Written<FhirJson>, Reject> {
    let hold_id = held(&parameters)?;
    let confirm = fhir::confirmation(&parameters)?;
    let hold = hold_of(&state, &visitor, hold_id).await?;
    let id = SlotId {
        start: hold.start,
        practitioner_role_id: hold.role.practitioner_role_id,
        appointment_type_id: hold.appointment_type.appointment_type_id,
    };
    // What was held on the pages may want more than can be sent here.
    let needs_payment = hold.quote.terms.as_ref().is_some_and(QuoteTerms::needs_payment_step);
    if needs_payment || hold.appointment_type.home_visit {
        return Err(by_page(&state.fhir, id).into());
    }
    let confirmed = confirm_for(&state, &visitor, hold_id, key, confirm).await;
    let confirmation = confirmed.map_err(|Reject(problem)| Reject::from(as_elements(*problem)))?;
    let base = &state.fhir;
    let slot = fhir::slot(base, id, &hold.role, &hold.appointment_type, hold.end, SlotStatus::Booked);
    let appointment = Resource::Appointment(Box::new(fhir::booked(base, &hold, &confirmation)));
    written(&Bundle::of(vec![
        Entry::found(base, &format!("Appointment/{}", confirmation.appointment_id), appointment),
        Entry::included(base, &format!("Slot/{id}"), Resource::Slot(Box::new(slot))),
    ]))
}

/// The hold that is to be booked: by a reference, or by the id of the appointment that was sent.
fn held(parameters: &Parameters) -> Result<HoldId, Problem> {
    let sent = parameters.resource("appointment-resource").and_then(|appointment| appointment.get("id"));
    let id = match (parameters.text("appointment-reference"), sent.and_then(Value::as_str)) {
        (Some(text), _) => reference("appointment-reference", "Appointment", text)?,
        (None, Some(id)) => id,
        (None, None) => return Err(wrong("appointment-reference", "give the one that $hold replied with")),
    };
    id.parse().map_err(|_| wrong("appointment-reference", "give the one that $hold replied with"))
}

/// The hold as its keeper sees it: what was booked with it.
async fn hold_of(state: &State, visitor: &Visitor, hold_id: HoldId) -> Result<Hold, Reject> {
    let mut tx = state.core.begin().await?;
    let keeper = visitor.keeper();
    let found = hold::find(&mut tx, hold_id, &keeper).await?;
    let hold = found.ok_or_else(|| Problem::not_found("This hold"))?;
    hold_again(&mut tx, state, hold, keeper.account).await
}
