//! What went otherwise than booked or noted, and who says so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::AppointmentFact;
use crate::{
    AccountId, AudCents, BookingId, DisputeId, MistakeRequestId, OrganizationId, StatementId, Zone,
    bookings::dispute::{DisputeParty, DisputeStatus, Instead},
};

/// A dispute about an appointment. No words of either side are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DisputeFact {
    /// Which.
    pub dispute_id: DisputeId,
    /// Who disputes it.
    pub opened_by: DisputeParty,
    /// Until when the other side can answer.
    pub answer_by: Timestamp,
    /// Where it stands.
    pub status: DisputeStatus,
    /// The appointment as it stands.
    pub appointment: AppointmentFact,
    /// What is owed of its fee now.
    pub late_fee_cents: AudCents,
    /// What happened instead of a visit that nobody marked, as the patient says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
}

/// A visit that nobody marked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PresumedFact {
    /// As it stands. A guest's carries the secret of a new manage link, which lives until then.
    pub appointment: AppointmentFact,
    /// Until when its patient can say that it did not take place.
    pub dispute_by: Timestamp,
}

/// That a patient did not come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoShowFact {
    /// As it stands, with what is owed. A guest's carries the secret of a new manage link, which lives until then.
    pub appointment: AppointmentFact,
    /// Until when its patient can say that it was otherwise.
    pub dispute_by: Timestamp,
    /// Whether it counted as having taken place until then, because nobody had marked it.
    pub presumed: bool,
}

/// That nobody of a practice was there, as a patient says. It says nothing of the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceFact {
    /// Of which booking.
    pub booking_id: BookingId,
    /// Whose practitioner did not come.
    pub organization_id: OrganizationId,
    /// Until when the practice can dispute it.
    pub answer_by: Timestamp,
    /// On whose clocks: the practice's.
    pub time_zone: Zone,
}

/// A request to agree that an appointment never was one. It says neither which nor why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MistakeFact {
    /// Which request.
    pub mistake_request_id: MistakeRequestId,
    /// Whose appointment it is.
    pub organization_id: OrganizationId,
    /// Who asks, and so does not agree.
    pub asked_by: AccountId,
    /// Nobody else there could agree, as they say: an administrator of HelloMapper is asked, too.
    pub nobody_else: bool,
}

/// A patient does not agree with a practice's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFact {
    /// Which statement.
    pub statement_id: StatementId,
    /// Beside which booking.
    pub booking_id: BookingId,
    /// Whose record it is.
    pub organization_id: OrganizationId,
}
