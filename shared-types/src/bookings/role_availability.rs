//! What free times are worked out from, as it crosses the wire.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::free_times::{Availability, Busy, Offering, free_times, with_open_sessions};
use crate::{AppointmentTypeId, PractitionerRoleId};

/// All that the free times of one appointment type follow from, over a span of days.
///
/// It says what is taken and not by whom or why, and only as far as the free times themselves show it
/// (see [`apparent_busy`](super::free_times::apparent_busy)). That a day is closed rather than full can be told; leave
/// and holidays look the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleAvailability {
    /// Whose.
    pub practitioner_role_id: PractitionerRoleId,
    /// Of what.
    pub appointment_type_id: AppointmentTypeId,
    /// When this was true; "now" for [`RoleAvailability::free_times`].
    pub as_of: Timestamp,
    /// The first day, on the calendar of the place.
    pub from: Date,
    /// The last day, included.
    pub to: Date,
    /// The hours of those days, and the place's zone.
    pub availability: Availability,
    /// What is to be booked; absent when the role cannot be booked.
    pub offering: Option<Offering>,
    /// What is taken in those days, in order and disjoint.
    pub busy: Vec<Busy>,
    /// The first free start after those days, when there is one within the horizon.
    pub next: Option<Timestamp>,
    /// Group sessions in those days that have begun to fill and have a seat left. Who sits there is nobody's business.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Timestamp>,
}

impl RoleAvailability {
    /// The free starts from one day to another, both included, in order. Days beyond [`RoleAvailability::from`] and
    /// [`RoleAvailability::to`] are not known and give none.
    pub fn free_times(&self, from: Date, to: Date) -> Vec<Timestamp> {
        let Some(offering) = &self.offering else { return Vec::new() };
        let window = self.availability.zone.days(from.max(self.from), to.min(self.to));
        let starts = free_times(&self.availability, offering, &self.busy, window.clone(), self.as_of);
        with_open_sessions(starts, &self.sessions, &window)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{
        Timestamp,
        civil::{Date, date, time},
    };

    use super::RoleAvailability;
    use crate::{
        Zone,
        bookings::{Audience, Availability, Busy, Offering, Rule, Weekdays},
    };

    const MONDAY: Date = date(2026, 11, 23);
    const SUNDAY: Date = date(2026, 11, 29);

    /// One hour at nine each weekday; Tuesday's is taken.
    fn week() -> RoleAvailability {
        let rule = Rule {
            weekdays: Weekdays::from_bits(31).unwrap(),
            opens: time(9, 0, 0, 0),
            closes: time(10, 0, 0, 0),
            audience: Audience::All,
            effective_from: None,
            effective_until: None,
        };
        RoleAvailability {
            practitioner_role_id: "00000000-0000-7000-8000-000000000001".parse().unwrap(),
            appointment_type_id: "00000000-0000-7000-8000-000000000002".parse().unwrap(),
            as_of: Zone::SYDNEY.start_of_day(MONDAY),
            from: MONDAY,
            to: SUNDAY,
            availability: Availability {
                zone: Zone::SYDNEY,
                rules: vec![rule],
                closures: Vec::new(),
                extra_hours: Vec::new(),
            },
            offering: Some(Offering {
                duration_minutes: 60,
                buffer_before_minutes: 0,
                buffer_after_minutes: 0,
                step_minutes: 60,
                notice_minutes: 0,
                horizon_days: 60,
                audience: Audience::All,
                telehealth: false,
            }),
            busy: vec![Busy { start: at(date(2026, 11, 24), 9), end: at(date(2026, 11, 24), 10) }],
            next: None,
            sessions: Vec::new(),
        }
    }

    fn at(day: Date, hour: i8) -> Timestamp {
        day.at(hour, 0, 0, 0).to_zoned(Zone::SYDNEY.time_zone()).unwrap().timestamp()
    }

    #[test]
    fn a_span_of_the_known_days_can_be_asked_about() {
        let wednesday = date(2026, 11, 25);
        assert_eq!(week().free_times(MONDAY, wednesday), [at(MONDAY, 9), at(wednesday, 9)]);
        assert_eq!(week().free_times(wednesday, MONDAY), []);
    }

    #[test]
    fn a_session_with_a_seat_left_is_free_though_its_time_is_taken() {
        let tuesday = date(2026, 11, 24);
        let group = RoleAvailability { sessions: vec![at(tuesday, 9)], ..week() };
        assert_eq!(group.free_times(MONDAY, tuesday), [at(MONDAY, 9), at(tuesday, 9)]);
        assert_eq!(group.free_times(MONDAY, MONDAY), [at(MONDAY, 9)]);
    }

    #[test]
    fn days_that_are_not_known_have_no_times() {
        assert_eq!(week().free_times(date(2020, 1, 1), date(2030, 1, 1)).len(), 4);
        assert_eq!(week().free_times(date(2026, 11, 30), date(2026, 12, 6)), []);
    }

    #[test]
    fn who_cannot_be_booked_has_no_times() {
        assert_eq!(RoleAvailability { offering: None, ..week() }.free_times(MONDAY, SUNDAY), []);
    }

    #[test]
    fn the_text_reads_back_as_what_was_said() {
        let text = serde_json::to_string(&week()).unwrap();
        assert_eq!(serde_json::from_str::<RoleAvailability>(&text).unwrap(), week());
    }
}
