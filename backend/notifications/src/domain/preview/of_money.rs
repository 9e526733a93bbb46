//! What is told of money, about a payment that is made up. These letters are discreet whatever the appointment is.

use jiff::SignedDuration;
use shared_types::{
    AudCents,
    payments::{
        AskedFact, AssignmentFact, FailedStep, FeeKind, InvoiceFact, OwedFee, PaymentFailure, RefundFact,
        RefundReason,
        assignment::{AssignmentKind, AssignmentStatus},
        pay::InvoiceKind,
    },
};
use uuid::Uuid;

use super::{SECRET, made_up};
use crate::domain::{
    assignment, balance_failed, fee_failed, locale::Locale, message::Draft, money, money::Payer,
    sender::Sender, too_late, upcoming::Upcoming,
};

/// What is asked and told of assignments of benefit.
const ASSIGNMENTS: [(AssignmentKind, AssignmentStatus); 6] = [
    (AssignmentKind::Pre, AssignmentStatus::Offered),
    (AssignmentKind::Pre, AssignmentStatus::Assigned),
    (AssignmentKind::Pre, AssignmentStatus::Withdrawn),
    (AssignmentKind::Enduring, AssignmentStatus::Offered),
    (AssignmentKind::Enduring, AssignmentStatus::Assigned),
    (AssignmentKind::Enduring, AssignmentStatus::Withdrawn),
];

/// Each of them, in a language.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn letters(locale: Locale, sender: &Sender) -> askama::Result<Vec<Draft>> {
    let payer = made_up_payer();
    let (booking_id, cents) = (payer.booking_id, AudCents(5_000));
    let refund =
        |reason| RefundFact { refund_id: Uuid::nil().into(), booking_id, amount_cents: cents, reason };
    let failed = FailedStep {
        booking_id,
        failure: PaymentFailure::Declined,
        repair_until: payer.start + SignedDuration::from_hours(24),
        fee: None,
        balance: None,
    };
    let before = FailedStep { repair_until: payer.start - SignedDuration::from_hours(24), ..failed };
    let not_charged = |kind| {
        let fee = OwedFee { kind, cents };
        let failed = FailedStep { fee: Some(fee), ..failed };
        fee_failed::write(&payer, (&failed, fee), sender, locale)
    };
    let rest = FailedStep { balance: Some(cents), ..failed };
    let (agreed_cents, total_cents) = (AudCents(8_500), AudCents(13_500));
    let asked = AskedFact { booking_id, agreed_cents, total_cents, again: true };
    let invoice = InvoiceFact {
        invoice_id: Uuid::nil().into(),
        kind: InvoiceKind::TaxInvoice,
        booking_id: Some(booking_id),
        total_cents: agreed_cents,
    };
    let mut letters = vec![
        money::failed(&payer, &before, sender, locale)?,
        too_late::write(&payer, &refund(RefundReason::TooLate), sender, locale)?,
        not_charged(FeeKind::Late)?,
        not_charged(FeeKind::NoShow)?,
        balance_failed::write(&payer, (&rest, cents), sender, locale)?,
        money::refunded(&payer, &refund(RefundReason::Cancelled), sender, locale)?,
        money::not_refunded(&payer, &refund(RefundReason::Cancelled), sender, locale)?,
        money::asked(&payer, &asked, sender, locale)?,
        money::invoiced(&payer, &invoice, sender, locale)?,
    ];
    for (kind, status) in ASSIGNMENTS {
        letters.extend(assignment::write(&payer, &made_up_assignment(&payer, kind, status), sender, locale)?);
    }
    Ok(letters)
}

fn made_up_assignment(payer: &Payer, kind: AssignmentKind, status: AssignmentStatus) -> AssignmentFact {
    AssignmentFact {
        assignment_id: Uuid::nil().into(),
        booking_id: Some(payer.booking_id),
        organization_id: Uuid::nil().into(),
        account_id: None,
        patient_id: None,
        status,
        kind,
        service_from: payer.zone.date(payer.start),
        token: (status == AssignmentStatus::Offered).then(|| SECRET.to_owned().into()),
    }
}

/// Who pays for what is made up.
fn made_up_payer() -> Payer {
    let Upcoming { booking_id, organization_id, start, zone, patient_name, email, .. } = made_up();
    Payer {
        booking_id,
        organization_id,
        start,
        zone,
        name: patient_name,
        email,
        is_booked: true,
        settled_version: 0,
    }
}
