//! Australian time zones and the words people use for times.
//!
//! Instants are UTC; wall-clock time exists only together with its [`Zone`]. Nothing here reads a clock.

use std::{fmt, ops::Range, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An IANA time zone used on Australian soil. The rules are compiled in, so that the browser, which carries no
/// time zone database, and the services agree on every transition since 2020.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Zone(&'static str);

/// A name that is no Australian IANA zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an Australian time zone; expected an IANA name such as Australia/Sydney")]
pub struct UnknownZone(pub String);

macro_rules! zones {
    ($($name:literal $now:literal,)*) => {
        impl Zone {
            /// Every zone, in alphabetical order.
            pub const ALL: &'static [Zone] = &[$(Zone($name),)*];

            /// The zone's rules.
            #[cfg(not(target_arch = "wasm32"))]
            pub fn time_zone(self) -> TimeZone {
                match self.0 {
                    $($name => {
                        const RULES: TimeZone = jiff::tz::get!($name);
                        RULES
                    })*
                    _ => unreachable!("a Zone is only made from the names in this list"),
                }
            }

            /// The rules of today, as POSIX writes them.
            #[cfg(any(target_arch = "wasm32", test))]
            fn rules_now(self) -> &'static str {
                match self.0 {
                    $($name => $now,)*
                    _ => unreachable!("a Zone is only made from the names in this list"),
                }
            }
        }
    };
}

zones! {
    "Antarctica/Macquarie" "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Australia/Adelaide" "ACST-9:30ACDT,M10.1.0,M4.1.0/3",
    "Australia/Brisbane" "AEST-10",
    "Australia/Broken_Hill" "ACST-9:30ACDT,M10.1.0,M4.1.0/3",
    "Australia/Darwin" "ACST-9:30",
    "Australia/Eucla" "<+0845>-8:45",
    "Australia/Hobart" "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Australia/Lindeman" "AEST-10",
    "Australia/Lord_Howe" "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
    "Australia/Melbourne" "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Australia/Perth" "AWST-8",
    "Australia/Sydney" "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "Indian/Christmas" "<+07>-7",
    "Indian/Cocos" "<+0630>-6:30",
    "Pacific/Norfolk" "<+11>-11<+12>,M10.1.0,M4.1.0/3",
}

/// A browser carries the rules of today alone, not the changes of a century: they hold since Norfolk Island's last change of
/// 2019, and no time that we show is older.
#[cfg(target_arch = "wasm32")]
mod in_browsers {
    use std::{cell::RefCell, collections::BTreeMap};

    use super::{TimeZone, Zone};

    thread_local! {
        static READ: RefCell<BTreeMap<Zone, TimeZone>> = const { RefCell::new(BTreeMap::new()) };
    }

    impl Zone {
        /// The zone's rules.
        pub fn time_zone(self) -> TimeZone {
            READ.with_borrow_mut(|read| {
                let rules = || TimeZone::posix(self.rules_now()).expect("a test reads each of them");
                read.entry(self).or_insert_with(rules).clone()
            })
        }
    }
}

impl Zone {
    /// New South Wales, most of it: the default where no place is known.
    pub const SYDNEY: Zone = Zone("Australia/Sydney");

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// The date on the wall at an instant.
    pub fn date(self, instant: Timestamp) -> Date {
        instant.to_zoned(self.time_zone()).date()
    }

    /// The time on the wall at an instant.
    pub fn time(self, instant: Timestamp) -> Time {
        instant.to_zoned(self.time_zone()).time()
    }

    /// The first instant of a day in this zone.
    ///
    /// A day that starts in a gap starts at the first instant after it.
    pub fn start_of_day(self, date: Date) -> Timestamp {
        date.to_zoned(self.time_zone()).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
    }

    /// From the first instant of one day to the last of another; nothing lies in it when the days are reversed.
    pub fn days(self, first: Date, last: Date) -> Range<Timestamp> {
        let end = last.tomorrow().map_or(Timestamp::MAX, |next| self.start_of_day(next));
        self.start_of_day(first)..end
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        Self::ALL.iter().copied().find(|zone| zone.0 == name).ok_or_else(|| UnknownZone(name.to_owned()))
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// `9:15 am`.
pub fn clock_words(time: Time) -> String {
    let (hour, half) = match time.hour() {
        0 => (12, "am"),
        hour @ 1..=11 => (hour, "am"),
        12 => (12, "pm"),
        hour => (hour - 12, "pm"),
    };
    format!("{hour}:{:02} {half}", time.minute())
}

/// `today`, `tomorrow`, `Wednesday` within the next week, `Wed 2 Dec` within the year, `Wed 2 Dec 2027` after.
pub fn day_words(date: Date, today: Date) -> String {
    let days = (date - today).get_days();
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2..=6 => weekday_name(date).to_owned(),
        _ if date.year() == today.year() || (0..=183).contains(&days) => short_date(date),
        _ => format!("{} {}", short_date(date), date.year()),
    }
}

/// `tomorrow 9:15 am`: when an instant is, as said in its place's zone at `as_of`.
pub fn when_words(instant: Timestamp, as_of: Timestamp, zone: Zone) -> String {
    format!("{} {}", day_words(zone.date(instant), zone.date(as_of)), clock_words(zone.time(instant)))
}

/// `Sydney time`.
pub fn wall_words(zone: Zone) -> String {
    format!("{} time", zone.name().rsplit('/').next().unwrap_or_default().replace('_', " "))
}

/// Whether the clocks of two zones show something else at an instant.
pub fn clocks_differ(one: Zone, other: Zone, at: Timestamp) -> bool {
    one.time_zone().to_offset(at) != other.time_zone().to_offset(at)
}

/// `Tuesday 24 November 2026`.
pub fn long_date(date: Date) -> String {
    format!(
        "{} {} {} {}",
        weekday_name(date),
        date.day(),
        MONTHS[usize::from(date.month().unsigned_abs()) - 1],
        date.year()
    )
}

/// `Tue 24 Nov`.
pub fn short_date(date: Date) -> String {
    let month = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{} {} {}", &weekday_name(date)[..3], date.day(), &month[..3])
}

/// The months by their names.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Tuesday`.
pub fn weekday_name(date: Date) -> &'static str {
    use jiff::civil::Weekday;
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use jiff::{
        Timestamp,
        civil::date,
        tz::{TimeZone, TimeZoneTransition},
    };

    use super::{Zone, clock_words, day_words, when_words};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn every_zone_loads_and_reads_back() {
        for zone in Zone::ALL {
            assert_eq!(zone.name().parse::<Zone>().unwrap(), *zone);
            assert_eq!(zone.time_zone().iana_name(), Some(zone.name()));
        }
        assert!("Europe/Berlin".parse::<Zone>().is_err());
    }

    #[test]
    fn what_browsers_carry_says_the_same_since_2020() {
        let change = |at: TimeZoneTransition<'_>| (at.timestamp(), at.offset(), at.abbreviation().to_owned());
        let (since, until) = (at("2020-01-01T00:00:00Z"), at("2100-01-01T00:00:00Z"));
        for zone in Zone::ALL {
            let (here, there) = (zone.time_zone(), TimeZone::posix(zone.rules_now()).unwrap());
            let changes = |rules: &TimeZone| -> Vec<_> {
                rules.following(since).map(change).take_while(|(at, ..)| *at < until).collect()
            };
            assert_eq!(here.to_offset(since), there.to_offset(since), "{zone}");
            assert_eq!(changes(&here), changes(&there), "{zone}");
        }
    }

    #[test]
    fn lord_howe_changes_by_half_an_hour() {
        let zone: Zone = "Australia/Lord_Howe".parse().unwrap();
        assert_eq!(zone.time(at("2026-07-01T00:00:00Z")).to_string(), "10:30:00");
        assert_eq!(zone.time(at("2027-01-01T00:00:00Z")).to_string(), "11:00:00");
    }

    #[test]
    fn eucla_keeps_its_own_quarter_hour() {
        let zone: Zone = "Australia/Eucla".parse().unwrap();
        assert_eq!(zone.time(at("2026-07-01T00:00:00Z")).to_string(), "08:45:00");
    }

    #[test]
    fn times_read_as_people_say_them() {
        let as_of = at("2026-11-22T22:00:00Z"); // Monday 23 November, 9:00 am in Sydney
        for (instant, words) in [
            ("2026-11-23T01:05:00Z", "today 12:05 pm"),
            ("2026-11-23T22:15:00Z", "tomorrow 9:15 am"),
            ("2026-11-27T03:00:00Z", "Friday 2:00 pm"),
            ("2026-12-07T13:30:00Z", "Tue 8 Dec 12:30 am"),
        ] {
            assert_eq!(when_words(at(instant), as_of, Zone::SYDNEY), words);
        }
        assert_eq!(day_words(date(2028, 1, 3), date(2026, 11, 23)), "Mon 3 Jan 2028");
        assert_eq!(clock_words(jiff::civil::time(0, 5, 0, 0)), "12:05 am");
    }
}
