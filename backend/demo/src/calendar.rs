//! When practices are open, when somebody works in them, and what can be booked at which price.

use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday, time},
};
use rand::{RngExt, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use shared_types::{
    AppointmentTypeId, AudCents,
    bookings::{
        AppointmentType, Audience, Availability, CancellationPolicy, Closure, ExtraHours, Rule, Weekdays,
    },
    providers::OpeningHours,
};

use crate::{
    Plan,
    input::{Locality, Profession, TypeTemplate},
    numbers::id,
    practice::{BookableType, Calendar, Location, PlannedExtraHours, PlannedLeave, PlannedRule},
    random::{pick, weigh},
};

/// The longest horizon.
const LAST_DAY: i32 = 90;

const SATURDAY: u8 = 1 << 5;
const SUNDAY: u8 = 1 << 6;

/// When a practice is open. Times are minutes since midnight on the wall; days are bits, Monday the lowest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    opens: u16,
    closes: u16,
    /// On these days it closes later.
    evenings: u8,
    evening_closes: u16,
    saturday: Option<(u16, u16)>,
    sunday: bool,
}

impl Hours {
    pub(crate) fn invent(rng: &mut ChaCha8Rng) -> Self {
        Self {
            opens: weigh(rng, &[(450, 8), (480, 27), (510, 35), (540, 30)]),
            closes: weigh(rng, &[(1020, 45), (1050, 30), (1080, 25)]),
            evenings: weigh(rng, &[(0, 68), (0b00010, 8), (0b01000, 10), (0b01010, 8), (0b00101, 6)]),
            evening_closes: weigh(rng, &[(1140, 30), (1200, 70)]),
            saturday: rng.random_bool(0.45).then(|| (*pick(rng, &[480, 540]), *pick(rng, &[720, 780, 900]))),
            sunday: rng.random_bool(0.05),
        }
    }

    pub(crate) fn shown(&self) -> Vec<OpeningHours> {
        let weekday = |weekday: i8| {
            let late = self.evenings & (1 << (weekday - 1)) != 0;
            (weekday, self.opens, if late { self.evening_closes } else { self.closes })
        };
        let saturday = self.saturday.map(|(opens, closes)| (6, opens, closes));
        let sunday = self.sunday.then_some((7, 600, 840));
        (1..=5)
            .map(weekday)
            .chain(saturday)
            .chain(sunday)
            .map(|(weekday, opens, closes)| OpeningHours {
                weekday,
                opens: wall(opens),
                closes: wall(closes),
            })
            .collect()
    }
}

/// What is the same for everybody at one practice.
pub(crate) struct Setting<'a> {
    today: Date,
    locality: &'a Locality,
    hours: Hours,
    holidays: Vec<Closure>,
    /// What it costs here, beside the usual price.
    price_factor: f64,
}

impl<'a> Setting<'a> {
    pub(crate) fn new(
        plan: &Plan,
        rng: &mut ChaCha8Rng,
        locality: &'a Locality,
        location: &Location,
        hours: Hours,
    ) -> Self {
        let today = plan.input.today;
        // A day more on each side, for zones in which it is already tomorrow or still yesterday.
        let days = today.saturating_sub(1.day())..=today.saturating_add((LAST_DAY + 1).days());
        let mut holidays: Vec<Closure> = plan
            .input
            .holidays
            .iter()
            .filter(|(scope, date)| days.contains(date) && location.holiday_scopes.contains(scope))
            .map(|(_, date)| Closure::days(*date, *date))
            .collect();
        holidays.sort_unstable_by_key(|closure| closure.first);
        holidays.dedup();
        let price_factor = match locality.mmm {
            Some(1) => rng.random_range(0.95..1.25),
            Some(2) => rng.random_range(0.92..1.12),
            _ => rng.random_range(0.85..1.05),
        };
        Self { today, locality, hours, holidays, price_factor }
    }
}

/// The calendar of one role, on `days` only (bits, Monday the lowest).
pub(crate) fn make(
    rng: &mut ChaCha8Rng,
    neighbourhood: u64,
    setting: &Setting<'_>,
    profession: &Profession,
    days: u8,
    new_patients: bool,
) -> Calendar {
    let next_id = |rng: &mut ChaCha8Rng| id(rng, neighbourhood);
    let rules: Vec<PlannedRule> = rules(rng, &setting.hours, days)
        .into_iter()
        .map(|rule| PlannedRule { availability_rule_id: next_id(rng), rule })
        .collect();
    let leave = leave(rng, setting.today)
        .map(|days| PlannedLeave { availability_exception_id: next_id(rng), days })
        .into_iter()
        .collect::<Vec<_>>();
    let works_saturdays = rules.iter().any(|planned| planned.rule.weekdays.contains(Weekday::Saturday));
    let extra_hours = (!works_saturdays && days & SATURDAY != 0)
        .then(|| extra_hours(rng, setting.today))
        .flatten()
        .map(|hours| PlannedExtraHours { availability_exception_id: next_id(rng), hours })
        .into_iter()
        .collect::<Vec<_>>();
    let opens_on_holidays = rng.random_bool(0.02);
    let holidays: &[Closure] = if opens_on_holidays { &[] } else { &setting.holidays };
    let availability = Availability {
        zone: setting.locality.zone,
        rules: rules.iter().map(|planned| planned.rule.clone()).collect(),
        closures: holidays.iter().copied().chain(leave.iter().map(|planned| planned.days)).collect(),
        extra_hours: extra_hours.iter().map(|planned| planned.hours).collect(),
    };
    Calendar {
        step_minutes: weigh(rng, &[(5, 20), (10, 30), (15, 50)]),
        notice_minutes: weigh(rng, &[(60, 35), (120, 40), (180, 10), (240, 15)]),
        horizon_days: weigh(rng, &[(42, 35), (56, 35), (70, 10), (LAST_DAY as u16, 20)]),
        opens_on_holidays,
        policy: CancellationPolicy {
            free_until_hours: weigh(rng, &[(24, 70), (48, 15), (12, 10), (4, 5)]),
            late_fee_cents: AudCents(weigh(rng, &[(0, 40), (2_500, 25), (3_500, 15), (5_000, 20)])),
        },
        rules,
        leave,
        extra_hours,
        types: types(rng, neighbourhood, setting, profession, new_patients),
        availability,
    }
}

/// One to three rules within the practice's hours, apart from each other.
fn rules(rng: &mut ChaCha8Rng, hours: &Hours, allowed: u8) -> Vec<Rule> {
    let mut days: Vec<u8> = (0..5).map(|nth| 1 << nth).filter(|day| allowed & day != 0).collect();
    days.shuffle(rng);
    days.truncate(weigh(rng, &[(5, 35), (4, 22), (3, 22), (2, 15), (1, 6)]));
    let days: u8 = days.into_iter().sum();
    let opens = hours.opens + *pick(rng, &[0_u16, 0, 0, 30, 60]);
    let closes = hours.closes - *pick(rng, &[0_u16, 0, 0, 30, 60]);
    let mut rules = if rng.random_bool(0.55) {
        vec![rule(days, opens, closes, Audience::All)]
    } else {
        let audience = weigh(rng, &[(Audience::All, 84), (Audience::Existing, 11), (Audience::New, 5)]);
        vec![rule(days, opens, 750, Audience::All), rule(days, 810, closes, audience)]
    };
    if days & hours.evenings != 0 && rng.random_bool(0.6) {
        let audience = weigh(rng, &[(Audience::All, 85), (Audience::Existing, 15)]);
        rules.push(rule(days & hours.evenings, hours.closes, hours.evening_closes, audience));
    }
    if let Some((opens, closes)) = hours.saturday
        && allowed & SATURDAY != 0
        && rules.len() < 3
        && rng.random_bool(0.4)
    {
        rules.push(rule(SATURDAY, opens, closes, Audience::All));
    }
    if hours.sunday && allowed & SUNDAY != 0 && rules.len() < 3 && rng.random_bool(0.5) {
        rules.push(rule(SUNDAY, 600, 840, Audience::All));
    }
    rules
}

fn rule(days: u8, opens: u16, closes: u16, audience: Audience) -> Rule {
    Rule {
        weekdays: Weekdays::from_bits(days).expect("there are seven weekdays"),
        opens: wall(opens),
        closes: wall(closes),
        audience,
        effective_from: None,
        effective_until: None,
    }
}

/// A week or two within three months, for some.
fn leave(rng: &mut ChaCha8Rng, today: Date) -> Option<Closure> {
    rng.random_bool(0.12).then(|| {
        let first = today.saturating_add(rng.random_range(3_i32..=88).days());
        let length: i32 = weigh(rng, &[(7, 60), (14, 40)]);
        Closure::days(first, first.saturating_add((length - 1).days()))
    })
}

/// A Saturday morning within four weeks, rarely.
fn extra_hours(rng: &mut ChaCha8Rng, today: Date) -> Option<ExtraHours> {
    rng.random_bool(0.03).then(|| {
        let to_saturday = i32::from(today.weekday().until(Weekday::Saturday));
        let date = today.saturating_add((to_saturday + 7 * rng.random_range(0..4)).days());
        ExtraHours { date, opens: wall(540), closes: wall(720), audience: Audience::All }
    })
}

fn types(
    rng: &mut ChaCha8Rng,
    neighbourhood: u64,
    setting: &Setting<'_>,
    profession: &Profession,
    new_patients: bool,
) -> Vec<BookableType> {
    let telehealth = rng.random_bool(0.6);
    let offered = |template: &&TypeTemplate| {
        (telehealth || !template.telehealth) && (new_patients || template.audience != Audience::New)
    };
    let mut templates: Vec<&TypeTemplate> = profession.appointment_types.iter().filter(offered).collect();
    if templates.is_empty() {
        templates = profession.appointment_types.iter().collect();
    }
    let bulk_billed_up_to = bulk_billed_up_to(rng, setting.locality, profession, &templates);
    templates
        .into_iter()
        .map(|template| {
            let bulk_billed = template.duration_minutes <= bulk_billed_up_to;
            let price = if bulk_billed { 0 } else { price(template.price_cents, setting.price_factor) };
            BookableType {
                shown: AppointmentType {
                    appointment_type_id: AppointmentTypeId(id(rng, neighbourhood)),
                    name: template.name.clone(),
                    duration_minutes: template.duration_minutes,
                    price_cents: AudCents(price),
                    bulk_billed,
                    telehealth: template.telehealth,
                    audience: template.audience,
                    needs_acceptance: false,
                    seats: None,
                    home_visit: false,
                },
                buffer_before_minutes: template.buffer_before_minutes,
                buffer_after_minutes: template.buffer_after_minutes,
                travel_minutes: None,
            }
        })
        .collect()
}

/// Going to people's homes. It is for whom the first of the other types is, and no shorter: whenever it is free, that is
/// free too.
pub(crate) fn home_visit(rng: &mut ChaCha8Rng, neighbourhood: u64, first: &BookableType) -> BookableType {
    BookableType {
        shown: AppointmentType {
            appointment_type_id: AppointmentTypeId(id(rng, neighbourhood)),
            name: "Home visit".to_owned(),
            duration_minutes: first.shown.duration_minutes.max(30),
            price_cents: AudCents(first.shown.price_cents.0.max(9_000) + 6_000),
            bulk_billed: false,
            telehealth: false,
            home_visit: true,
            ..first.shown.clone()
        },
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        travel_minutes: Some(weigh(rng, &[(15, 50), (20, 30), (30, 20)])),
    }
}

/// How long a consultation somebody bulk bills; zero for whoever does not. The further from a city, the more do.
fn bulk_billed_up_to(
    rng: &mut ChaCha8Rng,
    locality: &Locality,
    profession: &Profession,
    templates: &[&TypeTemplate],
) -> u16 {
    let generalist = profession.slug == "general-practitioner";
    let likely = match (generalist, locality.mmm) {
        (true, Some(1) | None) => 0.52,
        (true, Some(2)) => 0.62,
        (true, Some(_)) => 0.78,
        (false, _) => 0.16,
    };
    if !profession.bulk_billing_possible || !rng.random_bool(likely) {
        return 0;
    }
    let everything = generalist && rng.random_bool(0.4);
    let shortest = templates.iter().map(|template| template.duration_minutes).min().unwrap_or(0);
    if everything { u16::MAX } else { shortest }
}

/// In steps of five dollars, as practices set them.
fn price(usual_cents: i64, factor: f64) -> i64 {
    let steps = (usual_cents as f64 * factor / 500.0).round() as i64;
    if usual_cents == 0 { 0 } else { steps.max(1) * 500 }
}

fn wall(minutes: u16) -> Time {
    time((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)
}
