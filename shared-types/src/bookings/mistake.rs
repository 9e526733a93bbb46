//! Saying that an appointment never was one, where money moved or Medicare has a claim: one asks, and somebody else agrees. Where
//! nothing moved, [`PracticeAct::EnterInError`](super::practice::PracticeAct::EnterInError) alone says so.
//!
//! What is agreed to is the version that was asked about. Once agreed to, the appointment is entered in error in the same
//! transaction, and payments gives back what was taken.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | POST `/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/mistake` | `ask_mistake` | the staff in [`MISTAKE_STAFF`] | [`AskMistake`] → 201 [`PracticeMistake`] |
//! | GET `/api/v1/bookings/practices/{organization_id}/mistakes` | `list_practice_mistakes` | the same | → `Page<PracticeMistake>`, those that are open and those of the last [`SHOWN_DAYS`], open ones first |
//! | POST `/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/approve` | `approve_mistake` | the same, but who asked | [`SeenVersion`](super::practice::SeenVersion) → [`PracticeMistake`] |
//! | POST `/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/decline` | `decline_mistake` | the same, but who asked | [`DeclineMistake`] → [`PracticeMistake`] |
//! | POST `/api/v1/bookings/practices/{organization_id}/mistakes/{mistake_request_id}/withdraw` | `withdraw_mistake` | who asked | [`SeenVersion`](super::practice::SeenVersion) → [`PracticeMistake`] |
//! | GET `/api/v1/bookings/platform/mistakes` | `list_mistakes` | administrators | → `Page<MistakeCase>`, those for which nobody else of the practice can answer, the earliest first |
//! | POST `/api/v1/bookings/platform/mistakes/{mistake_request_id}/approve` | `approve_mistake_as_platform` | administrators, but who asked | [`SeenVersion`](super::practice::SeenVersion) → [`MistakeCase`] |
//! | POST `/api/v1/bookings/platform/mistakes/{mistake_request_id}/decline` | `decline_mistake_as_platform` | administrators, but who asked | [`DeclineMistake`] → [`MistakeCase`] |
//!
//! Problems: 409 `needs-agreement` (of the act alone, where somebody else has to agree), 409 `same-person`, 409 `wrong-state`,
//! 409 `stale-version`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AppointmentStatus, BookedRole, ChangeReason, dispute::HistoryStep};
use crate::{
    AppointmentId, AudCents, BookingId, MistakeRequestId,
    personal::{Personal, PersonalData},
    users::StaffRole,
};

/// Who answers for a practice: they ask, and another of them agrees.
pub const MISTAKE_STAFF: [StaffRole; 2] = [StaffRole::Manager, StaffRole::Owner];
/// How long a practice sees what became of a request, in days.
pub const SHOWN_DAYS: i64 = 30;

/// Where a request stands: `asked → approved | declined | withdrawn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MistakeStatus {
    /// Nobody has answered yet.
    Asked,
    /// Somebody else agreed, and the appointment is entered in error.
    Approved,
    /// Somebody else did not agree.
    Declined,
    /// Who asked took it back, or it was asked anew.
    Withdrawn,
}

impl MistakeStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Asked, Self::Approved, Self::Declined, Self::Withdrawn];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`MistakeStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// As whom somebody answered a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MistakeDecider {
    /// A colleague of who asked.
    Practice,
    /// One of our administrators.
    Platform,
}

impl MistakeDecider {
    /// Both; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::Practice, Self::Platform];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Platform => "platform",
        }
    }

    /// Reads [`MistakeDecider::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decider| decider.code() == code)
    }
}

/// What became of a booking's money so far, and so what its mistake means for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MoneyMoved {
    /// None of it moved through us, or what was held is let go.
    Nothing,
    /// It is held on the patient's card: it will be let go.
    Held,
    /// It was taken: what is left of it will go back.
    Taken {
        /// What is left.
        cents: AudCents,
    },
    /// It was taken and is with the patient again: nothing will go back.
    Returned,
    /// The patient's bank wants it back and decides first.
    AtBank,
    /// The bank has given it back to the patient for good. What was taken besides it will go back.
    Lost,
}

/// What it means to say that an appointment never was one, before anybody says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IfMistake {
    /// Where its money is.
    pub money: MoneyMoved,
    /// Medicare has a claim for it, which is not taken back by this.
    pub claim_lodged: bool,
    /// When somebody else was asked to agree, while nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Timestamp>,
}

impl IfMistake {
    /// Whether somebody else has to agree.
    pub fn needs_agreement(self) -> bool {
        self.claim_lodged || self.money != MoneyMoved::Nothing
    }
}

/// Asks somebody else to agree that an appointment, as last seen, never was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AskMistake {
    /// The version of the appointment that was on the screen.
    pub version: i32,
    /// Why; the patient reads it once it is agreed to.
    pub reason: ChangeReason,
    /// More about it for who agrees, in at most [`STATEMENT_LENGTH`](super::STATEMENT_LENGTH) characters; may be empty.
    #[serde(default)]
    pub note: Personal<String>,
    /// Nobody else of the practice may agree: our administrators are asked, too.
    #[serde(default)]
    pub nobody_else: bool,
}

/// Does not agree to a request as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeclineMistake {
    /// The version of the request that was on the screen.
    pub version: i32,
    /// Why, in at most [`STATEMENT_LENGTH`](super::STATEMENT_LENGTH) characters; who asked reads it.
    pub why: Personal<String>,
}

/// A request, as all who may see it read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MistakeRequest {
    /// Which.
    pub mistake_request_id: MistakeRequestId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Where it stands.
    pub status: MistakeStatus,
    /// Why it was asked.
    pub reason: ChangeReason,
    /// More about it; may be empty.
    pub note: Personal<String>,
    /// Whether our administrators were asked, too.
    pub nobody_else: bool,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// As whom somebody answered.
    pub decided_as: Option<MistakeDecider>,
    /// Why somebody did not agree.
    pub answer: Option<Personal<String>>,
    /// When it was answered or taken back.
    pub ended_at: Option<Timestamp>,
}

/// A request and its appointment, as a practice sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeMistake {
    /// The request.
    pub request: MistakeRequest,
    /// Which appointment.
    pub appointment_id: AppointmentId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// With whom and where.
    pub role: BookedRole,
    /// When it starts.
    pub start: Timestamp,
    /// Where it stands.
    pub noted: AppointmentStatus,
    /// Who comes, or was to.
    pub patient_name: Personal<String>,
    /// What agreeing means.
    pub if_mistake: IfMistake,
    /// The appointment has changed since it was asked: nobody can agree any more, and it can be asked anew.
    pub moved_on: bool,
    /// The reader asked.
    pub mine: bool,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for PracticeMistake {}

/// A request as an administrator decides it. Whose appointment it is does not matter to that, and is not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MistakeCase {
    /// The request.
    pub request: MistakeRequest,
    /// With whom and where.
    pub role: BookedRole,
    /// When it starts.
    pub start: Timestamp,
    /// Where it stands.
    pub noted: AppointmentStatus,
    /// What agreeing means.
    pub if_mistake: IfMistake,
    /// What happened to the appointment, in order.
    pub history: Vec<HistoryStep>,
    /// The appointment has changed since it was asked: nobody can agree any more.
    pub moved_on: bool,
    /// The reader asked, as one of the practice's staff.
    pub mine: bool,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for MistakeCase {}

#[cfg(test)]
mod tests {
    use super::{IfMistake, MistakeDecider, MistakeStatus, MoneyMoved};
    use crate::AudCents;

    #[test]
    fn every_word_reads_back() {
        for status in MistakeStatus::ALL {
            assert_eq!(MistakeStatus::from_code(status.code()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.code());
        }
        for decider in MistakeDecider::ALL {
            assert_eq!(MistakeDecider::from_code(decider.code()), Some(decider));
            assert_eq!(serde_json::to_value(decider).unwrap(), decider.code());
        }
    }

    #[test]
    fn a_second_person_is_needed_where_money_moved_or_a_claim_is_lodged() {
        let of = |money, claim_lodged| IfMistake { money, claim_lodged, asked_at: None };
        assert!(!of(MoneyMoved::Nothing, false).needs_agreement());
        assert!(of(MoneyMoved::Nothing, true).needs_agreement());
        for money in [
            MoneyMoved::Held,
            MoneyMoved::Taken { cents: AudCents(1) },
            MoneyMoved::Returned,
            MoneyMoved::AtBank,
            MoneyMoved::Lost,
        ] {
            assert!(of(money, false).needs_agreement(), "{money:?}");
        }
    }
}
