//! `/api/v1/bookings/platform/reviews`: what is booked with somebody who is no longer listed. Administrators let it stand or
//! cancel it; nothing of it ends by itself.

use axum::{
    Json as Plain,
    extract::{Path, Query, State as Extract},
};
use kernel::{Disclosed, Json, Reject, SignedIn};
use schemars::JsonSchema;
use serde::Deserialize;
use shared_types::{
    PractitionerRoleId, Problem,
    bookings::{
        ChangeReason,
        review::{DecideReview, REVIEWED, ReviewAppointment, ReviewRole},
    },
    page::Page,
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    cancel_appointment::stale,
    cases::platform_entry,
    views::{load_calendar, read_again, refusal},
};
use crate::{
    domain::Step,
    state::State,
    steps::{self, Wanted},
    store::{
        appointment::{self, AppointmentRow, StepBy},
        calendar::Calendar,
        reservation, review,
    },
};

/// How many roles one page has.
const PAGE: i64 = 50;

/// Where to go on.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Wished {
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// Roles that are not listed and have appointments that nobody has looked at since.
pub async fn list_reviews(
    Extract(state): Extract<State>,
    Query(wished): Query<Wished>,
) -> Result<Plain<Page<ReviewRole>>, Reject> {
    let wrong = || Problem::invalid(vec![FieldError::new("cursor", "start again from the first page")]);
    let after = wished.cursor.as_deref().map(|text| text.parse().map_err(|_| wrong())).transpose()?;
    let mut conn = state.core.pool.acquire().await?;
    let mut items = review::roles(&mut conn, after, state.core.now(), PAGE + 1).await?;
    let more = items.len() > PAGE as usize;
    items.truncate(PAGE as usize);
    let next = items.last().filter(|_| more).map(|last| last.practitioner_role_id.to_string());
    Ok(Plain(Page { items, next }))
}

/// The appointments of one of them. Each that is read is written down.
pub async fn list_review_appointments(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(practitioner_role_id): Path<PractitionerRoleId>,
) -> Result<Disclosed<Page<ReviewAppointment>>, Reject> {
    let core = &state.core;
    let mut tx = core.begin().await?;
    let known = review::is_unlisted(&mut tx, practitioner_role_id).await?;
    known.ok_or_else(|| Problem::not_found("This provider"))?;
    let most = i64::try_from(REVIEWED).unwrap_or(i64::MAX);
    let mut items = Vec::new();
    for id in review::appointments(&mut tx, practitioner_role_id, core.now(), most).await? {
        let Some(row) = appointment::by_id(&mut tx, id).await? else { continue };
        items.push((view(&row), platform_entry(&caller, &row, "list_review_appointments")));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Lets appointments stand as last seen: they are not asked about again while the role stays as it is.
pub async fn keep_reviewed(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(practitioner_role_id): Path<PractitionerRoleId>,
    Json(body): Json<DecideReview>,
) -> Result<Disclosed<Page<ReviewAppointment>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let seen = seen(&mut tx, practitioner_role_id, &body).await?;
    let mut items = Vec::with_capacity(seen.len());
    for (row, _, version) in seen {
        // Only what could be cancelled waits for a decision.
        row.standing().cancel_by_admin().map_err(|error| refusal(error, row.offered.time_zone, now))?;
        if row.version != version {
            return Err(stale().into());
        }
        review::keep(&mut tx, row.appointment_id, caller.account_id, now).await?;
        items.push((view(&row), platform_entry(&caller, &row, "keep_reviewed")));
    }
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// Cancels appointments as last seen, for the platform: their patients owe nothing and are told.
pub async fn cancel_reviewed(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(practitioner_role_id): Path<PractitionerRoleId>,
    Json(body): Json<DecideReview>,
) -> Result<Disclosed<Page<ReviewAppointment>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let mut tx = core.begin().await?;
    let seen = seen(&mut tx, practitioner_role_id, &body).await?;
    // Letting one stand raises no version: whoever still has it on the screen has not seen that.
    let ids: Vec<_> = seen.iter().map(|(row, ..)| row.appointment_id).collect();
    if review::is_any_kept(&mut tx, practitioner_role_id, &ids).await? {
        return Err(stale().into());
    }
    let mut items = Vec::with_capacity(seen.len());
    for (mut row, calendar, version) in seen {
        let to = row.standing().cancel_by_admin();
        let to = to.map_err(|error| refusal(error, row.offered.time_zone, now))?;
        let reason = Some(ChangeReason::NotListed);
        let wanted = Wanted { to, step: Step::CancelByAdmin, reason, by: StepBy::Platform };
        let taken =
            steps::take_one_of_several(&mut tx, core, &mut row, &calendar, (version, wanted), None).await?;
        if !taken {
            return Err(stale().into());
        }
        items.push((view(&row), platform_entry(&caller, &row, "cancel_reviewed")));
    }
    reservation::tell_next_free_soon(&mut tx, &[practitioner_role_id], now).await?;
    Ok(Disclosed::commit_page(core, tx, items, None).await?)
}

/// The appointments of a role that is not listed, its time locked, each with the version that was on the screen.
async fn seen(
    conn: &mut PgConnection,
    role: PractitionerRoleId,
    body: &DecideReview,
) -> Result<Vec<(AppointmentRow, Calendar, i32)>, Reject> {
    if body.appointments.is_empty() || body.appointments.len() > REVIEWED {
        let error = FieldError::new("/appointments", format!("say which: 1 to {REVIEWED}"));
        return Err(Problem::invalid(vec![error]).into());
    }
    let unlisted = review::is_unlisted(conn, role).await?;
    if !unlisted.ok_or_else(|| Problem::not_found("This provider"))? {
        return Err(listed_again().into());
    }
    let mut found = Vec::with_capacity(body.appointments.len());
    for one in &body.appointments {
        let row = appointment::by_id(conn, one.appointment_id).await?;
        let row = row.filter(|row| row.practitioner_role_id == role).ok_or_else(stale)?;
        let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let calendar = load_calendar(conn, role, day, day).await?;
        found.push((row, calendar, one.version));
    }
    let resources: Vec<_> = found.iter().map(|(_, calendar, _)| calendar.resource_id).collect();
    reservation::lock_all(conn, &resources).await?;
    for (row, ..) in &mut found {
        *row = read_again(conn, row).await?;
    }
    Ok(found)
}

/// Somebody put the role back meanwhile.
fn listed_again() -> Problem {
    Problem::new("wrong-state", 409, "This practitioner is listed again")
        .detail("Nothing was changed. There is nothing to decide about what is booked with them.")
}

fn view(row: &AppointmentRow) -> ReviewAppointment {
    ReviewAppointment {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        version: row.version,
        status: row.status,
        start: row.starts_at,
        end: row.ends_at,
        time_zone: Some(row.offered.time_zone),
    }
}
