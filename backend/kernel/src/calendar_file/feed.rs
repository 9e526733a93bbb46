//! A calendar that people subscribe to: everything of somebody's in one published file (RFC 5546, 3.2.1) with its name and
//! how often to look again (RFC 7986, 5.1 and 5.7; both read 2026-11-26).
//!
//! An entry keeps its id over every move, and its sequence goes up with each. What was cancelled stays in the file for a
//! while as cancelled, for calendars that take nothing away by themselves. The file follows from its entries alone, so that
//! the same entries are the same bytes and a reader can be told that nothing has changed.

use icalendar::{Class, Component as _, Event, EventStatus, Property};
use jiff::Timestamp;
use shared_types::{BookingId, Zone};

use super::{
    INFALLIBLE, Organizer, one_line, organizer_property, push, push_time_zone, uid, utc, wall_time, zones,
};

/// How often calendars are asked to look again; several add both properties' times up or go by one alone.
const REFRESH: &str = "PT1H";

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It will be, or was.
    Confirmed,
    /// Somebody has yet to agree.
    Tentative,
    /// It is off.
    Cancelled,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// By which it keeps its id.
    pub booking_id: BookingId,
    /// How often it changed.
    pub sequence: i32,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
    /// Where its wall is.
    pub zone: Zone,
    /// When it starts.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// Its title.
    pub summary: String,
    /// Where to go.
    pub location: Option<String>,
    /// What else is to be known.
    pub description: Option<String>,
}

/// A calendar of that name. Its own zone is written even where there is nothing in it: a calendar has at least one component.
pub fn write(name: &str, zone: Zone, organizer: &Organizer, entries: &[Entry]) -> String {
    let name = one_line(name);
    let mut file = String::new();
    push(&mut file, Property::new("BEGIN", "VCALENDAR"));
    push(&mut file, Property::new("VERSION", "2.0"));
    push(&mut file, Property::new("PRODID", "-//HelloMapper//Calendar feed//EN"));
    push(&mut file, Property::new("CALSCALE", "GREGORIAN"));
    push(&mut file, Property::new("METHOD", "PUBLISH"));
    push(&mut file, Property::new("NAME", name.as_str()).add_parameter("VALUE", "TEXT").done());
    push(&mut file, Property::new("X-WR-CALNAME", name.as_str()));
    push(&mut file, Property::new("X-WR-TIMEZONE", zone.name()));
    push(&mut file, Property::new("REFRESH-INTERVAL", REFRESH).add_parameter("VALUE", "DURATION").done());
    push(&mut file, Property::new("X-PUBLISHED-TTL", REFRESH));
    let mut zones = zones(entries.iter().map(|entry| (entry.zone, entry.start)));
    if zones.is_empty() {
        zones.insert(zone, (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH));
    }
    for (zone, (first, last)) in zones {
        push_time_zone(&mut file, zone, first, last);
    }
    for entry in entries {
        file.push_str(&event(entry, organizer).try_into_string().expect(INFALLIBLE));
    }
    push(&mut file, Property::new("END", "VCALENDAR"));
    file
}

fn event(entry: &Entry, organizer: &Organizer) -> Event {
    let status = match entry.standing {
        Standing::Confirmed => EventStatus::Confirmed,
        Standing::Tentative => EventStatus::Tentative,
        Standing::Cancelled => EventStatus::Cancelled,
    };
    let mut event = Event::new();
    event
        .uid(&uid(entry.booking_id))
        .sequence(u32::try_from(entry.sequence).unwrap_or_default())
        .add_property("DTSTAMP", utc(entry.changed_at))
        .add_property("LAST-MODIFIED", utc(entry.changed_at))
        .append_property(wall_time("DTSTART", entry.start, entry.zone))
        .append_property(wall_time("DTEND", entry.end, entry.zone))
        .append_property(organizer_property(organizer))
        .class(Class::Private)
        .append_property(status);
    if entry.standing == Standing::Cancelled {
        // For calendars that show it all the same.
        event
            .summary(&format!("Cancelled: {}", one_line(&entry.summary)))
            .add_property("TRANSP", "TRANSPARENT");
    } else {
        event.summary(&one_line(&entry.summary)).add_property("TRANSP", "OPAQUE");
    }
    if let Some(location) = &entry.location {
        event.add_property("LOCATION", location.as_str());
    }
    if let Some(description) = &entry.description {
        event.description(description);
    }
    event
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use shared_types::Zone;
    use uuid::Uuid;

    use super::{Entry, Standing, write};
    use crate::calendar_file::Organizer;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn entry(number: u128, zone: &str, start: &str, standing: Standing) -> Entry {
        Entry {
            booking_id: Uuid::from_u128(number).into(),
            sequence: 2,
            changed_at: at("2026-11-22T00:00:00Z"),
            standing,
            zone: zone.parse().unwrap(),
            start: at(start),
            end: at(start) + jiff::SignedDuration::from_mins(30),
            summary: "Appointment".to_owned(),
            location: None,
            description: None,
        }
    }

    fn feed(entries: &[Entry]) -> String {
        let organizer = Organizer { name: None, address: "no-reply@localhost".to_owned() };
        let text = write("Lee, Kim; busy", Zone::SYDNEY, &organizer, entries);
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
        text.replace("\r\n", "\n")
    }

    #[test]
    fn an_empty_calendar_has_a_name_and_a_component() {
        let text = feed(&[]);
        assert!(
            text.contains("METHOD:PUBLISH\n") && text.contains("NAME;VALUE=TEXT:Lee\\, Kim\\; busy\n"),
            "{text}"
        );
        assert!(text.contains("REFRESH-INTERVAL;VALUE=DURATION:PT1H\n"), "{text}");
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1, "{text}");
        assert!(!text.contains("VEVENT"), "{text}");
    }

    #[test]
    fn each_zone_is_written_once_with_every_change_that_its_entries_need() {
        let text = feed(&[
            entry(1, "Australia/Sydney", "2026-09-01T00:00:00Z", Standing::Confirmed),
            entry(2, "Australia/Sydney", "2027-06-01T00:00:00Z", Standing::Tentative),
            entry(3, "Australia/Perth", "2026-12-01T00:00:00Z", Standing::Confirmed),
            entry(4, "Australia/Lord_Howe", "2026-12-01T00:00:00Z", Standing::Confirmed),
        ]);
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 3, "{text}");
        assert!(text.contains("DTSTART:20261004T020000\nTZOFFSETFROM:+1000\nTZOFFSETTO:+1100\n"), "{text}");
        assert!(text.contains("DTSTART:20261004T020000\nTZOFFSETFROM:+1030\nTZOFFSETTO:+1100\n"), "{text}");
        assert!(text.contains("DTSTART;TZID=Australia/Sydney:20260901T100000\n"), "{text}");
        assert!(text.contains("DTSTART;TZID=Australia/Lord_Howe:20261201T110000\n"), "{text}");
        assert!(text.contains("STATUS:TENTATIVE\n"), "{text}");
    }

    #[test]
    fn what_was_cancelled_says_so_and_takes_no_time() {
        let text = feed(&[entry(1, "Australia/Sydney", "2026-12-01T00:00:00Z", Standing::Cancelled)]);
        for line in ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "SUMMARY:Cancelled: Appointment", "SEQUENCE:2"]
        {
            assert!(text.contains(&format!("{line}\n")), "{line} in {text}");
        }
        assert!(text.contains("UID:00000000-0000-0000-0000-000000000001@hellomapper\n"), "{text}");
    }
}
