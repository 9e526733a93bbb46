//! Times as a file writes them, and which instants they may mean. Where that is not one, both are given: an event begins at the
//! earliest and ends at the latest, so that nothing is sold that may be taken.

use std::collections::HashMap;

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};
use shared_types::Zone;

use super::{
    lines::{Lines, ZoneLines},
    repeat::{Repeat, Work},
};

/// Names of Australian zones that others use for them: older ones of the time zone database, and those of Windows
/// (unicode-org/cldr, windowsZones.xml, read 2026-11-26).
const OTHER_NAMES: [(&str, &str); 19] = [
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("Australia/ACT", "Australia/Sydney"),
    ("Australia/Canberra", "Australia/Sydney"),
    ("Australia/Currie", "Australia/Hobart"),
    ("Australia/LHI", "Australia/Lord_Howe"),
    ("Australia/NSW", "Australia/Sydney"),
    ("Australia/North", "Australia/Darwin"),
    ("Australia/Queensland", "Australia/Brisbane"),
    ("Australia/South", "Australia/Adelaide"),
    ("Australia/Tasmania", "Australia/Hobart"),
    ("Australia/Victoria", "Australia/Melbourne"),
    ("Australia/West", "Australia/Perth"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("W. Australia Standard Time", "Australia/Perth"),
];
const UNIVERSAL: [&str; 6] = ["UTC", "GMT", "Etc/UTC", "Etc/GMT", "Etc/Universal", "Z"];

/// The offsets that clocks on earth show, at most and at least.
const MOST: Offset = Offset::constant(14);
const LEAST: Offset = Offset::constant(-12);
/// How long before and after a change of the clock its wall is uncertain: longer than any clock was ever changed by.
const AROUND_CHANGE: SignedDuration = SignedDuration::from_hours(3);
/// How many changes of the clock one zone may have in the years that matter.
const MOST_CHANGES: usize = 400;

/// A value of a date or a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `20261123`: a whole day.
    Day(Date),
    /// `20261123T090000`: on some wall.
    Wall(DateTime),
    /// `20261122T220000Z`.
    Instant(Timestamp),
}

/// Reads one; `None` for anything else.
pub fn read_date_time(text: &str) -> Option<Reading> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i16>().ok())?
    };
    let small = |from: usize, to: usize| i8::try_from(number(from, to)?).ok();
    let day = Date::new(number(0, 4)?, small(4, 6)?, small(6, 8)?).ok()?;
    match text.get(8..)? {
        "" => Some(Reading::Day(day)),
        rest if rest.starts_with('T') && matches!(rest.get(7..), Some("" | "Z")) => {
            // A leap second counts as the one before it.
            let time = Time::new(small(9, 11)?, small(11, 13)?, small(13, 15)?.min(59), 0).ok()?;
            let wall = day.to_datetime(time);
            if rest.ends_with('Z') {
                Some(Reading::Instant(Offset::UTC.to_timestamp(wall).ok()?))
            } else {
                Some(Reading::Wall(wall))
            }
        }
        _ => None,
    }
}

/// Whose wall a time is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wall {
    Universal,
    Place(Zone),
    /// As the file itself says, by its number.
    Defined(usize),
    /// Nobody says where that is.
    Unknown,
}

/// A time on a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub when: DateTime,
    pub wall: Wall,
    /// Only a day was given.
    pub whole_day: bool,
}

/// Every wall of a file.
#[derive(Debug)]
pub struct Walls {
    /// Where the practitioner works: on whose wall times without a place are.
    own: Zone,
    numbers: HashMap<String, usize>,
    /// For each zone of the file, in order: from when on, on the wall before, which offset holds; and the one before the first.
    defined: Vec<(Offset, Vec<(DateTime, Offset)>)>,
}

impl Walls {
    /// The walls of a file with these zones, as far as the years from the first to the last need them. A zone that cannot be read
    /// is not known.
    pub fn new(own: Zone, zones: &[ZoneLines], (first, last): (Date, Date), work: &mut Work) -> Self {
        let mut walls = Self { own, numbers: HashMap::new(), defined: Vec::new() };
        for zone in zones {
            let Some(name) = zone.lines.find("TZID").map(|line| line.value.trim().to_owned()) else {
                continue;
            };
            if let Some(defined) = define(&zone.changes, (first, last), work) {
                walls.numbers.insert(name, walls.defined.len());
                walls.defined.push(defined);
            }
        }
        walls
    }

    /// A value as a time, with the zone that its line names.
    pub fn read(&self, value: &str, zone: Option<&str>) -> Option<Moment> {
        match read_date_time(value.trim())? {
            Reading::Day(day) => {
                let when = day.to_datetime(Time::midnight());
                Some(Moment { when, wall: Wall::Place(self.own), whole_day: true })
            }
            Reading::Wall(when) => Some(Moment { when, wall: self.find(zone), whole_day: false }),
            Reading::Instant(instant) => {
                let when = Offset::UTC.to_datetime(instant);
                Some(Moment { when, wall: Wall::Universal, whole_day: false })
            }
        }
    }

    /// Names that everybody knows go before what a file says of them.
    fn find(&self, name: Option<&str>) -> Wall {
        let Some(name) = name.map(str::trim) else { return Wall::Place(self.own) };
        if UNIVERSAL.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Wall::Universal;
        }
        // Some programs put a path before it: `/citadel.org/20210210_1/Australia/Sydney`.
        let ends = |known: &str| {
            let at = name.len().checked_sub(known.len());
            at.and_then(|at| name.split_at_checked(at))
                .is_some_and(|(path, end)| end == known && (path.is_empty() || path.ends_with('/')))
        };
        let other = OTHER_NAMES.iter().find(|(known, _)| ends(known)).and_then(|(_, name)| name.parse().ok());
        let known = Zone::ALL.iter().copied().find(|zone| ends(zone.name())).or(other);
        match (known, self.numbers.get(name)) {
            (Some(zone), _) => Wall::Place(zone),
            (None, Some(number)) => Wall::Defined(*number),
            (None, None) => Wall::Unknown,
        }
    }

    /// The earliest instant that a wall may show this at.
    pub fn earliest(&self, wall: Wall, when: DateTime) -> Option<Timestamp> {
        match wall {
            Wall::Place(zone) => zone.time_zone().to_ambiguous_timestamp(when).earlier().ok(),
            Wall::Universal | Wall::Defined(_) | Wall::Unknown => {
                self.offsets(wall, when).1.to_timestamp(when).ok()
            }
        }
    }

    /// The latest one.
    pub fn latest(&self, wall: Wall, when: DateTime) -> Option<Timestamp> {
        match wall {
            Wall::Place(zone) => zone.time_zone().to_ambiguous_timestamp(when).later().ok(),
            Wall::Universal | Wall::Defined(_) | Wall::Unknown => {
                self.offsets(wall, when).0.to_timestamp(when).ok()
            }
        }
    }

    /// The least and the most that the wall may be ahead by.
    fn offsets(&self, wall: Wall, when: DateTime) -> (Offset, Offset) {
        let defined = match wall {
            Wall::Universal => return (Offset::UTC, Offset::UTC),
            Wall::Defined(number) => self.defined.get(number),
            Wall::Place(_) | Wall::Unknown => None,
        };
        let Some((before, changes)) = defined else { return (LEAST, MOST) };
        let holds = |when: DateTime| {
            let done = changes.partition_point(|(onset, _)| *onset <= when);
            done.checked_sub(1).and_then(|last| changes.get(last)).map_or(*before, |(_, offset)| *offset)
        };
        let one = holds(when.saturating_sub(AROUND_CHANGE));
        let other = holds(when.saturating_add(AROUND_CHANGE));
        (one.min(other), one.max(other))
    }
}

/// The changes of a zone in order.
fn define(
    changes: &[Lines],
    (first, last): (Date, Date),
    work: &mut Work,
) -> Option<(Offset, Vec<(DateTime, Offset)>)> {
    let mut listed: Vec<(DateTime, Offset, Offset)> = Vec::new();
    for change in changes {
        let from = read_offset(&change.find("TZOFFSETFROM")?.value)?;
        let to = read_offset(&change.find("TZOFFSETTO")?.value)?;
        let Some(Reading::Wall(begins)) = read_date_time(change.find("DTSTART")?.value.trim()) else {
            return None;
        };
        let mut onsets = vec![begins];
        for line in change.all("RDATE") {
            for value in line.value.split(',') {
                match read_date_time(value.trim())? {
                    Reading::Wall(onset) => onsets.push(onset),
                    Reading::Day(_) | Reading::Instant(_) => return None,
                }
            }
        }
        if let Some(line) = change.find("RRULE") {
            let rule = Repeat::read(&line.value).ok()?;
            let over = |onset: DateTime| match rule.until() {
                None => false,
                Some(super::repeat::Until::Day(day)) => onset.date() > day,
                Some(super::repeat::Until::Wall(wall)) => onset > wall,
                Some(super::repeat::Until::Instant(instant)) => {
                    from.to_timestamp(onset).is_ok_and(|at| at > instant)
                }
            };
            let dates = rule.dates(begins.date(), &(first..=last), work).ok()?;
            onsets
                .extend(dates.into_iter().map(|day| day.to_datetime(begins.time())).filter(|at| !over(*at)));
        }
        listed.extend(onsets.into_iter().map(|onset| (onset, from, to)));
        if listed.len() > MOST_CHANGES {
            return None;
        }
    }
    listed.sort_unstable();
    let (_, before, _) = *listed.first()?;
    Some((before, listed.into_iter().map(|(onset, _, to)| (onset, to)).collect()))
}

/// `+1030`, `-0330`, `+103000`.
fn read_offset(text: &str) -> Option<Offset> {
    let text = text.trim();
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |part| part.parse::<i32>().ok());
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4)?;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use shared_types::Zone;

    use super::{Reading, Wall, Walls, read_date_time, read_offset};
    use crate::domain::other_calendar::{lines::File, repeat::Work};

    fn walls(zones: &str) -> Walls {
        let file = File::read(&format!("BEGIN:VCALENDAR\n{zones}END:VCALENDAR\n")).unwrap();
        let years = (date(2024, 1, 1), date(2028, 12, 31));
        Walls::new(Zone::SYDNEY, &file.zones, years, &mut Work::of_a_file())
    }

    /// Both instants of a time, or the one.
    fn instants(walls: &Walls, value: &str, zone: Option<&str>) -> Vec<String> {
        let moment = walls.read(value, zone).unwrap();
        let earliest = walls.earliest(moment.wall, moment.when).unwrap();
        let mut instants = vec![earliest, walls.latest(moment.wall, moment.when).unwrap()];
        instants.dedup();
        instants.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn values_read_as_days_walls_and_instants_and_nothing_else_does() {
        assert_eq!(read_date_time("20261123"), Some(Reading::Day(date(2026, 11, 23))));
        let nine = date(2026, 11, 23).at(9, 0, 0, 0);
        assert_eq!(read_date_time("20261123T090000"), Some(Reading::Wall(nine)));
        let instant = "2026-11-23T09:00:00Z".parse().unwrap();
        assert_eq!(read_date_time("20261123T090000Z"), Some(Reading::Instant(instant)));
        for text in
            ["", "2026", "20261323", "20261123T", "20261123T09", "20261123T250000", "20261123T090000+10"]
        {
            assert_eq!(read_date_time(text), None, "{text}");
        }
        for text in ["２０２６1123", "20261123é", "99999999T999999Z"] {
            assert_eq!(read_date_time(text), None, "{text}");
        }
        assert_eq!(read_offset("+1030").unwrap().seconds(), 37_800);
        assert_eq!(read_offset("-0330").unwrap().seconds(), -12_600);
        assert!(
            read_offset("1030").is_none() && read_offset("+9900").is_none() && read_offset("+1é30").is_none()
        );
    }

    #[test]
    fn zones_are_known_by_all_their_names() {
        let walls = walls("");
        for (name, instant) in [
            ("Australia/Perth", "2026-11-23T01:00:00Z"),
            ("W. Australia Standard Time", "2026-11-23T01:00:00Z"),
            ("/citadel.org/20210210_1/Australia/Lord_Howe", "2026-11-22T22:00:00Z"),
            ("Australia/Canberra", "2026-11-22T22:00:00Z"),
            ("Etc/UTC", "2026-11-23T09:00:00Z"),
        ] {
            assert_eq!(instants(&walls, "20261123T090000", Some(name)), [instant], "{name}");
        }
        assert_eq!(instants(&walls, "20261123T090000", None), ["2026-11-22T22:00:00Z"], "the own place's");
    }

    #[test]
    fn a_time_that_nobody_can_place_may_be_at_any_of_its_instants() {
        let walls = walls("");
        let expected = ["2026-11-22T19:00:00Z", "2026-11-23T21:00:00Z"];
        assert_eq!(instants(&walls, "20261123T090000", Some("Mars/Olympus")), expected);
        // Shown twice when the clock is put back.
        let expected = ["2027-04-03T15:30:00Z", "2027-04-03T16:30:00Z"];
        assert_eq!(instants(&walls, "20270404T023000", None), expected);
    }

    #[test]
    fn a_zone_that_only_the_file_knows_is_as_the_file_says() {
        let walls = walls(
            "BEGIN:VTIMEZONE\nTZID:Custom\n\
             BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+1300\nTZOFFSETTO:+1200\n\
             RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4\nEND:STANDARD\n\
             BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+1200\nTZOFFSETTO:+1300\n\
             RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=9\nEND:DAYLIGHT\n\
             END:VTIMEZONE\n",
        );
        assert_eq!(walls.read("20261123T090000", Some("Custom")).unwrap().wall, Wall::Defined(0));
        assert_eq!(instants(&walls, "20261123T090000", Some("Custom")), ["2026-11-22T20:00:00Z"]);
        assert_eq!(instants(&walls, "20260701T090000", Some("Custom")), ["2026-06-30T21:00:00Z"]);
        // Near the change it may be either.
        assert_eq!(instants(&walls, "20260927T020000", Some("Custom")).len(), 2);
    }
}
