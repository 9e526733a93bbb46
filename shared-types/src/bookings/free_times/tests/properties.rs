//! Random practices in every zone, most of them around a change of the clock.

use jiff::civil::DateTime;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

/// A [`Case`] without its zone. Instants are seconds from the first instant of `date` in the zone it is put in.
#[derive(Clone, Debug)]
struct Scenario {
    date: Date,
    rules: Vec<Rule>,
    closures: Vec<Closure>,
    extra_hours: Vec<ExtraHours>,
    offering: Offering,
    busy: Vec<(i64, i64)>,
    window: (i64, i64),
    now: i64,
}

impl Scenario {
    fn in_zone(&self, zone: Zone) -> Case {
        let origin = zone.start_of_day(self.date);
        let at = |seconds| origin + SignedDuration::from_secs(seconds);
        Case {
            availability: Availability {
                zone,
                rules: self.rules.clone(),
                closures: self.closures.clone(),
                extra_hours: self.extra_hours.clone(),
            },
            offering: self.offering,
            busy: self.busy.iter().map(|(start, end)| Busy { start: at(*start), end: at(*end) }).collect(),
            window: at(self.window.0)..at(self.window.1),
            now: at(self.now),
        }
    }

    fn in_every_zone(&self) -> impl Iterator<Item = Case> {
        Zone::ALL.iter().map(|zone| self.in_zone(*zone))
    }
}

prop_compose! {
    fn scenario()(date in any_date())(
        date in Just(date),
        rules in vec(rule(date), 1..4),
        closures in vec(closure(date), 0..3),
        extra_hours in vec(extra_hours(date), 0..3),
        offering in offering(),
        busy in vec(seconds(-1, 3).prop_flat_map(|start| (Just(start), start - 600..start + 3 * HOUR)), 0..8),
        window in seconds(-1, 1).prop_flat_map(|start| (Just(start), start..start + 2 * DAY)),
        now in prop_oneof![3 => seconds(-6, -1), 1 => seconds(-1, 2)],
    ) -> Scenario {
        Scenario { date, rules, closures, extra_hours, offering, busy, window, now }
    }
}

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

fn seconds(from_day: i64, until_day: i64) -> impl Strategy<Value = i64> {
    from_day * DAY..until_day * DAY
}

/// Days on which some clock changes, days before, and any other day.
fn any_date() -> impl Strategy<Value = Date> {
    let changes =
        vec![date(2026, 10, 3), date(2026, 10, 4), date(2027, 4, 3), date(2027, 4, 4), date(2040, 4, 1)];
    prop_oneof![3 => select(changes), 1 => (0..5000_i64).prop_map(|days| date(2024, 2, 27) + days.days())]
}

fn day_near(date: Date) -> impl Strategy<Value = Date> {
    (-3..5_i64).prop_map(move |days| date + days.days())
}

/// Any time of day, often one near a change of the clock.
fn wall_time() -> impl Strategy<Value = Time> {
    let hour = prop_oneof![1 => 0..5_i8, 2 => 0..24_i8];
    (hour, select(vec![0, 10, 15, 30, 45, 59])).prop_map(|(hour, minute)| time(hour, minute, 0, 0))
}

fn audience() -> impl Strategy<Value = Audience> {
    select(vec![All, New, Existing])
}

/// Hours can be for one more.
fn hours_for() -> impl Strategy<Value = Audience> {
    select(vec![All, New, Existing, Audience::Telehealth])
}

fn rule(date: Date) -> impl Strategy<Value = Rule> {
    let weekdays = prop_oneof![2 => Just(EVERY_DAY), 1 => 0..=EVERY_DAY];
    let effective = (option::weighted(0.2, day_near(date)), option::weighted(0.2, day_near(date)));
    (weekdays, wall_time(), wall_time(), hours_for(), effective).prop_map(
        |(bits, opens, closes, audience, (effective_from, effective_until))| {
            let weekdays = Weekdays::from_bits(bits).unwrap();
            Rule { weekdays, opens, closes, audience, effective_from, effective_until }
        },
    )
}

/// Whole days or a part of each, now and then the wrong way round.
fn closure(date: Date) -> impl Strategy<Value = Closure> {
    let part = option::of((wall_time(), wall_time()));
    (day_near(date), day_near(date), part).prop_map(|(first, last, part)| {
        let (from, until) = part.unzip();
        Closure { first, last, from, until }
    })
}

fn extra_hours(date: Date) -> impl Strategy<Value = ExtraHours> {
    (day_near(date), wall_time(), wall_time(), hours_for())
        .prop_map(|(date, opens, closes, audience)| ExtraHours { date, opens, closes, audience })
}

fn offering() -> impl Strategy<Value = Offering> {
    let [step, duration] =
        [select(vec![0, 1, 5, 10, 15, 20, 30, 45]), select(vec![0, 1, 10, 15, 30, 45, 60, 120])];
    (step, duration, 0..30_u16, 0..30_u16, 0..3000_u32, 0..10_u16, (audience(), any::<bool>())).prop_map(
        |(
            step_minutes,
            duration_minutes,
            before,
            after,
            notice_minutes,
            horizon_days,
            (audience, telehealth),
        )| Offering {
            duration_minutes,
            buffer_before_minutes: before,
            buffer_after_minutes: after,
            step_minutes,
            notice_minutes,
            horizon_days,
            audience,
            telehealth,
        },
    )
}

/// The same answer by looking at the wall each minute, without asking a zone about its changes. It knows a repeated
/// time from its first showing by having seen the wall at it or later, and closing by the wall reaching it.
pub(super) fn minute_by_minute(case: &Case) -> Vec<Timestamp> {
    let zone = case.availability.zone;
    let wall = wall_clock(case);
    // The latest that the wall has shown by then.
    let reached: Vec<DateTime> = wall
        .iter()
        .scan(DateTime::MIN, |latest, (_, shown)| {
            *latest = (*latest).max(*shown);
            Some(*latest)
        })
        .collect();
    let mut starts = Vec::new();
    let mut latest_shown = DateTime::MIN;
    for (index, (start, shown)) in wall.iter().enumerate() {
        let is_first_showing = *shown > latest_shown;
        latest_shown = latest_shown.max(*shown);
        if is_first_showing
            && case.window.contains(start)
            && *start >= case.now + minutes(case.offering.notice_minutes)
            && shown.date() <= zone.date(case.now) + i64::from(case.offering.horizon_days).days()
            && is_within_hours(case, &wall[index..])
            && is_there(case, &reached[index..])
            && is_clear(case, *start)
        {
            starts.push(*start);
        }
    }
    starts
}

/// Each minute from before the window, so that first showings are seen, until an appointment from its end is over.
fn wall_clock(case: &Case) -> Vec<(Timestamp, DateTime)> {
    let zone = case.availability.zone.time_zone();
    let from = (case.window.start.as_second() - 4 * HOUR).div_euclid(60);
    let until = (case.window.end.as_second() + 3 * HOUR).div_euclid(60);
    let instants = (from..until).map(|minute| Timestamp::from_second(minute * 60).unwrap());
    instants.map(|instant| (instant, zone.to_datetime(instant))).collect()
}

/// Whether the wall shows a start of some hours now, and nothing from their closing on during the appointment.
fn is_within_hours(case: &Case, wall: &[(Timestamp, DateTime)]) -> bool {
    let (date, now) = (wall[0].1.date(), wall[0].1.time());
    let duration = usize::from(case.offering.duration_minutes);
    hours_of(case, date).any(|(opens, closes)| {
        let since_opening = minute_of_day(now) - minute_of_day(opens);
        let is_on_grid = since_opening.checked_rem(i32::from(case.offering.step_minutes)) == Some(0);
        let is_open = |shown: DateTime| shown.date() == date && shown.time() < closes;
        duration > 0
            && since_opening >= 0
            && is_on_grid
            && wall[..duration].iter().all(|(_, shown)| is_open(*shown))
    })
}

/// Whether the wall reaches no time of a part of a day off during the appointment.
fn is_there(case: &Case, reached: &[DateTime]) -> bool {
    let during = &reached[..usize::from(case.offering.duration_minutes)];
    let is_off = |closure: &Closure, reached: &DateTime| {
        let on_its_days = (closure.first..=closure.last).contains(&reached.date());
        let part = closure.from.zip(closure.until);
        on_its_days && part.is_some_and(|(from, until)| (from..until).contains(&reached.time()))
    };
    !case.availability.closures.iter().any(|closure| during.iter().any(|reached| is_off(closure, reached)))
}

fn hours_of(case: &Case, date: Date) -> impl Iterator<Item = (Time, Time)> {
    let Availability { rules, closures, extra_hours, .. } = &case.availability;
    let is_closed = closures
        .iter()
        .any(|closure| closure.from.is_none() && (closure.first..=closure.last).contains(&date));
    let Offering { audience: ours, telehealth, .. } = case.offering;
    let is_ours = move |audience: Audience| {
        if audience == Audience::Telehealth {
            telehealth
        } else {
            audience == ours || [audience, ours].contains(&All)
        }
    };
    let counts = move |rule: &&Rule| {
        !is_closed
            && is_ours(rule.audience)
            && rule.weekdays.contains(date.weekday())
            && rule.effective_from.is_none_or(|from| date >= from)
            && rule.effective_until.is_none_or(|until| date <= until)
    };
    let extra_hours = extra_hours.iter().filter(move |extra| extra.date == date && is_ours(extra.audience));
    let rules = rules.iter().filter(counts).map(|rule| (rule.opens, rule.closes));
    rules.chain(extra_hours.map(|extra| (extra.opens, extra.closes)))
}

fn minute_of_day(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

fn is_clear(case: &Case, start: Timestamp) -> bool {
    let taken = with_buffers(case, start);
    case.busy.iter().all(|busy| busy.start >= busy.end || busy.end <= taken.start || taken.end <= busy.start)
}

/// What booking a start would take.
fn with_buffers(case: &Case, start: Timestamp) -> Busy {
    let Offering { duration_minutes, buffer_before_minutes, buffer_after_minutes, .. } = case.offering;
    Busy {
        start: start - minutes(buffer_before_minutes),
        end: start + minutes(duration_minutes) + minutes(buffer_after_minutes),
    }
}

fn minutes(count: impl Into<i64>) -> SignedDuration {
    SignedDuration::from_mins(count.into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn starts_are_those_found_by_looking_each_minute(scenario in scenario()) {
        for case in scenario.in_every_zone() {
            prop_assert_eq!(case.starts(), minute_by_minute(&case), "{}", case.availability.zone);
        }
    }

    #[test]
    fn starts_are_in_order_each_once_and_in_the_window(scenario in scenario()) {
        for case in scenario.in_every_zone() {
            let starts = case.starts();
            prop_assert!(starts.is_sorted_by(|earlier, later| earlier < later), "{starts:?}");
            prop_assert!(starts.iter().all(|start| case.window.contains(start)), "{starts:?}");
        }
    }

    #[test]
    fn no_start_overlaps_what_is_taken(scenario in scenario()) {
        for case in scenario.in_every_zone() {
            for start in case.starts() {
                prop_assert!(is_clear(&case, start), "{start} in {}", case.availability.zone);
            }
        }
    }

    #[test]
    fn every_appointment_lies_within_some_hours_of_its_day_on_the_wall(scenario in scenario()) {
        for case in scenario.in_every_zone() {
            let zone = case.availability.zone;
            for start in case.starts() {
                let last_moment = start + minutes(case.offering.duration_minutes) - SignedDuration::from_nanos(1);
                let mut hours = case.availability.open_hours(zone.date(start), case.offering);
                prop_assert!(
                    hours.any(|(opens, closes)| opens <= zone.time(start) && zone.time(last_moment) < closes),
                    "{} in {}", start, zone
                );
                prop_assert_eq!(zone.date(start), zone.date(last_moment));
            }
        }
    }

    #[test]
    fn a_window_split_in_two_gives_the_same_starts(scenario in scenario(), part in 0.0..1.0) {
        for whole in scenario.in_every_zone() {
            let length = whole.window.end.duration_since(whole.window.start);
            let middle = whole.window.start + length.mul_f64(part);
            let (mut first, mut second) = (whole.clone(), whole.clone());
            (first.window.end, second.window.start) = (middle, middle);
            prop_assert_eq!([first.starts(), second.starts()].concat(), whole.starts());
        }
    }

    #[test]
    fn booking_a_start_removes_it_and_adds_none(scenario in scenario(), choice in any::<prop::sample::Index>()) {
        for mut case in scenario.in_every_zone() {
            let before = case.starts();
            if before.is_empty() {
                continue;
            }
            let booked = *choice.get(&before);
            case.busy.push(with_buffers(&case, booked));
            let after = case.starts();
            prop_assert!(!after.contains(&booked));
            prop_assert!(after.iter().all(|start| before.contains(start)));
        }
    }

    #[test]
    fn what_is_told_leaves_the_same_starts_free_and_tells_nothing_else(scenario in scenario()) {
        for case in scenario.in_every_zone() {
            let told = Case { busy: case.apparent(), ..case.clone() };
            prop_assert_eq!(told.starts(), case.starts(), "{}", case.availability.zone);
            // Two calendars with the same answers are told in the same way: with its own ranges, and with these.
            prop_assert_eq!(told.apparent(), told.busy.clone());
            prop_assert!(told.busy.is_sorted_by(|earlier, later| earlier.end < later.start));
            prop_assert!(told.busy.iter().all(|busy| busy.start < busy.end));
        }
    }

    #[test]
    fn the_part_that_counts_for_some_days_gives_their_starts(scenario in scenario(), count in 0..3_i64) {
        for mut case in scenario.in_every_zone() {
            let zone = case.availability.zone;
            let (first, last) = (scenario.date, scenario.date + count.days());
            case.window = zone.days(first, last);
            let starts = case.starts();
            case.availability = case.availability.between(first, last, case.offering);
            prop_assert_eq!(case.starts(), starts, "{}", zone);
        }
    }
}
