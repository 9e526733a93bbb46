//! Payments for tests, and what happens to them.

use jiff::{SignedDuration, Timestamp};
use shared_types::{
    AudCents,
    payments::{
        IntentPurpose, PaymentFailure, PaymentStatus,
        funding::FundingMode,
        quote::{Collection, TaxCode},
    },
};
use uuid::Uuid;

use super::{Change, Facts, Payment, PlatformFee};

/// An id with that number.
pub fn number<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

/// Noon on 1 December 2026, in universal time.
pub fn now() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

/// So many days later.
pub fn days(later: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * later)
}

/// A visit for $110 in two weeks that is paid at the practice.
pub fn not_required(booking: u128) -> Payment {
    Payment {
        payment_id: number(booking),
        booking_id: number(booking),
        quote_id: number(booking),
        version: 1,
        status: PaymentStatus::NotRequired,
        organization_id: Some(number(9)),
        funding: FundingMode::Private,
        collection: Collection::AtPractice,
        tax_code: TaxCode::FreeHealth,
        price_cents: AudCents(11_000),
        bulk_billed: false,
        patient_charge_cents: AudCents::ZERO,
        quote: None,
        starts_at: Some(days(14)),
        completed_at: None,
        platform_fee: PlatformFee::default(),
        held_cents: AudCents::ZERO,
        captured_cents: AudCents::ZERO,
        refunding_cents: AudCents::ZERO,
        refunded_cents: AudCents::ZERO,
        fee_cents: AudCents::ZERO,
        fee_kind: None,
        fee_owed_cents: AudCents::ZERO,
        fee_due_at: None,
        asked_cents: None,
        agreed_cents: None,
        account_id: None,
        failure: None,
        repair_until: None,
        due: None,
        updated_at: None,
    }
}

/// The same visit, to be paid through us once it is over.
pub fn awaiting(booking: u128) -> Payment {
    Payment {
        status: PaymentStatus::Awaiting,
        collection: Collection::AfterVisit,
        patient_charge_cents: AudCents(11_000),
        platform_fee: PlatformFee { whole_cents: AudCents(550), gst_cents: AudCents(50) },
        ..not_required(booking)
    }
}

/// What a change goes by at [`now`]: no refund has come, and the bank says nothing of its hold.
pub fn facts() -> Facts {
    Facts { now: now(), refund_is_booked: false, hold_expires_at: None }
}

/// The payment after all of these.
pub fn after(payment: Payment, changes: &[Change]) -> Payment {
    changes.iter().fold(payment, |payment, change| payment.take(change, &facts()).unwrap().0)
}

/// So much is taken by that try.
pub fn taken(intent: u128, cents: i64) -> Change {
    let processor_charge = format!("ch_{intent}");
    Change::Taken { intent_id: number(intent), cents: AudCents(cents), processor_charge }
}

/// So much is held.
pub fn held(cents: i64) -> Change {
    Change::Held { cents: AudCents(cents) }
}

/// A fee for cancelling late, which is taken at the start.
pub fn late_fee(cents: i64) -> Change {
    Change::FeeOwed { purpose: IntentPurpose::LateFee, cents: AudCents(cents), due_at: days(14) }
}

/// The card says no.
pub fn declined() -> Change {
    Change::Failed { failure: PaymentFailure::Declined }
}
