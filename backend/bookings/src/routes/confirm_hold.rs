//! `POST /api/v1/bookings/holds/{hold_id}/confirm`: turns a hold into an appointment.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Json, Reject,
    audit::{self, Actor, Outcome},
    consent,
    cookies::Holder,
    idempotency::{self, Begun, IdempotencyKey},
    outbox,
};
use shared_types::{
    HoldId, Problem,
    bookings::{
        AppointmentStatus, BookingsEvent, ConfirmHold, Confirmation, ConsentGiven, HoldStatus, PartyDetails,
    },
    problem::FieldError,
};
use sqlx::PgConnection;

use super::views::{alternatives, appointment_fact, days_around};
use crate::{
    state::State,
    store::{
        appointment::{self, AppointmentRow},
        calendar::Calendar,
        hold::{self, HoldRow},
        manage, party, reservation,
    },
};

/// The text a guest agrees to.
const CONSENT_TEXT: &str = "booking-collection";
/// Appointments to come that one unverified address or number may have at a practice.
const UPCOMING_PER_GUEST: i64 = 2;
/// How long after its start an appointment's link still works.
const LINK_HOURS: i64 = 24;

/// Confirms a hold with the patient's details. No payment is due through us yet, so the appointment is confirmed in
/// the same transaction; a second confirm of the same hold gets the same answer.
pub async fn confirm_hold(
    Extract(state): Extract<State>,
    holder: Holder,
    Path(hold_id): Path<HoldId>,
    key: IdempotencyKey,
    Json(body): Json<ConfirmHold>,
) -> Result<axum::Json<Confirmation>, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let not_found = || Reject::from(Problem::not_found("This hold"));
    let guest = holder.guest.ok_or_else(not_found)?;
    let caller = format!("{hold_id}");
    let mut tx = core.begin().await?;
    let resource = hold::resource_of(&mut tx, hold_id, &guest).await?.ok_or_else(not_found)?;
    let ticket = match idempotency::begin(&mut tx, core, "confirm_hold", &caller, key, &body).await? {
        Begun::New(ticket) => ticket,
        Begun::Replay(confirmation) => return Ok(axum::Json(confirmation)),
    };
    reservation::lock(&mut tx, resource).await?;
    let hold = hold::find(&mut tx, hold_id, &guest).await?.ok_or_else(not_found)?;
    if hold.status == HoldStatus::Consumed {
        return already_confirmed(&mut tx, &hold).await;
    }
    // What was held may be confirmed even when the practice has stopped offering it meanwhile.
    let calendar = days_around(&mut tx, hold.practitioner_role_id, hold.starts_at).await?;
    if !hold.is_live(now) {
        let others = match calendar.find_type(hold.appointment_type.appointment_type_id) {
            Some(row) => alternatives(&mut tx, &calendar, row, hold.starts_at, now).await?,
            None => Vec::new(),
        };
        return Err(Problem::new("hold-expired", 410, "The time is no longer held for you")
            .detail("Nothing was booked. What you entered is kept: choose a time again.")
            .alternatives(others)
            .into());
    }
    let party = body.party.check(calendar.role.time_zone.date(now)).map_err(Problem::invalid)?;
    check_consent(&mut tx, &body.consent).await?;
    party::lock_contacts(&mut tx, &party).await?;
    if party::count_upcoming(&mut tx, calendar.role.organization_id, &party, now).await? >= UPCOMING_PER_GUEST
    {
        return Err(Problem::new("too-many-bookings", 409, "There are two bookings already")
            .detail("This e-mail address or mobile has two appointments to come at this practice. Cancel one of them, or call the practice.")
            .into());
    }
    let confirmation = consume(&mut tx, &state, &hold, &calendar, &party, &guest).await?;
    ticket.finish(&mut tx, 200, &confirmation).await?;
    core.commit(tx).await?;
    Ok(axum::Json(confirmation))
}

async fn already_confirmed(
    conn: &mut PgConnection,
    hold: &HoldRow,
) -> Result<axum::Json<Confirmation>, Reject> {
    let found = appointment::of_booking(conn, hold.booking_id).await?;
    let (appointment_id, status) = found.ok_or_else(|| Problem::not_found("This appointment"))?;
    let status = AppointmentStatus::from_code(&status).unwrap_or(AppointmentStatus::Confirmed);
    Ok(axum::Json(Confirmation { appointment_id, booking_id: hold.booking_id, status }))
}

/// The version on the screen must be the one that applies.
async fn check_consent(conn: &mut PgConnection, given: &ConsentGiven) -> Result<(), Reject> {
    let current = consent::current_text(conn, CONSENT_TEXT).await?;
    let agreed = current.is_some_and(|text| given.text == text.text && given.version == text.version);
    if agreed {
        return Ok(());
    }
    Err(Problem::invalid(vec![FieldError::new(
        "/consent",
        "Read the notice again and agree to it: it has changed",
    )])
    .into())
}

/// Everything a confirmation changes, in the caller's transaction.
async fn consume(
    conn: &mut PgConnection,
    state: &State,
    hold: &HoldRow,
    calendar: &Calendar,
    party: &PartyDetails,
    guest: &[u8; 32],
) -> Result<Confirmation, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let row = AppointmentRow {
        appointment_id: core.id(),
        booking_id: hold.booking_id,
        practitioner_role_id: hold.practitioner_role_id,
        starts_at: hold.starts_at,
        ends_at: hold.ends_at,
        status: AppointmentStatus::Confirmed,
        sequence: 0,
        version: 1,
        replaces: None,
        appointment_type: hold.appointment_type.clone(),
        policy: hold.policy,
        quote_id: hold.quote.quote_id,
        late_fee_cents: shared_types::AudCents::ZERO,
        patient_name: party.preferred_name.clone().unwrap_or_else(|| party.name.clone()),
        email: party.email.clone(),
    };
    appointment::insert(conn, &row, now).await?;
    reservation::hand_over(conn, hold.hold_id, row.appointment_id).await?;
    hold::end(conn, hold.hold_id, HoldStatus::Consumed).await?;
    party::insert(conn, hold.booking_id, calendar.role.organization_id, guest, party, now).await?;
    let (token, token_hash) = core.chance.link_token();
    let dies_at =
        hold.starts_at.saturating_add(SignedDuration::from_hours(LINK_HOURS)).unwrap_or(hold.starts_at);
    manage::insert_link(conn, hold.booking_id, &token_hash, dies_at).await?;
    let version = consent::current_text(conn, CONSENT_TEXT).await?.map_or(1, |text| text.version);
    consent::store_receipt(conn, core, CONSENT_TEXT, version, "booking", hold.booking_id.0).await?;
    let entry = audit::Entry {
        actor: Actor::Guest(*guest),
        action: "confirm_hold",
        resource_kind: "booking",
        resource_id: hold.booking_id.0,
        purpose: "booking",
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    let about = outbox::About { aggregate: "booking", id: hold.booking_id.to_string(), version: 1 };
    let fact = appointment_fact(&row, calendar, Some(token));
    outbox::tell(conn, core, about, &BookingsEvent::AppointmentConfirmed(fact)).await?;
    Ok(Confirmation { appointment_id: row.appointment_id, booking_id: row.booking_id, status: row.status })
}
