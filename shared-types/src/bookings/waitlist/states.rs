//! Where a place and an offer stand, and why a practice ends a place.

use serde::{Deserialize, Serialize};

/// Where an entry stands: `waiting → offered → booked`, back to `waiting` when an offer is declined or lapses, also after it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WaitlistStatus {
    /// For a time.
    Waiting,
    /// A time is held for them.
    Offered,
    /// They took it.
    Booked,
    /// They left.
    Withdrawn,
    /// The last day is over.
    Closed,
    /// The practice ended it, and said why.
    Removed,
}

impl WaitlistStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Offered, Self::Booked, Self::Withdrawn, Self::Closed, Self::Removed];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Offered => "offered",
            Self::Booked => "booked",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
            Self::Removed => "removed",
        }
    }

    /// Reads [`WaitlistStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// What became of a time that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OfferStatus {
    /// It is held for them.
    Open,
    /// They took it.
    Booked,
    /// They let it go, or the practice did not take what they asked for with it.
    Declined,
    /// They did not answer or pay in time, or the practice did not answer.
    Lapsed,
}

impl OfferStatus {
    /// Every state; the database's check constraint holds the same list.
    pub const ALL: [Self; 4] = [Self::Open, Self::Booked, Self::Declined, Self::Lapsed];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Booked => "booked",
            Self::Declined => "declined",
            Self::Lapsed => "lapsed",
        }
    }

    /// Reads [`OfferStatus::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// Why a practice ends somebody's place. None of them says anything of health.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RemovalReason {
    /// The patient asked for it.
    PatientAsked,
    /// They have been seen meanwhile.
    Seen,
    /// The practice takes nobody new for this.
    NotOffered,
    /// It was there twice, or by mistake.
    Mistake,
    /// Something else.
    Other,
}

impl RemovalReason {
    /// Every reason; the database's check constraint holds the same list.
    pub const ALL: [Self; 5] = [Self::PatientAsked, Self::Seen, Self::NotOffered, Self::Mistake, Self::Other];

    /// The name in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::PatientAsked => "patient_asked",
            Self::Seen => "seen",
            Self::NotOffered => "not_offered",
            Self::Mistake => "mistake",
            Self::Other => "other",
        }
    }

    /// Reads [`RemovalReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}
