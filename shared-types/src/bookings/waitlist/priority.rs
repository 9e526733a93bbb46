//! Being asked first, since the practice did not keep an appointment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How long after an appointment was lost joining the practice's waitlist puts one first, in days.
pub const PRIORITY_DAYS: i64 = 90;

/// By what somebody lost an appointment that the practice was to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriorityCause {
    /// The practice cancelled it.
    CancelledByProvider,
    /// The platform cancelled it for the practice.
    CancelledByAdmin,
    /// The practitioner was not there.
    NoShowProvider,
}

impl PriorityCause {
    /// Every cause; the database's check constraint holds the same list.
    pub const ALL: [Self; 3] = [Self::CancelledByProvider, Self::CancelledByAdmin, Self::NoShowProvider];

    /// The name in the database and on the wire: where the appointment stands.
    pub fn code(self) -> &'static str {
        match self {
            Self::CancelledByProvider => "cancelled_by_provider",
            Self::CancelledByAdmin => "cancelled_by_admin",
            Self::NoShowProvider => "no_show_provider",
        }
    }

    /// Reads [`PriorityCause::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}

/// Why somebody is asked before those who joined earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Priority {
    /// What happened to their appointment.
    pub cause: PriorityCause,
    /// When it was to start.
    pub start: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::PriorityCause;
    use crate::bookings::AppointmentStatus;

    #[test]
    fn a_cause_is_called_what_the_appointment_is() {
        for cause in PriorityCause::ALL {
            assert_eq!(PriorityCause::from_code(cause.code()), Some(cause));
            assert!(
                AppointmentStatus::ALL.into_iter().any(|status| status.code() == cause.code()),
                "{cause:?}"
            );
        }
        assert_eq!(PriorityCause::from_code("cancelled_by_patient"), None);
    }
}
