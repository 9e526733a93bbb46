//! `/api/v1/bookings/practices/{organization_id}/series/{series_id}`: the visits of a series as the desk sees them, and
//! cancelling some of them or all in one act.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, OrganizationId, Problem, SeriesId,
    bookings::{
        practice::{CalendarAppointment, PracticeAct},
        series::{CancelSeries, SeenVisit},
    },
    page::Page,
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::{not_possible, stale},
    practice::{for_reader, refuse_reason},
    views::{load_calendar, refusal},
};
use crate::{
    domain::Step,
    state::State,
    steps::{self, Wanted},
    store::{
        appointment::{self, AppointmentRow, StepBy},
        calendar::Calendar,
        diary, reservation, series,
    },
};

/// All visits that are with the practice, in order of time. Each that is read is written down.
pub async fn find_series(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, series_id)): Path<(OrganizationId, SeriesId)>,
) -> Result<Disclosed<Page<CalendarAppointment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let ids = series::of_practice(&mut tx, series_id, organization_id).await?;
    if ids.is_empty() {
        return Err(Problem::not_found("This series").into());
    }
    let actor = Actor::for_practice(&caller, organization_id);
    let items = shown(&mut tx, core, &caller, (organization_id, &actor), &ids, "find_series").await?;
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Cancels some visits as last seen, all of them or none.
pub async fn cancel_series(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path((organization_id, series_id)): Path<(OrganizationId, SeriesId)>,
    Json(body): Json<CancelSeries>,
) -> Result<Disclosed<Page<CalendarAppointment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let ids = series::of_practice(&mut tx, series_id, organization_id).await?;
    let act = body.act.into();
    refuse_reason(act)?;
    let cancelled = cancel(&mut tx, core, &ids, &body.visits, By::Practice(act)).await?;
    let ids: Vec<_> = cancelled.iter().map(|(row, _)| row.appointment_id).collect();
    let actor = Actor::for_practice(&caller, organization_id);
    let items = shown(&mut tx, core, &caller, (organization_id, &actor), &ids, "cancel_series").await?;
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// These visits as the desk sees them, each with the entry that says so.
pub async fn shown(
    conn: &mut PgConnection,
    core: &Core,
    caller: &SignedIn,
    (organization_id, actor): (OrganizationId, &Actor),
    ids: &[AppointmentId],
    action: &'static str,
) -> Result<Vec<(CalendarAppointment, audit::Entry)>, Reject> {
    let shown = diary::entries_of(conn, ids).await?.into_iter().map(|entry| {
        let (view, whose) = for_reader(entry, organization_id, caller, core.now());
        let entry = audit::Entry {
            actor: actor.clone(),
            action,
            resource: view.booking_id.into(),
            whose,
            purpose: Purpose::Practice,
            outcome: Outcome::Allowed,
        };
        (view, entry)
    });
    Ok(shown.collect())
}

/// Who cancels.
#[derive(Clone, Copy, Debug)]
pub enum By {
    Patient,
    /// One of the two acts by which a practice does.
    Practice(PracticeAct),
}

/// Cancels some of these visits as last seen, by what was agreed for each. One that cannot be is one too many: then the
/// transaction is not for committing.
pub async fn cancel(
    conn: &mut PgConnection,
    core: &Core,
    theirs: &[AppointmentId],
    seen: &[SeenVisit],
    by: By,
) -> Result<Vec<(AppointmentRow, Calendar)>, Reject> {
    let visits = cancel_each(conn, core, theirs, seen, by).await?;
    let roles: Vec<_> = visits.iter().map(|(row, _)| row.practitioner_role_id).collect();
    reservation::tell_next_free_soon(conn, &roles, core.now()).await?;
    Ok(visits)
}

/// The same, for whoever changes more than that and tells of all the time that is free at the end.
pub async fn cancel_each(
    conn: &mut PgConnection,
    core: &Core,
    theirs: &[AppointmentId],
    seen: &[SeenVisit],
    by: By,
) -> Result<Vec<(AppointmentRow, Calendar)>, Reject> {
    if theirs.is_empty() {
        return Err(Problem::not_found("This series").into());
    }
    if seen.is_empty() {
        return Err(Problem::invalid(vec![FieldError::new("/visits", "Say which")]).into());
    }
    let mut visits: Vec<(AppointmentRow, Calendar)> = Vec::with_capacity(seen.len());
    for one in seen {
        // What has moved meanwhile is another link of its chain.
        let known = theirs.contains(&one.appointment_id);
        let row = if known { appointment::by_id(conn, one.appointment_id).await? } else { None };
        let row = row.ok_or_else(stale)?;
        // What is told of a visit is its role's, whichever day was loaded.
        let of_role = visits.iter().find(|(other, _)| other.practitioner_role_id == row.practitioner_role_id);
        let calendar = match of_role {
            Some((_, calendar)) => calendar.clone(),
            None => {
                let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
                load_calendar(conn, row.practitioner_role_id, day, day).await?
            }
        };
        visits.push((row, calendar));
    }
    let resources: Vec<_> = visits.iter().map(|(_, calendar)| calendar.resource_id).collect();
    reservation::lock_all(conn, &resources).await?;
    for ((row, calendar), one) in visits.iter_mut().zip(seen) {
        let wanted = wanted(core, row, by)?;
        if !steps::take_one_of_several(conn, core, row, calendar, (one.version, wanted), None).await? {
            return Err(stale().into());
        }
    }
    Ok(visits)
}

fn wanted(core: &Core, row: &AppointmentRow, by: By) -> Result<Wanted, Problem> {
    let now = core.now();
    match by {
        By::Patient => {
            let to = row.standing().cancel_by_patient(now).map_err(|_| not_possible())?;
            Ok(Wanted { to, step: Step::CancelByPatient, reason: None, by: StepBy::Patient })
        }
        By::Practice(act) => {
            let zone = row.offered.time_zone;
            let (to, step) = row.standing().act(act, now).map_err(|error| refusal(error, zone, now))?;
            Ok(Wanted { to, step, reason: act.reason(), by: StepBy::Practice })
        }
    }
}
