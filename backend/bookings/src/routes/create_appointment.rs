//! `POST /api/v1/bookings/practices/{organization_id}/appointments`: the desk books a time for somebody who is there or on the
//! telephone.

use std::ops::Range;

use axum::extract::{Path, State as Extract};
use jiff::{SignedDuration, Timestamp};
use kernel::{
    Core, Created, Disclosed, Json, Reject, SignedIn,
    audit::{self, Actor, Outcome, Purpose, Recorded},
    idempotency::{self, Begun, IdempotencyKey},
    outbox::{self, About},
};
use shared_types::{
    AudCents, BookingId, OrganizationId, Problem,
    bookings::{
        AppointmentFact, AppointmentStatus, BookingsEvent, PartyDetails,
        practice::{CalendarAppointment, CreateAppointment, DeskPatient},
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::{
    practice::{calendar_of_practice, for_reader, refuse_suspended},
    views::{appointment_fact, session_shorter, time_taken, within_reach},
};
use crate::{
    holding,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow, BookedMoney},
        calendar::{Calendar, TypeRow},
        diary, party,
        reservation::{self, Place, ReserveError},
    },
};

/// The longest visit that can be written down.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long ago something may have begun that is written down now.
const BEGAN: SignedDuration = SignedDuration::from_hours(12);
/// How far ahead the desk books.
const FURTHEST: SignedDuration = SignedDuration::from_hours(24 * 731);

/// Books a time. The rules do not bind the desk; that nobody has two patients at once does, unless it fits somebody in.
pub async fn create_appointment(
    Extract(state): Extract<State>,
    caller: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    key: IdempotencyKey,
    Json(body): Json<CreateAppointment>,
) -> Result<Created<Disclosed<CalendarAppointment>>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let holder = format!("{organization_id} {}", caller.account_id);
    let mut tx = core.begin().await?;
    let actor = Actor::for_practice(&caller, organization_id);
    // The reply that is kept for a repeat is the id alone: who comes is kept in one place.
    let begun = idempotency::begin(&mut tx, core, "create_appointment", &holder, key, &body).await?;
    let (appointment_id, receipt) = match begun {
        Begun::Replay(appointment_id) => {
            let again = appointment::by_id(&mut tx, appointment_id).await?;
            let again = again.ok_or_else(|| Problem::not_found("This appointment"))?;
            (appointment_id, note(&mut tx, core, actor, again.booking_id).await?)
        }
        Begun::New(ticket) => {
            let near = within_reach(body.start, now);
            let calendar =
                calendar_of_practice(&mut tx, organization_id, body.practitioner_role_id, near).await?;
            refuse_suspended(&calendar)?;
            let row = calendar.find_type(body.appointment_type_id).cloned();
            let row = row.ok_or_else(|| Problem::not_found("This appointment type"))?;
            let visit = visit(body.start, body.end, row.duration_minutes, now)?;
            let today = calendar.role.time_zone.date(now);
            let patient = body.patient.check(today).map_err(Problem::invalid)?;
            let patient = visited(&row, patient)?;
            let new = new_appointment(core, &row, &calendar, &visit, &patient);
            let place = Place { fit_in: body.fit_in, ..holding::place(&calendar, &row, &visit) };
            match take(&mut tx, core, &new, &place).await {
                Ok(()) => {}
                Err(ReserveError::TimeTaken) => {
                    tx.rollback().await?;
                    let mut conn = core.pool.acquire().await?;
                    return Err(time_taken(&mut conn, &calendar, &row, visit.start, now).await?.into());
                }
                Err(ReserveError::SessionShorter) => return Err(session_shorter("/end").into()),
                Err(ReserveError::Database(error)) => return Err(error.into()),
            }
            write_down(&mut tx, core, &new, &calendar, patient).await?;
            let receipt = note(&mut tx, core, actor, new.booking_id).await?;
            ticket.finish(&mut tx, 201, &new.appointment_id).await?;
            (new.appointment_id, receipt)
        }
    };
    let entry = diary::entry(&mut tx, appointment_id).await?;
    let (view, _) = for_reader(entry, organization_id, &caller, now);
    let disclosed = Disclosed::commit(core, tx, receipt, view).await?;
    Ok(Created(disclosed))
}

/// From when until when, if that can be.
pub fn visit(
    start: Timestamp,
    end: Option<Timestamp>,
    minutes: u16,
    now: Timestamp,
) -> Result<Range<Timestamp>, Problem> {
    let wrong = |field: &str, detail: &str| Err(Problem::invalid(vec![FieldError::new(field, detail)]));
    let since = start.duration_since(now);
    if since < -BEGAN || since > FURTHEST {
        return wrong("/start", "Give a time within the last 12 hours or the next two years");
    }
    let end = end.unwrap_or(start + SignedDuration::from_mins(minutes.into()));
    let lasts = end.duration_since(start);
    if lasts < SignedDuration::from_mins(5) || lasts > LONGEST {
        return wrong("/end", "Give 5 minutes to 12 hours");
    }
    Ok(start..end)
}

/// Who is visited at home has said where; of everybody else that is not kept.
pub fn visited(row: &TypeRow, patient: DeskPatient) -> Result<DeskPatient, Problem> {
    if row.home_visit && patient.visit.is_none() {
        let error = FieldError::new("/patient/visit/street", "Say where the patient is visited");
        return Err(Problem::invalid(vec![error]));
    }
    Ok(DeskPatient { visit: patient.visit.filter(|_| row.home_visit), ..patient })
}

/// Writes a new appointment and takes its time; when it fails, the transaction is lost.
pub async fn take(
    conn: &mut PgConnection,
    core: &Core,
    new: &AppointmentRow,
    place: &Place,
) -> Result<(), ReserveError> {
    let now = core.now();
    reservation::lock_all(conn, &place.resources).await?;
    reservation::clear_lapsed(conn, &place.resources, &place.during, now).await?;
    appointment::insert(conn, new, now).await?;
    reservation::put(conn, &|| core.id(), place, new.appointment_id, None).await
}

/// Confirmed from the start: who asks the desk has an answer. Price and policy are as for everybody.
pub fn new_appointment(
    core: &Core,
    row: &TypeRow,
    calendar: &Calendar,
    visit: &Range<Timestamp>,
    patient: &DeskPatient,
) -> AppointmentRow {
    AppointmentRow {
        appointment_id: core.id(),
        booking_id: core.id(),
        practitioner_role_id: calendar.role.practitioner_role_id,
        starts_at: visit.start,
        ends_at: visit.end,
        status: AppointmentStatus::Confirmed,
        sequence: 0,
        version: 1,
        replaces: None,
        appointment_type: row.appointment_type(),
        policy: calendar.policy_of(row),
        quote_id: core.id(),
        late_fee_cents: AudCents::ZERO,
        reply_by: None,
        attendance_confirmed_at: None,
        completed_at: None,
        presumed: false,
        reason: None,
        patient_name: patient.preferred_name.clone().unwrap_or_else(|| patient.name.clone()),
        email: patient.email.clone().unwrap_or_default(),
        text_to: patient.mobile.clone().filter(|_| patient.text_me),
        account_id: None,
        patient_id: None,
        series_id: None,
        offered: calendar.offered(row.version),
        money: BookedMoney {
            claimant: row.appointment_type().bulk_billed.then(|| {
                let mobile = patient.mobile.as_ref().map_or("", |mobile| mobile.expose().as_str());
                appointment::claimant(patient.name.clone(), patient.date_of_birth.clone(), mobile)
            }),
            ..BookedMoney::default()
        },
    }
}

/// Who comes, the link for who can be written to, and what others are told, which it gives back.
pub async fn write_down(
    conn: &mut PgConnection,
    core: &Core,
    new: &AppointmentRow,
    calendar: &Calendar,
    patient: DeskPatient,
) -> Result<AppointmentFact, Reject> {
    let now = core.now();
    let reachable = patient.email.is_some();
    let details = PartyDetails {
        name: patient.name,
        preferred_name: patient.preferred_name,
        date_of_birth: patient.date_of_birth,
        email: patient.email.unwrap_or_default(),
        mobile: patient.mobile.unwrap_or_default(),
    };
    // Nobody has the cookie of what the desk booked: it is seen by its link, or once it is claimed.
    let owner = party::Owner { guest_hash: core.chance.bytes(), account_id: None, patient_id: None };
    let organization = calendar.role.organization_id;
    party::insert(conn, new.booking_id, organization, &owner, &details, now).await?;
    if let Some(visit) = &patient.visit {
        party::set_visit(conn, new.booking_id, visit).await?;
    }
    if new.text_to.is_some() {
        party::agree_to_texts(conn, new.booking_id).await?;
    }
    let token = if reachable { Some(steps::make_link(conn, core, new).await?) } else { None };
    steps::waive_late_fees(conn, core, new, None).await?;
    reservation::tell_next_free_soon(conn, &[new.practitioner_role_id], now).await?;
    let about = About { aggregate: "booking", id: new.booking_id.to_string(), version: 1 };
    let fact = appointment_fact(new, calendar, token);
    outbox::tell(conn, core, about, &BookingsEvent::AppointmentConfirmed(fact.clone())).await?;
    Ok(fact)
}

async fn note(
    conn: &mut PgConnection,
    core: &Core,
    actor: Actor,
    booking_id: BookingId,
) -> sqlx::Result<Recorded> {
    let entry = audit::Entry {
        actor,
        action: "create_appointment",
        resource: booking_id.into(),
        whose: None,
        purpose: Purpose::Practice,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await
}
