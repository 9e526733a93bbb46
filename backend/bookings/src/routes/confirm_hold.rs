//! `POST /api/v1/bookings/holds/{hold_id}/confirm`: turns a hold into an appointment.

use axum::extract::{Path, State as Extract};
use jiff::SignedDuration;
use kernel::{
    Core, Json, Reject,
    access::{self, Refusal},
    audit::{self, Outcome, Purpose},
    consent,
    idempotency::{self, Begun, IdempotencyKey},
    outbox,
};
use shared_types::{
    HoldId, PatientId, Problem,
    bookings::{AppointmentStatus, BookingsEvent, ConfirmHold, Confirmation, HoldStatus, PartyDetails},
    users::DelegationScope,
};
use sqlx::PgConnection;

use super::views::{alternatives, appointment_fact, days_around};
use crate::{
    domain::reply_by,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow},
        calendar::Calendar,
        hold::{self, HoldRow},
        manage, party, reservation, waitlist_offer,
    },
    visitor::{Visitor, actor_for},
};

/// The text a guest agrees to.
const CONSENT_TEXT: &str = "booking-collection";
/// Appointments to come that one unverified address or number may have at a practice.
const UPCOMING_PER_GUEST: i64 = 2;
/// How long after its start an appointment's link still works.
const LINK_HOURS: i64 = 24;

/// Confirms a hold with the patient's details.
pub async fn confirm_hold(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(hold_id): Path<HoldId>,
    key: IdempotencyKey,
    Json(body): Json<ConfirmHold>,
) -> Result<axum::Json<Confirmation>, Reject> {
    Ok(axum::Json(confirm_for(&state, &visitor, hold_id, key, body).await?))
}

/// Turns a visitor's hold into an appointment, whatever they speak. No payment is due through us yet, so it is confirmed in
/// the same transaction, or requested where the practice answers first; a second time the same hold gets the same answer.
pub async fn confirm_for(
    state: &State,
    visitor: &Visitor,
    hold_id: HoldId,
    key: IdempotencyKey,
    body: ConfirmHold,
) -> Result<Confirmation, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let not_found = || Reject::from(Problem::not_found("This hold"));
    let keeper = visitor.keeper();
    let patient_id = patient_of(core, visitor, body.patient_id).await?;
    let caller = format!("{hold_id}");
    let mut tx = core.begin().await?;
    let resource = hold::resource_of(&mut tx, hold_id, &keeper).await?.ok_or_else(not_found)?;
    let ticket = match idempotency::begin(&mut tx, core, "confirm_hold", &caller, key, &body).await? {
        Begun::New(ticket) => ticket,
        Begun::Replay(confirmation) => return Ok(confirmation),
    };
    reservation::lock(&mut tx, resource).await?;
    let hold = hold::find(&mut tx, hold_id, &keeper).await?.ok_or_else(not_found)?;
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
    consent::require_current(&mut tx, core, CONSENT_TEXT, &body.consent).await?;
    party::lock_contacts(&mut tx, &party).await?;
    let upcoming = party::count_upcoming(&mut tx, calendar.role.organization_id, &party, now).await?;
    // An account's address is verified, and one parent books for many.
    if visitor.claims.is_none() && upcoming >= UPCOMING_PER_GUEST {
        return Err(Problem::new("too-many-bookings", 409, "There are two bookings already")
            .detail("This e-mail address or mobile has two appointments to come at this practice. Cancel one of them, or call the practice.")
            .into());
    }
    let by = BookedBy { visitor, patient_id, agreed: body.consent.version };
    let confirmation = consume(&mut tx, state, &hold, &calendar, &party, &by).await?;
    ticket.finish(&mut tx, 200, &confirmation).await?;
    core.commit(tx).await?;
    Ok(confirmation)
}

async fn already_confirmed(conn: &mut PgConnection, hold: &HoldRow) -> Result<Confirmation, Reject> {
    let found = appointment::of_booking(conn, hold.booking_id).await?;
    let (appointment_id, status) = found.ok_or_else(|| Problem::not_found("This appointment"))?;
    let status = AppointmentStatus::from_code(&status).unwrap_or(AppointmentStatus::Confirmed);
    Ok(Confirmation { appointment_id, booking_id: hold.booking_id, status })
}

/// For whom somebody signed in books: the patient they name, if they may act for them, else themselves. Guests book for
/// nobody we know.
async fn patient_of(
    core: &Core,
    visitor: &Visitor,
    named: Option<PatientId>,
) -> Result<Option<PatientId>, Reject> {
    match (&visitor.claims, named) {
        (Some(claims), Some(patient_id)) => {
            let (scope, purpose) = (DelegationScope::Appointments, Purpose::Booking);
            access::act_for(core, claims, patient_id, scope, "confirm_hold", purpose).await?;
            Ok(Some(patient_id))
        }
        (Some(claims), None) => Ok(claims.patient_id),
        (None, Some(_)) => Err(Refusal::SignedOut.into()),
        (None, None) => Ok(None),
    }
}

/// Who confirms, for whom, and which version of the text they agreed to.
struct BookedBy<'a> {
    visitor: &'a Visitor,
    patient_id: Option<PatientId>,
    agreed: i32,
}

/// Everything a confirmation changes, in the caller's transaction.
async fn consume(
    conn: &mut PgConnection,
    state: &State,
    hold: &HoldRow,
    calendar: &Calendar,
    party: &PartyDetails,
    by: &BookedBy<'_>,
) -> Result<Confirmation, Reject> {
    let (core, now) = (&state.core, state.core.now());
    let (status, reply_by) = if hold.appointment_type.needs_acceptance {
        (AppointmentStatus::Requested, Some(reply_by(now, hold.starts_at)))
    } else {
        (AppointmentStatus::Confirmed, None)
    };
    let row = AppointmentRow {
        appointment_id: core.id(),
        booking_id: hold.booking_id,
        practitioner_role_id: hold.practitioner_role_id,
        starts_at: hold.starts_at,
        ends_at: hold.ends_at,
        status,
        sequence: 0,
        version: 1,
        replaces: None,
        appointment_type: hold.appointment_type.clone(),
        policy: hold.policy,
        quote_id: hold.quote.quote_id,
        late_fee_cents: shared_types::AudCents::ZERO,
        reply_by,
        attendance_confirmed_at: None,
        completed_at: None,
        reason: None,
        patient_name: party.preferred_name.clone().unwrap_or_else(|| party.name.clone()),
        email: party.email.clone(),
        account_id: by.visitor.claims.as_ref().map(|claims| claims.account_id),
        patient_id: by.patient_id,
        series_id: None,
    };
    appointment::insert(conn, &row, now).await?;
    reservation::hand_over(conn, hold.hold_id, row.appointment_id).await?;
    hold::end(conn, hold.hold_id, HoldStatus::Consumed).await?;
    waitlist_offer::taken(conn, hold.hold_id, now).await?;
    if row.status == AppointmentStatus::Confirmed {
        steps::waive_late_fees(conn, core, &row).await?;
    }
    let owner = party::Owner {
        // Nobody has the cookie of a member's booking: it is seen by who is signed in, and by its link.
        guest_hash: match (&by.visitor.claims, by.visitor.holder.guest) {
            (None, Some(guest)) => guest,
            (Some(_), _) | (None, None) => core.chance.bytes(),
        },
        account_id: row.account_id,
        patient_id: row.patient_id,
    };
    party::insert(conn, hold.booking_id, calendar.role.organization_id, &owner, party, now).await?;
    let (token, token_hash) = core.chance.link_token();
    let dies_at =
        hold.starts_at.saturating_add(SignedDuration::from_hours(LINK_HOURS)).unwrap_or(hold.starts_at);
    manage::insert_link(conn, hold.booking_id, &token_hash, dies_at).await?;
    consent::store_receipt(conn, core, CONSENT_TEXT, by.agreed, "booking", hold.booking_id.0).await?;
    let entry = audit::Entry {
        actor: by
            .visitor
            .claims
            .as_ref()
            .map_or(by.visitor.actor(), |claims| actor_for(claims, by.patient_id)),
        action: "confirm_hold",
        resource: hold.booking_id.into(),
        whose: by.patient_id,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    let about = outbox::About { aggregate: "booking", id: hold.booking_id.to_string(), version: 1 };
    let fact = appointment_fact(&row, calendar, Some(token));
    let event = match reply_by {
        Some(_) => BookingsEvent::AppointmentRequested(fact),
        None => BookingsEvent::AppointmentConfirmed(fact),
    };
    outbox::tell(conn, core, about, &event).await?;
    Ok(Confirmation { appointment_id: row.appointment_id, booking_id: row.booking_id, status: row.status })
}
