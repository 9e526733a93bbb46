//! `POST /api/v1/bookings/practices/{organization_id}/series`: the desk books the visits of a series that the patient agreed to,
//! all of them or none.

use axum::extract::{Path, State as Extract};
use jiff::Timestamp;
use kernel::{
    Created, Disclosed, Json, Reject, SignedIn,
    audit::Actor,
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, OrganizationId, Problem, SeriesId, Zone,
    bookings::{
        AppointmentFact, BookingsEvent, SeriesFact,
        practice::CalendarAppointment,
        series::{CreateSeries, SERIES_VISITS},
    },
    page::Page,
    problem::FieldError,
    time::when_words,
};

use super::{
    create_appointment::{new_appointment, take, visit, visited, write_down},
    practice::{calendar_of_practice, refuse_suspended},
    practice_series::shown,
    views::within_reach,
};
use crate::{
    holding,
    state::State,
    store::{appointment::AppointmentRow, reservation::ReserveError, series},
};

/// Books each visit as one alone is booked, and tells of all of them together. Where one of the times was taken meanwhile,
/// nothing is booked.
pub async fn create_series(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<CreateSeries>,
) -> Result<Created<Disclosed<Page<CalendarAppointment>>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let holder = format!("{organization_id} {}", caller.account_id);
    let mut tx = core.begin().await?;
    let actor = Actor::for_practice(&caller, organization_id);
    // The reply that is kept for a repeat is the ids alone: who comes is kept in one place.
    let begun = idempotency::begin(&mut tx, core, "create_series", &holder, key, &body).await?;
    let ids: Vec<AppointmentId> = match begun {
        Begun::Replay(ids) => ids,
        Begun::New(ticket) => {
            let first = check(&body)?;
            let near = within_reach(first, now);
            let calendar =
                calendar_of_practice(&mut tx, organization_id, body.practitioner_role_id, near).await?;
            refuse_suspended(&calendar)?;
            let row = calendar.find_type(body.appointment_type_id).cloned();
            let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
            let zone = calendar.role.time_zone;
            let patient = body.patient.check(zone.date(now)).map_err(Problem::invalid)?;
            let patient = visited(&row, patient)?;
            let series_id: SeriesId = core.id();
            let mut ids = Vec::with_capacity(body.starts.len());
            let mut visits = Vec::with_capacity(body.starts.len());
            for (nth, start) in body.starts.iter().enumerate() {
                let visit = visit(*start, None, row.duration_minutes, now).map_err(|_| too_far(nth))?;
                let new = new_appointment(core, &row, &calendar, &visit, &patient);
                let new = AppointmentRow { series_id: Some(series_id), ..new };
                match take(&mut tx, core, &new, &holding::place(&calendar, &row, &visit)).await {
                    Ok(()) => {}
                    Err(ReserveError::TimeTaken | ReserveError::SessionShorter) => {
                        return Err(changed(nth, *start, now, zone).into());
                    }
                    Err(ReserveError::Database(error)) => return Err(error.into()),
                }
                let fact = write_down(&mut tx, core, &new, &calendar, patient.clone()).await?;
                series::link(&mut tx, new.booking_id, series_id).await?;
                ids.push(new.appointment_id);
                visits.push(AppointmentFact { claimant: None, ..fact });
            }
            let about = About { aggregate: "series", id: series_id.to_string(), version: 1 };
            let fact = SeriesFact { series_id, visits };
            outbox::tell(&mut tx, core, about, &BookingsEvent::SeriesBooked(fact)).await?;
            ticket.finish(&mut tx, 201, &ids).await?;
            ids
        }
    };
    let items = shown(&mut tx, core, &caller, (organization_id, &actor), &ids, "create_series").await?;
    Ok(Created(Disclosed::commit_page(core, tx, items, None).await?))
}

/// When the first visit is, if the list can be booked: in order, of as many as a series has, and agreed to.
fn check(body: &CreateSeries) -> Result<Timestamp, Problem> {
    let mut errors = Vec::new();
    let count = u16::try_from(body.starts.len()).unwrap_or(u16::MAX);
    if !SERIES_VISITS.contains(&count) {
        errors.push(FieldError::new("/starts", "Give 2 to 26 visits"));
    }
    if !body.starts.is_sorted_by(|one, next| one < next) {
        errors.push(FieldError::new("/starts", "Give each visit once, in order of time"));
    }
    if !body.agreed {
        errors.push(FieldError::new("/agreed", "Say that the patient agreed to these visits"));
    }
    match body.starts.first() {
        Some(first) if errors.is_empty() => Ok(*first),
        Some(_) | None => Err(Problem::invalid(errors)),
    }
}

fn too_far(nth: usize) -> Problem {
    let detail = "Give a time within the last 12 hours or the next two years";
    Problem::invalid(vec![FieldError::new(format!("/starts/{nth}"), detail)])
}

fn changed(nth: usize, start: Timestamp, now: Timestamp, zone: Zone) -> Problem {
    let taken = format!("{} is taken", when_words(start, now, zone));
    Problem::new("series-changed", 409, "One of the times was taken meanwhile")
        .detail("Nothing was booked. Look at each visit again, then agree anew.")
        .errors(vec![FieldError::new(format!("/starts/{nth}"), taken)])
}
