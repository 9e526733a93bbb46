//! `POST /api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/waive-fee`: the practice lets somebody off the
//! fee for cancelling late or not coming. What was taken of it goes back.

use axum::extract::{Path, State as Extract};
use kernel::{
    Disclosed, Json, Reject, SignedIn,
    audit::{self, Outcome, Purpose},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, AudCents, OrganizationId, Problem,
    bookings::{
        BookingsEvent, FeeWaiver,
        practice::{CalendarAppointment, SeenVersion},
    },
};

use super::{
    cancel_appointment::stale,
    practice::{begin_for_practice, for_reader},
    views::Held,
};
use crate::{
    domain::Step,
    state::State,
    store::{
        appointment::{self, StepBy, Taken},
        diary, reservation,
    },
};

/// Waives the fee of an appointment as last seen, and writes it into its history.
pub async fn waive_fee(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    key: IdempotencyKey,
    Json(body): Json<SeenVersion>,
) -> Result<Disclosed<CalendarAppointment>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let held = begin_for_practice(core, organization_id, appointment_id, &caller, "waive_fee").await?;
    let Held { mut tx, calendar, actor, whose, .. } = held;
    let holder = format!("{appointment_id} {}", caller.account_id);
    reservation::lock(&mut tx, calendar.resource_id).await?;
    let row = appointment::by_id(&mut tx, appointment_id).await?;
    let row = row.ok_or_else(|| Problem::not_found("This appointment"))?;
    match idempotency::begin::<_, AppointmentId>(&mut tx, core, "waive_fee", &holder, key, &body).await? {
        Begun::Replay(_) => {}
        Begun::New(ticket) => {
            if row.late_fee_cents == AudCents::ZERO {
                return Err(nothing_owed().into());
            }
            if !appointment::waive_fee(&mut tx, appointment_id, body.version, now).await? {
                return Err(stale().into());
            }
            let step =
                Taken { id: core.id(), step: Step::WaiveFee, reason: row.reason, by: StepBy::Practice };
            appointment::note(&mut tx, &row, (row.version + 1, row.status), step, now).await?;
            let about = About { aggregate: "late_fee", id: row.booking_id.to_string(), version: 1 };
            let event =
                BookingsEvent::LateFeeWaived { booking_id: row.booking_id, waived_by: FeeWaiver::Practice };
            outbox::tell(&mut tx, core, about, &event).await?;
            ticket.finish(&mut tx, 200, &appointment_id).await?;
        }
    }
    let entry = audit::Entry {
        actor,
        action: "waive_fee",
        resource: row.booking_id.into(),
        whose,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    let receipt = audit::record(&mut tx, core, entry).await?;
    let waived = diary::entry(&mut tx, appointment_id).await?;
    let (view, _) = for_reader(waived, organization_id, &caller, now);
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

/// No fee is owed, or it was let go already.
fn nothing_owed() -> Problem {
    Problem::new("nothing-owed", 409, "No fee is owed for this appointment").detail(
        "Nothing was changed. It was not cancelled late and not missed, or the fee was let go already.",
    )
}
