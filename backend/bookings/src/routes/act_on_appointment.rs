//! `POST /api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/transitions`: what a practice's staff do
//! with an appointment. Each act has a name of its own in the audit log.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    access::Refusal,
    audit::{self, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, OrganizationId,
    bookings::practice::{ActName, ActOnAppointment, CalendarAppointment},
};

use super::{
    cancel_appointment::stale,
    dispute::refuse_act,
    mistake::refuse_alone,
    practice::{begin_for_practice, for_reader, refuse_reason},
    views::{Held, refusal},
};
use crate::{
    state::State,
    steps::{self, Wanted},
    store::{appointment::StepBy, diary, reservation},
};

/// Does something with an appointment as last seen.
pub async fn act_on_appointment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    Json(body): Json<ActOnAppointment>,
) -> Result<Disclosed<CalendarAppointment>, Reject> {
    let (core, now, act) = (&state.core, state.core.now(), body.act);
    let action = action(act.name());
    let held = begin_for_practice(core, organization_id, appointment_id, &caller, action).await?;
    let Held { mut tx, mut row, calendar, actor, whose } = held;
    let entry = |outcome| audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Practice,
        outcome,
    };
    if !caller.works_at(organization_id, act.staff()) {
        audit::record(&mut tx, core, entry(Outcome::Denied)).await?;
        core.commit(tx).await?;
        return Err(Refusal::NotAllowed.into());
    }
    refuse_reason(act)?;
    let entry = entry(Outcome::Allowed);
    reservation::lock(&mut tx, calendar.resource_id).await?;
    refuse_act(&mut tx, &row, act.name()).await?;
    let acted = row.standing().act(act, now);
    let (to, step) = acted.map_err(|error| refusal(error, row.offered.time_zone, now))?;
    if act.name() == ActName::EnterInError {
        refuse_alone(&mut tx, &row).await?;
    }
    let wanted = Wanted { to, step, reason: act.reason(), by: StepBy::Practice };
    let presumed = row.presumed;
    if !steps::take(&mut tx, core, &mut row, &calendar, body.version, wanted).await? {
        return Err(stale().into());
    }
    if act.name() == ActName::NoShow {
        steps::tell_no_show(&mut tx, core, &row, &calendar, presumed).await?;
    }
    let receipt = audit::record(&mut tx, core, entry).await?;
    let changed = diary::entry(&mut tx, appointment_id).await?;
    let (view, _) = for_reader(changed, organization_id, &caller, now);
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// The name of an act in the audit log.
fn action(act: ActName) -> &'static str {
    match act {
        ActName::Accept => "accept_appointment",
        ActName::Decline => "decline_appointment",
        ActName::Cancel => "cancel_by_practice",
        ActName::CancelForPatient => "cancel_for_patient",
        ActName::Arrive => "arrive_appointment",
        ActName::UndoArrival => "undo_arrival",
        ActName::CheckIn => "check_in_appointment",
        ActName::UndoCheckIn => "undo_check_in",
        ActName::Start => "start_appointment",
        ActName::Complete => "complete_appointment",
        ActName::TookPlace => "note_took_place",
        ActName::UndoCompletion => "undo_completion",
        ActName::NoShow => "mark_no_show",
        ActName::PractitionerAbsent => "mark_practitioner_absent",
        ActName::EnterInError => "enter_in_error",
    }
}
