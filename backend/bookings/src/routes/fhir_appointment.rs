//! `GET /fhir/Appointment/{appointment_id}`, for who made it, holds its link or acts for the patient; and
//! `GET /fhir/practices/{organization_id}/Appointment/{appointment_id}`, for the practice's staff.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Reject, SignedIn, Written,
    audit::{self, Outcome, Purpose},
    fhir::{FhirJson, written},
};
use shared_types::{AppointmentId, HoldId, OrganizationId, bookings::HoldStatus};

use super::{
    practice::begin_for_practice,
    views::{Held, begin_for_visitor, hold_again},
};
use crate::{
    fhir::{self, OwnAppointment},
    state::State,
    store::hold,
    visitor::Visitor,
};

/// An appointment, for who may see it; or a time that they hold, which is a pending one.
pub async fn fhir_read_appointment(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(id): Path<AppointmentId>,
) -> Result<Written<FhirJson>, Reject> {
    if let Some(pending) = held(&state, &visitor, HoldId(id.0)).await? {
        return Ok(pending);
    }
    let action = "fhir_read_appointment";
    let held = begin_for_visitor(&state.core, id, &visitor, action).await?;
    let disclosed: Disclosed<_> = own(&state, held, action, Purpose::Booking).await?;
    Ok(disclosed.written_as(as_json))
}

/// An appointment of the practice.
pub async fn fhir_read_practice_appointment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, id)): Path<(OrganizationId, AppointmentId)>,
) -> Result<Written<FhirJson>, Reject> {
    let action = "fhir_read_practice_appointment";
    let held = begin_for_practice(&state.core, organization_id, id, &caller, action).await?;
    let disclosed: Disclosed<_> = own(&state, held, action, Purpose::Practice).await?;
    Ok(disclosed.written_as(as_json))
}

async fn own(
    state: &State,
    held: Held,
    action: &'static str,
    purpose: Purpose,
) -> Result<Disclosed<OwnAppointment>, Reject> {
    let Held { mut tx, row, calendar, actor, whose } = held;
    let entry = audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose,
        purpose,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, &state.core, entry).await?;
    let own = fhir::by_holder(&state.fhir, &row, &row.offered.on_its_clocks(calendar.role));
    Ok(Disclosed::commit(&state.core, tx, receipt, own).await?)
}

fn as_json(own: OwnAppointment) -> String {
    serde_json::to_string(&own).expect("texts and numbers can be written")
}

/// What a visitor holds at the moment. It says nothing about anybody.
async fn held(
    state: &State,
    visitor: &Visitor,
    hold_id: HoldId,
) -> Result<Option<Written<FhirJson>>, Reject> {
    let mut tx = state.core.begin().await?;
    let keeper = visitor.keeper();
    let Some(hold) = hold::find(&mut tx, hold_id, &keeper).await? else { return Ok(None) };
    if hold.status_at(state.core.now()) != HoldStatus::Active {
        return Ok(None);
    }
    let hold = hold_again(&mut tx, state, hold, keeper.account).await?;
    Ok(Some(written(&fhir::held(&state.fhir, &hold))?))
}
