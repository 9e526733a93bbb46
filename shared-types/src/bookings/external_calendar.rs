//! A practitioner's other calendar, read by its address: when they are busy elsewhere, that time is not sold. Only from when
//! to when is kept, and nothing of what it is.
//!
//! | method, path | operation | policy | body → reply |
//! |---|---|---|---|
//! | GET `/api/v1/bookings/practices/{organization_id}/roles/{practitioner_role_id}/external-calendar` | `find_external_calendar` | the staff in [`CALENDAR_STAFF`](super::practice::CALENDAR_STAFF) | → [`ExternalCalendarState`] |
//! | PUT the same | `put_external_calendar` | managers, owners, the keeper | [`PutExternalCalendar`] → [`ExternalCalendarState`] |
//! | DELETE the same | `delete_external_calendar` | the same | → 204 |
//!
//! It moves and cancels nothing: what is booked and now overlaps is listed, and staff decide. Whenever the calendar could not
//! be read for longer than it is good for, none of the role's times are offered, instant or on request, until it is read again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::schedule::OutsideAppointment;
use crate::personal::Personal;

/// Reads this calendar from now on, instead of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PutExternalCalendar {
    /// Where it is published: `https://…` or `webcal://…`. Such addresses are secrets.
    pub address: Personal<String>,
}

impl PutExternalCalendar {
    /// Where it is fetched: `webcal` is how calendar programs say that a calendar is there. Whether that is an address that is
    /// called, whoever calls it knows.
    pub fn fetched_from(&self) -> String {
        let text = self.address.expose().trim();
        let calendar =
            |scheme: &str| ["webcal", "webcals"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        match text.split_once("://") {
            Some((scheme, rest)) if calendar(scheme) => format!("https://{rest}"),
            Some(_) | None => text.to_owned(),
        }
    }
}

/// Why a calendar could not be read the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReadFailure {
    /// Its server does not answer, or not in time.
    Unreachable,
    /// Its address leads to where we do not go: not to the public internet, or not by https.
    NotAllowed,
    /// Its server says no.
    Refused,
    /// It is larger than we read, or its repetitions are endless work.
    TooLarge,
    /// It is no calendar, or not a whole one.
    NotACalendar,
    /// An event in it repeats, or says its time, in a way that we cannot read for certain.
    NotUnderstood,
}

impl ReadFailure {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Unreachable,
        Self::NotAllowed,
        Self::Refused,
        Self::TooLarge,
        Self::NotACalendar,
        Self::NotUnderstood,
    ];

    /// The name used in the database and on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::NotAllowed => "not_allowed",
            Self::Refused => "refused",
            Self::TooLarge => "too_large",
            Self::NotACalendar => "not_a_calendar",
            Self::NotUnderstood => "not_understood",
        }
    }

    /// Reads [`ReadFailure::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }
}

/// A calendar that is read, without its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExternalCalendar {
    /// Its host: enough to know which it is.
    pub host: String,
    /// Since when it is read.
    pub set_at: Timestamp,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
    /// Until when that is good for. Afterwards, and before the first time, no times of the role are offered.
    pub fresh_until: Option<Timestamp>,
    /// Why the last try failed, where it did.
    pub failure: Option<ReadFailure>,
    /// How many spans of time it takes from now on.
    pub busy_spans: i64,
}

/// The calendar, when there is one, and what is booked in spite of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExternalCalendarState {
    /// None is read.
    pub calendar: Option<ExternalCalendar>,
    /// What is booked with the role and overlaps it, the next one first. Each stands until somebody moves or cancels it.
    pub overlaps: Vec<OutsideAppointment>,
    /// The clock of the reply.
    pub as_of: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::{PutExternalCalendar, ReadFailure};

    #[test]
    fn an_address_is_https_whatever_a_calendar_program_calls_it() {
        for (address, from) in [
            (" webcal://p1.example.org/a?b=c ", "https://p1.example.org/a?b=c"),
            ("WEBCAL://example.org/", "https://example.org/"),
            ("https://example.org/a.ics", "https://example.org/a.ics"),
            ("example.org", "example.org"),
        ] {
            let put = PutExternalCalendar { address: address.to_owned().into() };
            assert_eq!(put.fetched_from(), from);
        }
    }

    #[test]
    fn codes_read_back() {
        for failure in ReadFailure::ALL {
            assert_eq!(ReadFailure::from_code(failure.code()), Some(failure));
        }
        assert_eq!(ReadFailure::from_code("tired"), None);
    }
}
