//! Suspected data breaches: how long there is to find out, and what the statement has to say.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use shared_types::{BreachIncidentId, Zone};

/// How long there is to find out whether a suspected breach must be told: Privacy Act 1988 (Cth) s 26WH(2)(b), as
/// compliance C-17 has it.
const DAYS: i32 = 30;

/// The last day for the assessment: the thirtieth after the day of the suspicion, in Sydney, where the operator is.
pub fn assess_by(suspected_at: Timestamp) -> Date {
    Zone::SYDNEY.date(suspected_at).saturating_add(DAYS.days())
}

/// Where an incident stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody knows yet.
    Assessing,
    /// Something was decided; the last decision counts.
    Decided(Decision),
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Serious harm is likely: the Commissioner and the people must be told as soon as can be (s 26WK, 26WL).
    Notifiable,
    /// It is not, and why is written down.
    NotNotifiable,
    /// They were told.
    Notified,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Notifiable, Self::NotNotifiable, Self::Notified];

    /// As stored and as typed.
    pub fn code(self) -> &'static str {
        match self {
            Self::Notifiable => "notifiable",
            Self::NotNotifiable => "not_notifiable",
            Self::Notified => "notified",
        }
    }
}

impl FromStr for Decision {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let codes = Self::ALL.map(Self::code).join(", ");
        let found = Self::ALL.into_iter().find(|decision| decision.code() == text);
        found.ok_or_else(|| format!("expected one of {codes}"))
    }
}

impl Status {
    /// As stored; `None` for what is not.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "assessing" => Some(Self::Assessing),
            decided => decided.parse().ok().map(Self::Decided),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assessing => "assessing",
            Self::Decided(decision) => decision.code(),
        })
    }
}

/// A suspected breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreachIncident {
    /// Its id.
    pub breach_incident_id: BreachIncidentId,
    /// When somebody first suspected it.
    pub suspected_at: Timestamp,
    /// The last day for the assessment.
    pub assess_by: Date,
    /// What is suspected; names nobody.
    pub summary: String,
    /// Where it stands.
    pub status: Status,
}

impl BreachIncident {
    /// A draft of the statement of s 26WK(3): who we are, what happened, what kinds of information, and what people
    /// should do. What a person must fill in stands in brackets.
    pub fn draft(&self) -> String {
        let suspected = self.suspected_at.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC");
        format!(
            "DRAFT. Statement under section 26WK of the Privacy Act 1988 (Cth)\n\
             Incident {id}, {status}; suspected {suspected}; to be assessed by {assess_by}\n\n\
             1. Who we are\n\
             [name, address, e-mail address and telephone number of the operator]\n\n\
             2. What happened\n\
             {summary}\n\
             [when it began and ended, and how it was found]\n\n\
             3. The kinds of information concerned\n\
             [such as names, contact details, appointments with dates and professions, Medicare numbers]\n\
             What was sealed in the browser (reasons for visits, answers, files, messages) could not be read on our \
             servers. [Say here if that protection may have failed.]\n\n\
             4. What we recommend that you do\n\
             [such as changing a password, watching for false messages that name an appointment, asking Services \
             Australia to watch a Medicare number]\n\n\
             5. Who else was concerned\n\
             [other organisations, or none]\n\n\
             You may complain to the Office of the Australian Information Commissioner, oaic.gov.au.\n",
            id = self.breach_incident_id,
            status = self.status,
            assess_by = self.assess_by,
            summary = self.summary,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{BreachIncident, Decision, Status, assess_by};

    #[test]
    fn there_are_thirty_days_from_the_day_of_the_suspicion() {
        let check = |suspected: &str, last: &str| {
            assert_eq!(assess_by(suspected.parse().unwrap()), last.parse().unwrap(), "{suspected}");
        };
        check("2026-11-22T00:00:00+11:00", "2026-12-22");
        check("2026-11-22T23:59:59+11:00", "2026-12-22");
        check("2026-11-22T12:59:59Z", "2026-12-22");
        check("2026-11-22T13:00:00Z", "2026-12-23");
        check("2028-01-30T00:00:00Z", "2028-02-29");
    }

    #[test]
    fn every_status_is_read_as_it_is_written() {
        let all = Decision::ALL.map(Status::Decided);
        for status in all.into_iter().chain([Status::Assessing]) {
            assert_eq!(Status::from_code(&status.to_string()), Some(status));
        }
        assert_eq!(Status::from_code("closed"), None);
    }

    #[test]
    fn a_draft_says_what_is_known_and_leaves_brackets_for_the_rest() {
        let suspected_at = "2026-11-22T09:30:00+11:00".parse().unwrap();
        let incident = BreachIncident {
            breach_incident_id: uuid::Uuid::from_u128(7).into(),
            suspected_at,
            assess_by: assess_by(suspected_at),
            summary: "A staff password was guessed.".to_owned(),
            status: Status::Assessing,
        };
        let draft = incident.draft();
        for known in ["A staff password was guessed.", "2026-12-22", "21 November 2026, 22:30 UTC", "26WK"] {
            assert!(draft.contains(known), "{known} in {draft}");
        }
        assert!(draft.matches('[').count() >= 5);
    }
}
