//! An appointment as its holder sees it and as others are told of it, and why a step of it cannot be taken.

use jiff::Timestamp;
use shared_types::{
    Problem, Zone,
    bookings::{Appointment, AppointmentFact, AppointmentStatus, proposal::Proposed},
    problem::FieldError,
    time::when_words,
};
use sqlx::PgConnection;

use super::money::{is_unpaid, quote_that_binds, repair_until};
use crate::{
    domain::{TransitionError, Why},
    store::{appointment::AppointmentRow, calendar::Calendar, proposal},
};

/// An appointment as its holder sees it.
pub fn appointment_view(row: &AppointmentRow, calendar: Calendar, now: Timestamp) -> Appointment {
    let repair_until = repair_until(row, now);
    Appointment {
        appointment_id: row.appointment_id,
        booking_id: row.booking_id,
        version: row.version,
        status: row.status,
        role: row.offered.on_its_clocks(calendar.role),
        appointment_type: row.appointment_type.clone(),
        start: row.starts_at,
        end: row.ends_at,
        policy: row.policy,
        cancelling_now: row.standing().cancelling(now),
        as_of: now,
        email_hint: mask(row.email.expose()),
        reply_by: row.reply_by.filter(|_| row.status == AppointmentStatus::Requested),
        attendance_confirmed_at: row.attendance_confirmed_at,
        reason: row.reason,
        series_id: row.series_id,
        late_minutes: None,
        // Asked where one appointment is shown, as the lateness is.
        asked_first: false,
        // Asked where it can be answered, as well.
        proposed: None,
        quote: quote_that_binds(row),
        pay_until: row.money.pay_until.filter(|_| row.status == AppointmentStatus::AwaitingPayment),
        payment_failure: row.money.failure.filter(|_| repair_until.is_some() || is_unpaid(row, now)),
        repair_until,
        payment_ticket: None,
    }
}

/// The time that a practice proposes for an appointment, while that can be answered; none for an earlier link of the chain.
pub async fn proposed_for(
    conn: &mut PgConnection,
    row: &AppointmentRow,
    now: Timestamp,
) -> sqlx::Result<Option<Proposed>> {
    let open = proposal::open(conn, row.booking_id, now).await?;
    Ok(open.filter(|open| open.appointment_id == row.appointment_id).map(|open| open.proposed()))
}

/// An appointment as the other services need it.
pub fn appointment_fact(
    row: &AppointmentRow,
    calendar: &Calendar,
    manage_token: Option<String>,
) -> AppointmentFact {
    AppointmentFact {
        booking_id: row.booking_id,
        appointment_id: row.appointment_id,
        sequence: row.sequence,
        status: row.status,
        role: row.offered.on_its_clocks(calendar.told_role(&row.appointment_type)),
        discreet: calendar.discreet,
        appointment_type_name: row.appointment_type.name.clone(),
        telehealth: row.appointment_type.telehealth,
        start: row.starts_at,
        end: row.ends_at,
        quote_id: row.quote_id,
        price_cents: row.appointment_type.price_cents,
        bulk_billed: row.appointment_type.bulk_billed,
        policy: row.policy,
        patient_name: row.patient_name.clone(),
        email: row.email.clone(),
        manage_token: manage_token.map(Into::into),
        account_id: row.account_id,
        patient_id: row.patient_id,
        reason: row.reason,
        reply_by: row.reply_by.filter(|_| row.status == AppointmentStatus::Requested),
        quote: row.money.quote.clone(),
        late_fee_cents: row.late_fee_cents,
        claimant: row.money.claimant.clone(),
        series_id: row.series_id,
        text_to: row.text_to.clone(),
    }
}

/// Why a step of an appointment's life cannot be taken, for people who tried.
pub fn refusal(error: TransitionError, zone: Zone, now: Timestamp) -> Problem {
    let wrong_state =
        || Problem::new("wrong-state", 409, "This cannot be done with the appointment as it stands");
    match error.why {
        Why::State => wrong_state().detail("Nothing was changed. Look at it again, then decide."),
        Why::TooLate => {
            wrong_state().detail("Nothing was changed. The time in which it could be done is over.")
        }
        Why::TooEarly(from) => Problem::new("too-early", 409, "It is too early for this")
            .detail(format!("Nothing was changed. It can be done from {} on.", when_words(from, now, zone))),
        Why::NotAttested => Problem::invalid(vec![FieldError::new(
            "/attested",
            "Say that the practitioner was there and the patient was not",
        )]),
    }
}

/// `j…@example.org`: enough to know one's own address again.
fn mask(email: &str) -> String {
    match (email.chars().next(), email.rsplit_once('@')) {
        (Some(first), Some((_, domain))) => format!("{first}…@{domain}"),
        _ => String::new(),
    }
}
