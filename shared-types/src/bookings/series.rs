//! Series: visits that come back every week or fortnight, booked at the desk in one act. Each is an appointment and a booking of
//! its own, with its own policy and its own link; the series is what they have in common.
//!
//! First the desk looks at every visit ([`CheckSeries`]), then it books exactly those that the patient agreed to
//! ([`CreateSeries`]), all of them or none. The patient is told of all of them in one letter.
//!
//! | method, path | operation | body → reply |
//! |---|---|---|
//! | POST `…/practices/{organization_id}/series/check` | `check_series` | [`CheckSeries`] → [`SeriesReport`]; changes nothing |
//! | POST `…/practices/{organization_id}/series` | `create_series` | [`CreateSeries`] + Idempotency-Key → 201 `Page<CalendarAppointment>` |
//! | GET `…/practices/{organization_id}/series/{series_id}` | `find_series` | → `Page<CalendarAppointment>` |
//! | POST `…/practices/{organization_id}/series/{series_id}/cancel` | `cancel_series` | [`CancelSeries`] → `Page<CalendarAppointment>`: those that were cancelled |
//! | GET `…/me/series/{series_id}` | `find_my_series` | → `Page<Appointment>` |
//! | POST `…/me/series/{series_id}/cancel` | `cancel_my_series` | [`CancelMySeries`] → `Page<Appointment>`: those that were cancelled |
//!
//! Problems: 409 `series-changed` (a visit's time was taken meanwhile, `errors` says which; nothing was booked: check again),
//! 409 `stale-version`, 409 `listing-suspended`.

use std::ops::RangeInclusive;

use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use serde::{Deserialize, Serialize};

use super::practice::{ChangeReason, DeskPatient, PracticeAct};
use crate::{AppointmentId, AppointmentTypeId, PractitionerRoleId, Zone};

/// How many visits a series has.
pub const SERIES_VISITS: RangeInclusive<u16> = 2..=26;

/// How often a series comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// On the same day of each week.
    Week,
    /// On the same day of every second week.
    Fortnight,
}

impl Every {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Week, Self::Fortnight];

    /// From one visit to the next, in days.
    pub fn days(self) -> i32 {
        match self {
            Self::Week => 7,
            Self::Fortnight => 14,
        }
    }
}

/// Asks how each visit of a series would stand. Its time is that on the wall of the place, whatever the clocks do meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckSeries {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What: one of that role's types.
    pub appointment_type_id: AppointmentTypeId,
    /// The day of the first visit.
    pub date: Date,
    /// When each starts.
    pub time: Time,
    /// How often.
    pub every: Every,
    /// How many visits: 2 to 26.
    pub visits: u16,
}

/// How each visit of a series would stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesReport {
    /// The place's zone.
    pub time_zone: Zone,
    /// When this was true.
    pub as_of: Timestamp,
    /// One for each visit, in order of time.
    pub visits: Vec<SeriesVisit>,
}

/// One visit of a series that is not booked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesVisit {
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// How that time stands.
    pub finding: Finding,
    /// The free times nearest to it, on the days around; none where it is free itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Timestamp>,
}

/// How a time stands for the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Finding {
    /// Patients could book it, too.
    Free,
    /// Something else is booked then, or held.
    Taken,
    /// A holiday, leave, or a part of a day off.
    Closed {
        /// The holiday's name; none otherwise.
        holiday: Option<String>,
    },
    /// No open hours cover all of it.
    OutsideHours,
    /// The practitioner's other calendar has something then, or cannot be read.
    BusyElsewhere,
    /// Further ahead than patients can book.
    TooFar,
}

impl Finding {
    /// Whether the desk can book it: the rules do not bind it; that nobody has two patients at once does.
    pub fn can_be_booked(&self) -> bool {
        match self {
            Self::Free | Self::Closed { .. } | Self::OutsideHours | Self::BusyElsewhere | Self::TooFar => {
                true
            }
            Self::Taken => false,
        }
    }
}

/// Books the visits that the patient agreed to, all of them or none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateSeries {
    /// With whom.
    pub practitioner_role_id: PractitionerRoleId,
    /// What: one of that role's types.
    pub appointment_type_id: AppointmentTypeId,
    /// When each starts, in order: 2 to 26.
    pub starts: Vec<Timestamp>,
    /// Staff say that the patient agreed to exactly these. Without it nothing is done.
    pub agreed: bool,
    /// Who comes.
    pub patient: DeskPatient,
}

/// A visit as last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenVisit {
    /// Which.
    pub appointment_id: AppointmentId,
    /// The version that was on the screen.
    pub version: i32,
}

/// Cancels some visits of one's own series, all of them or none. What was agreed counts for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelMySeries {
    /// Which, as last seen.
    pub visits: Vec<SeenVisit>,
}

/// Cancels some visits of a series at the practice, all of them or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CancelSeries {
    /// Which, as last seen.
    pub visits: Vec<SeenVisit>,
    /// On whose wish.
    #[serde(flatten)]
    pub act: SeriesAct,
}

/// On whose wish a practice cancels visits of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", tag = "action")]
pub enum SeriesAct {
    /// The practice's; the patient pays nothing.
    Cancel {
        /// Why.
        reason: ChangeReason,
    },
    /// The patient's; what was agreed at booking counts for each.
    CancelForPatient {
        /// Lets the patient off late fees.
        waive_fee: bool,
    },
}

impl From<SeriesAct> for PracticeAct {
    fn from(act: SeriesAct) -> Self {
        match act {
            SeriesAct::Cancel { reason } => Self::Cancel { reason },
            SeriesAct::CancelForPatient { waive_fee } => Self::CancelForPatient { waive_fee },
        }
    }
}
