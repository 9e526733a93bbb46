//! What bookings tells the other services. No event carries a clinical word or a reason.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{AppointmentStatus, Audience, BookedRole, CancellationPolicy};
use crate::{
    AppointmentId, AppointmentTypeId, AudCents, BookingId, PractitionerRoleId, QuoteId, personal::Personal,
    users::SigningKey,
};

/// An event of the bookings service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", content = "body", rename_all = "snake_case")]
pub enum BookingsEvent {
    /// An appointment will take place.
    AppointmentConfirmed(AppointmentFact),
    /// It takes place at another time; the fact carries the new link of the chain.
    AppointmentMoved(AppointmentFact),
    /// It will not take place.
    AppointmentCancelled(AppointmentFact),
    /// Somebody holding a manage link asked for a code.
    ManageCodeRequested(ManageCodeFact),
    /// The next free times of a role changed.
    NextFreeChanged(NextFreeFact),
    /// A key signs quotes from now on.
    SigningKeyPublished(SigningKey),
}

/// An appointment as payments and notifications need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentFact {
    /// Which booking.
    pub booking_id: BookingId,
    /// Which link of its chain.
    pub appointment_id: AppointmentId,
    /// How often the booking changed: the `.ics` SEQUENCE.
    pub sequence: i32,
    /// Where it stands.
    pub status: AppointmentStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// Whether messages and calendars must say only "Appointment".
    pub discreet: bool,
    /// `Initial consultation`.
    pub appointment_type_name: String,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// What was offered.
    pub quote_id: QuoteId,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// What to call the patient.
    pub patient_name: Personal<String>,
    /// Where to write.
    pub email: Personal<String>,
    /// The secret part of the manage link; notifications forgets it once sent.
    pub manage_token: Option<Personal<String>>,
}

/// A code to prove that one reads the patient's mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManageCodeFact {
    /// For which booking.
    pub booking_id: BookingId,
    /// Where to write.
    pub email: Personal<String>,
    /// Six digits; notifications forgets them once sent.
    pub code: Personal<String>,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// The next free times of one role, whole: providers replaces what it had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextFreeFact {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// When this was true.
    pub as_of: Timestamp,
    /// For each appointment type, in the practice's order.
    pub types: Vec<NextFreeOfType>,
}

/// The next eight starts of one appointment type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextFreeOfType {
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// `Initial consultation`.
    pub name: String,
    /// How long.
    pub duration_minutes: u16,
    /// The whole price.
    pub price_cents: AudCents,
    /// True when Medicare pays all of it.
    pub bulk_billed: bool,
    /// By video or phone.
    pub telehealth: bool,
    /// For whom.
    pub audience: Audience,
    /// Starts in order, at most eight.
    pub starts: Vec<Timestamp>,
    /// The last day that was looked at.
    pub valid_until: Date,
}
