//! When somebody is busy, read from another calendar's file (RFC 5545). It errs towards busy: what may take time takes it, and
//! a file that says something we cannot read for certain is refused as a whole, so that its role is not sold on the rest of it.
//!
//! - An event takes its time unless it is cancelled or marked as free. One without a length takes none.
//! - A whole day is one on the wall where the practitioner works, and so is a time without a zone.
//! - A repetition's single changes take the place of what they change; changes "and all that follow" are added to it.
//! - What we published ourselves is left out: it is booked here, or was.

mod lines;
mod repeat;
mod wall;

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    ops::{Range, RangeInclusive},
};

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use kernel::calendar_file::UID_ENDS;
use shared_types::{
    Zone,
    bookings::{Busy, external_calendar::ReadFailure},
};

use self::{
    lines::{File, Lines},
    repeat::{Repeat, Until, Work},
    wall::{Moment, Reading, Walls, read_date_time},
};

/// How many spans one calendar may take.
const MOST_SPANS: usize = 20_000;
/// How many single times may be found before they are joined.
const MOST_TIMES: usize = 400_000;
/// How far around the window changes of the clock matter, in days.
const AROUND: i64 = 400;
/// The longest that anything is taken to last, in days.
const LONGEST: i64 = 3_660;

/// When the calendar's owner is busy within a window, in order and disjoint. `own` is the zone where they work.
///
/// # Errors
/// When the file is no whole calendar, says something that we cannot read for certain, or is too much.
pub fn busy_times(file: &[u8], own: Zone, window: &Range<Timestamp>) -> Result<Vec<Busy>, ReadFailure> {
    let file = File::read(&String::from_utf8_lossy(file))?;
    let mut work = Work::of_a_file();
    let day = |instant: Timestamp| instant.to_zoned(TimeZone::UTC).date();
    let years = (
        day(window.start).saturating_sub((AROUND + LONGEST).days()),
        day(window.end).saturating_add(AROUND.days()),
    );
    let walls = Walls::new(own, &file.zones, years, &mut work);
    let mut found = Found { window: window.clone(), walls, work, times: Vec::new() };
    for listing in &file.listings {
        found.add_listing(listing)?;
    }
    let changed = changed(&file.events, &found.walls);
    for lines in &file.events {
        if let Some(event) = Event::read(lines, &found.walls)? {
            found.add_event(&event, changed.get(event.uid).unwrap_or(&HashSet::new()))?;
        }
    }
    let times = joined(found.times);
    if times.len() > MOST_SPANS { Err(ReadFailure::TooLarge) } else { Ok(times) }
}

/// For each id, the starts of a repetition that an event of its own stands for.
fn changed<'a>(events: &'a [Lines], walls: &Walls) -> HashMap<&'a str, HashSet<Timestamp>> {
    let mut changed: HashMap<&str, HashSet<Timestamp>> = HashMap::new();
    for lines in events {
        let Some(line) = lines.find("RECURRENCE-ID").filter(|line| line.param("RANGE").is_none()) else {
            continue;
        };
        let moment = walls.read(&line.value, line.param("TZID"));
        if let Some(start) = moment.and_then(|moment| walls.earliest(moment.wall, moment.when)) {
            changed.entry(uid(lines)).or_default().insert(start);
        }
    }
    changed
}

fn uid(lines: &Lines) -> &str {
    lines.find("UID").map_or("", |line| line.value.trim())
}

/// How long something lasts.
#[derive(Clone, Copy, Debug)]
enum Length {
    /// As the clock on the wall shows it.
    OnTheWall(SignedDuration),
    /// As it passes.
    Real(SignedDuration),
}

impl Length {
    fn amount(self) -> SignedDuration {
        match self {
            Self::OnTheWall(amount) | Self::Real(amount) => amount,
        }
    }

    fn within_reason(self) -> Self {
        let longest = SignedDuration::from_hours(24 * LONGEST);
        match self {
            Self::OnTheWall(amount) => Self::OnTheWall(amount.min(longest)),
            Self::Real(amount) => Self::Real(amount.min(longest)),
        }
    }
}

/// An event that takes time.
struct Event<'a> {
    uid: &'a str,
    start: Moment,
    length: Length,
    rules: Vec<Repeat>,
    further: Vec<(Moment, Length)>,
    /// Starts at which it does not take place.
    except: HashSet<Timestamp>,
}

impl<'a> Event<'a> {
    /// `None` for one that takes no time.
    fn read(lines: &'a Lines, walls: &Walls) -> Result<Option<Self>, ReadFailure> {
        let uid = uid(lines);
        let free = lines.says("STATUS", "CANCELLED")
            || lines.says("TRANSP", "TRANSPARENT")
            || lines.says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
            || uid.ends_with(UID_ENDS);
        if free {
            return Ok(None);
        }
        let start = moment(lines, "DTSTART", walls)?.ok_or(ReadFailure::NotUnderstood)?;
        let Some(length) = length(lines, start, walls)? else { return Ok(None) };
        let mut rules = Vec::new();
        for line in lines.all("RRULE") {
            rules.push(Repeat::read(&line.value)?);
        }
        let mut further = Vec::new();
        for line in lines.all("RDATE") {
            for value in line.value.split(',') {
                further.push(further_time(value, line.param("TZID"), length, walls)?);
            }
        }
        let mut except = HashSet::new();
        for line in lines.all("EXDATE") {
            let moments = line.value.split(',').filter_map(|value| walls.read(value, line.param("TZID")));
            except.extend(moments.filter_map(|moment| walls.earliest(moment.wall, moment.when)));
        }
        Ok(Some(Self { uid, start, length, rules, further, except }))
    }
}

fn moment(lines: &Lines, name: &str, walls: &Walls) -> Result<Option<Moment>, ReadFailure> {
    let Some(line) = lines.find(name) else { return Ok(None) };
    walls.read(&line.value, line.param("TZID")).map(Some).ok_or(ReadFailure::NotUnderstood)
}

/// How long an event lasts; `None` when it takes no time.
fn length(lines: &Lines, start: Moment, walls: &Walls) -> Result<Option<Length>, ReadFailure> {
    let length = match (moment(lines, "DTEND", walls)?, lines.find("DURATION")) {
        (Some(end), _) if end.wall == start.wall => Length::OnTheWall(end.when.duration_since(start.when)),
        (Some(end), _) => {
            let from = walls.earliest(start.wall, start.when).ok_or(ReadFailure::NotUnderstood)?;
            let until = walls.latest(end.wall, end.when).ok_or(ReadFailure::NotUnderstood)?;
            Length::Real(until.duration_since(from))
        }
        (None, Some(line)) => {
            let amount = read_duration(&line.value).ok_or(ReadFailure::NotUnderstood)?;
            if start.whole_day { Length::OnTheWall(amount) } else { Length::Real(amount) }
        }
        (None, None) if start.whole_day => Length::OnTheWall(SignedDuration::from_hours(24)),
        (None, None) => return Ok(None),
    };
    Ok(Some(length.within_reason()).filter(|length| length.amount().is_positive()))
}

/// A single further time of an event, which may have a length of its own.
fn further_time(
    value: &str,
    zone: Option<&str>,
    length: Length,
    walls: &Walls,
) -> Result<(Moment, Length), ReadFailure> {
    let (start, end) = value.split_once('/').map_or((value, None), |(start, end)| (start, Some(end)));
    let start = walls.read(start, zone).ok_or(ReadFailure::NotUnderstood)?;
    let length = match end {
        None => Some(length),
        Some(end) => match read_duration(end) {
            Some(amount) => Some(Length::Real(amount).within_reason()),
            None => {
                let end = walls.read(end, zone).filter(|end| end.wall == start.wall);
                end.map(|end| Length::OnTheWall(end.when.duration_since(start.when)).within_reason())
            }
        },
    };
    Ok((start, length.ok_or(ReadFailure::NotUnderstood)?))
}

/// `PT1H30M`, `P1D`, `P2W` (RFC 5545, 3.3.6).
fn read_duration(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mut seconds, mut number, mut in_time) = (0_i64, None::<i64>, false);
    for letter in text.strip_prefix('P')?.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
            continue;
        }
        if letter == 'T' && !in_time && number.is_none() {
            in_time = true;
            continue;
        }
        let unit = match (letter, in_time) {
            ('W', false) => 7 * 24 * 3600,
            ('D', false) => 24 * 3600,
            ('H', true) => 3600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    // More than any of our clocks reach is as good as this much.
    number.is_none().then(|| SignedDuration::from_secs(sign * seconds.min(i64::from(i32::MAX))))
}

/// What was found so far.
struct Found {
    window: Range<Timestamp>,
    walls: Walls,
    work: Work,
    times: Vec<Busy>,
}

impl Found {
    /// A listing of busy times (RFC 5545, 3.6.4).
    fn add_listing(&mut self, listing: &Lines) -> Result<(), ReadFailure> {
        for line in listing.all("FREEBUSY") {
            if line.param("FBTYPE").is_some_and(|kind| kind.eq_ignore_ascii_case("FREE")) {
                continue;
            }
            for value in line.value.split(',') {
                let (start, end) = value.trim().split_once('/').ok_or(ReadFailure::NotUnderstood)?;
                let Some(Reading::Instant(start)) = read_date_time(start) else {
                    return Err(ReadFailure::NotUnderstood);
                };
                let end = match (read_date_time(end), read_duration(end)) {
                    (Some(Reading::Instant(end)), _) => end,
                    (_, Some(amount)) => start.saturating_add(amount).unwrap_or(start),
                    (Some(_) | None, None) => return Err(ReadFailure::NotUnderstood),
                };
                self.add(start, end)?;
            }
        }
        Ok(())
    }

    fn add_event(&mut self, event: &Event<'_>, changed: &HashSet<Timestamp>) -> Result<(), ReadFailure> {
        let takes_place =
            |start: &Timestamp| !(event.except.contains(start) || changed.contains(start) && repeats(event));
        let mut starts = vec![event.start.when];
        let reach = self.reach(event.length);
        for rule in &event.rules {
            let dates = rule.dates(event.start.when.date(), &reach, &mut self.work)?;
            let whens = dates.into_iter().map(|date| date.to_datetime(event.start.when.time()));
            let ends = rule.until();
            starts.extend(whens.filter(|when| !self.is_over(event.start, *when, ends)));
        }
        starts.sort_unstable();
        starts.dedup();
        for when in starts {
            self.add_time(Moment { when, ..event.start }, event.length, takes_place)?;
        }
        for (moment, length) in &event.further {
            self.add_time(*moment, *length, takes_place)?;
        }
        Ok(())
    }

    /// The days on which something of that length may start to be in the window, whatever the wall.
    fn reach(&self, length: Length) -> RangeInclusive<Date> {
        let day = |instant: Timestamp| instant.to_zoned(TimeZone::UTC).date();
        let days = length.amount().as_hours() / 24 + 3;
        day(self.window.start).saturating_sub(days.days())..=day(self.window.end).saturating_add(2.days())
    }

    /// Whether a start lies after the last one of its rule.
    fn is_over(&self, first: Moment, when: DateTime, until: Option<Until>) -> bool {
        match until {
            None => false,
            Some(Until::Day(day)) => when.date() > day,
            Some(Until::Wall(wall)) => when > wall,
            Some(Until::Instant(instant)) => {
                self.walls.earliest(first.wall, when).is_some_and(|start| start > instant)
            }
        }
    }

    fn add_time(
        &mut self,
        moment: Moment,
        length: Length,
        takes_place: impl Fn(&Timestamp) -> bool,
    ) -> Result<(), ReadFailure> {
        // What lies beyond every calendar takes nobody's time.
        let Some(start) = self.walls.earliest(moment.wall, moment.when) else { return Ok(()) };
        if !takes_place(&start) {
            return Ok(());
        }
        let last_start = self.walls.latest(moment.wall, moment.when).unwrap_or(start);
        let end = match length {
            Length::Real(amount) => last_start.saturating_add(amount).unwrap_or(last_start),
            Length::OnTheWall(amount) => {
                let end = moment.when.saturating_add(amount);
                self.walls.latest(moment.wall, end).unwrap_or(last_start)
            }
        };
        self.add(start, end)
    }

    fn add(&mut self, start: Timestamp, end: Timestamp) -> Result<(), ReadFailure> {
        let (start, end) = (start.max(self.window.start), end.min(self.window.end));
        if start < end {
            self.times.push(Busy { start, end });
        }
        if self.times.len() > MOST_TIMES { Err(ReadFailure::TooLarge) } else { Ok(()) }
    }
}

fn repeats(event: &Event<'_>) -> bool {
    !event.rules.is_empty() || !event.further.is_empty()
}

/// The same times, in order and disjoint.
fn joined(mut times: Vec<Busy>) -> Vec<Busy> {
    times.sort_unstable_by_key(|busy| (busy.start, busy.end));
    let mut joined: Vec<Busy> = Vec::new();
    for busy in times {
        match joined.last_mut() {
            Some(last) if busy.start <= last.end => last.end = last.end.max(busy.end),
            Some(_) | None => joined.push(busy),
        }
    }
    joined
}
