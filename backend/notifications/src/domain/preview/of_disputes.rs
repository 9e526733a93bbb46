//! What is told of a dispute about an appointment that is made up: that the practice disputes what its patient said, that the patient is
//! right, and that what the practice noted stands.

use jiff::SignedDuration;
use shared_types::{
    AudCents,
    bookings::{
        AppointmentFact, AppointmentStatus, DisputeFact,
        dispute::{DisputeParty, DisputeStatus},
    },
};
use uuid::Uuid;

use super::of_appointments::made_up_fact;
use crate::domain::{dispute, locale::Locale, message::Draft, reader::Reader, sender::Sender};

/// Who disputes it, how that stands, and what is owed of the fee.
const DISPUTES: [(DisputeParty, DisputeStatus, AudCents); 3] = [
    (DisputeParty::Practice, DisputeStatus::Open, AudCents::ZERO),
    (DisputeParty::Patient, DisputeStatus::Upheld, AudCents::ZERO),
    (DisputeParty::Patient, DisputeStatus::Rejected, AudCents(5_000)),
];

/// Each of them, about an appointment that is told of openly or discreetly.
///
/// # Errors
/// When a template fails, which only a fault in it can cause.
pub fn letters(locale: Locale, discreet: bool, sender: &Sender) -> askama::Result<Vec<Draft>> {
    let mut letters = Vec::new();
    for (opened_by, status, late_fee_cents) in DISPUTES {
        let appointment =
            AppointmentFact { status: AppointmentStatus::NoShowPatient, ..made_up_fact(discreet) };
        let dispute = DisputeFact {
            dispute_id: Uuid::nil().into(),
            opened_by,
            answer_by: appointment.start + SignedDuration::from_hours(48),
            status,
            appointment,
            late_fee_cents,
            instead: None,
        };
        letters.extend(dispute::write(&dispute, sender, Reader::of(locale))?);
    }
    Ok(letters)
}
