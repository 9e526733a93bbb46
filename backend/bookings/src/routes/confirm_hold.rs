//! `POST /api/v1/bookings/holds/{hold_id}/confirm`: turns a hold into an appointment.

use axum::extract::{Path, State as Extract};
use jiff::{ToSpan as _, civil::Date};
use kernel::{
    Accepted, Core, Either, Json, Reject,
    access::{self, Refusal},
    audit::{self, Outcome, Purpose},
    consent,
    idempotency::{self, Begun, IdempotencyKey},
    outbox,
};
use shared_types::{
    HoldId, PatientId, Problem,
    bookings::{
        AppointmentStatus, BookingsEvent, ConfirmHold, Confirmation, HoldStatus, PartyDetails,
        home_visit::VisitAddress,
    },
    payments::{funding::Cohort, quote::QuoteTerms},
    problem::FieldError,
    users::DelegationScope,
};
use sqlx::PgConnection;

use super::views::{alternatives, appointment_fact, days_around, payment_ticket};
use crate::{
    domain::reply_by,
    holding,
    state::State,
    steps,
    store::{
        appointment::{self, AppointmentRow, BookedMoney},
        calendar::Calendar,
        coverage::{self, Covers},
        hold::{self, HoldRow},
        party, payment_standing, reservation, waitlist_offer,
    },
    visitor::{Visitor, actor_for},
};

/// The text a guest agrees to.
const CONSENT_TEXT: &str = "booking-collection";
/// Appointments to come that one unverified address or number may have at a practice.
const UPCOMING_PER_GUEST: i64 = 2;
/// From which birthday on somebody is no child, to the price.
const CHILD_YEARS: i32 = 16;

/// A reply to a confirmation: 200 when the booking is made, 202 while it waits for its payment.
type Confirmed = Either<axum::Json<Confirmation>, Accepted<axum::Json<Confirmation>>>;

/// Confirms a hold with the patient's details.
pub async fn confirm_hold(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Path(hold_id): Path<HoldId>,
    key: IdempotencyKey,
    Json(body): Json<ConfirmHold>,
) -> Result<Confirmed, Reject> {
    let confirmation = confirm_for(&state, &visitor, hold_id, key, body).await?;
    Ok(if confirmation.status == AppointmentStatus::AwaitingPayment {
        Either::Other(Accepted(axum::Json(confirmation)))
    } else {
        Either::One(axum::Json(confirmation))
    })
}

/// Turns a visitor's hold into an appointment, whatever they speak. Where nothing is due through us it is confirmed in the same
/// transaction, or requested where the practice answers first; else it waits for its payment. A second time the same hold gets
/// the same answer.
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
        return already_confirmed(&mut tx, state, visitor, &hold).await;
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
    let patient_id = match body.patient_id {
        Some(_) => patient_id,
        None => waited_for(&mut tx, visitor, hold_id).await?.or(patient_id),
    };
    let party = body.party.check(calendar.role.time_zone.date(now)).map_err(Problem::invalid)?;
    let visit = visit_of(&mut tx, &hold, &calendar, body.visit).await?;
    fits_cohort(&hold, &party, hold.offered.time_zone.date(hold.starts_at))?;
    consent::require_current(&mut tx, core, CONSENT_TEXT, &body.consent).await?;
    party::lock_contacts(&mut tx, &party).await?;
    let upcoming = party::count_upcoming(&mut tx, calendar.role.organization_id, &party, now).await?;
    // An account's address is verified, and one parent books for many.
    if visitor.claims.is_none() && upcoming >= UPCOMING_PER_GUEST {
        return Err(Problem::new("too-many-bookings", 409, "There are two bookings already")
            .detail("This e-mail address or mobile has two appointments to come at this practice. Cancel one of them, or call the practice.")
            .into());
    }
    let text_me = body.text_me && visitor.claims.is_none();
    let by = BookedBy { visitor, patient_id, agreed: body.consent.version, visit, text_me };
    let confirmation = consume(&mut tx, state, &hold, &calendar, &party, &by).await?;
    let status = if confirmation.status == AppointmentStatus::AwaitingPayment { 202 } else { 200 };
    ticket.finish(&mut tx, status, &confirmation).await?;
    core.commit(tx).await?;
    Ok(confirmation)
}

async fn already_confirmed(
    conn: &mut PgConnection,
    state: &State,
    visitor: &Visitor,
    hold: &HoldRow,
) -> Result<Confirmation, Reject> {
    let not_found = || Problem::not_found("This appointment");
    let (first, _) = appointment::of_booking(conn, hold.booking_id).await?.ok_or_else(not_found)?;
    let row = appointment::by_id(conn, first).await?.ok_or_else(not_found)?;
    Ok(confirmation(state, visitor, &row))
}

fn confirmation(state: &State, visitor: &Visitor, row: &AppointmentRow) -> Confirmation {
    let terms = row.money.quote.as_ref().and_then(|quote| quote.terms.as_ref());
    Confirmation {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        status: row.status,
        payment_ticket: terms.and_then(|terms| {
            payment_ticket(state, visitor.keeper().account, row, Some(terms.organization_id))
        }),
    }
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

/// Whose a hold is that was offered to who waits, where they may still act for that patient: its page names nobody.
async fn waited_for(
    conn: &mut PgConnection,
    visitor: &Visitor,
    hold_id: HoldId,
) -> sqlx::Result<Option<PatientId>> {
    let Some(claims) = &visitor.claims else { return Ok(None) };
    let patient = waitlist_offer::patient_of(conn, hold_id).await?;
    Ok(patient.filter(|patient| claims.may_act_for(*patient, DelegationScope::Appointments)))
}

/// Who confirms, for whom, which version of the text they agreed to, where the patient is visited, and whether a guest agrees to
/// text messages.
struct BookedBy<'a> {
    visitor: &'a Visitor,
    patient_id: Option<PatientId>,
    agreed: i32,
    visit: Option<VisitAddress>,
    text_me: bool,
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
    // With a payment to make, the practice is asked once it is made.
    let needs_payment = hold.quote.terms.as_ref().is_some_and(QuoteTerms::needs_payment_step);
    let waits = needs_payment && !payment_standing::is_done(conn, hold.booking_id).await?;
    let (status, reply_by) = match (waits, hold.appointment_type.needs_acceptance) {
        (true, _) => (AppointmentStatus::AwaitingPayment, None),
        (false, true) => (AppointmentStatus::Requested, Some(reply_by(now, hold.starts_at))),
        (false, false) => (AppointmentStatus::Confirmed, None),
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
        presumed: false,
        reason: None,
        patient_name: party.preferred_name.clone().unwrap_or_else(|| party.name.clone()),
        email: party.email.clone(),
        text_to: by.text_me.then(|| party.mobile.clone()),
        account_id: by.visitor.claims.as_ref().map(|claims| claims.account_id),
        patient_id: by.patient_id,
        series_id: None,
        offered: hold.offered,
        money: BookedMoney {
            quote: hold.quote.terms.is_some().then(|| hold.quote.clone()),
            cohort: hold.cohort,
            pay_until: waits.then(|| holding::pay_until(now)),
            claimant: hold.appointment_type.bulk_billed.then(|| {
                appointment::claimant(party.name.clone(), party.date_of_birth.clone(), party.mobile.expose())
            }),
            ..BookedMoney::default()
        },
    };
    appointment::insert(conn, &row, now).await?;
    reservation::hand_over(conn, hold.hold_id, row.appointment_id).await?;
    hold::end(conn, hold.hold_id, HoldStatus::Consumed).await?;
    waitlist_offer::taken(conn, hold.hold_id, now).await?;
    if row.status == AppointmentStatus::Confirmed {
        steps::waive_late_fees(conn, core, &row, None).await?;
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
    if let Some(visit) = &by.visit {
        party::set_visit(conn, hold.booking_id, visit).await?;
    }
    if by.text_me {
        party::agree_to_texts(conn, hold.booking_id).await?;
    }
    // The link is made once it is known that there is something to manage.
    let token = if waits { None } else { Some(steps::make_link(conn, core, &row).await?) };
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
    let fact = appointment_fact(&row, calendar, token);
    let event = match (waits, reply_by) {
        (true, _) => BookingsEvent::PaymentAwaited(fact),
        (false, Some(_)) => BookingsEvent::AppointmentRequested(fact),
        (false, None) => BookingsEvent::AppointmentConfirmed(fact),
    };
    outbox::tell(conn, core, about, &event).await?;
    Ok(confirmation(state, by.visitor, &row))
}

/// Where a home visit goes, if the practice goes there. Of everybody else that is not kept.
async fn visit_of(
    conn: &mut PgConnection,
    hold: &HoldRow,
    calendar: &Calendar,
    given: Option<VisitAddress>,
) -> Result<Option<VisitAddress>, Reject> {
    if !hold.appointment_type.home_visit {
        return Ok(None);
    }
    let wrong = |field: &str, detail: &str| Problem::invalid(vec![FieldError::new(field, detail)]);
    let place = given.ok_or_else(|| wrong("/visit/street", "Enter where you want to be visited"))?;
    let place = place.check().map_err(Problem::invalid)?;
    match coverage::covers(conn, hold.appointment_type.appointment_type_id, &place).await? {
        Covers::Yes => Ok(Some(place)),
        Covers::NeedsPoint => Err(wrong("/visit/locality", "Choose the suburb or town from the list").into()),
        Covers::No => {
            let called = match &calendar.role.phone {
                Some(phone) => format!("call the practice on {phone}"),
                None => "choose another practitioner who makes home visits there".to_owned(),
            };
            let detail = format!(
                "Nothing was booked, and the time is still held for you. Give another address, book a visit at the \
                 practice, or {called}."
            );
            let title = "This practice does not visit that place";
            Err(Problem::new("outside-coverage", 422, title).detail(detail).into())
        }
    }
}

/// A price for children is for children; of a card the practice asks when the patient is there.
fn fits_cohort(hold: &HoldRow, party: &PartyDetails, day: Date) -> Result<(), Problem> {
    let born = *party.date_of_birth.expose();
    if hold.cohort == Some(Cohort::Under16) && born.saturating_add(CHILD_YEARS.years()) <= day {
        let detail = "The price is for somebody under 16: choose another one, or check the year";
        return Err(Problem::invalid(vec![FieldError::new("/date_of_birth", detail)]));
    }
    Ok(())
}
