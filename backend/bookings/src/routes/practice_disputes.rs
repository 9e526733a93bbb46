//! `/api/v1/bookings/practices/{organization_id}/disputes` and what a practice does about them: it answers what patients dispute,
//! and disputes that its practitioner was absent.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, OrganizationId,
    bookings::dispute::{ANSWER_HOURS, AnswerDispute, DisputeParty, OpenDispute, PracticeDispute},
    page::Page,
};
use sqlx::PgConnection;

use super::{
    cases::appointment_of,
    dispute::{answer, fee_of, open, until},
    practice::begin_for_practice,
    views::Held,
};
use crate::{
    state::State,
    store::{appointment::AppointmentRow, calendar::Calendar, dispute},
};

/// What is disputed with the practice, and what it can dispute. Each that is read is written down.
pub async fn list_practice_disputes(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
) -> Result<Disclosed<Page<PracticeDispute>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let since = core.now().saturating_sub(SignedDuration::from_hours(ANSWER_HOURS)).unwrap_or(core.now());
    let mut items = Vec::new();
    for id in dispute::of_practice(&mut tx, organization_id, since).await? {
        let Some((row, calendar)) = appointment_of(&mut tx, id).await? else { continue };
        let actor = Actor::for_practice(&caller, organization_id);
        let seen = entry(actor, &row, "list_practice_disputes");
        items.push((view(&mut tx, core, row, calendar).await?, seen));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Disputes that the practitioner was absent, as the patient said.
pub async fn dispute_absence(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    Json(body): Json<OpenDispute>,
) -> Result<Created<Disclosed<PracticeDispute>>, Reject> {
    let (core, action) = (&state.core, "dispute_absence");
    let mut held = begin_for_practice(core, organization_id, appointment_id, &caller, action).await?;
    open(&mut held, core, DisputeParty::Practice, body).await?;
    Ok(Created(disclose(core, held, action).await?))
}

/// Answers what a patient disputes.
pub async fn answer_for_practice(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, appointment_id)): Path<(OrganizationId, AppointmentId)>,
    Json(body): Json<AnswerDispute>,
) -> Result<Disclosed<PracticeDispute>, Reject> {
    let (core, action) = (&state.core, "answer_for_practice");
    let mut held = begin_for_practice(core, organization_id, appointment_id, &caller, action).await?;
    answer(&mut held, core, DisputeParty::Practice, body).await?;
    disclose(core, held, action).await
}

async fn disclose(
    core: &Core,
    held: Held,
    action: &'static str,
) -> Result<Disclosed<PracticeDispute>, Reject> {
    let Held { mut tx, row, calendar, actor, .. } = held;
    let receipt = audit::record(&mut tx, core, entry(actor, &row, action)).await?;
    let view = view(&mut tx, core, row, calendar).await?;
    Ok(Disclosed::commit(core, tx, receipt, view).await?)
}

fn entry(actor: Actor, row: &AppointmentRow, action: &'static str) -> audit::Entry {
    audit::Entry {
        actor,
        action,
        resource: row.booking_id.into(),
        whose: row.patient_id,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    }
}

async fn view(
    conn: &mut PgConnection,
    core: &Core,
    row: AppointmentRow,
    calendar: Calendar,
) -> Result<PracticeDispute, Reject> {
    let dispute = dispute::of_appointment(conn, row.appointment_id).await?;
    let until = match &dispute {
        Some(_) => None,
        None => until(conn, &row, DisputeParty::Practice, core.now()).await?,
    };
    Ok(PracticeDispute {
        late_fee: fee_of(conn, &row).await?,
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        version: row.version,
        role: row.offered.on_its_clocks(calendar.role),
        start: row.starts_at,
        noted: row.status,
        patient_name: row.patient_name,
        until,
        dispute,
        as_of: core.now(),
    })
}
