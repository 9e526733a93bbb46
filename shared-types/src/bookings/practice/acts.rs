//! What a practice's staff do with an appointment, and why.

use serde::{Deserialize, Serialize};

use super::CALENDAR_STAFF;
use crate::{bookings::mistake::MISTAKE_STAFF, users::StaffRole};

/// Why the practice changed where an appointment stands. None of them says anything of health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeReason {
    /// The practitioner is unwell.
    PractitionerUnwell,
    /// The practitioner is away.
    PractitionerAway,
    /// The practice is closed then.
    PracticeClosed,
    /// An emergency at the practice.
    Emergency,
    /// There is no time for it.
    NoTime,
    /// Somebody else can help better.
    NotOffered,
    /// It was there twice, or in the wrong place.
    Mistake,
    /// The patient asked for it.
    PatientAsked,
    /// Whoever was booked is not listed any more; the platform's reason alone.
    NotListed,
    /// Something else.
    Other,
}

impl ChangeReason {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 10] = [
        Self::PractitionerUnwell,
        Self::PractitionerAway,
        Self::PracticeClosed,
        Self::Emergency,
        Self::NoTime,
        Self::NotOffered,
        Self::Mistake,
        Self::PatientAsked,
        Self::NotListed,
        Self::Other,
    ];

    /// Those that a practice can give for not taking, cancelling or striking out an appointment.
    pub const OF_PRACTICES: [Self; 9] = [
        Self::PractitionerUnwell,
        Self::PractitionerAway,
        Self::PracticeClosed,
        Self::Emergency,
        Self::NoTime,
        Self::NotOffered,
        Self::Mistake,
        Self::PatientAsked,
        Self::Other,
    ];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::PractitionerUnwell => "practitioner_unwell",
            Self::PractitionerAway => "practitioner_away",
            Self::PracticeClosed => "practice_closed",
            Self::Emergency => "emergency",
            Self::NoTime => "no_time",
            Self::NotOffered => "not_offered",
            Self::Mistake => "mistake",
            Self::PatientAsked => "patient_asked",
            Self::NotListed => "not_listed",
            Self::Other => "other",
        }
    }

    /// Reads [`ChangeReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Does something with an appointment as last seen: `{"version": 3, "action": "cancel", "reason": "emergency"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActOnAppointment {
    /// The version that was on the screen.
    pub version: i32,
    /// What to do.
    #[serde(flatten)]
    pub act: PracticeAct,
}

/// What a practice's staff can do with an appointment, with what each act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum PracticeAct {
    /// Takes a request.
    Accept,
    /// Does not take a request.
    Decline {
        /// Why.
        reason: ChangeReason,
    },
    /// Cancels; the patient pays nothing.
    Cancel {
        /// Why.
        reason: ChangeReason,
    },
    /// Cancels because the patient asked; what was agreed at booking counts.
    CancelForPatient {
        /// Lets the patient off a late fee.
        waive_fee: bool,
    },
    /// The patient is there.
    Arrive,
    /// The patient is not there after all: the desk took them for somebody else.
    UndoArrival,
    /// The patient is there and the desk has their details.
    CheckIn,
    /// The desk does not have their details after all: it pressed the wrong one. They count as having arrived.
    UndoCheckIn,
    /// The visit begins.
    Start,
    /// The visit is over.
    Complete,
    /// The visit took place, says somebody hours later who did not mark its steps.
    TookPlace,
    /// It is not over after all.
    UndoCompletion {
        /// Why.
        reason: ChangeReason,
    },
    /// The patient did not come.
    NoShow {
        /// Staff say that they were there and the patient was not. Without it nothing is done.
        attested: bool,
    },
    /// The practitioner did not come; the patient pays nothing.
    PractitionerAbsent,
    /// It never was a real appointment.
    EnterInError {
        /// Why.
        reason: ChangeReason,
    },
}

impl PracticeAct {
    /// Which button it is.
    pub fn name(self) -> ActName {
        match self {
            Self::Accept => ActName::Accept,
            Self::Decline { .. } => ActName::Decline,
            Self::Cancel { .. } => ActName::Cancel,
            Self::CancelForPatient { .. } => ActName::CancelForPatient,
            Self::Arrive => ActName::Arrive,
            Self::UndoArrival => ActName::UndoArrival,
            Self::CheckIn => ActName::CheckIn,
            Self::UndoCheckIn => ActName::UndoCheckIn,
            Self::Start => ActName::Start,
            Self::Complete => ActName::Complete,
            Self::TookPlace => ActName::TookPlace,
            Self::UndoCompletion { .. } => ActName::UndoCompletion,
            Self::NoShow { .. } => ActName::NoShow,
            Self::PractitionerAbsent => ActName::PractitionerAbsent,
            Self::EnterInError { .. } => ActName::EnterInError,
        }
    }

    /// The reason that was given.
    pub fn reason(self) -> Option<ChangeReason> {
        match self {
            Self::Decline { reason }
            | Self::Cancel { reason }
            | Self::UndoCompletion { reason }
            | Self::EnterInError { reason } => Some(reason),
            Self::CancelForPatient { .. } => Some(ChangeReason::PatientAsked),
            Self::Accept
            | Self::Arrive
            | Self::UndoArrival
            | Self::CheckIn
            | Self::UndoCheckIn
            | Self::Start
            | Self::Complete
            | Self::TookPlace
            | Self::NoShow { .. }
            | Self::PractitionerAbsent => None,
        }
    }
}

/// A button beside an appointment: the `action` of a [`PracticeAct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActName {
    /// [`PracticeAct::Accept`].
    Accept,
    /// [`PracticeAct::Decline`].
    Decline,
    /// [`PracticeAct::Cancel`].
    Cancel,
    /// [`PracticeAct::CancelForPatient`].
    CancelForPatient,
    /// [`PracticeAct::Arrive`].
    Arrive,
    /// [`PracticeAct::UndoArrival`].
    UndoArrival,
    /// [`PracticeAct::CheckIn`].
    CheckIn,
    /// [`PracticeAct::UndoCheckIn`].
    UndoCheckIn,
    /// [`PracticeAct::Start`].
    Start,
    /// [`PracticeAct::Complete`].
    Complete,
    /// [`PracticeAct::TookPlace`].
    TookPlace,
    /// [`PracticeAct::UndoCompletion`].
    UndoCompletion,
    /// [`PracticeAct::NoShow`].
    NoShow,
    /// [`PracticeAct::PractitionerAbsent`].
    PractitionerAbsent,
    /// [`PracticeAct::EnterInError`].
    EnterInError,
}

impl ActName {
    /// All of them, in the order of a visit.
    pub const ALL: [Self; 15] = [
        Self::Accept,
        Self::Decline,
        Self::Arrive,
        Self::UndoArrival,
        Self::CheckIn,
        Self::UndoCheckIn,
        Self::Start,
        Self::Complete,
        Self::TookPlace,
        Self::UndoCompletion,
        Self::NoShow,
        Self::PractitionerAbsent,
        Self::CancelForPatient,
        Self::Cancel,
        Self::EnterInError,
    ];

    /// The reasons that it can be given with, in the order in which pages offer them; none where it asks for none.
    pub fn reasons(self) -> &'static [ChangeReason] {
        match self {
            Self::Decline | Self::Cancel | Self::EnterInError => &ChangeReason::OF_PRACTICES,
            Self::UndoCompletion => &[ChangeReason::Mistake, ChangeReason::PatientAsked, ChangeReason::Other],
            Self::CancelForPatient => &[ChangeReason::PatientAsked],
            Self::Accept
            | Self::Arrive
            | Self::UndoArrival
            | Self::CheckIn
            | Self::UndoCheckIn
            | Self::Start
            | Self::Complete
            | Self::TookPlace
            | Self::NoShow
            | Self::PractitionerAbsent => &[],
        }
    }

    /// Who may do it: taking back that a visit took place is not for the desk, and what never was real is for those who
    /// answer for the practice.
    pub fn staff(self) -> &'static [StaffRole] {
        match self {
            Self::Accept
            | Self::Decline
            | Self::Cancel
            | Self::CancelForPatient
            | Self::Arrive
            | Self::UndoArrival
            | Self::CheckIn
            | Self::UndoCheckIn
            | Self::Start
            | Self::Complete
            | Self::TookPlace
            | Self::NoShow
            | Self::PractitionerAbsent => &CALENDAR_STAFF,
            Self::UndoCompletion => &[StaffRole::Practitioner, StaffRole::Manager, StaffRole::Owner],
            Self::EnterInError => &MISTAKE_STAFF,
        }
    }
}

impl PracticeAct {
    /// See [`ActName::staff`].
    pub fn staff(self) -> &'static [StaffRole] {
        self.name().staff()
    }
}

/// An act on an appointment as last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenVersion {
    /// The version that was on the screen.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ActName, ActOnAppointment, ChangeReason, PracticeAct};

    #[test]
    fn an_act_is_one_flat_object() {
        let cancel =
            ActOnAppointment { version: 3, act: PracticeAct::Cancel { reason: ChangeReason::Emergency } };
        let text = json!({"version": 3, "action": "cancel", "reason": "emergency"});
        assert_eq!(serde_json::to_value(cancel).unwrap(), text);
        assert_eq!(serde_json::from_value::<ActOnAppointment>(text).unwrap(), cancel);
        let without = json!({"version": 3, "action": "cancel"});
        assert!(serde_json::from_value::<ActOnAppointment>(without).is_err(), "a reason is needed");
    }

    #[test]
    fn a_button_has_the_name_of_its_act() {
        for name in ActName::ALL {
            let text = json!({"action": name, "reason": "other", "attested": true, "waive_fee": true});
            let act: PracticeAct = serde_json::from_value(text).unwrap();
            assert_eq!(act.name(), name);
            assert_eq!(act.reason().is_some(), !name.reasons().is_empty(), "{name:?}");
        }
    }

    #[test]
    fn every_reason_reads_back_from_its_word() {
        for reason in ChangeReason::ALL {
            assert_eq!(ChangeReason::from_code(reason.code()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
