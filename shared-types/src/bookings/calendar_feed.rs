//! Calendars that people subscribe to by a secret address: a patient's own appointments, and what is booked with a
//! practitioner at a place. Whoever has the address reads it, without signing in, until it is replaced or switched off.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/me/calendar-feed` | `find_calendar_feed` | Account | → [`FeedState`] |
//! | POST the same | `create_calendar_feed` | Account | [`CreateFeed`] → 201 [`FeedMade`], instead of the one before |
//! | DELETE the same | `delete_calendar_feed` | Account | → 204 |
//! | GET `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/calendar-feed` | `find_role_feed` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | → [`FeedState`] |
//! | POST the same | `create_role_feed` | managers, owners, the keeper | [`CreateFeed`] → 201 [`FeedMade`], instead of the one before |
//! | DELETE the same | `delete_role_feed` | the same | → 204 |
//! | GET `/api/v1/bookings/calendar-feeds/{token}/calendar.ics` | `read_calendar_feed` | Public | → iCalendar; 304 for an `If-None-Match` that still holds |
//!
//! What a feed says cannot be changed under an address that is out already: whoever has it agreed to nothing new. Another
//! choice makes another address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;

/// How much a feed says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeedDetail {
    /// When, and nothing else: "Appointment" in a patient's, "Busy" in a practitioner's.
    #[default]
    Times,
    /// With whom and where in a patient's, but for discreet visits; initials in a practitioner's.
    Details,
}

impl FeedDetail {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Times, Self::Details];

    /// The name used in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Times => "times",
            Self::Details => "details",
        }
    }

    /// Reads [`FeedDetail::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|detail| detail.code() == code)
    }
}

/// A feed, as its owner sees it later: without its address, of which only a fingerprint is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarFeed {
    /// How much it says.
    pub detail: FeedDetail,
    /// When its address was made.
    pub created_at: Timestamp,
    /// When a calendar last asked for it.
    pub last_read_at: Option<Timestamp>,
}

/// The feed, when there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedState {
    /// None is switched on.
    pub feed: Option<CalendarFeed>,
}

/// Makes an address, instead of the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateFeed {
    /// How much it says.
    pub detail: FeedDetail,
}

/// An address was made. It is told this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedMade {
    /// What it says.
    pub feed: CalendarFeed,
    /// Its path at our own address, with the secret.
    pub path: Personal<String>,
}

#[cfg(test)]
mod tests {
    use super::FeedDetail;

    #[test]
    fn codes_read_back() {
        for detail in FeedDetail::ALL {
            assert_eq!(FeedDetail::from_code(detail.code()), Some(detail));
        }
        assert_eq!(FeedDetail::from_code("everything"), None);
    }
}
