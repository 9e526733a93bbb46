//! Disputes: somebody does not agree with what was noted of an appointment. The other side can answer, and an administrator
//! decides, or the other side agrees, which decides it. Where the appointment stands is not changed by it; whether its fee is
//! owed is. A visit that nobody marked is the exception: if it did not take place, it stands as what happened instead.
//!
//! | noted | who may dispute it | until |
//! |---|---|---|
//! | the patient did not come | the patient | [`DISPUTE_DAYS`] after it was noted |
//! | cancelled late by the patient | the patient | the same |
//! | the visit took place, as nobody said otherwise | the patient, by a choice and without words | the same |
//! | the practitioner did not come, as the patient said | the practice | [`ANSWER_HOURS`] after it was said |
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/appointments/{appointment_id}/dispute` | `find_dispute` | Holder | → [`DisputeStanding`] |
//! | POST the same | `open_dispute` | Holder | [`OpenDispute`] → 201 [`DisputeStanding`] |
//! | POST `/api/v1/bookings/appointments/{appointment_id}/dispute/answer` | `answer_dispute` | Holder | [`AnswerDispute`] → [`DisputeStanding`] |
//! | GET `/api/v1/bookings/practices/{organization_id}/disputes` | `list_practice_disputes` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | → `Page<PracticeDispute>`, the latest first |
//! | POST `/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute` | `dispute_absence` | the same | [`OpenDispute`] → 201 [`PracticeDispute`] |
//! | POST `/api/v1/bookings/practices/{organization_id}/appointments/{appointment_id}/dispute/answer` | `answer_for_practice` | the same | [`AnswerDispute`] → [`PracticeDispute`] |
//! | GET `/api/v1/bookings/platform/disputes` | `list_disputes` | administrators | → `Page<DisputeCase>`, those to decide, the earliest first |
//! | POST `/api/v1/bookings/platform/disputes/{dispute_id}/decide` | `decide_dispute` | administrators | [`DecideDispute`] → [`DisputeCase`] |
//!
//! Problems: 409 `wrong-state`, 409 `stale-version`, 409 `too-early` (the other side can still answer).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AppointmentStatus, BookedRole, CancellationPolicy, STATEMENT_LENGTH};
use crate::{
    AppointmentId, AudCents, BookingId, DisputeId,
    personal::{Personal, PersonalData},
    problem::FieldError,
};

/// How long a patient can dispute what was noted, in days.
pub const DISPUTE_DAYS: i64 = 7;
/// How long the other side has for an answer, and a practice for disputing that nobody was there, in hours.
pub const ANSWER_HOURS: i64 = 24;

/// One of the two sides of an appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisputeParty {
    /// Who came, or was to come.
    Patient,
    /// The practice.
    Practice,
}

impl DisputeParty {
    /// Both; the database's check constraint holds the same list.
    pub const ALL: [Self; 2] = [Self::Patient, Self::Practice];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Practice => "practice",
        }
    }

    /// Reads [`DisputeParty::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.code() == code)
    }
}

/// Where a dispute stands: `open → upheld | rejected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisputeStatus {
    /// Nobody has decided yet.
    Open,
    /// Who disputed it is right.
    Upheld,
    /// What was noted stands.
    Rejected,
}

impl DisputeStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::Open, Self::Upheld, Self::Rejected];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }

    /// Reads [`DisputeStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Why a dispute was decided as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecisionReason {
    /// The times that were noted show it.
    TimesShowIt,
    /// The other side agrees.
    OtherSideAgrees,
    /// The other side did not answer.
    NoAnswer,
    /// Nothing speaks against what was noted.
    NothingAgainst,
    /// Something that nobody could help came in between.
    BeyondControl,
}

impl DecisionReason {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 5] =
        [Self::TimesShowIt, Self::OtherSideAgrees, Self::NoAnswer, Self::NothingAgainst, Self::BeyondControl];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::TimesShowIt => "times_show_it",
            Self::OtherSideAgrees => "other_side_agrees",
            Self::NoAnswer => "no_answer",
            Self::NothingAgainst => "nothing_against",
            Self::BeyondControl => "beyond_control",
        }
    }

    /// Reads [`DecisionReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What happened instead of a visit that counts as having taken place because nobody marked it. Each leads to where the
/// appointment stands once the dispute is upheld.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Instead {
    /// The patient was there and nobody saw them.
    NobodyThere,
    /// The practice had called it off.
    CalledOff,
    /// The patient did not go. What was agreed about not coming counts.
    DidNotGo,
}

impl Instead {
    /// All of them; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::NobodyThere, Self::CalledOff, Self::DidNotGo];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NobodyThere => "nobody_there",
            Self::CalledOff => "called_off",
            Self::DidNotGo => "did_not_go",
        }
    }

    /// Reads [`Instead::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|instead| instead.code() == code)
    }
}

/// Disputes what was noted. What it says is read by the practice and by us: it is no place for what is clinical.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenDispute {
    /// The version of the appointment that was on the screen.
    pub version: i32,
    /// What happened, in at most [`STATEMENT_LENGTH`] characters; empty where `instead` says it.
    #[serde(default)]
    pub text: Personal<String>,
    /// What happened instead of a visit that nobody marked; needed for one, and for nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
}

/// The other side's answer to a dispute as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AnswerDispute {
    /// The version of the dispute that was on the screen.
    pub version: i32,
    /// What happened, in at most [`STATEMENT_LENGTH`] characters; may be empty for who agrees.
    #[serde(default)]
    pub text: Personal<String>,
    /// Whether who disputed it is right: that decides it, and nobody else is asked.
    #[serde(default)]
    pub agrees: bool,
}

/// Decides a dispute as last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecideDispute {
    /// The version of the dispute that was on the screen.
    pub version: i32,
    /// Whether who disputed it is right.
    pub upheld: bool,
    /// Why; both sides read it.
    pub reason: DecisionReason,
    /// More about it, in at most [`STATEMENT_LENGTH`] characters; may be empty.
    #[serde(default)]
    pub note: Personal<String>,
}

/// A side's words without spaces around them, and with line breaks as the only control characters.
///
/// # Errors
/// When there is too much, or nothing where something is needed.
pub fn check_words(
    words: &Personal<String>,
    pointer: &str,
    needed: bool,
) -> Result<Personal<String>, FieldError> {
    let text: String = words.expose().chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let text = text.trim();
    if (needed && text.is_empty()) || text.chars().count() > STATEMENT_LENGTH {
        return Err(FieldError::new(pointer, "Say it in at most 1,000 characters"));
    }
    Ok(text.to_owned().into())
}

/// What became of the fee that was agreed for cancelling late or not coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeeStanding {
    /// The practice may ask for it.
    Pending,
    /// Somebody else took the time: it is not owed.
    Waived,
    /// A dispute was upheld: it is not owed.
    Reversed,
    /// A dispute was rejected: it stays owed.
    Kept,
}

/// That fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LateFee {
    /// How much was agreed.
    pub fee_cents: AudCents,
    /// What became of it.
    pub standing: FeeStanding,
}

/// A dispute, as both sides read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dispute {
    /// Which.
    pub dispute_id: DisputeId,
    /// Goes up by one with every change; send it back with a change.
    pub version: i32,
    /// Where it stands.
    pub status: DisputeStatus,
    /// Who disputes it.
    pub opened_by: DisputeParty,
    /// What they say; empty where `instead` says it.
    pub text: Personal<String>,
    /// What happened instead of a visit that nobody marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Instead>,
    /// When they said it.
    pub opened_at: Timestamp,
    /// Until when the other side can answer before anybody decides.
    pub answer_by: Timestamp,
    /// What the other side says.
    pub answer: Option<Personal<String>>,
    /// When they said it.
    pub answered_at: Option<Timestamp>,
    /// Why it was decided as it was.
    pub reason: Option<DecisionReason>,
    /// More about it.
    pub note: Option<Personal<String>>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// What can be disputed of an appointment, and what was, as the patient sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DisputeStanding {
    /// The version of the appointment.
    pub version: i32,
    /// Until when the patient can dispute what is noted; none when they cannot.
    pub until: Option<Timestamp>,
    /// The dispute, when there is one.
    pub dispute: Option<Dispute>,
    /// The fee, where one was agreed.
    pub late_fee: Option<LateFee>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for DisputeStanding {}

/// A dispute about an appointment with the practice, or one that it can begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PracticeDispute {
    /// Which appointment.
    pub appointment_id: AppointmentId,
    /// Of which booking.
    pub booking_id: BookingId,
    /// The version of the appointment.
    pub version: i32,
    /// With whom and where.
    pub role: BookedRole,
    /// When it was.
    pub start: Timestamp,
    /// What is noted of it.
    pub noted: AppointmentStatus,
    /// Who was to come.
    pub patient_name: Personal<String>,
    /// Until when the practice can dispute it; none when it cannot, or did.
    pub until: Option<Timestamp>,
    /// The dispute, when there is one.
    pub dispute: Option<Dispute>,
    /// The fee, where one was agreed.
    pub late_fee: Option<LateFee>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for PracticeDispute {}

/// A dispute as an administrator decides it. Whose appointment it is does not matter to that, and is not told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DisputeCase {
    /// The dispute.
    pub dispute: Dispute,
    /// What is noted of the appointment.
    pub noted: AppointmentStatus,
    /// With whom and where.
    pub role: BookedRole,
    /// When it started.
    pub start: Timestamp,
    /// When it ended.
    pub end: Timestamp,
    /// What was agreed about cancelling.
    pub policy: CancellationPolicy,
    /// The fee, where one was agreed.
    pub late_fee: Option<LateFee>,
    /// What happened to the appointment, in order.
    pub history: Vec<HistoryStep>,
    /// Whether it can be decided: the other side has answered, or its time is over.
    pub may_decide: bool,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

impl PersonalData for DisputeCase {}

/// A step of an appointment's life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HistoryStep {
    /// Its name: `no_show`.
    pub step: String,
    /// `patient`, `practice`, `system` or `platform`.
    pub taken_by: String,
    /// When.
    pub taken_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{DecisionReason, DisputeParty, DisputeStatus, Instead, STATEMENT_LENGTH, check_words};

    #[test]
    fn words_are_short_and_say_something_where_they_are_needed() {
        let checked = |text: &str, needed| {
            check_words(&text.to_owned().into(), "/text", needed).ok().map(|text| text.into_inner())
        };
        assert_eq!(checked(" I was\tthere\n", true).as_deref(), Some("I wasthere"));
        assert_eq!(checked(" \n", true), None);
        assert_eq!(checked(" \n", false).as_deref(), Some(""));
        assert!(checked(&"é".repeat(STATEMENT_LENGTH), true).is_some());
        assert_eq!(checked(&"é".repeat(STATEMENT_LENGTH + 1), false), None);
    }

    #[test]
    fn every_word_reads_back() {
        for party in DisputeParty::ALL {
            assert_eq!(DisputeParty::from_code(party.code()), Some(party));
        }
        for status in DisputeStatus::ALL {
            assert_eq!(DisputeStatus::from_code(status.code()), Some(status));
        }
        for instead in Instead::ALL {
            assert_eq!(Instead::from_code(instead.code()), Some(instead));
            assert_eq!(serde_json::to_value(instead).unwrap(), instead.code());
        }
        for reason in DecisionReason::ALL {
            assert_eq!(DecisionReason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
