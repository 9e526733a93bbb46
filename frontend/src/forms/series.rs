//! How often something is to come back, and which of its visits were agreed to. Pure.

use jiff::Timestamp;
use shared_types::{
    bookings::series::{Every, Finding, SERIES_VISITS, SeriesReport, SeriesVisit},
    problem::FieldError,
};

/// What is chosen of repeating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepeatForm {
    /// How often; none for one visit alone.
    pub every: Option<Every>,
    /// `10`.
    pub visits: String,
}

impl RepeatForm {
    /// How often and how many visits; none for one alone.
    ///
    /// # Errors
    /// When the number is none that a series can have.
    pub fn read(&self) -> Result<Option<(Every, u16)>, FieldError> {
        let Some(every) = self.every else { return Ok(None) };
        let visits = self.visits.trim().parse().ok().filter(|visits| SERIES_VISITS.contains(visits));
        let wrong = || FieldError::new("/visits", "Use 2 to 26 visits");
        visits.map(|visits| Some((every, visits))).ok_or_else(wrong)
    }
}

/// Of each visit the start that is wanted, as far as nobody has chosen: what is free is, and the rest is left out.
pub fn first_choice(report: &SeriesReport) -> Vec<Option<Timestamp>> {
    let free = |visit: &SeriesVisit| (visit.finding == Finding::Free).then_some(visit.start);
    report.visits.iter().map(free).collect()
}

/// What can be chosen for a visit: its own time where the desk can book it, and the times around it.
pub fn offered(visit: &SeriesVisit) -> Vec<Timestamp> {
    let own = visit.finding.can_be_booked().then_some(visit.start);
    let mut starts: Vec<_> = own.into_iter().chain(visit.alternatives.iter().copied()).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// What is to be booked, in order.
pub fn agreed(choices: &[Option<Timestamp>]) -> Vec<Timestamp> {
    let mut starts: Vec<_> = choices.iter().flatten().copied().collect();
    starts.sort_unstable();
    starts
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::{
        Zone,
        bookings::series::{Every, Finding, SeriesReport, SeriesVisit},
    };

    use super::{RepeatForm, agreed, first_choice, offered};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_series_has_two_to_twenty_six_visits() {
        let form = |every, visits: &str| RepeatForm { every, visits: visits.to_owned() };
        assert_eq!(form(None, "").read(), Ok(None));
        assert_eq!(form(Some(Every::Week), " 26 ").read(), Ok(Some((Every::Week, 26))));
        for wrong in ["", "1", "27", "ten"] {
            assert!(form(Some(Every::Fortnight), wrong).read().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_free_is_chosen_and_what_is_taken_can_only_be_another_time() {
        let visit = |start: &str, finding, alternatives: &[&str]| SeriesVisit {
            start: at(start),
            end: at(start),
            finding,
            alternatives: alternatives.iter().map(|other| at(other)).collect(),
        };
        let taken = visit("2026-12-06T23:00:00Z", Finding::Taken, &["2026-12-06T22:30:00Z"]);
        let leave =
            visit("2026-12-13T23:00:00Z", Finding::Closed { holiday: None }, &["2026-12-14T23:00:00Z"]);
        let report = SeriesReport {
            time_zone: Zone::SYDNEY,
            as_of: at("2026-11-22T00:00:00Z"),
            visits: vec![visit("2026-11-29T23:00:00Z", Finding::Free, &[]), taken.clone(), leave.clone()],
        };
        assert_eq!(first_choice(&report), [Some(at("2026-11-29T23:00:00Z")), None, None]);
        assert_eq!(offered(&taken), [at("2026-12-06T22:30:00Z")]);
        assert_eq!(offered(&leave), [at("2026-12-13T23:00:00Z"), at("2026-12-14T23:00:00Z")]);
        let choices = [Some(at("2026-12-14T23:00:00Z")), None, Some(at("2026-11-29T23:00:00Z"))];
        assert_eq!(agreed(&choices), [at("2026-11-29T23:00:00Z"), at("2026-12-14T23:00:00Z")]);
    }
}
