//! A booking's payment has come to something: the booking is made, waits for another card, or is let go.

use anyhow::Context as _;
use kernel::{
    Core,
    audit::{self, Actor, Outcome, Purpose},
    outbox::{self, About},
};
use shared_types::{
    AppointmentId, BookingId,
    bookings::{AppointmentStatus, BookingsEvent},
    payments::{FailedStep, PaymentStep},
};
use sqlx::PgConnection;

use crate::{
    domain::{Standing, Step},
    routes::views::appointment_fact,
    steps::{self, Wanted},
    store::{
        appointment::{self, AppointmentRow, StepBy},
        calendar::{self, Calendar},
        payment_standing, reservation,
    },
};

/// What an end is told of that is told once more, for money that came too late.
pub const LATE_PAYMENT: &str = "late_payment";

/// The step is done: what waits for it stands from now on, or its practice is asked. Money that comes when it no longer waits is
/// told of once more as what it is for, so that payments gives it back.
pub async fn completed(
    conn: &mut PgConnection,
    core: &Core,
    booking_id: BookingId,
    step: PaymentStep,
) -> anyhow::Result<()> {
    match step {
        // It was confirmed when it was booked.
        PaymentStep::NotRequired => return Ok(()),
        PaymentStep::CardSaved | PaymentStep::Authorised | PaymentStep::Captured => {}
    }
    let Some((mut row, calendar)) = locked(conn, booking_id).await? else { return Ok(()) };
    appointment::note_paid(conn, row.appointment_id, step).await?;
    if row.status == AppointmentStatus::AwaitingPayment {
        return confirm(conn, core, &mut row, &calendar).await;
    }
    match ended_fact(&row, &calendar) {
        Some(event) => tell_again(conn, core, &row, &event).await,
        None => Ok(()),
    }
}

/// Makes a booking whose payment is done all the same: its step was told of while the booking was being written down, and found none.
/// Says whether it was.
pub async fn catch_up(
    conn: &mut PgConnection,
    core: &Core,
    appointment_id: AppointmentId,
) -> anyhow::Result<bool> {
    let Some(waits) = appointment::by_id(conn, appointment_id).await? else { return Ok(false) };
    if !payment_standing::is_done(conn, waits.booking_id).await? {
        return Ok(false);
    }
    match locked(conn, waits.booking_id).await? {
        Some((mut row, calendar)) if row.status == AppointmentStatus::AwaitingPayment => {
            confirm(conn, core, &mut row, &calendar).await?;
            Ok(true)
        }
        Some(_) | None => Ok(false),
    }
}

/// The card said no. The booking stands, and its page says until when another card can be given.
pub async fn failed(conn: &mut PgConnection, core: &Core, failed: &FailedStep) -> anyhow::Result<()> {
    let Some((row, _)) = locked(conn, failed.booking_id).await? else { return Ok(()) };
    appointment::note_unpaid(conn, row.appointment_id, failed).await?;
    note(conn, core, &row, "note_payment_failure").await
}

/// Nobody gave another card: the booking is let go without charge. Who is there already is seen, and pays at the practice.
pub async fn lapsed(conn: &mut PgConnection, core: &Core, booking_id: BookingId) -> anyhow::Result<()> {
    let Some((row, _)) = locked(conn, booking_id).await? else { return Ok(()) };
    // What still waits for its first payment was never booked.
    let taken = if row.status == AppointmentStatus::AwaitingPayment {
        let step = (Step::GiveUp, "bookings.inbox", "give_up_appointment");
        steps::take_by_itself(conn, core, row.appointment_id, step, Standing::give_up).await?
    } else {
        let step = (Step::Lapse, "bookings.inbox", "lapse_appointment");
        steps::take_by_itself(conn, core, row.appointment_id, step, Standing::lapse).await?
    };
    if !taken {
        tracing::info!(booking.id = %booking_id, "a payment lapsed for an appointment that cannot be let go any more");
    }
    Ok(())
}

/// The newest link of a booking's chain, its practitioner's time locked.
pub async fn locked(
    conn: &mut PgConnection,
    booking_id: BookingId,
) -> anyhow::Result<Option<(AppointmentRow, Calendar)>> {
    let Some(before) = appointment::newest_of(conn, booking_id).await? else { return Ok(None) };
    let resource = appointment::resource_of(conn, before.practitioner_role_id).await?;
    reservation::lock(conn, resource).await?;
    // Whoever held the lock may have changed it.
    let Some(row) = appointment::newest_of(conn, booking_id).await? else { return Ok(None) };
    let day = row.starts_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let calendar = calendar::load(conn, row.practitioner_role_id, day, day).await?;
    Ok(Some((row, calendar.context("the appointment's role is there")?)))
}

/// What waited for its payment stands, or its practice is asked.
pub async fn confirm(
    conn: &mut PgConnection,
    core: &Core,
    row: &mut AppointmentRow,
    calendar: &Calendar,
) -> anyhow::Result<()> {
    let to = row.standing().pay(row.appointment_type.needs_acceptance, core.now())?;
    let wanted = Wanted { to, step: Step::Pay, reason: None, by: StepBy::System };
    let token = steps::make_link(conn, core, row).await?;
    let version = row.version;
    let taken = steps::take_with_link(conn, core, row, calendar, (version, wanted), Some(token)).await?;
    anyhow::ensure!(taken, "an appointment of a locked practitioner was changed meanwhile");
    note(conn, core, row, "confirm_paid_appointment").await
}

/// That it will not take place, where that is so.
fn ended_fact(row: &AppointmentRow, calendar: &Calendar) -> Option<BookingsEvent> {
    match row.status {
        AppointmentStatus::Expired
        | AppointmentStatus::Declined
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowProvider
        | AppointmentStatus::EnteredInError => {
            Some(BookingsEvent::AppointmentCancelled(appointment_fact(row, calendar, None)))
        }
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::Rescheduled
        | AppointmentStatus::NoShowPatient => None,
    }
}

async fn tell_again(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    event: &BookingsEvent,
) -> anyhow::Result<()> {
    // No step of the booking was taken: practices' webhooks know the end already.
    let version = i64::from(row.sequence) + 1;
    let about = About { aggregate: LATE_PAYMENT, id: row.booking_id.to_string(), version };
    outbox::tell(conn, core, about, event).await?;
    note(conn, core, row, "refuse_late_payment").await
}

/// Writes down what was done of itself about a booking's money.
pub async fn note(
    conn: &mut PgConnection,
    core: &Core,
    row: &AppointmentRow,
    action: &'static str,
) -> anyhow::Result<()> {
    let entry = audit::Entry {
        actor: Actor::System("bookings.inbox"),
        action,
        resource: row.booking_id.into(),
        whose: row.patient_id,
        purpose: Purpose::Booking,
        outcome: Outcome::Allowed,
    };
    audit::record(conn, core, entry).await?;
    Ok(())
}
