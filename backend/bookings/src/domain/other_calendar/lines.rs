//! The lines of an iCalendar file (RFC 5545, 3.1 to 3.6) that say when somebody is busy. Nothing else of it is kept: no title,
//! no place, nobody's name.
//!
//! Components are followed here and not by the crate, which goes into them as deep as a file likes, and refuses all of a file
//! for one odd line in a part that does not matter. How a line is written is the crate's to read.

use icalendar::parser::{Property, unfold};
use shared_types::bookings::external_calendar::ReadFailure;

/// How many events a calendar may have.
const MOST_EVENTS: usize = 20_000;
/// How deep components may lie in each other; real ones are three deep.
const DEEPEST: usize = 8;

/// What matters in an event, in a listing of busy times, in a time zone, and in its changes of the clock.
const OF_EVENTS: [&str; 11] = [
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
];
const OF_LISTINGS: [&str; 1] = ["FREEBUSY"];
const OF_ZONES: [&str; 1] = ["TZID"];
const OF_CHANGES: [&str; 5] = ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"];

/// One property.
#[derive(Clone, Debug)]
pub struct Line {
    /// In capitals.
    pub name: String,
    pub value: String,
    params: Vec<(String, String)>,
}

impl Line {
    /// The value of a parameter, without quotes.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim_matches('"'))
    }
}

/// The lines of one component.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<Line>);

impl Lines {
    /// The first of that name.
    pub fn find(&self, name: &str) -> Option<&Line> {
        self.all(name).next()
    }

    /// All of that name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Line> {
        self.0.iter().filter(move |line| line.name == name)
    }

    /// Whether the first of that name says so.
    pub fn says(&self, name: &str, value: &str) -> bool {
        self.find(name).is_some_and(|line| line.value.trim().eq_ignore_ascii_case(value))
    }
}

/// A time zone as the file has it.
#[derive(Clone, Debug, Default)]
pub struct ZoneLines {
    pub lines: Lines,
    /// Each from when on which offset holds.
    pub changes: Vec<Lines>,
}

/// What a file says.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub events: Vec<Lines>,
    pub listings: Vec<Lines>,
    pub zones: Vec<ZoneLines>,
}

/// Where in a file one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Event,
    Listing,
    Zone,
    Change,
    /// Whatever does not matter.
    Other,
}

impl Within {
    fn of(path: &[String]) -> Self {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["VCALENDAR", "VEVENT"] => Self::Event,
            ["VCALENDAR", "VFREEBUSY"] => Self::Listing,
            ["VCALENDAR", "VTIMEZONE"] => Self::Zone,
            ["VCALENDAR", "VTIMEZONE", "STANDARD" | "DAYLIGHT"] => Self::Change,
            _ => Self::Other,
        }
    }

    fn wants(self, name: &str) -> bool {
        let wanted: &[&str] = match self {
            Self::Event => &OF_EVENTS,
            Self::Listing => &OF_LISTINGS,
            Self::Zone => &OF_ZONES,
            Self::Change => &OF_CHANGES,
            Self::Other => &[],
        };
        wanted.contains(&name)
    }
}

impl File {
    /// Reads a file. One that ends too early is refused as a whole: what is missing may be what matters.
    ///
    /// # Errors
    /// When it is no calendar, has too much in it, or has a line that matters and cannot be read.
    pub fn read(text: &str) -> Result<Self, ReadFailure> {
        let mut file = Self::default();
        let mut path: Vec<String> = Vec::new();
        let mut calendars = 0_usize;
        for line in unfold(text.trim_start_matches('\u{feff}')).lines() {
            let line = line.trim_end();
            let end = line.find([':', ';']).unwrap_or(line.len());
            let name = line[..end].trim().to_ascii_uppercase();
            let component = line[end..].trim_start_matches(':').trim().to_ascii_uppercase();
            match name.as_str() {
                "BEGIN" => {
                    calendars += usize::from(path.is_empty() && component == "VCALENDAR");
                    path.push(component);
                    if path.len() > DEEPEST {
                        return Err(ReadFailure::NotACalendar);
                    }
                    file.begin(Within::of(&path))?;
                }
                "END" => {
                    if path.pop() != Some(component) {
                        return Err(ReadFailure::NotACalendar);
                    }
                }
                _ => {
                    let within = Within::of(&path);
                    if within.wants(&name) {
                        file.add(within, read_line(line, name)?);
                    }
                }
            }
        }
        if calendars > 0 && path.is_empty() { Ok(file) } else { Err(ReadFailure::NotACalendar) }
    }

    fn begin(&mut self, within: Within) -> Result<(), ReadFailure> {
        match within {
            Within::Event => self.events.push(Lines::default()),
            Within::Listing => self.listings.push(Lines::default()),
            Within::Zone => self.zones.push(ZoneLines::default()),
            Within::Change => {
                if let Some(zone) = self.zones.last_mut() {
                    zone.changes.push(Lines::default());
                }
            }
            Within::Other => {}
        }
        if self.events.len() > MOST_EVENTS { Err(ReadFailure::TooLarge) } else { Ok(()) }
    }

    fn add(&mut self, within: Within, line: Line) {
        let lines = match within {
            Within::Event => self.events.last_mut(),
            Within::Listing => self.listings.last_mut(),
            Within::Zone => self.zones.last_mut().map(|zone| &mut zone.lines),
            Within::Change => self.zones.last_mut().and_then(|zone| zone.changes.last_mut()),
            Within::Other => None,
        };
        if let Some(Lines(lines)) = lines {
            lines.push(line);
        }
    }
}

fn read_line(line: &str, name: String) -> Result<Line, ReadFailure> {
    let property = Property::try_from(line).map_err(|_| ReadFailure::NotUnderstood)?;
    let params = property.params.iter().map(|param| {
        let value = param.val.as_ref().map(|value| value.as_str().to_owned());
        (param.key.as_str().to_owned(), value.unwrap_or_default())
    });
    Ok(Line { name, value: property.val.as_str().to_owned(), params: params.collect() })
}

#[cfg(test)]
mod tests {
    use shared_types::bookings::external_calendar::ReadFailure;

    use super::File;

    #[test]
    fn lines_are_unfolded_and_what_does_not_matter_is_left_out() {
        let file = File::read(
            "\u{feff}BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\r\nX-ODD LINE\r\nbegin:VEVENT\r\nSUMMARY:Surgery\r\n\
             DTSTART;TZID=\"AUS Eastern Stan\r\n dard Time\":20261123T090000\r\nBEGIN:VALARM\r\nDURATION:PT5M\r\nEND:VALARM\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n",
        )
        .unwrap();
        assert_eq!(file.events.len(), 1);
        let event = &file.events[0];
        assert_eq!(event.find("DTSTART").unwrap().param("tzid"), Some("AUS Eastern Standard Time"));
        assert_eq!(event.find("DTSTART").unwrap().value, "20261123T090000");
        assert!(event.find("DURATION").is_none() && event.find("SUMMARY").is_none());
    }

    #[test]
    fn a_file_that_is_no_calendar_or_not_all_of_one_is_refused() {
        for text in [
            "",
            "<!DOCTYPE html><title>Sign in</title>",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCARD\r\nEND:VCARD\r\n",
            &"BEGIN:VCALENDAR\r\n".repeat(1_000_000),
        ] {
            assert_eq!(File::read(text).unwrap_err(), ReadFailure::NotACalendar);
        }
    }
}
