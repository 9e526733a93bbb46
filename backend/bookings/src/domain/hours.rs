//! Whether something that is booked lies within open hours.

use jiff::Timestamp;
use shared_types::bookings::Availability;

/// Whether some open hours of its day cover an appointment, whoever they are for. Adjoining hours are not joined.
pub fn is_within(availability: &Availability, start: Timestamp, end: Timestamp) -> bool {
    let (zone, time_zone) = (availability.zone, availability.zone.time_zone());
    let day = zone.date(start);
    availability.hours(day).any(|(opens, closes, _)| {
        let instant = |time| time_zone.to_timestamp(day.to_datetime(time));
        let (Ok(opens), Ok(closes)) = (instant(opens), instant(closes)) else { return false };
        opens <= start && end <= closes
    })
}

#[cfg(test)]
mod tests {
    use jiff::{
        Timestamp,
        civil::{date, time},
    };
    use shared_types::{
        Zone,
        bookings::{Audience, Availability, Closure, Rule, Weekdays},
    };

    use super::is_within;

    #[test]
    fn an_appointment_is_within_the_hours_that_cover_all_of_it() {
        let monday = date(2026, 11, 23);
        let rule = Rule {
            weekdays: Weekdays::from_days(&[jiff::civil::Weekday::Monday]),
            opens: time(9, 0, 0, 0),
            closes: time(12, 0, 0, 0),
            audience: Audience::Existing,
            effective_from: None,
            effective_until: None,
        };
        let mut availability = Availability {
            zone: Zone::SYDNEY,
            rules: vec![rule],
            closures: Vec::new(),
            extra_hours: Vec::new(),
        };
        let at = |hour, minute| -> Timestamp {
            Zone::SYDNEY.time_zone().to_timestamp(monday.at(hour, minute, 0, 0)).unwrap()
        };
        for (start, end, expected) in [
            (at(9, 0), at(9, 30), true),
            (at(11, 30), at(12, 0), true),
            (at(8, 45), at(9, 15), false),
            (at(11, 45), at(12, 15), false),
            (at(14, 0), at(14, 30), false),
        ] {
            assert_eq!(is_within(&availability, start, end), expected, "{start}");
        }
        availability.closures.push(Closure { first: monday, last: monday });
        assert!(!is_within(&availability, at(9, 0), at(9, 30)), "nobody is there");
    }
}
