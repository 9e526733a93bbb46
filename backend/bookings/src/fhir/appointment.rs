//! What is free, held and booked as an `Appointment`. Its status is FHIR's; ours, which tells more, is beside the reason why it
//! does not stand. Whoever may read it, it says nothing clinical: an appointment type is what it is called when it is booked.

use std::iter;

use jiff::Timestamp;
use serde::Serialize;
use shared_types::{
    BookingId,
    bookings::{AppointmentStatus, AppointmentType, BookedRole, Confirmation, Hold},
    personal::{Personal, PersonalData},
};

use super::{
    SlotId,
    directory::{person, place},
    slot::{local, service_type},
    types::{Appointment, Base, CodeableConcept, Coding, Identifier, Participant, Reference},
};
use crate::store::appointment::AppointmentRow;

/// Of HL7 (<https://terminology.hl7.org/CodeSystem-appointment-cancellation-reason.html>).
const CANCELLATION: &str = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason";

/// An appointment that says whose it is.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct OwnAppointment(Appointment);

impl PersonalData for OwnAppointment {}

/// What an appointment is about, whatever became of it.
struct About<'a> {
    id: String,
    booking_id: Option<BookingId>,
    role: &'a BookedRole,
    appointment_type: &'a AppointmentType,
    start: Timestamp,
    end: Timestamp,
}

/// Something that could be booked: `Appointment/…` with the id of its slot, for `$hold`.
pub fn proposed(
    base: &Base,
    id: SlotId,
    role: &BookedRole,
    appointment_type: &AppointmentType,
    end: Timestamp,
) -> Appointment {
    let about = About { id: id.to_string(), booking_id: None, role, appointment_type, start: id.start, end };
    let slot = vec![Reference::to(format!("Slot/{id}"))];
    Appointment { slot, ..appointment(base, &about, ("proposed", "needs-action"), None) }
}

/// A time that is held, with the id of its hold, for `$book`.
pub fn held(base: &Base, hold: &Hold) -> Appointment {
    let about = About {
        id: hold.hold_id.to_string(),
        booking_id: Some(hold.booking_id),
        role: &hold.role,
        appointment_type: &hold.appointment_type,
        start: hold.start,
        end: hold.end,
    };
    appointment(base, &about, ("pending", "tentative"), None)
}

/// What became of a hold.
pub fn booked(base: &Base, hold: &Hold, confirmation: &Confirmation) -> Appointment {
    let about = About {
        id: confirmation.appointment_id.to_string(),
        booking_id: Some(confirmation.booking_id),
        role: &hold.role,
        appointment_type: &hold.appointment_type,
        start: hold.start,
        end: hold.end,
    };
    let status = confirmation.status;
    appointment(base, &about, codes(status), cancelled(base, status))
}

/// Somebody's appointment, for those who may see it.
pub fn by_holder(base: &Base, row: &AppointmentRow, role: &BookedRole) -> OwnAppointment {
    let about = About {
        id: row.appointment_id.to_string(),
        booking_id: Some(row.booking_id),
        role,
        appointment_type: &row.appointment_type,
        start: row.starts_at,
        end: row.ends_at,
    };
    let mut own = appointment(base, &about, codes(row.status), cancelled(base, row.status));
    let name: Personal<String> = row.patient_name.clone();
    let patient = Reference { kind: Some("Patient"), display: Some(name), ..Reference::default() };
    own.participant.push(Participant { actor: patient, status: "accepted" });
    OwnAppointment(own)
}

fn appointment(
    base: &Base,
    about: &About<'_>,
    (status, participation): (&'static str, &'static str),
    cancelation_reason: Option<CodeableConcept>,
) -> Appointment {
    let system = base.url("NamingSystem/booking");
    let booking = about.booking_id.map(|id| Identifier { system, value: id.to_string() });
    // The place takes no part in a visit to which nobody comes.
    let comes = about.appointment_type.is_at_practice();
    let participants = iter::once(person(about.role)).chain(comes.then(|| place(about.role)));
    Appointment {
        id: about.id.clone(),
        identifier: booking.into_iter().collect(),
        status,
        cancelation_reason,
        service_type: vec![service_type(base, about.appointment_type)],
        start: local(about.start, about.role.time_zone),
        end: local(about.end, about.role.time_zone),
        // The practice may have made it longer or shorter than its type.
        minutes_duration: u16::try_from(about.end.duration_since(about.start).as_mins())
            .unwrap_or(about.appointment_type.duration_minutes),
        slot: Vec::new(),
        participant: participants.map(|actor| Participant { actor, status: participation }).collect(),
    }
}

/// The status of an appointment, and that of the practice's taking part
/// (<https://hl7.org/fhir/R4/valueset-appointmentstatus.html>).
fn codes(status: AppointmentStatus) -> (&'static str, &'static str) {
    match status {
        AppointmentStatus::Requested | AppointmentStatus::AwaitingPayment => ("pending", "needs-action"),
        AppointmentStatus::Confirmed => ("booked", "accepted"),
        AppointmentStatus::Arrived => ("arrived", "accepted"),
        AppointmentStatus::CheckedIn => ("checked-in", "accepted"),
        AppointmentStatus::InConsult | AppointmentStatus::Completed => ("fulfilled", "accepted"),
        AppointmentStatus::Rescheduled
        | AppointmentStatus::Declined
        | AppointmentStatus::Expired
        | AppointmentStatus::CancelledByPatient
        | AppointmentStatus::CancelledLate
        | AppointmentStatus::CancelledByProvider
        | AppointmentStatus::CancelledByAdmin
        | AppointmentStatus::NoShowProvider => ("cancelled", "declined"),
        AppointmentStatus::NoShowPatient => ("noshow", "accepted"),
        AppointmentStatus::EnteredInError => ("entered-in-error", "declined"),
    }
}

/// Why it is cancelled: who did it in HL7's words, and in ours what it was.
fn cancelled(base: &Base, status: AppointmentStatus) -> Option<CodeableConcept> {
    let (by, text) = match status {
        AppointmentStatus::CancelledByPatient => ("pat", "Cancelled by the patient"),
        AppointmentStatus::CancelledLate => ("pat", "Cancelled late by the patient"),
        AppointmentStatus::CancelledByProvider => ("prov", "Cancelled by the practice"),
        AppointmentStatus::Declined => ("prov", "The practice could not take the request"),
        AppointmentStatus::Expired => ("prov", "It was not answered or not paid for in time"),
        AppointmentStatus::NoShowProvider => ("prov", "The practitioner was not there"),
        AppointmentStatus::CancelledByAdmin => ("other", "Cancelled by the platform"),
        AppointmentStatus::Rescheduled => ("other", "Moved to another time"),
        AppointmentStatus::Requested
        | AppointmentStatus::AwaitingPayment
        | AppointmentStatus::Confirmed
        | AppointmentStatus::Arrived
        | AppointmentStatus::CheckedIn
        | AppointmentStatus::InConsult
        | AppointmentStatus::Completed
        | AppointmentStatus::NoShowPatient
        | AppointmentStatus::EnteredInError => return None,
    };
    let coding = |system: String, code: &str| Coding { system, code: code.to_owned(), display: None };
    Some(CodeableConcept {
        coding: vec![
            coding(CANCELLATION.to_owned(), by),
            coding(base.codes("appointment-status"), status.code()),
        ],
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::AppointmentStatus;

    use super::{cancelled, codes};
    use crate::fhir::Base;

    #[test]
    fn exactly_what_is_cancelled_says_by_whom() {
        let base = Base::new("https://hellomapper.example");
        for status in AppointmentStatus::ALL {
            let reason = cancelled(&base, status);
            assert_eq!(reason.is_some(), codes(status).0 == "cancelled", "{status:?}");
            let ours = reason.map(|reason| reason.coding[1].code.clone());
            assert!(ours.is_none_or(|code| code == status.code()), "{status:?}");
        }
    }

    #[test]
    fn what_is_to_come_is_pending_or_booked_until_somebody_arrives() {
        for status in AppointmentStatus::ALL {
            let (code, _) = codes(status);
            let to_come = matches!(code, "pending" | "booked" | "arrived" | "checked-in");
            let under_way = status == AppointmentStatus::InConsult;
            assert_eq!(to_come || under_way, status.is_upcoming(), "{status:?}");
        }
    }
}
