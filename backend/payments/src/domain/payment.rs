//! What a booking owes through us.

use shared_types::{
    AudCents, BookingId, PaymentId, QuoteId, bookings::AppointmentFact, payments::PaymentStatus,
};

/// One booking's payment. It belongs to the booking and not to one of its appointments, so moving changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Which.
    pub payment_id: PaymentId,
    /// For what.
    pub booking_id: BookingId,
    /// What was offered; a quote pays once.
    pub quote_id: QuoteId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// What is collected from the patient through us.
    pub patient_charge_cents: AudCents,
}

impl Payment {
    /// The payment of an appointment that will take place: nothing is collected through us, it is paid at the
    /// practice or bulk billed.
    pub fn not_required(payment_id: PaymentId, fact: &AppointmentFact) -> Self {
        Self {
            payment_id,
            booking_id: fact.booking_id,
            quote_id: fact.quote_id,
            status: PaymentStatus::NotRequired,
            price_cents: fact.price_cents,
            bulk_billed: fact.bulk_billed,
            patient_charge_cents: AudCents::ZERO,
        }
    }

    /// The same once the appointment no longer stands.
    pub fn void(self) -> Self {
        match self.status {
            PaymentStatus::NotRequired => Self { status: PaymentStatus::Voided, ..self },
            // Voiding twice is voiding once: the event may come again.
            PaymentStatus::Voided => self,
        }
    }
}
