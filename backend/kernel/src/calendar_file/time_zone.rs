//! A time zone's rules around some appointments, for calendars that do not know the zone by name.

use icalendar::Property;
use jiff::{
    SignedDuration, Timestamp,
    civil::{DateTime, date},
    tz::{Dst, Offset},
};
use shared_types::Zone;

use super::push;

/// How far around the appointments changes of the clock are written down. Zones with summer time change twice in it.
const REACH: SignedDuration = SignedDuration::from_hours(366 * 24);

/// From when on the wall clock is so far from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observance {
    /// The moment on the wall clock as it was before.
    pub onset: DateTime,
    /// Before.
    pub from: Offset,
    /// From then on.
    pub to: Offset,
    /// `AEDT`, or `+11` where there is no usual name.
    pub name: String,
    /// Whether it is summer time.
    pub summer: bool,
}

/// What holds at the first start first, then each change until a year after the last one.
pub fn observances(zone: Zone, first: Timestamp, last: Timestamp) -> Vec<Observance> {
    let rules = zone.time_zone();
    let second = SignedDuration::from_secs(1);
    // A change at this very moment counts as done.
    let holds = rules.preceding(first + second).next().filter(|change| change.timestamp() >= first - REACH);
    let changes = holds
        .into_iter()
        .chain(rules.following(first).take_while(|change| change.timestamp() <= last + REACH));
    let mut listed: Vec<_> = changes
        .map(|change| {
            let from = rules.to_offset(change.timestamp() - second);
            Observance {
                onset: from.to_datetime(change.timestamp()),
                from,
                to: change.offset(),
                name: change.abbreviation().to_owned(),
                summer: change.dst() == Dst::Yes,
            }
        })
        .collect();
    // A zone whose clock has not changed for long: what holds now held always, as far as these appointments know.
    let now = rules.to_offset_info(first);
    let begun = listed
        .first()
        .is_some_and(|change| change.from.to_timestamp(change.onset).is_ok_and(|onset| onset <= first));
    if !begun {
        let always = Observance {
            onset: date(1970, 1, 1).at(0, 0, 0, 0),
            from: now.offset(),
            to: now.offset(),
            name: now.abbreviation().to_owned(),
            summer: now.dst() == Dst::Yes,
        };
        listed.insert(0, always);
    }
    listed
}

/// Writes the zone as a `VTIMEZONE` (RFC 5545, 3.6.5), good for starts from the first to the last. Line by line, because
/// the crate's components add an id and a stamp to whatever they write, and a time zone has neither.
pub fn push_time_zone(out: &mut String, zone: Zone, first: Timestamp, last: Timestamp) {
    push(out, Property::new("BEGIN", "VTIMEZONE"));
    push(out, Property::new("TZID", zone.name()));
    for observance in observances(zone, first, last) {
        let kind = if observance.summer { "DAYLIGHT" } else { "STANDARD" };
        push(out, Property::new("BEGIN", kind));
        push(out, Property::new("DTSTART", local(observance.onset)));
        push(out, Property::new("TZOFFSETFROM", offset(observance.from)));
        push(out, Property::new("TZOFFSETTO", offset(observance.to)));
        push(out, Property::new("TZNAME", observance.name));
        push(out, Property::new("END", kind));
    }
    push(out, Property::new("END", "VTIMEZONE"));
}

/// `20261124T091500`.
pub fn local(time: DateTime) -> String {
    time.strftime("%Y%m%dT%H%M%S").to_string()
}

/// `+1030`.
fn offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp, tz::Offset};
    use shared_types::Zone;

    use super::{Observance, observances, push_time_zone};

    fn written(zone: &str, start: &str) -> String {
        let mut out = String::new();
        let start = start.parse().unwrap();
        push_time_zone(&mut out, zone.parse().unwrap(), start, start);
        out.replace("\r\n", "\n")
    }

    #[test]
    fn sydney_in_summer_has_its_change_before_and_two_after() {
        assert_eq!(
            written("Australia/Sydney", "2026-11-23T22:15:00Z"),
            "BEGIN:VTIMEZONE\nTZID:Australia/Sydney\n\
             BEGIN:DAYLIGHT\nDTSTART:20261004T020000\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1100\nTZNAME:AEDT\nEND:DAYLIGHT\n\
             BEGIN:STANDARD\nDTSTART:20270404T030000\nTZOFFSETFROM:+1100\nTZOFFSETTO:+1000\nTZNAME:AEST\nEND:STANDARD\n\
             BEGIN:DAYLIGHT\nDTSTART:20271003T020000\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1100\nTZNAME:AEDT\nEND:DAYLIGHT\n\
             END:VTIMEZONE\n"
        );
    }

    #[test]
    fn lord_howe_changes_by_half_an_hour() {
        let text = written("Australia/Lord_Howe", "2026-11-23T22:15:00Z");
        assert!(
            text.contains("DTSTART:20261004T020000\nTZOFFSETFROM:+1030\nTZOFFSETTO:+1100\nTZNAME:+11\n"),
            "{text}"
        );
        assert!(
            text.contains("DTSTART:20270404T020000\nTZOFFSETFROM:+1100\nTZOFFSETTO:+1030\nTZNAME:+1030\n"),
            "{text}"
        );
    }

    #[test]
    fn perth_and_eucla_do_not_change() {
        for (zone, offset, name) in
            [("Australia/Perth", "+0800", "AWST"), ("Australia/Eucla", "+0845", "+0845")]
        {
            assert_eq!(
                written(zone, "2026-11-23T22:15:00Z"),
                format!(
                    "BEGIN:VTIMEZONE\nTZID:{zone}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\n\
                     TZOFFSETTO:{offset}\nTZNAME:{name}\nEND:STANDARD\nEND:VTIMEZONE\n"
                )
            );
        }
    }

    /// Reads the observances as a calendar does: the last one that has begun holds.
    fn read(observances: &[Observance], instant: Timestamp) -> Offset {
        let begun =
            |observance: &&Observance| observance.from.to_timestamp(observance.onset).unwrap() <= instant;
        observances.iter().rfind(begun).unwrap().to
    }

    #[test]
    fn every_zone_reads_back_the_same_around_every_day_of_three_years() {
        let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for zone in Zone::ALL {
            for day in 0..1096 {
                let start = first + SignedDuration::from_hours(24 * day);
                let listed = observances(*zone, start, start);
                for hours in [0, 1, 24, 24 * 150, 24 * 300] {
                    let instant = start + SignedDuration::from_hours(hours);
                    assert_eq!(
                        read(&listed, instant),
                        zone.time_zone().to_offset(instant),
                        "{zone} {instant}"
                    );
                }
            }
        }
    }

    #[test]
    fn one_list_of_changes_is_good_for_years_of_appointments() {
        let first: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let last = first + SignedDuration::from_hours(24 * 1096);
        for zone in Zone::ALL {
            let listed = observances(*zone, first, last);
            for day in 0..1096 {
                let instant = first + SignedDuration::from_hours(24 * day);
                assert_eq!(read(&listed, instant), zone.time_zone().to_offset(instant), "{zone} {instant}");
            }
        }
    }

    /// Changes happen at 2 or 3 in the morning; an appointment at that very moment is after the change.
    #[test]
    fn an_appointment_at_the_change_itself_is_in_the_new_time() {
        let change: Timestamp = "2026-10-03T16:00:00Z".parse().unwrap();
        let listed = observances(Zone::SYDNEY, change, change);
        assert_eq!(read(&listed, change).seconds(), 11 * 3600);
    }
}
