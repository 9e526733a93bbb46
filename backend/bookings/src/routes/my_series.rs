//! `/api/v1/bookings/me/series/{series_id}`: the visits of a series of one's own, or of somebody whose appointments one looks
//! after, and cancelling some of them or all in one act.

use axum::extract::{Path, State as Extract};
use kernel::{
    Core, Disclosed, Json, Reject, SignedIn,
    audit::{self, Outcome, Purpose},
};
use shared_types::{
    AppointmentId, Problem, SeriesId,
    bookings::{Appointment, series::CancelMySeries},
    page::Page,
    users::DelegationScope,
};
use sqlx::PgConnection;

use super::{
    practice_series::{By, cancel},
    views::{appointment_view, load_calendar},
};
use crate::{
    state::State,
    store::{
        appointment::{self, AppointmentRow},
        calendar::Calendar,
        series,
    },
    visitor::actor_for,
};

/// All its visits, in order of time, with what cancelling each would mean. Each that is read is written down.
pub async fn find_my_series(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(series_id): Path<SeriesId>,
) -> Result<Disclosed<Page<Appointment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let ids = theirs(&mut tx, &caller, series_id).await?;
    if ids.is_empty() {
        return Err(Problem::not_found("This series").into());
    }
    let mut visits = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(row) = appointment::by_id(&mut tx, id).await? else { continue };
        let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let calendar = load_calendar(&mut tx, row.practitioner_role_id, day, day).await?;
        visits.push((row, calendar));
    }
    let items = shown(core, &caller, visits, "find_my_series");
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Cancels some visits as last seen, all of them or none; the policy agreed for each says what it costs.
pub async fn cancel_my_series(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(series_id): Path<SeriesId>,
    Json(body): Json<CancelMySeries>,
) -> Result<Disclosed<Page<Appointment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let ids = theirs(&mut tx, &caller, series_id).await?;
    let cancelled = cancel(&mut tx, core, &ids, &body.visits, By::Patient).await?;
    let items = shown(core, &caller, cancelled, "cancel_my_series");
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Its visits that the caller may see.
async fn theirs(
    conn: &mut PgConnection,
    caller: &SignedIn,
    series_id: SeriesId,
) -> Result<Vec<AppointmentId>, Reject> {
    let others = caller.acts_for.iter().filter(|one| one.scopes.contains(&DelegationScope::Appointments));
    let patients: Vec<_> = caller.patient_id.into_iter().chain(others.map(|one| one.patient_id)).collect();
    Ok(series::of_patients(conn, series_id, caller.account_id, &patients).await?)
}

/// Visits as their patient sees them, each with the entry that says so.
fn shown(
    core: &Core,
    caller: &SignedIn,
    visits: Vec<(AppointmentRow, Calendar)>,
    action: &'static str,
) -> Vec<(Appointment, audit::Entry)> {
    let shown = visits.into_iter().map(|(row, calendar)| {
        let entry = audit::Entry {
            actor: actor_for(caller, row.patient_id),
            action,
            resource: row.booking_id.into(),
            whose: row.patient_id,
            purpose: Purpose::OwnRecord,
            outcome: Outcome::Allowed,
        };
        (appointment_view(&row, calendar, core.now()), entry)
    });
    shown.collect()
}
