//! The calendar file of an appointment: RFC 5545, sent as RFC 5546 asks (both read 2026-11-22).
//!
//! A confirmation is `PUBLISH` and not `REQUEST`: a request asks the reader to accept or decline towards an organizer,
//! and neither answer would reach anybody or change the booking. A published event is added as it is; the same id
//! with a higher sequence replaces it, and `CANCEL` takes it out (RFC 5546, 4.1.3). For the same reason no
//! attendee is named.

pub mod feed;
mod time_zone;

use std::collections::BTreeMap;

use icalendar::{Class, Component as _, Event, EventStatus, Property};
use jiff::Timestamp;
use shared_types::{BookingId, Zone, bookings::AppointmentFact};

use self::time_zone::{local, push_time_zone};

/// Who answers for the event.
#[derive(Clone, Debug)]
pub struct Organizer {
    /// As people know them.
    pub name: Option<String>,
    /// A bare e-mail address.
    pub address: String,
}

/// What the id of each of our entries ends with, in whoever's calendar it is.
pub const UID_ENDS: &str = "@hellomapper";

/// The id of a booking's entry: the same in a file and in a feed, and after each move.
pub fn uid(booking: BookingId) -> String {
    format!("{booking}{UID_ENDS}")
}

/// What the calendar should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Add or replace it.
    Publish,
    /// Take it out.
    Cancel,
}

impl Method {
    /// The name in the file.
    pub fn code(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Cancel => "CANCEL",
        }
    }

    fn status(self) -> EventStatus {
        match self {
            Self::Publish => EventStatus::Confirmed,
            Self::Cancel => EventStatus::Cancelled,
        }
    }
}

/// What an entry says, in its reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its title, one line.
    pub summary: String,
    /// What else there is to know, in lines; it may be empty.
    pub description: String,
}

impl Words {
    /// In English; with the link where the appointment can be changed, if there is one.
    pub fn in_english(fact: &AppointmentFact, link: Option<&str>) -> Self {
        Self { summary: summary(fact), description: description(fact, link) }
    }
}

/// The file, in English. `written_at` is when the fact was told, so that the same fact gives the same file.
pub fn write(
    method: Method,
    fact: &AppointmentFact,
    organizer: &Organizer,
    link: Option<&str>,
    written_at: Timestamp,
) -> String {
    write_all(method, &[(fact, Words::in_english(fact, link))], organizer, written_at)
}

/// One file of several appointments, each with its words: what is published may be any number of events, each with an id of its own
/// (RFC 5546, 3.2.1; read 2026-11-26), so that each is replaced and taken out alone.
pub fn write_all(
    method: Method,
    appointments: &[(&AppointmentFact, Words)],
    organizer: &Organizer,
    written_at: Timestamp,
) -> String {
    let mut file = String::new();
    push(&mut file, Property::new("BEGIN", "VCALENDAR"));
    push(&mut file, Property::new("VERSION", "2.0"));
    push(&mut file, Property::new("PRODID", "-//HelloMapper//Appointments//EN"));
    push(&mut file, Property::new("CALSCALE", "GREGORIAN"));
    push(&mut file, Property::new("METHOD", method.code()));
    let starts = appointments.iter().map(|(fact, _)| (fact.role.time_zone, fact.start));
    for (zone, (first, last)) in zones(starts) {
        push_time_zone(&mut file, zone, first, last);
    }
    for (fact, words) in appointments {
        let event = event(method, fact, organizer, words, written_at);
        file.push_str(&event.try_into_string().expect(INFALLIBLE));
    }
    push(&mut file, Property::new("END", "VCALENDAR"));
    file
}

/// Every zone that is named, with its first start and its last.
fn zones(starts: impl Iterator<Item = (Zone, Timestamp)>) -> BTreeMap<Zone, (Timestamp, Timestamp)> {
    let mut zones = BTreeMap::new();
    for (zone, start) in starts {
        let reach = zones.entry(zone).or_insert((start, start));
        *reach = (reach.0.min(start), reach.1.max(start));
    }
    zones
}

const INFALLIBLE: &str = "writing to a string does not fail";

/// Writes one property, escaped and folded by the crate.
pub(super) fn push(out: &mut String, property: Property) {
    let line: Result<String, std::fmt::Error> = property.try_into();
    out.push_str(&line.expect(INFALLIBLE));
}

fn event(
    method: Method,
    fact: &AppointmentFact,
    organizer: &Organizer,
    words: &Words,
    written_at: Timestamp,
) -> Event {
    let mut event = Event::new();
    event
        .uid(&uid(fact.booking_id))
        .sequence(u32::try_from(fact.sequence).unwrap_or_default())
        .add_property("DTSTAMP", utc(written_at))
        .append_property(wall_time("DTSTART", fact.start, fact.role.time_zone))
        .append_property(wall_time("DTEND", fact.end, fact.role.time_zone))
        .append_property(organizer_property(organizer))
        .summary(&words.summary)
        .description(&words.description)
        .class(Class::Private)
        .append_property(method.status());
    if let Some(place) = place(fact) {
        event.add_property("LOCATION", place);
    }
    event
}

/// `20261122T000000Z`.
fn utc(instant: Timestamp) -> String {
    instant.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn wall_time(key: &str, instant: Timestamp, zone: Zone) -> Property {
    let wall = instant.to_zoned(zone.time_zone()).datetime();
    Property::new(key, local(wall)).add_parameter("TZID", zone.name()).done()
}

fn organizer_property(organizer: &Organizer) -> Property {
    let mut property = Property::new("ORGANIZER", format!("mailto:{}", organizer.address));
    if let Some(name) = &organizer.name {
        property.add_parameter("CN", &one_line(name).replace('"', ""));
    }
    property
}

fn summary(fact: &AppointmentFact) -> String {
    if fact.discreet {
        "Appointment".to_owned()
    } else {
        format!("Appointment with {}", one_line(&fact.role.name))
    }
}

/// Where to go; a discreet appointment does not say, since the place often says what for.
pub fn place(fact: &AppointmentFact) -> Option<String> {
    if fact.discreet {
        return None;
    }
    let parts = [fact.role.organization_name.as_deref().unwrap_or_default(), &fact.role.address];
    let parts: Vec<_> = parts.into_iter().map(one_line).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { None } else { Some(parts.join(", ")) }
}

fn description(fact: &AppointmentFact, link: Option<&str>) -> String {
    let mut lines = Vec::new();
    if let Some(link) = link {
        lines.push(format!("See, move or cancel it: {link}"));
    }
    if let (false, Some(phone)) = (fact.discreet, &fact.role.phone) {
        lines.push(format!("Practice phone: {}", one_line(phone)));
    }
    lines.join("\n")
}

/// One line: control characters, line breaks among them, become spaces. Names come from people, and a name must not
/// begin a new line in a calendar or a header.
pub fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Control characters, and the two separators that Unicode counts as line ends.
fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn no_name_begins_a_new_line() {
        assert_eq!(
            one_line("Ada\r\nBcc: x@example.org\u{2028}END:VEVENT\0"),
            "Ada Bcc: x@example.org END:VEVENT"
        );
    }
}
