//! How an appointment is paid, so far as its holder sees it.

use jiff::Timestamp;
use kernel::{Core, Reject};
use shared_types::{
    AccountId, AudCents, OrganizationId,
    bookings::{Appointment, AppointmentStatus, Quote},
    payments::quote::PaymentTicket,
};
use sqlx::PgConnection;

use crate::{
    domain::sign_ticket,
    state::State,
    store::appointment::{self, AppointmentRow},
    visitor::{Visitor, may_see_money},
};

/// Whether a visitor may see how an appointment is paid. Who only helps with appointments does not, and what a reminder's link opens can
/// cancel and do no more.
pub async fn sees_money(
    conn: &mut PgConnection,
    core: &Core,
    visitor: &Visitor,
    row: &AppointmentRow,
) -> Result<bool, Reject> {
    let member =
        visitor.claims.as_ref().is_some_and(|claims| may_see_money(claims, row.account_id, row.patient_id));
    let access = appointment::access(conn, row.appointment_id, &visitor.holder, core.now()).await?;
    Ok(member || access.is_some_and(|access| access.by_guest || access.by_link))
}

/// An appointment without how it is paid.
pub fn without_money(appointment: Appointment) -> Appointment {
    Appointment {
        quote: None,
        pay_until: None,
        payment_failure: None,
        repair_until: None,
        payment_ticket: None,
        ..appointment
    }
}

/// Until when another card can be given, for the visit or for a fee that is owed. What waits for its first payment waits no
/// longer for another card.
pub(super) fn repair_until(row: &AppointmentRow, now: Timestamp) -> Option<Timestamp> {
    let may_owe = is_owed(row) || row.status.is_upcoming();
    let until = row.money.repair_until.filter(|until| may_owe && now < *until)?;
    let waits = row.money.pay_until.filter(|_| row.status == AppointmentStatus::AwaitingPayment);
    Some(waits.map_or(until, |ends| until.min(ends)))
}

/// Whether the time to give another card is over and something is owed all the same: it is settled with the practice. What was to come is
/// cancelled instead, and costs nothing.
pub(super) fn is_unpaid(row: &AppointmentRow, now: Timestamp) -> bool {
    is_owed(row) && row.money.repair_until.is_some_and(|until| until <= now)
}

/// Whether a visit that took place, or one that did not and has a fee, is owed.
fn is_owed(row: &AppointmentRow) -> bool {
    let has_fee = [AppointmentStatus::CancelledLate, AppointmentStatus::NoShowPatient].contains(&row.status)
        && row.late_fee_cents > AudCents::ZERO;
    has_fee || row.status == AppointmentStatus::Completed
}

/// By which payments believes that somebody holds this booking; none for what was never quoted.
pub fn payment_ticket(
    state: &State,
    account_id: Option<AccountId>,
    row: &AppointmentRow,
    organization_id: Option<OrganizationId>,
) -> Option<PaymentTicket> {
    row.money.quote.as_ref()?;
    let now = state.core.now();
    let ticket = PaymentTicket {
        booking_id: row.booking_id,
        account_id,
        patient_id: row.patient_id,
        organization_id,
        expires_at: now,
        kid: String::new(),
        signature: String::new(),
    };
    Some(sign_ticket(ticket, &state.signer, now))
}

/// The offer, while anything of it is owed: what was bulk billed afterwards costs none of what was quoted.
pub(super) fn quote_that_binds(row: &AppointmentRow) -> Option<Quote> {
    let bulk_billed = row.appointment_type.bulk_billed;
    row.money.quote.clone().filter(|quote| !bulk_billed || quote.fee_cents == AudCents::ZERO)
}
